"""What reading a date may give, and the calendar arithmetic that all rules share."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import Enum

Holidays = Mapping[str, Collection[date]]
"""Name of a holiday as in libur.yml -> its days, of all known years. A name with "cuti" in it is collective leave."""

DAY = timedelta(days=1)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


class Purpose(Enum):
    """What the date is wanted for: it decides the year where none is said."""

    ARRIVAL = "arrival"
    BIRTH = "birth"


class Problem(Enum):
    """Why an expression, or a text, gives no single certain date."""

    NOT_A_DATE = "bukan_tanggal"
    IMPOSSIBLE = "mustahil"
    INCOMPLETE = "tidak_lengkap"
    """A birth date without its day, month or year ("tahun 1990")."""
    FUTURE = "belum_terjadi"
    """A birth date that has not come yet."""
    AMBIGUOUS = "rancu"
    """Several dates, none of them preferred."""
    WEEKDAY_DIFFERS = "hari_berbeda"
    """The weekday said is not that of the date; the date is given all the same."""
    UNKNOWN_FEAST = "hari_raya_tidak_diketahui"
    """A feast whose date is not among the holidays known."""


@dataclass(frozen=True)
class DateFound:
    """A date or a range of days: `first` and `last` are equal for a single day and both None when there is no date.

    `start` and `end` are offsets into the text as typed.
    """

    first: date | None
    last: date | None
    problem: Problem | None
    start: int
    end: int


@dataclass(frozen=True)
class Read:
    """A part of the message that was understood: its days, and the index of the piece after it.

    `weak` marks words that are seldom the date asked for ("sekarang"), `relative` what is counted from today, `single`
    a day rather than a range; `begin` is the first piece, where it is not the one the rule started from.
    """

    first: date | None
    last: date | None
    after: int
    problem: Problem | None = None
    weak: bool = False
    relative: bool = False
    single: bool = False
    begin: int = -1


def plus(day: date, days: int) -> date | None:
    """The day so many days later; None beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def clamp(day: date, days: int) -> date:
    """As `plus`; beyond the calendar the day itself."""
    return plus(day, days) or day


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Year and month, so many months later."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def plausible(year: int) -> bool:
    """Whether anybody means such a year."""
    return EARLIEST_YEAR <= year <= LATEST_YEAR


def exists(day: int, month: int, year: int) -> bool:
    """Whether there is such a day."""
    return 1 <= month <= 12 and MINYEAR <= year <= MAXYEAR and 1 <= day <= monthrange(year, month)[1]


def single(day: int, month: int, year: int, after: int) -> Read:
    """A single day, or the problem that it does not exist."""
    if not exists(day, month, year) or not plausible(year):
        return Read(None, None, after, Problem.IMPOSSIBLE)
    found = date(year, month, day)
    return Read(found, found, after, single=True)
