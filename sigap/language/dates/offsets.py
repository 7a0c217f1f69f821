"""Days counted from today or from another date: "lusa", "3 hari lagi", "H+5 lebaran"."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date

from sigap.language.dates.outcome import Read, month_after, plus
from sigap.language.dates.periods import Periods
from sigap.language.dates.vocabulary import PERIODS, WEEKDAY_NUMBER
from sigap.language.pieces import at, number

_RELATIVE_DAYS = {
    "hariini": 0,
    "sekarang": 0,
    "kini": 0,
    "mengko": 0,
    "tonight": 0,
    "besok": 1,
    "isuk": 1,
    "lusa": 2,
    "besoklusa": 2,
    "tulat": 3,
    "tubin": 4,
    "kemarin": -1,
    "semalam": -1,
    "selumbari": -2,
}
_WEAK = frozenset({"sekarang", "kini", "mengko"})
_DAYPARTS = frozenset({"pagi", "siang", "sore", "malam"})
_UNITS = frozenset({"hari", "minggu", "pekan", "bulan", "tahun", "days", "months", "years"})
_UNIT_OF = {"days": "hari", "months": "bulan", "years": "tahun", "minggu": "pekan"}
_SE = {
    **dict.fromkeys(("sehari", "sedino", "sadinten"), "hari"),
    **dict.fromkeys(("seminggu", "sepekan", "saminggu", "semingguan", "semgg", "smggu"), "pekan"),
    **dict.fromkeys(("sebulan", "sabulan", "sebln", "sawulan"), "bulan"),
    **dict.fromkeys(("setahun", "sataun"), "tahun"),
}


class Offsets(Periods):
    """Days counted from today or from another date: "lusa", "3 hari lagi", "H+5 lebaran"."""

    def relative_day(self, index: int) -> Read | None:
        """ "hari ini", "besok", "lusa", "kemarin", "nanti sore"."""
        word, following = self.word(index), self.word(index + 1)
        if word == "hari" and following == "ini":
            return self.offset_day(0, index + 2)
        if word in {"nanti", "mengko"} and following in _DAYPARTS:
            return self.offset_day(0, index + 2)
        if word == "this" and following in _DAYPARTS:
            return self.offset_day(0, index + 2)
        if word == "tadi" and following in _DAYPARTS:
            return self.offset_day(-(following == "malam"), index + 2)
        if word == "last" and following == "malam":
            return self.offset_day(-1, index + 2)
        if word in _DAYPARTS and following in {"ini", "tadi"}:
            return self.offset_day(-(following == "tadi" and word == "malam"), index + 2)
        if (
            word == "hari"
            and at(self.row, index).word == "day"
            and following == "setelah"
            and self.word(index + 2) == "besok"
        ):
            return self.offset_day(2, index + 3)
        if word == "lusa" and following == "besok":
            return self.offset_day(2, index + 2)
        if word not in _RELATIVE_DAYS:
            return None
        return self.from_relative_word(index)

    def from_relative_word(self, index: int) -> Read | None:
        """The day of a word such as "besok", with what may follow it ("besok lusa")."""
        word, typed = self.word(index), self.row[index].word
        step = self.skip(index + 1, {"-"}, most=1)
        if word == "besok":
            # "besok-besok" and "besok2" put a thing off to no day at all.
            back = index - 1 - (self.word(index - 1) == "-")
            if typed in {at(self.row, step).word, at(self.row, back).word}:
                return None
            if self.value(index + 1) == 2 and self.glued(index):
                return None
            if self.word(index + 1) == "lusa" or (typed == "sesuk" and at(self.row, index + 1).word == "emben"):
                return self.offset_day(2, index + 2)
            if self.word(index + 1) == "isuk":
                return self.offset_day(1, index + 2)
            return self.offset_day(1, self.skip(index + 1, {"hari"}, most=1) if typed == "esok" else index + 1)
        if word == "kemarin" and self.word(index + 1) in {"lusa", "dulu"}:
            return self.offset_day(-2, index + 2)
        before = index - 1 - (self.word(index - 1) == ",")
        if word == "isuk" and self.word(before) in {*WEEKDAY_NUMBER, *_RELATIVE_DAYS}:
            return None
        return self.offset_day(_RELATIVE_DAYS[word], index + 1, word in _WEAK)

    def anchor(self, index: int) -> Read | None:
        """An expression that others may count from ("sehari setelah ..."); itself it counts from nothing."""
        return (
            self.weekday(index)
            or self.part_of_period(index)
            or self.nth_week(index)
            or self.date_then_weekday(index)
            or self.feast(index)
            or self.period(index)
            or self.month_alone(index)
            or self.relative_day(index)
            or self.year_alone(index)
        )

    def span_of_time(self, index: int) -> tuple[int, str, int] | None:
        """ "3 hari", "dua minggu", "sebulan": the count, the unit and the index after them."""
        typed = at(self.row, index).word
        if typed in _SE:
            return 1, _SE[typed], index + 1
        if typed == "se" and self.word(index + 1) in PERIODS | {"hari"}:
            return 1, _UNIT_OF.get(self.word(index + 1), self.word(index + 1)), index + 2
        said = (1, index + 1) if typed in {"a", "one"} else number(self.row, index)
        if not said or said[0] > 400 or self.joined_before(index):
            return None
        unit = self.word(said[1])
        if unit not in _UNITS or at(self.row, said[1]).word in {"th", "minggunya"}:
            return None
        return said[0], _UNIT_OF.get(unit, unit), said[1] + 1

    def moved(self, start: date, count: int, unit: str) -> date | None:
        """A day so many units later (earlier, when negative); the last day of a shorter month."""
        if unit in {"bulan", "tahun"}:
            months = count * (12 if unit == "tahun" else 1)
            year, month = month_after(start.year, start.month, months)
            if not MINYEAR <= year <= MAXYEAR:
                return None
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        return plus(start, count * (7 if unit == "pekan" else 1))

    def offset(self, index: int) -> Read | None:
        """ "3 hari lagi", "seminggu lagi", "in 3 days", "dalam 2 minggu", "3 hari lalu", "sehari setelah natal"."""
        opening = self.word(index)
        lead = opening in {"dalam", "in"}
        position = self.skip(index + lead, {"waktu", "jangka"}, most=2)
        span = self.span_of_time(position)
        if not span:
            return None
        count, unit, after = span
        if unit == "tahun" and self.word(position - 1) in {"umur", "usia", "berumur", "berusia"}:
            return None
        working = unit == "hari" and self.word(after) == "kerja"
        after += working
        if self.word(after) == "lagi" or (self.word(after), self.word(after + 1)) == ("dari", "sekarang"):
            after += 1 if self.word(after) == "lagi" else 2
            return self.exactly(self.working_days(count) if working else self.moved(self.today, count, unit), after)
        if self.word(after) == "lalu" or self.word(after) == "ago":
            return self.exactly(self.moved(self.today, -count, unit), after + 1)
        if self.word(after) in {"yang", "yg"} and self.word(after + 1) == "lalu":
            return self.exactly(self.moved(self.today, -count, unit), after + 2)
        if not lead and self.word(after) in {"sebelum", "setelah"}:
            return self.beside(count, unit, after)
        ahead = self.word(after) == "depan" or (self.word(after) in {"ke", "k"} and self.word(after + 1) == "depan")
        if ahead:
            after += 1 if self.word(after) == "depan" else 2
        # "2 minggu depan" means two weeks from now; "3 hari ke depan" and "dalam 2 minggu" are stretches.
        if (
            ahead
            and not lead
            and self.word(after - 2) not in {"ke", "k"}
            and self.row[after - 1].word not in {"kedepan", "mendatang"}
        ):
            return self.exactly(self.moved(self.today, count, unit), after)
        if working or not (ahead or lead) or (unit == "tahun" and not ahead):
            return None
        until = self.moved(self.today, count, unit)
        if until is None:
            return None
        if opening == "in":
            return self.exactly(until, after)
        return self.days(self.today, until, after, relative=True)

    def exactly(self, day: date | None, after: int) -> Read | None:
        """A single day counted from today; None stays None."""
        return Read(day, day, after, relative=True, single=True) if day else None

    def working_days(self, count: int) -> date | None:
        """The day after so many working days: neither weekends nor holidays count."""
        closed = {day for days in self.holidays.values() for day in days}
        day: date | None = self.today
        while count > 0 and day:
            day = plus(day, 1)
            count -= bool(day and day.weekday() < 5 and day not in closed)
        return day

    def beside(self, count: int, unit: str, after: int) -> Read | None:
        """ "sehari setelah lebaran", "2 minggu sebelum natal": `after` stands at "sebelum" or "setelah"."""
        direction = 1 if self.word(after) == "setelah" else -1
        anchor = self.anchor(after + 1)
        if anchor is None or anchor.first is None or anchor.last is None:
            return anchor
        return self.exactly(
            self.moved(anchor.last if direction > 0 else anchor.first, direction * count, unit), anchor.after
        )

    def h_plus(self, index: int) -> Read | None:
        """ "H+5 lebaran", "H-3 natal"."""
        count = self.value(index + 2)
        if self.word(index) != "h" or self.word(index + 1) not in {"+", "-"} or count is None or count > 400:
            return None
        anchor = self.anchor(self.skip(index + 3, {"dari"}, most=1))
        if anchor is None or anchor.first is None or anchor.last is None or anchor.weak:
            return None
        plus = self.word(index + 1) == "+"
        return self.exactly(
            self.moved(anchor.last if plus else anchor.first, count if plus else -count, "hari"), anchor.after
        )
