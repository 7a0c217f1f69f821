"""Buttons and lists: what is offered, and what an applicant means who presses one or types it instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sigap.language.text import fold

# Meta: titles of reply buttons and of list rows; ids of rows (of buttons 256).
BUTTON_TITLE, ROW_TITLE, LONGEST_ID = 20, 24, 200
MOST_BUTTONS, MOST_ROWS = 3, 10
# With the row that leads to the next page, nine choices fit on a page.
PAGE = MOST_ROWS - 1
_MOST_KEYWORDS = 3
_NUMBER = re.compile(r"(?:(?:no|nomor|nomer|pilih|pilihan|yang)\W*)*([0-9]{1,2})\W*")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Choice:
    """A label and the plain sentence that choosing it says."""

    title: str
    says: str


@dataclass(frozen=True)
class NextPage:
    """The applicant wants to see the choices from this position on."""

    start: int


@dataclass(frozen=True)
class Offer:
    """What was last offered in a conversation: all choices, the first one shown, and the label that leads on."""

    choices: tuple[Choice, ...]
    start: int = 0
    more: str = ""

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The choices on the page at hand."""
        return self.choices[self.start :] if self.last_page else self.choices[self.start : self.start + PAGE]

    @property
    def last_page(self) -> bool:
        """Whether all the rest fits."""
        return len(self.choices) - self.start <= MOST_ROWS

    def to_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "choices": [[choice.title, choice.says] for choice in self.choices],
            "start": self.start,
            "more": self.more,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Offer:
        """From the database; None is an offer of nothing."""
        if not stored:
            return cls(())
        return cls(tuple(Choice(*pair) for pair in stored["choices"]), stored["start"], stored["more"])

    def pressed(self, button_id: str, title: str) -> str | NextPage:
        """What pressing a button or row says. One of an older message still says its sentence."""
        position, _, says = button_id.partition(".")
        if not says and position.isdecimal():
            return NextPage(int(position))
        known = {choice_id(index, choice): choice.says for index, choice in enumerate(self.choices)}
        # An id that was cut short holds no whole sentence; then the label, which is plain language too.
        return known.get(button_id) or (says if len(button_id) < LONGEST_ID else "") or title

    def typed(self, text: str) -> str | NextPage | None:
        """The choice that is typed as its number, its label (whole or cut) or a telling word of it; None for others."""
        said = _words(text)
        for choice in self.shown:
            if said and said in {_words(choice.title), _words(choice.says), *map(_words, _labels_of(choice))}:
                return choice.says
        if not self.last_page and said and said == _words(self.more):
            return NextPage(self.start + PAGE)
        return self._numbered(text) or self._by_keyword(said.split())

    def _numbered(self, text: str) -> str | NextPage | None:
        number = _NUMBER.fullmatch(text.strip().lower())
        # Where the labels themselves are days, hours or numbers of people, a number is an answer and not a position.
        if number is None or any(char.isdigit() for choice in self.shown for char in choice.title):
            return None
        position = int(number[1])
        if not self.last_page and position == PAGE + 1:
            return NextPage(self.start + PAGE)
        return self.shown[position - 1].says if 0 < position <= len(self.shown) else None

    def _by_keyword(self, words: list[str]) -> str | None:
        if not 0 < len(words) <= _MOST_KEYWORDS:
            return None
        fitting = [choice.says for choice in self.shown if set(words) <= set(_words(choice.title).split())]
        return fitting[0] if len(fitting) == 1 else None


def choice_id(index: int, choice: Choice) -> str:
    """The id under which Meta returns a choice: its position, so that ids differ, and its sentence if it fits."""
    return f"{index}.{choice.says}"[:LONGEST_ID]


def labels(choices: Sequence[Choice], longest: int) -> list[str]:
    """Labels of at most `longest` characters, all different, as Meta demands."""
    found: list[str] = []
    for choice in choices:
        label = cut(choice.title, longest)
        twin = 2
        while label in found:
            label = f"{cut(choice.title, longest - 3)} {twin}"
            twin += 1
        found.append(label)
    return found


def cut(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis."""
    text = " ".join(text.split()) or "…"
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _labels_of(choice: Choice) -> tuple[str, str]:
    return cut(choice.title, BUTTON_TITLE), cut(choice.title, ROW_TITLE)


def _words(text: str) -> str:
    return " ".join(map(fold, _WORD.findall(text)))
