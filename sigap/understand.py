"""What the trained model understands of a message, outside a conversation."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import structlog

from sigap.language.text import clean
from sigap.training import newest_model

_RANKED = 5


class Understanding:
    """The newest model, loaded once."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._loop = asyncio.new_event_loop()

    @classmethod
    def load(cls) -> Understanding:
        """Load the newest model. Raises `FileNotFoundError` when none has been trained."""
        model = newest_model()
        if model is None:
            raise FileNotFoundError("There is no trained model; run `make train` first.")
        return cls.of_model(model)

    @classmethod
    def of_model(cls, model: Path) -> Understanding:
        """Load this model."""
        logging.getLogger("rasa").setLevel(logging.ERROR)
        # Unconfigured, structlog prints debug lines, with the message in them, to standard output.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        from rasa.core.agent import Agent

        return cls(Agent.load(str(model)))

    def of(self, text: str) -> dict[str, Any]:
        """Intent, ranking and entities of a message; spans count characters of the text as given."""
        readable = clean(text)
        # A leading "/" would be taken for a command; channels take it off, here offsets must stay true.
        command = len(readable) - len(readable.lstrip(" /\\"))
        parsed = self._loop.run_until_complete(self._agent.parse_message(readable[command:]))
        return {
            "text": text,
            "intent": _named(parsed["intent"]),
            "intent_ranking": [_named(guess) for guess in parsed["intent_ranking"][:_RANKED]],
            "entities": [
                {
                    "entity": entity["entity"],
                    "value": entity["value"],
                    "text": readable[entity["start"] + command : entity["end"] + command],
                    "start": entity["start"] + command,
                    "end": entity["end"] + command,
                }
                for entity in parsed["entities"]
            ],
        }


def _named(guess: dict[str, Any]) -> dict[str, Any]:
    return {"name": guess["name"], "confidence": guess["confidence"]}
