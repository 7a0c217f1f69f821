"""Reads the dates in Indonesian messages, absolute and relative, as sloppily as people type them.

Choices where the language leaves room (with the reasons an officer would give):

- Weeks run from Monday to Sunday. "minggu depan" is the whole next week, "senin depan" the Monday in it; a bare "senin"
  is the next Monday after today, "senin ini" this week's unless it has passed. "minggu" alone is Sunday.
- A day without a month is today or the next such day; a day and month without a year the next such day.
- The first third of a month is its days 1 to 10, the middle 11 to 20, the end 21 and later. "minggu kedua mei" is the
  days 8 to 14.
- "sebelum X" runs from today to the day before X; "sampai X" and "paling lambat X" include X; "setelah X" is the week
  after X, for feasts after the last day of collective leave. Ramadan is taken as the thirty days before Idulfitri.
- Nothing impossible is guessed at: "31 februari" and the month-first "12/25/2026" are `Problem.IMPOSSIBLE`.
"""

from __future__ import annotations

from datetime import date

from sigap.language.dates.choice import choose
from sigap.language.dates.outcome import DateFound, Holidays, Problem, Purpose
from sigap.language.dates.reader import Reader

__all__ = ["DateFound", "Holidays", "Problem", "Purpose", "find_dates", "read_date"]


def find_dates(text: str, today: date, purpose: Purpose, holidays: Holidays | None = None) -> list[DateFound]:
    """All date expressions of a message in order, the impossible ones with their problem."""
    return [found for found, _ in _scan(text, today, purpose, holidays)]


def read_date(text: str, today: date, purpose: Purpose, holidays: Holidays | None = None) -> DateFound:
    """The one date a text means, for example as the answer to a question.

    Corrections count ("eh salah tanggal 8 bukan 7"), refused days do not ("besok ga bisa, lusa aja"). Two neighbouring
    days joined by "atau" are a range. The problem is `NOT_A_DATE` when nothing was found and `AMBIGUOUS` when several
    dates remain.
    """
    return choose(text, today, purpose, _scan(text, today, purpose, holidays, answer=True))


def _scan(
    text: str, today: date, purpose: Purpose, holidays: Holidays | None, answer: bool = False
) -> list[tuple[DateFound, bool]]:
    """The expressions of a text, each with whether it is weak."""
    reader = Reader(text, today, purpose, holidays or {}, answer)
    return reader.all()
