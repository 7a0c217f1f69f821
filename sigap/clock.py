"""The only source of "now" in SIGAP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present moment, always with a time zone."""

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
ZONES = {"WIB": WIB, "WITA": WITA, "WIT": WIT}


_stand_in: Clock | None = None


def system_clock() -> datetime:
    """The machine's clock in western Indonesian time, unless something stands in for it."""
    return _stand_in() if _stand_in else datetime.now(WIB)


@contextmanager
def standing_in(clock: Clock) -> Iterator[None]:
    """Make everything in this process that follows the machine's clock follow `clock` meanwhile.

    For dialogues that are played in one process: the trained pipeline takes its clock when it is loaded, and time must
    still pass for it.
    """
    global _stand_in
    _stand_in = clock
    try:
        yield
    finally:
        _stand_in = None


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for tests and demonstrations. Raises `ValueError` without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("SIGAP_NOW needs a time zone, for example 2026-11-23T08:00:00+07:00")
    return lambda: moment
