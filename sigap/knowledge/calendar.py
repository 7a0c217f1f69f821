"""Working days over the national holidays and collective leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """Counts working days. `closed` maps each holiday or leave day to its name; `years` are those it covers."""

    closed: Mapping[date, str]
    years: frozenset[int]

    @classmethod
    def from_days(cls, days: Iterable[tuple[date, str]]) -> WorkingDays:
        """Build from (day, name) pairs; a year is covered once any of its days is given."""
        closed = dict(days)
        return cls(closed, frozenset(day.year for day in closed))

    def is_working(self, day: date) -> bool:
        """Whether offices are open: Monday to Friday, no holiday, no collective leave."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year have been decreed and entered."""
        return day.year in self.years

    def after(self, start: date, working_days: int) -> date:
        """The day that lies `working_days` working days after `start`; `start` itself is not counted."""
        day = start
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working(day)
        return day

    def next_working(self, day: date) -> date:
        """`day` itself if it is a working day, else the next one."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def closed_between(self, start: date, end: date) -> list[tuple[date, str]]:
        """Holidays and leave on weekdays after `start` up to and including `end`, in order."""
        return sorted(
            (day, name) for day, name in self.closed.items() if start < day <= end and day.weekday() < _SATURDAY
        )
