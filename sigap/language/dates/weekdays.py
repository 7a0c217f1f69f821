"""Weekdays, alone and beside a date."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from sigap.language.dates.outcome import DAY, Problem, Read, exists, month_after, single
from sigap.language.dates.vocabulary import (
    MONTH_NUMBER,
    NOT_AFTER,
    ORDINALS,
    PARTS,
    SHIFT,
    SHORT_WEEKDAYS,
    WEEKDAY_NUMBER,
)
from sigap.language.dates.worded import Worded
from sigap.language.pieces import at, number, spoken

_MARKET_DAYS = frozenset({"legi", "pahing", "paing", "pon", "wage", "kliwon"})


class Weekdays(Worded):
    """Weekdays, alone and beside a date."""

    def weekday(self, index: int) -> Read | None:
        """ "senin", "hari rabu minggu depan", "besok senin", "Selasa, 17 November", "next friday"."""
        begin, shift = index, None
        if self.word(index) in {"next", "this", "last"}:
            shift, index = SHIFT[self.word(index)], index + 1
        says_day = self.word(index) == "hari"
        index += says_day
        tomorrow = self.word(index) == "besok"
        index += tomorrow
        if tomorrow and self.word(index) == "hari":
            index += 1
        weekday = self.which_weekday(index, says_day)
        if weekday is None:
            return None
        after = index + 1
        if self.word(after) in _MARKET_DAYS:
            after += 1
        if shift is None:
            if read := self.weekday_with_date(weekday, after):
                return replace(read, begin=begin)
            if read := self.nth_weekday(weekday, after):
                return read
            # "besok senin" is the coming one, so "besok" changes nothing.
            shift, after = self.weekday_shift(after)
        return self.weekday_in(weekday, shift, after)

    def which_weekday(self, index: int, says_day: bool) -> int | None:
        """The weekday (0 is Monday) named at a place."""
        word = self.word(index)
        if word in WEEKDAY_NUMBER:
            return WEEKDAY_NUMBER[word]
        if word == "minggu" and at(self.row, index).word != "mg":
            return 6 if says_day or self.is_sunday(index) else None
        if at(self.row, index).word in SHORT_WEEKDAYS:
            counted = self.word(index - 2) in NOT_AFTER or number(self.row, index - 2) is not None
            strong = (
                (says_day and not counted)
                or self.word(index + 1) in {"depan", "lalu"}
                or (self.word(index + 1) == "tanggal" and self.value(index + 2) is not None)
            )
            return SHORT_WEEKDAYS[at(self.row, index).word] if strong else None
        return None

    def is_sunday(self, index: int) -> bool:
        """Whether a bare "minggu" is the day: not "2 minggu", "minggu depan", "minggu pertama", "berapa minggu"."""
        before, after = self.word(index - 1), self.word(index + 1)
        if (after in SHIFT and after != "kemarin") or after in ORDINALS or after in {"lagi", "ke", "k", "kerja", "an"}:
            return False
        if after in {
            "berikutnya",
            "selanjutnya",
            "sebelumnya",
            "kemudian",
            "terakhir",
            "kemarin",
            "sekali",
            "yang",
            "yg",
            "ngarep",
        }:
            return False
        quantity = self.value(index - 1) is not None or spoken(self.row, index - 1) is not None
        return not quantity and before not in NOT_AFTER | PARTS | {"dalam", "next", "last", "this", "-", "bulan"}

    def weekday_shift(self, after: int) -> tuple[int | None, int]:
        """The week a weekday lies in, counted from this one (None: the coming one), and the index after those words."""
        word, following = self.word(after), self.word(after + 1)
        if word in {"minggu", "pekan"} and following in SHIFT:
            if following == "depan" and self.word(after + 2) == "lagi":
                return 2, after + 3
            # A week said outright is that week, even when the day in it has passed.
            return SHIFT[following] + (100 if SHIFT[following] == 0 else 0), after + 2
        if word == "next" and following in {"minggu", "pekan"}:
            return 1, after + 2
        if word in {"depan", "ini", "lalu", "kemarin"}:
            return SHIFT[word], after + 1
        if word in {"yang", "yg"} and following in {"lalu", "akan", "depan"}:
            return (-1 if following == "lalu" else 1 if following == "depan" else None), after + (
                3 if following == "akan" else 2
            )
        if word in {"tadi", "wingi"}:
            return -1, after + 1
        offset = number(self.row, after)
        if offset and self.word(offset[1]) in {"minggu", "pekan"} and self.word(offset[1] + 1) == "lagi":
            return offset[0], offset[1] + 2
        return None, self.skip(after, {"besok", "nanti"}, most=1)

    def weekday_in(self, weekday: int, shift: int | None, after: int) -> Read | None:
        """The weekday in the week that was said; without one, the next such day."""
        monday = self.today - self.today.weekday() * DAY
        if shift is None or (shift == 0 and weekday < self.today.weekday()):
            days = (weekday - self.today.weekday() - 1) % 7 + 1
        elif shift == -1:
            days = -((self.today.weekday() - weekday - 1) % 7 + 1)
            if self.word(after - 2) in {"minggu", "pekan"}:
                days = (monday - self.today).days + weekday - 7
        else:
            days = (monday - self.today).days + weekday + 7 * (shift % 100)
        return self.offset_day(days, after)

    def weekday_with_date(self, weekday: int, after: int) -> Read | None:
        """ "senin tgl 7", "Selasa, 17 November": the date counts, the weekday is compared."""
        position = self.skip(after, {",", "(", ":"}, most=1)
        read = self.month_first(position) or self.with_words(position) or self.figures(position)
        if read is None or read.first is None or read.first != read.last:
            return read
        return self.agree(weekday, read, position)

    def agree(self, weekday: int, read: Read, begin: int) -> Read:
        """The date if it falls on the weekday, else next month's if no month was said, else it gets a problem."""
        if read.first is None or read.first.weekday() == weekday:
            return read
        if self.is_bare_day(begin, read.after) and not self.birth:
            year, month = month_after(read.first.year, read.first.month, 1)
            if exists(read.first.day, month, year) and date(year, month, read.first.day).weekday() == weekday:
                return replace(read, first=(day := date(year, month, read.first.day)), last=day)
        return replace(read, problem=Problem.WEEKDAY_DIFFERS)

    def is_bare_day(self, begin: int, after: int) -> bool:
        """Whether a date names neither month nor year."""
        return not any(
            self.word(index) in MONTH_NUMBER or self.word(index) in {"bulan", "/", "-"} for index in range(begin, after)
        )

    def nth_weekday(self, weekday: int, after: int) -> Read | None:
        """ "senin pertama bulan depan", "jumat terakhir desember"."""
        said = self.ordinal_word(after)
        if not said:
            return None
        month, year, behind = self.month_and_year(said[1])
        if month is None:
            return None
        year = year or self.coming_year(month)
        if said[0] > 0:
            day = 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (said[0] - 1)
        else:
            length = monthrange(year, month)[1]
            day = length - (date(year, month, length).weekday() - weekday) % 7
        return single(day, month, year, behind)

    def date_then_weekday(self, index: int) -> Read | None:
        """ "8 desember (selasa)", "tanggal 8 hari selasa"."""
        read = self.month_first(index) or self.with_words(index) or self.figures(index)
        if read is None or read.first is None or read.first != read.last:
            return read
        read = replace(read, single=True)
        position = self.skip(read.after, {",", "(", "hari"}, most=3)
        weekday = WEEKDAY_NUMBER.get(self.word(position))
        if weekday is None or (position == read.after and self.word(position + 1) in SHIFT):
            return read
        if self.word(read.after) == "," and "hari" not in self.words[read.after : position]:
            return read
        closing = position + 1 + (self.word(position + 1) == ")")
        return replace(self.agree(weekday, read, index), after=closing)
