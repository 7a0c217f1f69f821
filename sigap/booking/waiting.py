"""The waiting list: whoever waits is offered a freed place before anybody else, in the order of joining."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from sigap.booking import ledger
from sigap.booking.outcomes import (
    PASSPORT,
    AlreadyBooked,
    AlreadyWaiting,
    Closed,
    NotWaiting,
    Offer,
    Wait,
    Waiting,
)
from sigap.clock import ZONES, Clock
from sigap.store.outbox import Outbox
from sigap.store.session import Store, lock, try_lock
from sigap.store.tables import Booking, Office, Slot, Waiter

# Long enough to see the message and answer, short enough that the next one still has a chance.
OFFER = timedelta(minutes=15)
# Who accepts gets the time to give names and numbers.
ACCEPTED = timedelta(minutes=20)
# Nobody reads an offer at night; the place stays free for all until the morning.
AWAKE = (time(6), time(21))
TOPIC = "kabar_kuota"
"""The intent under which an offer reaches the conversation."""

_WAITER: Any = Waiter
_LIVE_STATES = ("waiting", "offered")


class Offers:
    """Hands free places to those who wait; works inside the transaction that freed them."""

    def __init__(self, clock: Clock, outbox: Outbox) -> None:
        self._clock = clock
        self._outbox = outbox

    def offer(self, session: Session, slot_ids: Iterable[int]) -> int:
        """Offer what is free in these slots, and put the news of it into the outbox. Returns how many offers."""
        return sum(self._offer(session, slot_id) for slot_id in sorted(set(slot_ids)))

    def end(self, session: Session, booking: Booking, state: str) -> bool:
        """As `withdraw`, and its places are offered to the next who wait."""
        done = self.withdraw(session, booking, state)
        if done:
            self.offer(session, [booking.slot_id])
        return done

    def withdraw(self, session: Session, booking: Booking, state: str) -> bool:
        """End a booking; whoever had it as an offer waits again until a booking is confirmed."""
        if booking.state == "offered":
            set_waiting(session, booking.conversation_id, "waiting")
        return ledger.end(session, booking, state, self._clock())

    def _offer(self, session: Session, slot_id: int) -> int:
        now, slot = self._clock(), session.get(Slot, slot_id)
        office = session.get(Office, slot.office_id)
        local = now.astimezone(ZONES[office.zone])
        until = min(now + OFFER, ledger.starts_at(office, slot))
        if slot.service != PASSPORT or not AWAKE[0] <= local.time() < AWAKE[1] or until < now + OFFER:
            return 0
        if not ledger.is_open(session, slot, office, now):
            return 0
        given = 0
        for waiter in self._fitting(session, slot):
            # Who is busy in another transaction is passed over and keeps the place in line.
            if try_lock(session, ledger.conversation_lock(waiter.conversation_id)):
                given += self._give(session, waiter, slot, until, now)
        return given

    def _give(self, session: Session, waiter: Waiter, slot: Slot, until: datetime, now: datetime) -> bool:
        session.refresh(waiter)
        keys = (ledger.hold_claim(waiter.conversation_id), ledger.booking_claim(PASSPORT, waiter.conversation_id))
        if waiter.state != "waiting" or ledger.claimed(session, keys):
            return False
        priority = ledger.take(session, slot.id, waiter.places, waiter.priority)
        if priority is None:
            return False
        offered = Booking(
            conversation_id=waiter.conversation_id,
            slot_id=slot.id,
            office_id=slot.office_id,
            service=slot.service,
            day=slot.day,
            kind=waiter.kind,
            places=waiter.places,
            priority=priority,
            state="offered",
            held_until=until,
            created_at=now,
        )
        session.add(offered)
        session.flush()
        ledger.claim(session, offered.id, keys)
        waiter.state, waiter.booking_id, waiter.offers = "offered", offered.id, waiter.offers + 1
        self._outbox.put(session, waiter.conversation_id, TOPIC, {"tawaran": offered.id}, until)
        session.flush()
        return True

    def _fitting(self, session: Session, slot: Slot) -> Sequence[Waiter]:
        """Those who wait for such an hour, whoever had fewest offers and joined first in front."""
        had_this = select(Booking.id).where(ledger.BOOKING.id == _WAITER.booking_id, Booking.slot_id == slot.id)
        rows: Sequence[Waiter] = session.scalars(
            select(Waiter)
            .filter_by(office_id=slot.office_id, state="waiting")
            .where(
                _WAITER.first_day <= slot.day,
                _WAITER.last_day >= slot.day,
                or_(_WAITER.first_hour.is_(None), _WAITER.first_hour <= slot.hour),
                or_(_WAITER.last_hour.is_(None), _WAITER.last_hour >= slot.hour),
                ~had_this.exists(),
            )
            .order_by(_WAITER.offers, _WAITER.id)
        ).all()
        return rows


class WaitingList:
    """Joining, leaving and answering offers. One place in line per conversation."""

    def __init__(self, store: Store, clock: Clock, offers: Offers) -> None:
        self._store = store
        self._clock = clock
        self._offers = offers

    def join(self, conversation_id: str, wait: Wait) -> Waiting | AlreadyWaiting | AlreadyBooked | Closed:
        """Wait for places; what is free already is offered with the next sweep."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            if waiter := _live(session, conversation_id):
                return AlreadyWaiting(_waiting(session, waiter))
            office = session.get(Office, wait.office_id)
            if (
                office is None
                or not office.takes_bookings
                or wait.kind not in office.kinds
                or not 1 <= wait.places <= office.max_applicants
                or not ledger.today_at(office, self._clock()) <= wait.last_day >= wait.first_day
            ):
                return Closed()
            if booked := ledger.live_booking(session, conversation_id, PASSPORT, self._clock()):
                return AlreadyBooked(ledger.ticket(session, booked))
            waiter = Waiter(
                conversation_id=conversation_id,
                office_id=wait.office_id,
                kind=wait.kind,
                places=wait.places,
                priority=wait.priority,
                first_day=wait.first_day,
                last_day=wait.last_day,
                first_hour=wait.first_hour,
                last_hour=wait.last_hour,
                joined_at=self._clock(),
            )
            session.add(waiter)
            session.commit()
            return _waiting(session, waiter)

    def show(self, conversation_id: str) -> Waiting | NotWaiting:
        """This conversation's place in line."""
        with self._store.reading() as session:
            waiter = _live(session, conversation_id)
            return _waiting(session, waiter) if waiter else NotWaiting()

    def leave(self, conversation_id: str) -> Waiting | NotWaiting:
        """Give up the place in line, and an offer if there is one; returns what was given up."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            waiter = _live(session, conversation_id)
            if waiter is None:
                return NotWaiting()
            left = _waiting(session, waiter)
            self._end_offer(session, waiter, "left")
            session.commit()
            return left

    def offer_of(self, conversation_id: str) -> Offer | NotWaiting:
        """The places that are kept for this conversation now."""
        with self._store.reading() as session:
            offered = self._offered(session, conversation_id)
            return _offer(session, offered) if offered else NotWaiting()

    def accept(self, conversation_id: str) -> Offer | NotWaiting:
        """Keep the offered places long enough to hold and confirm them by the normal steps (`Queue.hold`)."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            offered = self._offered(session, conversation_id)
            if offered is None:
                return NotWaiting()
            # Counted from the offer, so that accepting again and again keeps nothing longer.
            offered.held_until = offered.created_at + OFFER + ACCEPTED
            session.commit()
            return _offer(session, offered)

    def decline(self, conversation_id: str) -> Waiting | NotWaiting:
        """Leave the offered places to the next in line, and wait on behind those who had fewer offers."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            waiter = _live(session, conversation_id)
            if waiter is None or waiter.state != "offered":
                return NotWaiting()
            self._end_offer(session, waiter, "waiting")
            session.commit()
            return _waiting(session, waiter)

    def _end_offer(self, session: Session, waiter: Waiter, state: str) -> None:
        offered = session.get(Booking, waiter.booking_id) if waiter.state == "offered" else None
        waiter.state = state
        session.flush()
        if (
            offered is not None
            and offered.state == "offered"
            and ledger.end(session, offered, "cancelled", self._clock())
        ):
            self._offers.offer(session, [offered.slot_id])

    def _offered(self, session: Session, conversation_id: str) -> Booking | None:
        row: Booking | None = session.scalars(
            select(Booking)
            .filter_by(conversation_id=conversation_id, state="offered")
            .where(ledger.BOOKING.held_until > self._clock())
        ).one_or_none()
        return row


def set_waiting(session: Session, conversation_id: str, state: str) -> None:
    """Change the state of a conversation's place in line, if it has one."""
    session.execute(
        update(Waiter)
        .filter_by(conversation_id=conversation_id)
        .where(_WAITER.state.in_(_LIVE_STATES))
        .values(state=state)
        .execution_options(synchronize_session=False)
    )


