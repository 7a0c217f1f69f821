"""What officers type: days, hours, weekdays, opening times; every mistake is answered in Indonesian."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date, time
from typing import Any

import click

from actions.wording import weekday_name

WEEKDAYS = tuple(weekday_name(number).lower() for number in range(7))


class _Reader(click.ParamType[Any], ABC):
    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The value read, or a message that says what was wrong."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip().lower())
        except ValueError as error:
            return self.fail(str(error), param, context)

    @abstractmethod
    def read(self, text: str) -> Any:
        """Read a text; raises `ValueError` with a message for officers."""


class DayType(_Reader):
    """A date such as 24-11-2026 or 2026-11-24."""

    name = "tanggal"

    def read(self, text: str) -> date:
        """The date."""
        parts = text.replace("/", "-").split("-")
        try:
            numbers = [int(part) for part in parts]
            return date(*numbers) if len(parts[0]) == 4 else date(*reversed(numbers))
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(f"'{text}' bukan tanggal. Tulis misalnya 24-11-2026.") from error


class HourType(_Reader):
    """An hour such as 9, 09.00 or 09:30."""

    name = "jam"

    def read(self, text: str) -> time:
        """The hour."""
        hour, _, minute = text.replace(".", ":").partition(":")
        try:
            return time(int(hour), int(minute or 0))
        except ValueError as error:
            raise ValueError(f"'{text}' bukan jam. Tulis misalnya 09.00.") from error


class HoursType(_Reader):
    """Hours such as 8-11,13-14: every full hour from the first to the last, the last included."""

    name = "jam-jam"

    def read(self, text: str) -> tuple[time, ...]:
        """The hours, in order."""
        found: set[time] = set()
        for part in text.split(","):
            first, _, last = part.partition("-")
            start, end = HourType().read(first.strip()), HourType().read((last or first).strip())
            if end < start:
                raise ValueError(f"'{part.strip()}' terbalik. Tulis jam yang lebih awal dahulu, misalnya 08-11.")
            found |= {time(hour, start.minute) for hour in range(start.hour, end.hour + 1)}
        return tuple(sorted(found))


class WeekdaysType(_Reader):
    """Weekdays such as senin-jumat or senin,rabu."""

    name = "hari"

    def read(self, text: str) -> tuple[int, ...]:
        """Their numbers, Monday is 0."""
        found: set[int] = set()
        for part in text.split(","):
            first, _, last = part.partition("-")
            start, end = weekday(first), weekday(last or first)
            if end < start:
                raise ValueError(f"'{part.strip()}' terbalik. Tulis hari yang lebih awal dahulu, misalnya senin-jumat.")
            found |= set(range(start, end + 1))
        return tuple(sorted(found))


class OpeningType(_Reader):
    """When quotas open: "harian", or a weekday and an hour such as "jumat 14.00"."""

    name = "pembukaan"

    def read(self, text: str) -> tuple[int | None, time | None]:
        """Weekday and hour, both None for day by day."""
        if text == "harian":
            return None, None
        day, _, hour = text.partition(" ")
        if not hour:
            raise ValueError("Tulis 'harian', atau hari dan jam, misalnya 'jumat 14.00'.")
        return weekday(day), HourType().read(hour)


def weekday(text: str) -> int:
    """The number of a weekday's name; raises `ValueError` with a message for officers."""
    name = text.strip().lower().replace("'", "")
    if name not in WEEKDAYS:
        raise ValueError(f"'{text.strip()}' bukan nama hari. Pilihannya: {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(name)


def weekdays_text(days: Iterable[int]) -> str:
    """ "senin-jumat" for days in a row, else their names."""
    days = sorted(days)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def day_text(day: date) -> str:
    """ "Selasa 24-11-2026"."""
    return f"{weekday_name(day.weekday())} {day:%d-%m-%Y}"


def birth_text(day: date | None) -> str:
    """ "07-08-1995"; empty where it has been removed."""
    return f"{day:%d-%m-%Y}" if day else ""
