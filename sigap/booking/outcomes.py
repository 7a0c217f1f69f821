"""What the queue works with and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

PASSPORT = "paspor"
"""The queue of those who apply for a passport."""
PICKUP = "ambil"
"""The queue of those who collect a finished one; also the kind of such a booking."""


@dataclass(frozen=True)
class OfficeQueue:
    """How an office takes bookings.

    `zone` is WIB, WITA or WIT. `kinds` are the kinds of application it takes by chat, "ambil" for collecting.
    `opens` is weekday (0 is Monday) and hour at which the following week opens, None where days open one by one.
    A booking may be moved `move_limit` times, until `move_until_days` days before its day.
    """

    office_id: str
    zone: str
    takes_bookings: bool
    max_applicants: int
    demo: bool
    kinds: tuple[str, ...] = ("baru", "penggantian", PICKUP)
    opens: tuple[int, time] | None = None
    window_days: int = 14
    move_limit: int = 1
    move_until_days: int = 1


@dataclass(frozen=True)
class HourPlaces:
    """Free places in one hour of the office's local day."""

    hour: time
    free: int


@dataclass(frozen=True)
class OfficePlaces:
    """Another office and its first day with enough places."""

    office_id: str
    day: date


@dataclass(frozen=True)
class Alternatives:
    """What is free instead: hours of the same day, then days at the same office, then offices; nearest first."""

    hours: tuple[HourPlaces, ...]
    days: tuple[date, ...]
    offices: tuple[OfficePlaces, ...]


@dataclass(frozen=True)
class Applicant:
    """One person to be served. Elderly, small children and the disabled may use priority places."""

    name: str
    nik: str
    birth_date: date
    disabled: bool = False


@dataclass(frozen=True)
class Held:
    """The places are kept for this conversation until `until`."""

    until: datetime
    priority: bool = False


@dataclass(frozen=True)
class Ticket:
    """A confirmed booking. `day` and `hour` are local to the office; queue numbers run from `first_number`."""

    code: str
    office_id: str
    zone: str
    day: date
    hour: time
    kind: str
    places: int
    first_number: int
    names: tuple[str, ...]
    birth_dates: tuple[date, ...]
    demo: bool
    priority: bool
    proxy: bool
    moves: int


@dataclass(frozen=True)
class Full:
    """Not enough free places in that hour; `free` are left."""

    free: int


@dataclass(frozen=True)
class Closed:
    """No such hour is open for this kind of booking at that office."""


@dataclass(frozen=True)
class AlreadyBooked:
    """This conversation has a live booking; one at a time keeps brokers out (office rule of the 2017 queue)."""

    ticket: Ticket


@dataclass(frozen=True)
class PersonBooked:
    """People who have a live booking in another conversation; `positions` count from 1."""

    positions: tuple[int, ...]


@dataclass(frozen=True)
class NamedTwice:
    """People who stand in this booking more than once, by NIK; `positions` count from 1."""

    positions: tuple[int, ...]


@dataclass(frozen=True)
class Paused:
    """Too many bookings were cancelled, or holds left to lapse; a new one is possible from `until` on."""

    until: datetime


@dataclass(frozen=True)
class MonthFull:
    """As many bookings as the office allows in thirty days (`limit`); the next is possible from `until` on."""

    limit: int
    until: datetime


@dataclass(frozen=True)
class HoldLapsed:
    """The hold ran out, or its day was closed, before it was confirmed."""


@dataclass(frozen=True)
class NoBooking:
    """This conversation has no live booking."""


@dataclass(frozen=True)
class DayClosed:
    """The office has closed the day of this booking since. It can be moved or cancelled at no cost."""

    ticket: Ticket
    reason: str


@dataclass(frozen=True)
class Cancelled:
    """The booking is cancelled and its places are free again."""

    ticket: Ticket


@dataclass(frozen=True)
class MovesUsedUp:
    """The booking has been moved as often as its office allows."""

    limit: int


@dataclass(frozen=True)
class TooLateToMove:
    """The last day for moving this booking was `last_day`."""

    last_day: date


@dataclass(frozen=True)
class NotReady:
    """The passport cannot be collected yet; `stage` is that of its application."""

    stage: str


@dataclass(frozen=True)
class Wait:
    """What somebody waits for: days from `first_day` to `last_day`, hours from `first_hour` to `last_hour` if given."""

    office_id: str
    first_day: date
    last_day: date
    places: int = 1
    kind: str = "baru"
    first_hour: time | None = None
    last_hour: time | None = None
    priority: bool = False


@dataclass(frozen=True)
class Waiting:
    """A place on the waiting list; `ahead` others wait longer at the same office."""

    wait: Wait
    ahead: int


@dataclass(frozen=True)
class NotWaiting:
    """This conversation is not on the waiting list, or has no offer."""


@dataclass(frozen=True)
class AlreadyWaiting:
    """This conversation is on the waiting list; one place at a time."""

    waiting: Waiting


@dataclass(frozen=True)
class Offer:
    """Places kept for somebody on the waiting list until `until`."""

    office_id: str
    zone: str
    day: date
    hour: time
    places: int
    kind: str
    until: datetime


@dataclass(frozen=True)
class Swept:
    """What the janitor did."""

    lapsed: int = 0
    no_shows: int = 0
    opened: int = 0
    offered: int = 0
    expired: int = 0
    told: int = 0
    forgotten: int = 0
