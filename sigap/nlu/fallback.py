"""Asks back where the intent is doubtful, and sooner where more than an answer would follow."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CarefulFallback(FallbackClassifier):
    """Rasa's fallback with a second threshold, `task_threshold`, for the intents named in `tasks`.

    A wrong answer is read and passed over; a form that nobody asked for must be got rid of first.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """As Rasa's, and no tasks."""
        config: dict[str, Any] = FallbackClassifier.get_default_config()
        return config | {"tasks": [], "task_threshold": 0.0}

    def _nlu_confidence_below_threshold(self, message: Message) -> tuple[bool, float]:
        below, confidence = super()._nlu_confidence_below_threshold(message)
        intent = message.get(INTENT)
        is_task = intent[INTENT_NAME_KEY] in self.component_config["tasks"]
        doubtful = is_task and intent[PREDICTED_CONFIDENCE_KEY] < self.component_config["task_threshold"]
        return below or doubtful, confidence
