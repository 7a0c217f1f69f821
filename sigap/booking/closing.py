"""Days that are closed after somebody has booked them: whoever stands there is told, and moves at no cost."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import and_, exists, select

from sigap.booking import ledger
from sigap.clock import WIB, ZONES, Clock
from sigap.store.outbox import Outbox
from sigap.store.session import Store, lock
from sigap.store.tables import Booking, Office

CLOSED_TOPIC, OPEN_TOPIC = "kabar_hari_tutup", "kabar_hari_buka"
"""The intents under which the news reaches the conversation."""


class ClosureNews:
    """Tells the owners of bookings that their day has been closed, or is open after all; each of it once."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox

    def tell(self) -> int:
        """Tell everybody whose day was closed or opened since they were last told; returns how many that were.

        Finds those too who confirmed or moved while the day was being closed. Safe at any time and in several
        processes.
        """
        # In western Indonesia the day is over last.
        today = self._clock().astimezone(WIB).date()
        booking, closure = ledger.BOOKING, ledger.CLOSURE
        same_day = and_(closure.office_id == booking.office_id, closure.day == booking.day)
        confirmed = select(booking.id, booking.conversation_id).where(booking.state == "confirmed")
        untold = confirmed.join(closure, same_day).where(closure.day >= today, ~booking.closure_told)
        open_again = confirmed.where(booking.closure_told, booking.day >= today, ~exists().where(same_day))
        with self._store.reading() as session:
            found = [row for query in (untold, open_again) for row in session.execute(query.order_by(booking.id))]
        return sum(self._tell_one(booking_id, conversation_id) for booking_id, conversation_id in found)

    def _tell_one(self, booking_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            booking = session.get(Booking, booking_id)
            closed = ledger.closure(session, booking) is not None
            # Moved, cancelled, told or handed to another conversation meanwhile: the next sweep looks again.
            if (booking.state, booking.conversation_id) != ("confirmed", conversation_id):
                return False
            if booking.closure_told == closed:
                return False
            booking.closure_told = closed
            zone = ZONES[session.get(Office, booking.office_id).zone]
            day_ends = datetime.combine(booking.day + timedelta(days=1), time(0), zone)
            self._outbox.put(session, conversation_id, CLOSED_TOPIC if closed else OPEN_TOPIC, {}, day_ends)
            session.commit()
            return True