def _live(session: Session, conversation_id: str) -> Waiter | None:
    row: Waiter | None = session.scalars(
        select(Waiter).filter_by(conversation_id=conversation_id).where(_WAITER.state.in_(_LIVE_STATES))
    ).one_or_none()
    return row


def _waiting(session: Session, waiter: Waiter) -> Waiting:
    ahead = session.execute(
        select(func.count())
        .select_from(Waiter)
        .filter_by(office_id=waiter.office_id, state="waiting")
        .where(
            or_(_WAITER.offers < waiter.offers, (_WAITER.offers == waiter.offers) & (_WAITER.id < waiter.id)),
            _WAITER.first_day <= waiter.last_day,
            _WAITER.last_day >= waiter.first_day,
        )
    ).scalar_one()
    wait = Wait(
        waiter.office_id,
        waiter.first_day,
        waiter.last_day,
        waiter.places,
        waiter.kind,
        waiter.first_hour,
        waiter.last_hour,
        waiter.priority,
    )
    return Waiting(wait, int(ahead))


def _offer(session: Session, offered: Booking) -> Offer:
    slot, office = session.get(Slot, offered.slot_id), session.get(Office, offered.office_id)
    assert offered.held_until is not None
    return Offer(office.id, office.zone, slot.day, slot.hour, offered.places, offered.kind, offered.held_until)
