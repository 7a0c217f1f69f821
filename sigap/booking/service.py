"""The queue of an office: which places are free, holding them for a moment, confirming, moving, giving them back.

Every step is one transaction. A place is taken by a conditional update of its slot's counter, so two applicants can
never be given the same last place, whatever the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from sigap.booking.codes import new_code
from sigap.clock import ZONES, Clock
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, Booking, Office, OfficeDay, Slot

# Long enough to read a summary and answer, short enough that an abandoned chat does not keep a place from others.
HOLD = timedelta(minutes=10)
# SQLAlchemy 1.4 has no types of its own: as an expression, a column is not what its attribute is annotated with.
_HELD_UNTIL: Any = Booking.held_until
_ID: Any = Booking.id


@dataclass(frozen=True)
class OfficeQueue:
    """How an office takes bookings. `zone` is WIB, WITA or WIT."""

    office_id: str
    zone: str
    takes_bookings: bool
    max_applicants: int
    demo: bool


@dataclass(frozen=True)
class HourPlaces:
    """Free places in one hour of the office's local day."""

    hour: time
    free: int


@dataclass(frozen=True)
class Applicant:
    """One person to be served."""

    name: str
    nik: str
    birth_date: date


@dataclass(frozen=True)
class Held:
    """The places are kept for this conversation until `until`."""

    until: datetime


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


@dataclass(frozen=True)
class Full:
    """Not enough free places in that hour; `free` are left."""

    free: int


@dataclass(frozen=True)
class Closed:
    """No such hour is open for booking at that office."""


@dataclass(frozen=True)
class AlreadyBooked:
    """This conversation has a live booking; one at a time keeps brokers out (office rule of the 2017 queue)."""

    ticket: Ticket


@dataclass(frozen=True)
class HoldLapsed:
    """The hold ran out before it was confirmed."""


@dataclass(frozen=True)
class NoBooking:
    """This conversation has no live booking."""


@dataclass(frozen=True)
class Cancelled:
    """The booking is cancelled and its places are free again."""

    ticket: Ticket


