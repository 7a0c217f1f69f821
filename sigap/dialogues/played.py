"""What came of playing a dialogue. Knows nothing of Rasa, so that reports need not load it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sigap.dialogues.script import Dialogue, Step


@dataclass(frozen=True)
class Button:
    """What can be pressed, and the sentence that pressing it sends."""

    title: str
    says: str


@dataclass(frozen=True)
class Bubble:
    """One message as the applicant sees it. `image` is the picture's address."""

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None


@dataclass(frozen=True)
class Heard:
    """What came of one step in which the applicant did something."""

    said: str
    bubbles: tuple[Bubble, ...]
    intent: str | None
    confidence: float
    entities: tuple[tuple[str, str], ...]
    responses: tuple[str, ...]
    slots: Mapping[str, Any]
    form: str | None

    @property
    def text(self) -> str:
        """All bubbles as one text."""
        return "\n\n".join(bubble.text for bubble in self.bubbles)

    @property
    def buttons(self) -> dict[str, str]:
        """What each button says, by title."""
        return {button.title: button.says for bubble in self.bubbles for button in bubble.buttons}


@dataclass(frozen=True)
class Turn:
    """One step as it was played; `heard` is empty where the applicant did nothing."""

    step: Step
    at: datetime
    heard: Heard | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Met:
    """Which parts of the assistant a dialogue has met. `trace` is what rules are recognised by."""

    intents: frozenset[str] = frozenset()
    responses: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    trace: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Played:
    """A dialogue from beginning to end, or to its first wrong turn."""

    dialogue: Dialogue
    channel: str
    turns: tuple[Turn, ...]
    seconds: float
    # What it cost one core, however busy the machine was.
    core_seconds: float
    met: Met = field(default_factory=Met)

    @property
    def failed(self) -> Turn | None:
        """The first wrong turn."""
        return next((turn for turn in self.turns if turn.problems), None)

    @property
    def spoken(self) -> int:
        """How many messages were answered."""
        return sum(turn.heard is not None for turn in self.turns)
