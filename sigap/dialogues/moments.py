"""Moments as dialogues write them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from sigap.clock import WIB

_STEP = re.compile(r"\+(\d+) (menit|jam|hari)$")
_UNITS = {"menit": "minutes", "jam": "hours", "hari": "days"}
_TOMORROW = re.compile(r"besok(?: (\d\d):(\d\d))?$")


def moment(text: str, now: datetime) -> datetime:
    """A moment relative to `now`: "+2 jam", "besok", "besok 08:00", or a date with an hour in western Indonesian time.

    Raises `ValueError` with an Indonesian explanation.
    """
    if step := _STEP.match(text):
        return now + timedelta(**{_UNITS[step[2]]: int(step[1])})
    if tomorrow := _TOMORROW.match(text):
        hour = time(int(tomorrow[1]), int(tomorrow[2])) if tomorrow[1] else now.timetz().replace(tzinfo=None)
        return datetime.combine(now.date() + timedelta(days=1), hour, WIB)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=WIB)
    except ValueError:
        raise ValueError(f'"+2 jam", "besok", "besok 08:00", atau "2026-11-24 08:00"; bukan {text!r}.') from None