class Queue:
    """The booking service."""

    def __init__(self, store: Store, clock: Clock, make_code: Callable[[], str] = new_code) -> None:
        self._store = store
        self._clock = clock
        self._make_code = make_code

    def office(self, office_id: str) -> OfficeQueue | None:
        """How this office takes bookings; None when it has never been set up."""
        with self._store.work() as session:
            office = session.get(Office, office_id)
            return office and OfficeQueue(
                office.id, office.zone, office.takes_bookings, office.max_applicants, office.demo
            )

    def offices(self) -> list[str]:
        """Ids of the offices that take bookings."""
        with self._store.work() as session:
            return list(session.scalars(select(Office.id).where(Office.takes_bookings).order_by(Office.id)))

    def free_days(self, office_id: str, places: int = 1, conversation_id: str | None = None) -> list[date]:
        """Days of the booking window on which some hour has at least `places` free, earliest first.

        What `conversation_id` itself holds counts as free: it may keep those places.
        """
        return sorted({day for day, hour in self._open_hours(office_id, conversation_id) if hour.free >= places})

    def free_hours(
        self, office_id: str, day: date, places: int = 1, conversation_id: str | None = None
    ) -> list[HourPlaces]:
        """Hours of `day` with at least `places` free, earliest first; `conversation_id` as for `free_days`."""
        return [
            hour
            for open_day, hour in self._open_hours(office_id, conversation_id)
            if open_day == day and hour.free >= places
        ]

    def hold(
        self, conversation_id: str, office_id: str, day: date, hour: time, kind: str, applicants: Sequence[Applicant]
    ) -> Held | Full | Closed | AlreadyBooked:
        """Keep places for a conversation for `HOLD`; an earlier hold of the same conversation is given back."""
        now = self._clock()
        with self._store.work() as session:
            if booked := self._live(session, conversation_id):
                return AlreadyBooked(_ticket(session, booked))
            office = session.get(Office, office_id)
            if office is None or not office.takes_bookings or not 1 <= len(applicants) <= office.max_applicants:
                return Closed()
            self._give_back_lapsed(session)
            for earlier in self._held(session, conversation_id):
                _give_back(session, earlier, "cancelled")
            slot = session.scalars(select(Slot).filter_by(office_id=office_id, day=day, hour=hour)).one_or_none()
            if slot is None or not _is_open(slot, office, now):
                return Closed()
            if not _take(session, slot, len(applicants)):
                session.commit()  # the earlier hold is given back all the same
                return Full(slot.quota - slot.taken)
            until = now + HOLD
            session.add(
                Booking(
                    conversation_id=conversation_id,
                    slot_id=slot.id,
                    kind=kind,
                    places=len(applicants),
                    state="held",
                    held_until=until,
                    created_at=now,
                    applicants=[
                        BookedApplicant(
                            position=position, name=person.name, nik=person.nik, birth_date=person.birth_date
                        )
                        for position, person in enumerate(applicants, start=1)
                    ],
                )
            )
            session.commit()
            return Held(until)

    def confirm(self, conversation_id: str) -> Ticket | HoldLapsed:
        """Turn this conversation's hold into a booking; asking twice gives the same ticket."""
        with self._store.work() as session:
            self._give_back_lapsed(session)
            if booked := self._live(session, conversation_id):
                return _ticket(session, booked)
            held = next(iter(self._held(session, conversation_id)), None)
            if held is None:
                session.commit()
                return HoldLapsed()
            held.first_number = _next_numbers(session, held)
            held.code = self._make_code()
            held.state = "confirmed"
            held.held_until = None
            session.commit()
            return _ticket(session, held)

    def release(self, conversation_id: str) -> None:
        """Give back whatever this conversation holds."""
        with self._store.work() as session:
            for held in self._held(session, conversation_id):
                _give_back(session, held, "cancelled")
            session.commit()

    def booking_of(self, conversation_id: str) -> Ticket | NoBooking:
        """The live booking of this conversation: confirmed and not yet over."""
        with self._store.work() as session:
            booked = self._live(session, conversation_id)
            return _ticket(session, booked) if booked else NoBooking()

    def cancel(self, conversation_id: str) -> Cancelled | NoBooking:
        """Cancel the live booking of this conversation; its places are free at once."""
        with self._store.work() as session:
            booked = self._live(session, conversation_id)
            if booked is None:
                return NoBooking()
            ticket = _ticket(session, booked)
            _give_back(session, booked, "cancelled")
            session.commit()
            return Cancelled(ticket)

    def move(self, conversation_id: str, day: date, hour: time) -> Ticket | Full | Closed | NoBooking:
        """Move the live booking to another hour of the same office; code and people stay, numbers are new."""
        with self._store.work() as session:
            booked = self._live(session, conversation_id)
            if booked is None:
                return NoBooking()
            self._give_back_lapsed(session)
            office = session.get(Office, booked.slot.office_id)
            slot = session.scalars(select(Slot).filter_by(office_id=office.id, day=day, hour=hour)).one_or_none()
            if slot is None or not _is_open(slot, office, self._clock()):
                return Closed()
            if slot.id != booked.slot_id:
                if not _take(session, slot, booked.places):
                    return Full(slot.quota - slot.taken)
                _free(session, booked.slot_id, booked.places)
                booked.slot = slot
                session.flush()
                booked.first_number = _next_numbers(session, booked)
            session.commit()
            return _ticket(session, booked)

    def _open_hours(self, office_id: str, conversation_id: str | None) -> list[tuple[date, HourPlaces]]:
        now = self._clock()
        with self._store.work() as session:
            self._give_back_lapsed(session)
            session.commit()
            office = session.get(Office, office_id)
            if office is None or not office.takes_bookings:
                return []
            today = now.astimezone(ZONES[office.zone]).date()
            window = and_(
                Slot.office_id == office_id, Slot.day >= today, Slot.day <= today + timedelta(days=office.window_days)
            )
            own = {held.slot_id: held.places for held in self._held(session, conversation_id or "")}
            slots = session.scalars(select(Slot).where(window).order_by(Slot.day, Slot.hour))
            return [
                (slot.day, HourPlaces(slot.hour, slot.quota - slot.taken + own.get(slot.id, 0)))
                for slot in slots
                if _is_open(slot, office, now)
            ]

    def _held(self, session: Session, conversation_id: str) -> Sequence[Booking]:
        rows: Sequence[Booking] = session.scalars(
            select(Booking).filter_by(conversation_id=conversation_id, state="held")
        ).all()
        return rows

    def _live(self, session: Session, conversation_id: str) -> Booking | None:
        """The confirmed booking whose day is not over in the office's zone."""
        confirmed: Sequence[Booking] = session.scalars(
            select(Booking).filter_by(conversation_id=conversation_id, state="confirmed").order_by(_ID.desc())
        ).all()
        for booking in confirmed:
            office = session.get(Office, booking.slot.office_id)
            if booking.slot.day >= self._clock().astimezone(ZONES[office.zone]).date():
                return booking
        return None

    def _give_back_lapsed(self, session: Session) -> None:
        lapsed = select(Booking).where(Booking.state == "held", self._clock() >= _HELD_UNTIL)
        for booking in session.scalars(lapsed.with_for_update(skip_locked=True)).all():
            _give_back(session, booking, "lapsed")


