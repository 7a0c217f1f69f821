"""One message being read: its pieces, and a place in them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from sigap.language.dates.outcome import Holidays, Purpose, Read
from sigap.language.dates.vocabulary import standard
from sigap.language.pieces import at, pieces

_DELAYING = re.compile(r"tunda|undur|mundur|geser|tangguh|delay|postpone|pindah", re.IGNORECASE)
_BIRTH_WORDS = frozenset({"lahir", "tadi"})


class Cursor:
    """One message being read: its pieces, and a place in them."""

    def __init__(self, text: str, today: date, purpose: Purpose, holidays: Holidays, answer: bool) -> None:
        self.text, self.today, self.holidays = text, today, holidays
        self.birth = purpose is Purpose.BIRTH
        self.answer = answer
        self.known: dict[int, Read | None] = {}
        self.row = pieces(text)
        self.words = [standard(piece.word) for piece in self.row]
        self.birth_words = not _BIRTH_WORDS.isdisjoint(self.words)
        self.delaying = bool(_DELAYING.search(text[:5000]))

    def word(self, index: int) -> str:
        """The standard word at a place; empty outside the message."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def value(self, index: int) -> int | None:
        """The number in digits at a place, or None."""
        return at(self.row, index).value

    def glued(self, index: int) -> bool:
        """Whether the piece touches the one after it."""
        return at(self.row, index).end == at(self.row, index + 1).start

    def skip(self, index: int, words: Collection[str], most: int = 9) -> int:
        """The index after up to `most` of these words."""
        end = index + most
        while index < end and self.word(index) in words and index < len(self.row):
            index += 1
        return index
