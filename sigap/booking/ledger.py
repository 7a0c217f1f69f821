"""The bookkeeping inside one transaction: taking and freeing places, claims, queue numbers, ending a booking.

Order of locks, the same everywhere: first the names (conversation, people) in one call of `lock`, then slots by id,
then the day's counter. Whatever comes up later is locked with `try_lock`, which never waits. So no two transactions
wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from sigap.booking.codes import read_code
from sigap.booking.outcomes import PASSPORT, PICKUP, Applicant, OfficeQueue, Ticket
from sigap.clock import ZONES
from sigap.store.session import insert_new
from sigap.store.tables import (
    BookedApplicant,
    Booking,
    Closure,
    LiveClaim,
    Office,
    OfficeDay,
    Slot,
    TrippedLimit,
)

# SQLAlchemy 1.4 has no types of its own: as an expression, a column is not what its attribute is annotated with.
BOOKING: Any = Booking
SLOT: Any = Slot
LIMIT: Any = TrippedLimit
CLOSURE: Any = Closure
PERSON: Any = BookedApplicant
_CLAIM: Any = LiveClaim

_NO_SYNC = {"synchronize_session": False}
UNCONFIRMED = frozenset({"held", "offered"})
LIVE_STATES = (*sorted(UNCONFIRMED), "confirmed")
# Ages of the priority groups on the day of the visit: 60 and over, under five ("lansia", "balita"). data/knowledge
# fakta.yml, prioritas_siapa.
_ELDERLY, _CHILD = 60, 5


def conversation_lock(conversation_id: str) -> str:
    """The name under which everything of a conversation is locked."""
    return f"conversation:{conversation_id}"


def hold_claim(conversation_id: str) -> str:
    """A conversation has one hold or offer at a time."""
    return f"hold:{conversation_id}"


def booking_claim(service: str, conversation_id: str) -> str:
    """A conversation has one live booking in each queue."""
    return f"{service}:{conversation_id}"


def today_at(office: Office, now: datetime) -> date:
    """The office's own date."""
    return now.astimezone(ZONES[office.zone]).date()


def starts_at(office: Office, slot: Any) -> datetime:
    """When an hour of the office begins."""
    return datetime.combine(slot.day, slot.hour, ZONES[office.zone])


def is_open(session: Session, slot: Slot, office: Office, now: datetime) -> bool:
    """Whether a slot can be booked now: not begun, within the window, the office neither closed nor switched off."""
    return (
        office.takes_bookings
        and starts_at(office, slot) > now
        and (slot.day - today_at(office, now)).days <= office.window_days
        and closure(session, slot) is None
    )


def closure(session: Session, place: Slot | Booking) -> Closure | None:
    """Why the office is closed on the day of a slot or a booking, if it is."""
    row: Closure | None = session.get(Closure, (place.office_id, place.day))
    return row


def open_slot(session: Session, office: Office, service: str, day: date, hour: time, now: datetime) -> Slot | None:
    """The hour of an office's day, if it can be booked now."""
    slot: Slot | None = session.scalars(
        select(Slot).filter_by(office_id=office.id, service=service, day=day, hour=hour)
    ).one_or_none()
    return slot if slot is not None and is_open(session, slot, office, now) else None


def people(booking: Booking) -> list[Applicant]:
    """The people of a booking as far as they are not forgotten; those of a live one are not."""
    return [
        Applicant(person.name or "", person.nik or "", person.birth_date)
        for person in booking.applicants
        if person.birth_date is not None
    ]


def has_priority(people: Iterable[Applicant], day: date) -> bool:
    """Whether somebody among the people belongs to a priority group on that day."""
    return any(person.disabled or not _CHILD <= _age(person.birth_date, day) < _ELDERLY for person in people)


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def lock_slots(session: Session, slot_ids: Collection[int]) -> None:
    """Keep others from changing these slots until the transaction ends."""
    session.execute(select(SLOT.id).where(SLOT.id.in_(slot_ids)).order_by(SLOT.id).with_for_update())


def take(session: Session, slot_id: int, places: int, may_use_priority: bool) -> bool | None:
    """Take places of a slot, priority places first where allowed.

    Returns whether they are priority places, or None when neither kind suffices.
    """
    if may_use_priority and _add(session, slot_id, places, SLOT.priority_taken, SLOT.priority_quota):
        return True
    return False if _add(session, slot_id, places, SLOT.taken, SLOT.quota) else None


def _add(session: Session, slot_id: int, places: int, taken: Any, quota: Any) -> bool:
    changed = session.execute(
        update(Slot)
        .where(SLOT.id == slot_id, taken + places <= quota)
        .values({taken.key: taken + places})
        .execution_options(**_NO_SYNC)
    )
    return bool(changed.rowcount == 1)


def free(session: Session, booking: Booking) -> None:
    """Give back the places of a booking."""
    taken = SLOT.priority_taken if booking.priority else SLOT.taken
    session.execute(
        update(Slot)
        .where(SLOT.id == booking.slot_id)
        .values({taken.key: taken - booking.places})
        .execution_options(**_NO_SYNC)
    )


def left(session: Session, slot_id: int, may_use_priority: bool) -> int:
    """The most places that one booking could take of a slot."""
    quota, taken, priority_quota, priority_taken = session.execute(
        select(SLOT.quota, SLOT.taken, SLOT.priority_quota, SLOT.priority_taken).where(SLOT.id == slot_id)
    ).one()
    return int(max(quota - taken, priority_quota - priority_taken if may_use_priority else 0))


