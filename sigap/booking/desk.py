"""The officers' side of a day: who comes, who has come, who has not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from sigap.booking import ledger
from sigap.booking.codes import read_code
from sigap.booking.limits import Tripped
from sigap.clock import Clock
from sigap.store.session import Store, lock
from sigap.store.tables import Booking, Closure, Office, Slot, TrippedLimit

_CONFIRMED = ("confirmed", "arrived", "no_show")


@dataclass(frozen=True)
class Person:
    """One person of a booking; of the NIK only the last four digits, enough to compare with the card at the door.

    Empty once the booking's personal data have been removed.
    """

    name: str
    nik_end: str
    birth_date: date | None


@dataclass(frozen=True)
class Entry:
    """One booking on the day sheet. `state` is "confirmed", "arrived", "no_show" or "cancelled".

    `forgotten` says that its personal data have been removed.
    """

    code: str
    office_id: str
    service: str
    day: date
    hour: time
    kind: str
    first_number: int
    last_number: int
    priority: bool
    proxy: bool
    state: str
    forgotten: bool
    people: tuple[Person, ...]


@dataclass(frozen=True)
class DaySheet:
    """Everybody expected at an office on a day, by hour and queue number. `closed` is why it is closed, if it is."""

    office_id: str
    zone: str
    day: date
    printed_at: datetime
    demo: bool
    closed: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CheckedIn:
    """The booking has been marked as arrived; `again` says that it had been before."""

    entry: Entry
    again: bool = False


@dataclass(frozen=True)
class WrongDay:
    """The booking is for another day than today at its office."""

    entry: Entry


@dataclass(frozen=True)
class NotLive:
    """The booking was cancelled."""

    entry: Entry


@dataclass(frozen=True)
class UnknownCode:
    """No booking has this code; `readable` says that the code is a possible one, so it was not merely mistyped."""

    readable: bool


class Desk:
    """What officers do with bookings. Every change is conditional on the state it was seen in."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def show(self, code: str) -> Entry | UnknownCode:
        """The booking with this code, whatever has become of it."""
        with self._store.reading() as session:
            booking = ledger.by_code(session, code)
            return _entry(session, booking) if booking else UnknownCode(read_code(code) is not None)

    def check_in(self, code: str) -> CheckedIn | WrongDay | NotLive | UnknownCode:
        """Mark a booking as arrived on its day; late is not too late, so a no-show of today may still arrive."""
        return self._change(code, "arrived")

    def mark_no_show(self, code: str) -> CheckedIn | WrongDay | NotLive | UnknownCode:
        """Mark a booking of today as not come."""
        return self._change(code, "no_show")

    def sheet(self, office_id: str, day: date, states: Collection[str] = _CONFIRMED) -> DaySheet | None:
        """The bookings of an office's day; None when the office has not been set up."""
        with self._store.reading() as session:
            office = session.get(Office, office_id)
            if office is None:
                return None
            bookings = session.scalars(
                select(Booking)
                .filter_by(office_id=office_id, day=day)
                .join(Slot, Slot.id == ledger.BOOKING.slot_id)
                .where(ledger.BOOKING.state.in_(states), ledger.BOOKING.code.is_not(None))
                .order_by(Slot.hour, Booking.first_number)
            ).all()
            entries = tuple(_entry(session, booking) for booking in bookings)
            closure = session.get(Closure, (office_id, day))
            closed = closure.reason if closure else None
            return DaySheet(office_id, office.zone, day, self._clock(), office.demo, closed, entries)

    def limits(self, since: datetime) -> list[Tripped]:
        """Whom limits held back since a moment, latest first."""
        with self._store.reading() as session:
            rows = session.scalars(
                select(TrippedLimit).where(ledger.LIMIT.at >= since).order_by(ledger.LIMIT.id.desc())
            )
            return [Tripped(row.at, row.conversation_id, row.office_id, row.limit, row.until) for row in rows]

    def _change(self, code: str, state: str) -> CheckedIn | WrongDay | NotLive | UnknownCode:
        with self._store.reading() as session:
            found = ledger.by_code(session, code)
            if found is None:
                return UnknownCode(read_code(code) is not None)
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(found.conversation_id)])
            booking = session.get(Booking, found.id)
            entry = _entry(session, booking)
            if booking.state == "cancelled":
                return NotLive(entry)
            if booking.day != ledger.today_at(session.get(Office, booking.office_id), self._clock()):
                return WrongDay(entry)
            if booking.state in (state, "arrived"):
                return CheckedIn(entry, again=True)
            ledger.end(session, booking, state, self._clock())
            session.commit()
            return CheckedIn(_entry(session, booking))


def _entry(session: Session, booking: Booking) -> Entry:
    slot, first = session.get(Slot, booking.slot_id), booking.first_number or 0
    return Entry(
        code=booking.code or "",
        office_id=booking.office_id,
        service=booking.service,
        day=booking.day,
        hour=slot.hour,
        kind=booking.kind,
        first_number=first,
        last_number=first + booking.places - 1,
        priority=booking.priority,
        proxy=booking.proxy,
        state=booking.state,
        forgotten=booking.forgotten_at is not None,
        people=tuple(
            Person(person.name or "", (person.nik or "")[-4:], person.birth_date) for person in booking.applicants
        ),
    )
