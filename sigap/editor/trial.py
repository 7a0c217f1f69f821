"""Trying a message: what the model understands of it, and what the applicant would see."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigap.clock import Clock
from sigap.dialogues.played import Bubble
from sigap.knowledge.store import load_once
from sigap.language.indonesian import normaliser
from sigap.models import ModelError, Models
from sigap.settings import KNOWLEDGE, LANGUAGE

if TYPE_CHECKING:
    from sigap.dialogues.house import House

logger = logging.getLogger(__name__)
_RANKED = 5


@dataclass(frozen=True)
class Phrase:
    """A part of the message that was recognised, as typed, and its standard value."""

    entity: str
    value: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Tried:
    """One message and what came of it. `ranking` holds intents and confidences (0 to 1), likeliest first."""

    text: str
    standard: str
    ranking: tuple[tuple[str, float], ...]
    phrases: tuple[Phrase, ...]
    responses: tuple[str, ...]
    bubbles: tuple[Bubble, ...]


class State(str, Enum):
    """How far the model is."""

    LOADING = "memuat"
    READY = "siap"
    FAILED = "gagal"


class Trial:
    """One model with everything behind it, loaded in the background, in a thread of its own."""

    def __init__(self, models: Models, clock: Clock) -> None:
        self._models = models
        self._clock = clock
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="coba")
        self._lock = threading.Lock()
        self._house: House | None = None
        self._loaded: Path | None = None
        self.state = State.LOADING
        self.failure = ""

    @property
    def model(self) -> str:
        """The name of the model that answers; empty while none is loaded."""
        return self._loaded.name if self._loaded else ""

    def load(self) -> None:
        """Start loading the model that is in use now; returns at once."""
        self.state = State.LOADING
        self._worker.submit(self._load)

    def ask(self, said: Sequence[str]) -> list[Tried]:
        """A conversation from its first message to its last, on the demonstration data. Waits while the model loads.

        Raises `RuntimeError` where no model could be loaded.
        """
        return self._worker.submit(self._ask, tuple(said)).result()

    def close(self) -> None:
        """Stop; what is being loaded is left behind."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _load(self) -> None:
        model = self._models.in_use()
        if model is not None and model == self._loaded:
            self.state = State.READY
            return
        try:
            if model is None:
                raise FileNotFoundError("Belum ada model. Latih dulu di halaman Latih dan bandingkan.")
            from actions.services import read_anew
            from sigap.dialogues.house import House

            read_anew()
            previous, self._house = self._house, House(self._models.verified(model))
            self._loaded, self.state = model, State.READY
            if previous is not None:
                previous.close()
        except Exception as error:  # whatever a model file may be broken by, the page says so
            logger.error("a model could not be loaded: %s", type(error).__name__)
            self.failure = (
                str(error) if isinstance(error, (FileNotFoundError, ModelError)) else "Model tidak dapat dimuat."
            )
            self.state = State.FAILED

    def _ready(self) -> House:
        if self._house is None:
            raise RuntimeError(self.failure or "Model belum siap.")
        return self._house

    def _ask(self, said: tuple[str, ...]) -> list[Tried]:
        from sigap.dialogues.lines import DEFAULT, LINES

        house = self._ready()
        tried = []
        with house.conversation(self._clock(), LINES[DEFAULT]) as line:
            for text in said:
                known = len(house.tracker().events)
                bubbles = tuple(house.wait_for(line.say(text)))
                fresh = list(house.tracker().events)[known:]
                parsed = next((event.parse_data for event in fresh if event.type_name == "user"), None)
                responses = tuple(
                    str(event.metadata["utter_action"])
                    for event in fresh
                    if event.type_name == "bot" and event.metadata.get("utter_action")
                )
                tried.append(self._tried(text, parsed or {}, responses, bubbles))
        return tried

    def _tried(
        self, text: str, parsed: dict[str, Any], responses: tuple[str, ...], bubbles: tuple[Bubble, ...]
    ) -> Tried:
        ranking = parsed.get("intent_ranking") or []
        return Tried(
            text,
            normaliser(LANGUAGE, load_once(KNOWLEDGE).offices.words).text(text),
            tuple((guess["name"], float(guess["confidence"])) for guess in ranking[:_RANKED]),
            tuple(
                Phrase(
                    entity["entity"],
                    str(entity["value"]),
                    text[entity["start"] : entity["end"]],
                    entity["start"],
                    entity["end"],
                )
                for entity in parsed.get("entities") or ()
            ),
            responses,
            bubbles,
        )