def claim(session: Session, booking_id: int, keys: Iterable[str]) -> None:
    """Note what only this booking may have. The database refuses a key that another live booking has."""
    session.add_all(LiveClaim(key=key, booking_id=booking_id) for key in keys)
    session.flush()


def unclaim(session: Session, key: str) -> None:
    """Give up one claim."""
    session.execute(delete(LiveClaim).filter_by(key=key).execution_options(**_NO_SYNC))


def claimed(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Which of the keys are claimed, and by which booking."""
    if not keys:
        return {}
    return dict(session.execute(select(_CLAIM.key, _CLAIM.booking_id).where(_CLAIM.key.in_(keys))).all())


def change_state(session: Session, booking: Booking, state: str, now: datetime, **values: Any) -> bool:
    """Move a booking on from the state it was read in; False when somebody else has done so meanwhile."""
    values = {"state": state, "held_until": None} | values
    if state != "confirmed":
        values["ended_at"] = now
    changed = session.execute(
        update(Booking)
        .where(BOOKING.id == booking.id, BOOKING.state == booking.state)
        .values(**values)
        .execution_options(**_NO_SYNC)
    )
    if changed.rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(booking, name, value)
    session.expire(booking, ["slot"])
    return True


def end(session: Session, booking: Booking, state: str, now: datetime) -> bool:
    """End a booking as "cancelled", "lapsed", "arrived" or "no_show"; False when it has ended already.

    Its claims go; places of the first two are free again. The caller offers them to those who wait.
    """
    unconfirmed = booking.state in UNCONFIRMED
    if not change_state(session, booking, state, now):
        return False
    session.execute(delete(LiveClaim).filter_by(booking_id=booking.id).execution_options(**_NO_SYNC))
    if unconfirmed:
        # A hold that comes to nothing leaves no names behind (UU 27/2022: no longer than needed).
        session.execute(delete(BookedApplicant).filter_by(booking_id=booking.id).execution_options(**_NO_SYNC))
        session.expire(booking, ["applicants"])
    if state in ("cancelled", "lapsed"):
        free(session, booking)
    return True


def next_numbers(session: Session, office_id: str, day: date, places: int) -> int:
    """The first of so many consecutive queue numbers of an office's day."""
    key = {"office_id": office_id, "day": day}
    count_on = (
        update(OfficeDay)
        .filter_by(**key)
        .values(last_number=OfficeDay.last_number + places)
        .execution_options(**_NO_SYNC)
    )
    if session.execute(count_on).rowcount == 0:
        insert_new(session, OfficeDay, [key | {"last_number": 0}])
        session.execute(count_on)
    last: int = session.execute(select(OfficeDay.last_number).filter_by(**key)).scalar_one()
    return last - places + 1


def ticket(session: Session, booking: Booking) -> Ticket:
    """A booking as its owner sees it."""
    office = session.get(Office, booking.office_id)
    slot = session.get(Slot, booking.slot_id)
    return Ticket(
        code=booking.code or "",
        office_id=office.id,
        zone=office.zone,
        day=slot.day,
        hour=slot.hour,
        kind=booking.kind,
        places=booking.places,
        first_number=booking.first_number or 0,
        names=tuple(person.name for person in people(booking)),
        birth_dates=tuple(person.birth_date for person in people(booking)),
        demo=office.demo,
        priority=booking.priority,
        proxy=booking.proxy,
        moves=booking.moves,
    )


def office_queue(office: Office) -> OfficeQueue:
    """An office's rules as applicants meet them."""
    return OfficeQueue(
        office_id=office.id,
        zone=office.zone,
        takes_bookings=office.takes_bookings,
        max_applicants=office.max_applicants,
        demo=office.demo,
        kinds=tuple(office.kinds),
        opens=(office.opens_weekday, office.opens_at) if office.opens_weekday is not None and office.opens_at else None,
        window_days=office.window_days,
        move_limit=office.move_limit,
        move_until_days=office.move_until_days,
    )


def service_of(kind: str) -> str:
    """The queue in which a kind of booking stands."""
    return PICKUP if kind == PICKUP else PASSPORT


def by_code(session: Session, code: str) -> Booking | None:
    """The booking with this code, however it is typed and whatever has become of it."""
    row: Booking | None = session.scalars(select(Booking).filter_by(code=read_code(code) or code)).one_or_none()
    return row


def mine(session: Session, conversation_id: str) -> list[Booking]:
    """What a conversation holds, is offered or has confirmed, latest first; confirmed bookings may be over."""
    rows = select(Booking).filter_by(conversation_id=conversation_id).where(BOOKING.state.in_(LIVE_STATES))
    return list(session.scalars(rows.order_by(BOOKING.id.desc())))


def live(session: Session, bookings: Iterable[Booking], service: str | None, now: datetime) -> Booking | None:
    """The first confirmed one, in one queue or in any, whose day is not over at its office."""
    for booking in bookings:
        wanted = booking.state == "confirmed" and service in (None, booking.service)
        if wanted and booking.day >= today_at(session.get(Office, booking.office_id), now):
            return booking
    return None


def live_booking(session: Session, conversation_id: str, service: str | None, now: datetime) -> Booking | None:
    """The latest confirmed booking of a conversation, in one queue or in any, whose day is not over at its office."""
    return live(session, mine(session, conversation_id), service, now)
