"""What falls due by itself.

Holds and offers that run out, quotas that open, bookings and waits whose days are over, news of closed days, names that
are no longer needed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sigap.booking import ledger
from sigap.booking.closing import ClosureNews
from sigap.booking.outcomes import PASSPORT, Swept
from sigap.booking.quotas import Quotas, is_due
from sigap.booking.retention import Retention
from sigap.booking.waiting import Offers
from sigap.clock import ZONES, Clock
from sigap.store.session import Store, lock
from sigap.store.tables import Booking, LiveClaim, Office, Waiter

_WAITER: Any = Waiter
_CLAIM: Any = LiveClaim
# Marked in one go; the next sweep goes on.
_NO_SHOWS_AT_ONCE = 1000


class Due:
    """Does what is due, each thing in a transaction of its own; safe at any time and in several processes."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        quotas: Quotas,
        offers: Offers,
        closures: ClosureNews,
        retention: Retention,
    ) -> None:
        self._store = store
        self._clock = clock
        self._quotas = quotas
        self._offers = offers
        self._closures = closures
        self._retention = retention

    def sweep(self) -> Swept:
        """Everything that is due."""
        lapsed = self.lapse()
        opened = self._quotas.open_due()
        expired, offered = self._serve_waiters()
        no_shows = self.mark_no_shows()
        told, forgotten = self._closures.tell(), self._retention.forget()
        return Swept(lapsed, no_shows, opened, offered, expired, told, forgotten)

    def settle(self, office_id: str, keys: Collection[str] = ()) -> None:
        """What must have happened before a step at this office that looks at these claims."""
        with self._store.reading() as session:
            ran_out, claimed = self._ran_out(session), ledger.claimed(session, keys)
            office = session.get(Office, office_id)
            opening = office is not None and is_due(office, self._clock())
        for booking_id, owner in ran_out:
            self._lapse(booking_id, owner)
        if opening:
            self._quotas.open_through(office_id)
        if claimed:
            self.mark_no_shows(claimed)

    def lapse(self) -> int:
        """End the holds and offers that have run out."""
        with self._store.reading() as session:
            ran_out = self._ran_out(session)
        return sum(self._lapse(booking_id, conversation_id) for booking_id, conversation_id in ran_out)

    def mark_no_shows(self, keys: Collection[str] | None = None) -> int:
        """Mark confirmed bookings whose day is over at their office; only those behind `keys`, if these are given."""
        first_zone_over = self._clock().astimezone(ZONES["WIT"]).date()
        over = select(Booking).filter_by(state="confirmed").where(ledger.BOOKING.day < first_zone_over)
        if keys is not None:
            over = over.where(ledger.BOOKING.id.in_(select(_CLAIM.booking_id).where(_CLAIM.key.in_(keys))))
        with self._store.reading() as session:
            over_ids = [
                (row.id, row.conversation_id)
                for row in session.scalars(over.limit(_NO_SHOWS_AT_ONCE)).all()
                if row.day < ledger.today_at(session.get(Office, row.office_id), self._clock())
            ]
        return sum(self._mark_no_show(booking_id, conversation_id) for booking_id, conversation_id in over_ids)

    def _ran_out(self, session: Session) -> list[tuple[int, str]]:
        """Holds and offers that have run out: id and conversation."""
        ran_out = select(Booking.id, Booking.conversation_id).where(
            ledger.BOOKING.state.in_(ledger.UNCONFIRMED), ledger.BOOKING.held_until <= self._clock()
        )
        return list(session.execute(ran_out.order_by(ledger.BOOKING.id)).all())

    def _lapse(self, booking_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now, booking = self._clock(), session.get(Booking, booking_id)
            if booking.held_until is None or booking.held_until > now:
                return False
            # An offer that nobody answered is no fault of the one who waits: it counts as no lapse.
            state = "lapsed" if booking.state == "held" else "cancelled"
            done = self._offers.end(session, booking, state)
            session.commit()
            return done

    def _mark_no_show(self, booking_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            booking = session.get(Booking, booking_id)
            # Nobody could come on a day that was closed.
            state = "cancelled" if ledger.closure(session, booking) else "no_show"
            done = booking.state == "confirmed" and ledger.end(session, booking, state, self._clock())
            session.commit()
            return done

    def _serve_waiters(self) -> tuple[int, int]:
        """Let those go whose days are over, and offer whatever is free to those who wait for it."""
        with self._store.reading() as session:
            waiters = session.scalars(select(Waiter).filter_by(state="waiting").order_by(_WAITER.id)).all()
            over = [
                (waiter.id, waiter.conversation_id)
                for waiter in waiters
                if waiter.last_day < ledger.today_at(session.get(Office, waiter.office_id), self._clock())
            ]
            wanted = sorted(
                {
                    slot_id
                    for office_id, first, last in {(row.office_id, row.first_day, row.last_day) for row in waiters}
                    for slot_id in session.scalars(_with_places(office_id, first, last))
                }
            )
        expired = sum(self._expire(waiter_id, conversation_id) for waiter_id, conversation_id in over)
        offered = 0
        for slot_id in wanted:
            with self._store.work() as session:
                offered += self._offers.offer(session, [slot_id])
                session.commit()
        return expired, offered

    def _expire(self, waiter_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            waiter = session.get(Waiter, waiter_id)
            if waiter.state != "waiting":
                return False
            waiter.state = "expired"
            session.commit()
            return True


def _with_places(office_id: str, first: date, last: date) -> Any:
    """Ids of an office's slots between two days with a free place."""
    slot = ledger.SLOT
    return (
        select(slot.id)
        .filter_by(office_id=office_id, service=PASSPORT)
        .where(slot.day >= first, slot.day <= last)
        .where((slot.taken < slot.quota) | (slot.priority_taken < slot.priority_quota))
    )
