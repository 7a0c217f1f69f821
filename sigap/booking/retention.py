"""Forgets whose bookings they were, once nobody needs to know any more (UU 27/2022: no longer than needed)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from sigap.booking import ledger
from sigap.clock import ZONES, Clock
from sigap.store.proofs import forget_failures
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, Booking

# Forgotten in one transaction; the next follows at once.
_AT_ONCE = 500
_PERSONAL: dict[str, None] = dict.fromkeys(("name", "nik", "nik_key", "birth_date"))


class Retention:
    """Blanks the personal columns of bookings `kept_days` after their day; what is counted stays."""

    def __init__(self, store: Store, clock: Clock, kept_days: int) -> None:
        self._store = store
        self._clock = clock
        self._kept = timedelta(days=kept_days)

    def forget(self) -> int:
        """Forget what is due; returns how many bookings. Safe at any time and in several processes."""
        with self._store.work() as session:
            forget_failures(session, self._clock())
            session.commit()
        forgotten = 0
        while now := self._forget_some():
            forgotten += now
        return forgotten

    def _forget_some(self) -> int:
        # In eastern Indonesia a day begins and ends first.
        last_day = self._clock().astimezone(ZONES["WIT"]).date() - self._kept
        due = (
            select(ledger.BOOKING.id)
            .where(ledger.BOOKING.forgotten_at.is_(None), ledger.BOOKING.day < last_day)
            .order_by(ledger.BOOKING.id)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        with self._store.work() as session:
            found = session.scalars(due).all()
            if not found:
                return 0
            people = update(BookedApplicant).where(ledger.PERSON.booking_id.in_(found)).values(**_PERSONAL)
            bookings = update(Booking).where(ledger.BOOKING.id.in_(found)).values(forgotten_at=self._clock())
            for change in (people, bookings):
                session.execute(change.execution_options(synchronize_session=False))
            session.commit()
            return len(found)
