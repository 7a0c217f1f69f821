"""A clock that tests move by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from sigap.clock import WIB

# A Monday, and an ordinary working day.
MONDAY_MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=WIB)


class SettableClock:
    """A `sigap.clock.Clock` that stands still until it is told otherwise."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        """Move on by `days`, `hours`, `minutes`, `seconds` or any other argument of `timedelta`."""
        self.now += timedelta(**step)
