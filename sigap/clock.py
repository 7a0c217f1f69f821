"""The only source of "now" in SIGAP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present moment, always with a time zone."""

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
ZONES = {"WIB": WIB, "WITA": WITA, "WIT": WIT}


def system_clock() -> datetime:
    """The machine's clock in western Indonesian time."""
    return datetime.now(WIB)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for tests and demonstrations. Raises `ValueError` without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("SIGAP_NOW needs a time zone, for example 2026-11-23T08:00:00+07:00")
    return lambda: moment
