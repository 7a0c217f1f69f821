"""What the entity models see of a message, and what they say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A standard word with its span in the message and what else is known about it.

    `found` names the entity that a reader of fixed formats (dates, numbers, offices) saw there; `concepts` are the
    word's own; `known` tells whether it is an ordinary word, and so hardly somebody's name.
    """

    text: str
    start: int
    end: int
    typed: str = ""
    found: str = ""
    concepts: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True)
class Phrase:
    """An entity: its value is None where the text itself, or a reader of fixed formats, gives it."""

    entity: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Annotated:
    """A message to learn from."""

    units: Sequence[Unit]
    intent: str
    phrases: Sequence[Phrase]
