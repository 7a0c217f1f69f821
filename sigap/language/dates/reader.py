"""The whole message: its expressions in order, and what they mean for the purpose."""

from __future__ import annotations

from dataclasses import replace

from sigap.language.dates.bounds import Bounds
from sigap.language.dates.outcome import DateFound, Problem, Read
from sigap.language.dates.vocabulary import COUNTED, DATE_SIGNS
from sigap.language.pieces import words

_OLDEST = 110
_ALSO = frozenset({"atau", "dan", ","})
_FILLERS = words(
    "yang yg aja saja ya y deh dong kak pak bu min mas mbak gan lah nih sih kalau kalo bisa boleh oke ok tolong "
    "mau saya sy aku di pada buat untuk utk , . ! ? kayaknya mungkin itu ada sip nya an pilih ambil"
)


class Reader(Bounds):
    """The whole message: its expressions in order, and what they mean for the purpose."""

    def all(self) -> list[tuple[DateFound, bool]]:
        """The expressions in order, each with whether it is weak."""
        found: list[tuple[DateFound, bool]] = []
        index = listed = 0
        while index < len(self.row):
            read = self.expression(index) or self.listed_day(index, listed)
            if read is None:
                index += 1
                continue
            begin = read.begin if read.begin >= 0 else index
            while begin and self.word(begin - 1) in {"tanggal", "hari"} and self.word(begin) != "hari":
                begin -= 1
            if read := self.fit(read):
                span = self.row[begin].start, self.row[read.after - 1].end
                found.append((DateFound(read.first, read.last, read.problem, *span), read.weak))
                if self.word(begin) == "tanggal" or self.word(index - 1) in _ALSO:
                    listed = read.after
                index = read.after
            else:
                index += 1
        if self.answer and (corrected := self.corrected_day(bool(found))):
            found.append(corrected)
            found.sort(key=lambda pair: pair[0].start)
        return found

    def listed_day(self, index: int, listed: int) -> Read | None:
        """The 9 of "tanggal 7 atau 9": a bare day after a day that ended at `listed`."""
        if not listed or self.birth or not listed < index <= listed + 2:
            return None
        if self.word(index - 1) not in _ALSO or self.word(listed) not in _ALSO:
            return None
        said = self.day_number(index)
        return self.bare_day(*said) if said and 1 <= said[0] <= 31 else None

    def fit(self, read: Read) -> Read | None:
        """What an expression means for the purpose; None when it says nothing for it."""
        if not self.birth:
            return read
        if read.relative:
            past = read.single and read.first is not None and read.first <= self.today
            return read if past and self.birth_words and not read.weak else None
        if read.first is None:
            return read
        if not read.single:
            return replace(read, first=None, last=None, problem=Problem.INCOMPLETE)
        if read.first > self.today:
            return replace(read, first=None, last=None, problem=Problem.FUTURE)
        if self.today.year - read.first.year > _OLDEST:
            return replace(read, first=None, last=None, problem=Problem.IMPOSSIBLE)
        return read

    def expression(self, index: int) -> Read | None:
        """The longest expression that starts at a place."""
        return self.bounded(index) or self.through(index) or self.core(index)

    def corrected_day(self, others: bool) -> tuple[DateFound, bool] | None:
        """A bare number as a day: the whole answer ("7", "yang 15 aja"), or a correction ("... bukan 7 tapi 9")."""
        if self.birth:
            return None
        markers = {
            "tapi",
            "tp",
            "melainkan",
            "harusnya",
            "seharusnya",
            "maksudnya",
            "maksud",
            "eh",
            "ke",
            "jadi",
            "ralat",
        }
        strangers = sum(word not in _FILLERS for word in self.words)
        for index, piece in enumerate(self.row):
            plain = piece.value is not None and len(piece.word) <= 2 and not self.joined_before(index)
            if not plain or not self.closed_after(index + 1) or self.word(index + 1) in COUNTED | set(DATE_SIGNS):
                continue
            alone = strangers == 1
            corrects = self.word(index - 1) in markers and (others or self.negated_number(index))
            if (alone and not others) or corrects:
                read = self.bare_day(piece.value or 0, index + 1)
                return DateFound(read.first, read.last, read.problem, piece.start, piece.end), False
        return None

    def negated_number(self, index: int) -> bool:
        """ "harusnya 15 bukan 5", "bukan 5 tapi 15"."""
        return any(
            self.word(near) in {"bukan", "bkn"} and self.value(near + 1) is not None
            for near in range(max(index - 4, 0), index + 3)
        )