def _is_open(slot: Slot, office: Office, now: datetime) -> bool:
    starts = datetime.combine(slot.day, slot.hour, ZONES[office.zone])
    return starts > now and slot.day <= now.astimezone(ZONES[office.zone]).date() + timedelta(days=office.window_days)


def _take(session: Session, slot: Slot, places: int) -> bool:
    taken = session.execute(
        update(Slot)
        .where(Slot.id == slot.id, Slot.taken + places <= Slot.quota)
        .values(taken=Slot.taken + places)
        .execution_options(synchronize_session=False)
    )
    session.refresh(slot)
    return bool(taken.rowcount == 1)


def _free(session: Session, slot_id: int, places: int) -> None:
    session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(taken=Slot.taken - places)
        .execution_options(synchronize_session=False)
    )


def _give_back(session: Session, booking: Booking, state: str) -> None:
    if booking.state == "held":
        # A hold that comes to nothing leaves no names behind (UU 27/2022: no longer than needed).
        booking.applicants.clear()
    booking.state = state
    booking.held_until = None
    _free(session, booking.slot_id, booking.places)
    session.flush()


def _next_numbers(session: Session, booking: Booking) -> int:
    """The first of the booking's consecutive queue numbers on its day."""
    key = {"office_id": booking.slot.office_id, "day": booking.slot.day}
    if session.get(OfficeDay, key) is None:
        session.add(OfficeDay(**key))
        session.flush()
    session.execute(
        update(OfficeDay)
        .filter_by(**key)
        .values(last_number=OfficeDay.last_number + booking.places)
        .execution_options(synchronize_session=False)
    )
    last: int = session.execute(select(OfficeDay.last_number).filter_by(**key)).scalar_one()
    return last - booking.places + 1


def _ticket(session: Session, booking: Booking) -> Ticket:
    office = session.get(Office, booking.slot.office_id)
    return Ticket(
        code=booking.code or "",
        office_id=office.id,
        zone=office.zone,
        day=booking.slot.day,
        hour=booking.slot.hour,
        kind=booking.kind,
        places=booking.places,
        first_number=booking.first_number or 0,
        names=tuple(person.name for person in booking.applicants),
        birth_dates=tuple(person.birth_date for person in booking.applicants),
        demo=office.demo,
    )
