"""Weeks, months, years and their parts: "minggu depan", "awal bulan depan", "tahun 2027"."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from sigap.language.dates.feasts import Feasts
from sigap.language.dates.outcome import DAY, Problem, Read, plausible
from sigap.language.dates.vocabulary import (
    DOUBTFUL_MONTHS,
    MONTH_NUMBER,
    NOT_AFTER,
    ORDINALS,
    PARTS,
    PERIODS,
    SHIFT,
    WEEKDAY_NUMBER,
)
from sigap.language.pieces import at, spoken

_BEFORE_NAMES = frozenset({"nama", "namanya", "namaku", "pak", "bu", "ibu", "bapak", "mbak", "mas"})


class Periods(Feasts):
    """Weeks, months, years and their parts: "minggu depan", "awal bulan depan", "tahun 2027"."""

    def part_of_period(self, index: int) -> Read | None:
        """ "awal bulan depan", "akhir desember", "end of june", "weekend", "des awal"."""
        part, position = self.word(index), index + 1
        if part == "weekend" or (part in {"next", "this"} and self.word(position) == "weekend"):
            shift = SHIFT.get(self.word(position)) if part == "weekend" else SHIFT[part]
            return self.weekend(shift, position + (part != "weekend" or shift is not None))
        if part not in PARTS:
            return self.part_behind(index)
        position = self.skip(position, {"of", "the", "di"}, most=2)
        return self.period_part(part, position)

    def period_part(self, part: str, position: int) -> Read | None:
        """The part ("awal", "tengah", "akhir") of the period named at a place."""
        named = self.feast_name(position)
        if named and named[0] == "ramadan":
            return self.part_of_ramadan(part, named[1])
        shift: int | None
        if self.word(position) in {"this", "next", "last"}:
            shift, position = SHIFT[self.word(position)], position + 1
            period = self.word(position)
            after = position + 1
        else:
            period = self.word(position)
            shift_word = self.word(position + 1)
            said_shift = SHIFT.get(shift_word)
            after = position + 1 + (said_shift is not None and period in PERIODS)
            if said_shift is None and (month := self.month_and_year(position))[0] is not None:
                return self.part_of_month(part, month[0], month[1], month[2])
            shift = said_shift if period in PERIODS and said_shift is not None else None
        if shift == 1 and self.word(after) == "lagi":
            shift, after = 2, after + 1
        if period in {"minggu", "pekan"}:
            return self.weekend(shift, after) if part == "akhir" else self.part_of_week(part, shift, after)
        if period == "bulan":
            if shift is not None:
                return self.part_of_month(part, *self.month_shifted(shift), after)
            month_now = self.part_of_month(part, self.today.month, self.today.year, after)
            passed = month_now is not None and month_now.last is not None and month_now.last < self.today
            return self.part_of_month(part, *self.month_shifted(1), after) if passed else month_now
        if period == "tahun":
            year = self.value(after) if shift is None else None
            if year is not None and plausible(year):
                return self.part_of_year(part, year, after + 1)
            year = self.today.year + (shift or 0)
            read = self.part_of_year(part, year, after)
            return (
                self.part_of_year(part, year + 1, after)
                if shift is None and read.last and read.last < self.today
                else read
            )
        year = self.value(position)
        if year is not None and len(self.row[position].word) == 4 and plausible(year):
            return self.part_of_year(part, year, position + 1)
        return None

    def part_behind(self, index: int) -> Read | None:
        """ "desember awal", "bulan depan akhir"."""
        month, year, after = self.month_and_year(index)
        if month is None or self.word(after) not in PARTS or self.word(index) in {"-", ".", ",", "/", "of"}:
            return None
        if self.word(after + 1) in PERIODS or self.word(after + 1) in MONTH_NUMBER:
            return None
        return self.part_of_month(self.word(after), month, year, after + 1)

    def part_of_ramadan(self, part: str, after: int) -> Read:
        """Its first, second or last ten days."""
        days = self.feast_days("ramadan", None, leave=False, back=False)
        if days is None:
            return Read(None, None, after, Problem.UNKNOWN_FEAST)
        first = days[0] + {"awal": 0, "tengah": 10, "akhir": 20}[part] * DAY
        return self.days(first, first + 9 * DAY, after)

    def part_of_month(self, part: str, month: int, year: int | None, after: int) -> Read | None:
        """Days 1 to 10, 11 to 20, or from 21 on."""
        year = year or self.coming_year(month)
        if not plausible(year):
            return None
        first, last = {"awal": (1, 10), "tengah": (11, 20), "akhir": (21, monthrange(year, month)[1])}[part]
        return self.days(date(year, month, first), date(year, month, last), after)

    def part_of_year(self, part: str, year: int, after: int) -> Read:
        """January, June and July, or December."""
        first, last = {"awal": (1, 1), "tengah": (6, 7), "akhir": (12, 12)}[part]
        return self.days(date(year, first, 1), date(year, last, 31), after)

    def part_of_week(self, part: str, shift: int | None, after: int) -> Read:
        """Monday and Tuesday, or Wednesday and Thursday."""
        first, last = {"awal": (0, 1), "tengah": (2, 3)}[part]
        if shift is None:
            shift = int(self.today.weekday() > last)
        return self.week(shift, after, first, last)

    def weekend(self, shift: int | None, after: int) -> Read:
        """Saturday and Sunday; without "ini" or "depan" the one that has not begun to end."""
        return self.week(int(self.today.weekday() == 6) if shift is None else shift, after, 5, 6)

    def week(self, shift: int, after: int, first: int = 0, last: int = 6) -> Read:
        """Some days (0 is Monday) of the week so many weeks from now."""
        monday = self.today + (7 * shift - self.today.weekday()) * DAY
        return self.days(monday + first * DAY, monday + last * DAY, after, relative=True)

    def nth_week(self, index: int) -> Read | None:
        """ "minggu kedua desember", "pekan pertama bulan depan", "first week of may"."""
        if self.word(index) in {"minggu", "pekan"}:
            said = self.ordinal_word(index + 1)
        elif self.word(index + 1) in {"minggu", "pekan"} and self.word(index) in ORDINALS:
            said = ORDINALS[self.word(index)], index + 2
        else:
            return None
        if not said:
            return None
        position = self.skip(said[1], {"of", "di", "pada", "the"}, most=2)
        month, year, after = self.month_and_year(position)
        if month is None:
            return None
        year = year or self.coming_year(month)
        length = monthrange(year, month)[1]
        first = 7 * said[0] - 6 if said[0] > 0 else length - 6
        last = length if said[0] in {5, -1} else first + 6
        return self.days(date(year, month, first), date(year, month, last), after) if first <= length else None

    def period(self, index: int) -> Read | None:
        """ "minggu depan", "bulan ini", "tahun 2027", "next week", "minggu depannya lagi", "2 minggu depan"."""
        word, following = self.word(index), self.word(index + 1)
        if word in {"next", "this", "last"} and following in PERIODS:
            return self.whole(following, SHIFT[word], index + 2)
        if word not in PERIODS:
            return None
        if following in SHIFT and following not in {"next", "this", "last"}:
            shift, after = SHIFT[following], index + 2
            # "minggu depan, hari rabu" and "bulan depan tanggal 5" are single days.
            if shift == 1 and self.word(after) == "lagi":
                shift, after = 2, after + 1
            if word in {"minggu", "pekan"}:
                position = self.skip(after, {",", "hari", "-"}, most=2)
                weekday = WEEKDAY_NUMBER.get(self.word(position))
                if weekday is None and self.word(position) == "minggu" and self.word(position - 1) == "hari":
                    weekday = 6
                if weekday is not None and not self.is_period_word(position + 1):
                    monday = self.today + (7 * shift - self.today.weekday()) * DAY
                    return Read(
                        monday + weekday * DAY, monday + weekday * DAY, position + 1, relative=True, single=True
                    )
            return self.whole(word, shift, after)
        if following in {"yang", "yg"} and self.word(index + 2) in {"lalu", "depan", "akan"}:
            akan = self.word(index + 2) == "akan"
            return self.whole(word, -1 if self.word(index + 2) == "lalu" else 1, index + (4 if akan else 3))
        if word == "tahun":
            year = self.value(index + 1)
            if year is not None and len(self.row[index + 1].word) == 4 and plausible(year):
                return self.days(date(year, 1, 1), date(year, 12, 31), index + 2)
            said = spoken(self.row, index + 1)
            if said and plausible(said[0]):
                return self.days(date(said[0], 1, 1), date(said[0], 12, 31), said[1])
        return None

    def is_period_word(self, index: int) -> bool:
        """Whether the word says which week or month is meant."""
        return self.word(index) in {"depan", "lalu", "ini"}

    def whole(self, period: str, shift: int, after: int) -> Read | None:
        """The week, month or year so many away from the present one."""
        if period in {"minggu", "pekan"}:
            return self.week(shift, after)
        if period == "bulan":
            month, year = self.month_shifted(shift)
            return replace(self.month(month, year, after), relative=True)
        year = self.today.year + shift
        return self.days(date(year, 1, 1), date(year, 12, 31), after, relative=True)

    def month(self, month: int, year: int, after: int) -> Read:
        """All days of a month."""
        return self.days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), after)

    def month_alone(self, index: int) -> Read | None:
        """ "desember", "maret 2027", "bulan 12": the whole month."""
        word, typed = self.word(index), at(self.row, index).word
        if word not in MONTH_NUMBER and word != "bulan":
            return None
        month, year, after = self.month_and_year(index)
        if month is None:
            return None
        before = self.word(index - 1)
        named = {self.word(index - 1), self.word(index - 2)} & _BEFORE_NAMES
        if word == "bulan" and (
            self.value(index - 1) is not None or spoken(self.row, index - 1) or before in NOT_AFTER
        ):
            return None
        if typed in DOUBTFUL_MONTHS and year is None and before != "bulan":
            return None
        if (
            named
            and year is None
            and self.row[index].start < len(self.text)
            and self.text[self.row[index].start].isupper()
        ):
            return None
        after = after if year is not None else self.skip(after, {"nanti", "depan", "besok"}, most=1)
        year = year if year is not None else self.coming_year(month)
        return self.month(month, year, after) if plausible(year) else None

    def year_alone(self, index: int) -> Read | None:
        """A bare year as the answer to "tanggal lahir?": no full date, but worth saying so."""
        value = self.value(index)
        if not (self.birth and self.answer and value and len(self.row[index].word) == 4):
            return None
        if self.joined_before(index) or not self.closed_after(index + 1) or not 1900 <= value <= self.today.year:
            return None
        return Read(None, None, index + 1, Problem.INCOMPLETE)
