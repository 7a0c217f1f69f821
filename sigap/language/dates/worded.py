"""Dates with words: "tanggal 7", "dua lima desember", "bulan depan tanggal 5"."""

from __future__ import annotations

from sigap.language.dates.figures import Figures
from sigap.language.dates.outcome import Problem, Read, single
from sigap.language.dates.vocabulary import AFTER_TANGGAL
from sigap.language.pieces import at


class Worded(Figures):
    """Dates with words: "tanggal 7", "dua lima desember", "bulan depan tanggal 5"."""

    def with_words(self, index: int) -> Read | None:
        """ "tanggal 7", "7 desember 2026", "tgl dua lima bulan depan", "5 dan 6 mei", "tanggal 5-7"."""
        says_date = self.word(index) == "tanggal" or (self.word(index) == "the" and self.ordinal(index + 1))
        position = index + 1 if says_date else index
        while says_date and self.word(position) in AFTER_TANGGAL | {"lahir", "tanggal"}:
            position += 1
        if says_date and (read := self.figures(position)):
            return read
        days = self.day_numbers(position, bool(says_date))
        if not days:
            return None
        values, after = days
        month, year, behind = self.month_and_year(after)
        if month is None:
            if not says_date and not self.ordinal(position):
                return None
            return self.several(values, None, None, self.skip(after, {"nanti", "mengko"}), index)
        return self.several(values, month, year, behind, index)

    def several(self, values: list[int], month: int | None, year: int | None, after: int, index: int) -> Read | None:
        """The days of one month as one day or as a range."""
        reads = [self.on(value, month, year, after) for value in values]
        first, last = reads[0], reads[-1]
        if first is None or last is None or len(reads) == 1:
            return first
        if first.first is None or last.first is None:
            return first if first.first is None else last
        if month is None and last.first < first.first:
            first = single(first.first.day, last.first.month, last.first.year, after)
        if first.first is None or last.first is None or last.first < first.first:
            return Read(None, None, after, Problem.IMPOSSIBLE)
        return self.days(first.first, last.first, after)

    def month_first(self, index: int) -> Read | None:
        """ "desember tgl 7", "december 7th", "bulan depan tanggal 5", "Dec 7, 2026"."""
        position = index + (self.word(index) == "bulan")
        month, year, after = self.month_and_year(index)
        if month is None or self.word(index) in {"-", ".", ",", "/", "of"}:
            return None
        position = self.skip(after, {",", "."}, most=1)
        if self.word(position) == "hari" and self.word(position + 1) == "tanggal":
            position += 1
        says_date = self.word(position) == "tanggal"
        if self.word(position) in {"the", "tanggal"}:
            position += 1
        said = self.day_number(position)
        if not said or (not says_date and not self.plain_day(index, position)):
            return None
        if year is None:
            year, behind = self.year_after(said[1])
            if year is not None and (self.value(behind - 1) or 0) > 31:
                return self.on(said[0], month, year, behind)
            year = None
        return self.on(said[0], month, year, said[1])

    def plain_day(self, index: int, position: int) -> bool:
        """Whether the number right after a month is its day: "july 4", not "juli 2 orang" or "desember 10.30"."""
        value = self.value(position)
        if value is None or not 1 <= value <= 31 or self.word(index) == "bulan":
            return False
        return at(self.row, position - 1).word not in {",", "."}
