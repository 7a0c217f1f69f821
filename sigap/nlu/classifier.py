"""The intent classifier of the pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from sigap.language.text import MAX_READ, clean, fold
from sigap.nlu.intent_model import IntentModel, Reading
from sigap.nlu.reading import reading_fingerprint
from sigap.nlu.tokenizer import TOKENS

# A message in which nothing can be read: empty, or only signs that no emoji entry explains.
EMPTY = "pesan_kosong"
_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IndonesianIntentClassifier(GraphComponent, IntentClassifier):
    """Puts `IntentModel` into Rasa's graph."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else training depends on; part of the key of Rasa's cache."""
        return reading_fingerprint()

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IndonesianIntentClassifier:
        """An untrained classifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> IndonesianIntentClassifier:
        """The classifier as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = IntentModel.train(
            [_reading(example) for example in examples], [example.get(INTENT) for example in examples]
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message."""
        for message in messages:
            reading = _reading(message)
            if self._model is None or not reading.standard:
                ranking = [{"name": EMPTY, "confidence": 1.0}]
            else:
                ranked = self._model.rank(reading)[:_RANKED]
                ranking = [{"name": name, "confidence": confidence} for name, confidence in ranked]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _reading(message: Message) -> Reading:
    typed = " ".join(fold(clean(message.get(TEXT)[:MAX_READ])).split())
    return Reading(typed, " ".join(token.text for token in message.get(TOKENS) or ()))
