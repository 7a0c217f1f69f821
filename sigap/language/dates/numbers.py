"""Days, months and years as numbers and words: what all longer expressions are made of."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from sigap.language.dates.cursor import Cursor
from sigap.language.dates.outcome import EARLIEST_YEAR, LATEST_YEAR, Problem, Read, month_after, plus, single
from sigap.language.dates.vocabulary import (
    AFTER_TANGGAL,
    BETWEEN_DAYS,
    COUNTED,
    DASHES,
    DATE_SIGNS,
    HALVES,
    MONTH_NUMBER,
    ORDINALS,
    PERIODS,
    SHIFT,
    WEEKDAY_NUMBER,
)
from sigap.language.pieces import at, number, pair, spoken


class Numbers(Cursor):
    """Days, months and years as numbers and words: what all longer expressions are made of."""

    def days(self, first: date, last: date, after: int, relative: bool = False) -> Read:
        """A range of days."""
        return Read(first, last, after, relative=relative)

    def offset_day(self, days: int, after: int, weak: bool = False) -> Read | None:
        """The day so many days from today; None beyond the calendar."""
        day = plus(self.today, days)
        return Read(day, day, after, weak=weak, relative=True, single=True) if day else None

    def on(self, day: int, month: int | None, year: int | None, after: int) -> Read | None:
        """A day of the month; month and year are found where they are not said."""
        if month is None:
            return self.bare_day(day, after)
        if year is not None:
            return single(day, month, year, after)
        if self.birth:
            possible = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]
            return Read(None, None, after, Problem.INCOMPLETE if possible else Problem.IMPOSSIBLE)
        read = single(day, month, self.today.year, after)
        passed = read.first < self.today if read.first else (month, day) < (self.today.month, self.today.day)
        return single(day, month, self.today.year + 1, after) if passed else read

    def bare_day(self, day: int, after: int) -> Read:
        """The next such day of a month."""
        if not 1 <= day <= 31:
            return Read(None, None, after, Problem.IMPOSSIBLE)
        if self.birth:
            return Read(None, None, after, Problem.INCOMPLETE)
        ahead = int(day < self.today.day)
        # Months have at least 30 days but for February: two steps always reach a month that has the day.
        for step in range(ahead, ahead + 3):
            year, month = month_after(self.today.year, self.today.month, step)
            if day <= monthrange(year, month)[1]:
                return single(day, month, year, after)
        return Read(None, None, after, Problem.IMPOSSIBLE)

    def century(self, two_digits: int) -> int:
        """The full year for a year in two digits."""
        if two_digits > 99:
            return two_digits
        if self.birth:
            year = self.today.year - self.today.year % 100 + two_digits
            return year if year <= self.today.year else year - 100
        return 2000 + two_digits if two_digits < 50 else 1900 + two_digits

    def joined_before(self, index: int) -> bool:
        """Whether the number belongs to a longer one on its left: 1/7/12/2026, A7, 9,30."""
        before = at(self.row, index - 1)
        if before.end != at(self.row, index).start:
            return False
        if before.word == "#" and before.end - before.start > 1:
            return True
        if before.word[:1].isalpha():
            return self.word(index - 1) not in {"tanggal", "lahir", *MONTH_NUMBER, *WEEKDAY_NUMBER}
        return before.word in {"/", ".", ",", "-", ":"} and (
            at(self.row, index - 2).value is not None and self.glued(index - 2)
        )

    def closed_after(self, after: int) -> bool:
        """Whether nothing continues the number that ends before `after`."""
        last, following = at(self.row, after - 1), at(self.row, after)
        if following.start != last.end:
            return not self.counted(after) or self.word(after) in PERIODS
        if following.word in DATE_SIGNS | {",", ":"}:
            beyond = at(self.row, after + 1)
            return not (beyond.value is not None and beyond.start == following.end)
        return not following.word[:1].isalpha()

    def announced(self, index: int) -> bool:
        """Whether "tanggal" or "lahir" stands in front, or the number begins an answer."""
        before = index - 1
        while self.word(before) in AFTER_TANGGAL:
            before -= 1
        return self.word(before) in {"tanggal", "lahir", "#"} or (self.answer and before < 0)

    def day_number(self, index: int, second: bool = False) -> tuple[int, int] | None:
        """A day of the month at `index`; the `second` of a range may touch the sign before it ("5-7 mei")."""
        piece = at(self.row, index)
        if piece.value is not None:
            if len(piece.word) > 3 or (not second and self.joined_before(index)):
                return None
            after = index + 1
            if at(self.row, after).word in {"st", "nd", "rd", "th", "an", "nya"} and self.glued(index):
                return piece.value, after + 1
            unit = self.counted(after) and self.word(after) != "bulan"
            split = (
                self.word(after) in {".", ",", ":"}
                and self.glued(index)
                and self.glued(after)
                and self.value(after + 1) is not None
            )
            if unit or split:
                return None
            return piece.value, after
        said = pair(self.row, index)
        if said and 21 <= said[0] <= 31:
            return said
        said = spoken(self.row, index)
        return said if said and (not self.counted(said[1]) or self.word(said[1]) == "bulan") else None

    def day_numbers(self, index: int, says_date: bool) -> tuple[list[int], int] | None:
        """One day or the first and last of a few: "7", "dua lima", "5 sampai 7", "13 atau 14"."""
        one = self.day_number(index)
        if not one:
            return None
        value, after = one
        joint = after + 1 if self.word(after) == "s" and self.word(after + 1) in {"/", "."} else after
        if joint != after:
            joint += 1 if self.word(joint + 1) == "d" else 0
            joint += 1 if self.word(joint + 1) == "." else 0
        if self.word(joint) in BETWEEN_DAYS or joint != after:
            beyond = joint + 1 + (self.word(joint + 1) == "dengan")
            if says_date and self.word(beyond) == "tanggal":
                beyond += 1
            other = self.day_number(beyond, second=True)
            through = joint != after or self.word(joint) in {"sampai", *DASHES}
            # Days that are not neighbours are a choice, not a range: "tanggal 5 atau 9".
            if (
                other
                and 1 <= value < other[0]
                and (through or other[0] - value == 1)
                and (not self.counted(other[1]) or self.word(other[1]) == "bulan")
            ):
                has_month = self.month_and_year(other[1])[0] is not None
                # "5 juni, 6 orang" must not lose its month, nor "7, 8 jam" become days.
                if has_month or (says_date and (through or self.word(joint) in {"dan", "atau", "&", ","})):
                    return [value, other[0]], other[1]
        return [value], after

    def counted(self, index: int) -> bool:
        """Whether the word makes the number before it a count; "tanggal 7 hari senin" does not count days."""
        if self.word(index) == "hari":
            return self.word(index + 1) not in WEEKDAY_NUMBER and self.word(index + 1) != "minggu"
        if self.word(index) == "tahun":
            return (
                self.value(index + 1) is None
                and spoken(self.row, index + 1) is None
                and self.word(index + 1) not in SHIFT
            )
        if self.word(index) == "jam":
            return number(self.row, index + 1) is None and self.word(index + 1) not in HALVES
        return self.word(index) in COUNTED

    def ordinal(self, index: int) -> bool:
        """Whether a number is an English ordinal. "10th" alone is short for ten years ("tahun")."""
        endings = {"st", "nd", "rd", "th"} if self.word(index - 1) in {"the", "on", "tanggal"} else {"st", "nd", "rd"}
        return self.value(index) is not None and at(self.row, index + 1).word in endings and self.glued(index)

    def ordinal_word(self, index: int) -> tuple[int, int] | None:
        """ "kedua", "ke dua", "ke-2", "ke2", "k 3": the number and the index after it."""
        if self.word(index) in ORDINALS:
            return ORDINALS[self.word(index)], index + 1
        if self.word(index) not in {"ke", "k"}:
            return None
        said = number(self.row, self.skip(index + 1, {"-"}, most=1))
        return said if said and 1 <= said[0] <= 5 else None

    def month_and_year(self, index: int) -> tuple[int | None, int | None, int]:
        """The month after a day, with its year if that is said: "desember 2026", "bulan 12", "bulan depan"."""
        position = self.skip(index, {"-", ".", ",", "/", "of", "–"}, most=1)
        if self.word(position) == "next" and self.word(position + 1) == "bulan":
            return *self.month_shifted(1), position + 2
        if self.word(position) == "bulan":
            # "bulan depan", "bulan 12", "bulan desember"; and "bulan depannya lagi".
            if (shift := SHIFT.get(self.word(position + 1))) is not None:
                after = position + 2
                if shift == 1 and self.word(after) == "lagi":
                    shift, after = 2, after + 1
                return *self.month_shifted(shift), after
            position += 1
            if self.word(position) not in MONTH_NUMBER:
                said = number(self.row, position)
                if said and 1 <= said[0] <= 12 and not self.counted(said[1]):
                    return said[0], *self.year_after(said[1])
                return None, None, index
        if self.word(position) in {"ngarep", "depan"} and at(self.row, position).word in {"ngarep", "hareup", "payun"}:
            return *self.month_shifted(1), position + 1
        month = MONTH_NUMBER.get(self.word(position))
        if month is None:
            return None, None, index
        return month, *self.year_after(position + 1)

    def month_shifted(self, months: int) -> tuple[int, int]:
        """The month, and its year, so many months from now."""
        year, month = month_after(self.today.year, self.today.month, months)
        return month, year

    def coming_year(self, month: int) -> int:
        """The year in which a month comes next; this month counts as coming."""
        return self.today.year + (month < self.today.month)

    def year_after(self, index: int) -> tuple[int | None, int]:
        """The year said at `index`, or None: "2026", "tahun 2026", "tahun depan", "'90", "dua ribu dua puluh enam"."""
        position = self.skip(index, {",", "-", "/", ".", "'", "’", "–"}, most=1)
        says_year = self.word(position) == "tahun"
        if says_year:
            position += 1
            if (shift := SHIFT.get(self.word(position))) is not None:
                return self.today.year + shift, position + 1
        elif self.word(position) == "next" and self.word(position + 1) == "tahun":
            return self.today.year + 1, position + 2
        piece = at(self.row, position)
        if piece.value is None:
            return self.spoken_year(position, index, says_year)
        following = position + 1
        split = (
            self.word(following) in {".", ":", "/"} and self.glued(position) and self.value(following + 1) is not None
        )
        if split or self.counted(following):
            return None, index
        if len(piece.word) == 4:
            return (piece.value, following) if says_year or 1000 <= piece.value <= 9999 else (None, index)
        full = at(self.row, self.skip(following, {","}, most=1))
        if len(full.word) == 4 and full.value is not None:
            return None, index
        if len(piece.word) == 2 and self.two_digit_year(piece.value, says_year):
            return self.century(piece.value), following
        return None, index

    def two_digit_year(self, value: int, says_year: bool) -> bool:
        """Whether two digits after a month are its year: for an arrival only a year near today's, or one long past."""
        return self.birth or says_year or -1 <= value - self.today.year % 100 <= 3 or value >= 40

    def spoken_year(self, position: int, index: int, says_year: bool) -> tuple[int | None, int]:
        """A year in words: "dua ribu dua puluh enam", "sembilan belas sembilan puluh"."""
        said = spoken(self.row, position)
        if said and EARLIEST_YEAR <= said[0] <= LATEST_YEAR and not (said[0] == 2000 and pair(self.row, position)):
            return said
        century = said[0] if said and said[0] in {19, 20} else None
        if said and century:
            rest = pair(self.row, said[1]) or spoken(self.row, said[1])
            if rest and rest[0] < 100:
                return century * 100 + rest[0], rest[1]
        two = pair(self.row, position)
        if two:
            more = pair(self.row, two[1])
            if more and two[0] in {19, 20}:
                return two[0] * 100 + more[0], more[1]
        if said and said[0] >= 10 and not two:
            two = said
        # "tanggal lima mei dua belas orang": only a birth date or "tahun" makes two spoken digits a year.
        if two and (self.birth or says_year) and two[0] <= 99 and not self.counted(two[1]):
            return self.century(two[0]), two[1]
        return None, index
