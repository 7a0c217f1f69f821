"""What keeps brokers out: a limit per month, and pauses that grow with every booking that comes to nothing.

Both are counted for the conversation and for each person, and per booking: a family of five that books once counts
once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sigap.booking.ledger import BOOKING, PERSON
from sigap.booking.outcomes import MonthFull, Paused
from sigap.store.tables import BookedApplicant, TrippedLimit

MONTH = timedelta(days=30)
# A lapsed hold blocked a place for ten minutes only, so it is forgotten sooner than a cancelled booking.
LAPSE_REMEMBERED = timedelta(days=1)
# Bookings that came to nothing -> the pause after the last of them. Two may happen to anybody.
PAUSES = {3: timedelta(minutes=15), 4: timedelta(hours=1), 5: timedelta(hours=6), 6: timedelta(days=1)}


@dataclass(frozen=True)
class Tripped:
    """A limit that held somebody back, for officers.

    `limit` is "percakapan", "nik", "permohonan", "bulanan", "jeda", "bukti" or "bukti_nomor".
    """

    at: datetime
    conversation_id: str
    office_id: str | None
    limit: str
    until: datetime | None


def held_back(
    session: Session, conversation_id: str, person_keys: Collection[str], month_limit: int, now: datetime
) -> MonthFull | Paused | None:
    """The limit that stands against a new booking, if any; of several, the one that lasts longest."""
    confirmed: dict[str, list[datetime]] = defaultdict(list)
    strikes: dict[str, list[datetime]] = defaultdict(list)
    for who, state, confirmed_at, ended_at in _recent(session, conversation_id, person_keys, now):
        if confirmed_at and confirmed_at > now - MONTH:
            confirmed[who].append(confirmed_at)
        if (state == "cancelled" and confirmed_at and ended_at > now - MONTH) or (
            state == "lapsed" and ended_at > now - LAPSE_REMEMBERED
        ):
            strikes[who].append(ended_at)
    found: list[MonthFull | Paused] = [
        MonthFull(month_limit, sorted(moments)[-month_limit] + MONTH)
        for moments in confirmed.values()
        if len(moments) >= month_limit
    ]
    for moments in strikes.values():
        pause = PAUSES.get(min(len(moments), max(PAUSES)))
        if pause and max(moments) + pause > now:
            found.append(Paused(max(moments) + pause))
    return max(found, key=lambda limit: limit.until, default=None)


def record(
    session: Session,
    at: datetime,
    conversation_id: str,
    office_id: str | None,
    limit: str,
    until: datetime | None = None,
) -> None:
    """Note for the officers that a limit held somebody back."""
    session.add(TrippedLimit(at=at, conversation_id=conversation_id, office_id=office_id, limit=limit, until=until))


def _recent(session: Session, conversation_id: str, person_keys: Collection[str], now: datetime) -> list[Any]:
    """Rows (whose, state, confirmed at, ended at) of the last thirty days for the conversation and each person.

    A booking whose day the office closed is nobody's fault and counts for nothing, unless it was moved.
    """
    columns = (BOOKING.state, BOOKING.confirmed_at, BOOKING.ended_at)
    recent = and_(~BOOKING.closure_told, or_(BOOKING.confirmed_at > now - MONTH, BOOKING.ended_at > now - MONTH))
    own = select(*columns).where(BOOKING.conversation_id == conversation_id, recent)
    rows: list[Any] = [("", *row) for row in session.execute(own)]
    if person_keys:
        of_people = (
            select(PERSON.nik_key, *columns)
            .join(BookedApplicant, PERSON.booking_id == BOOKING.id)
            .where(PERSON.nik_key.in_(person_keys), recent)
        )
        rows += session.execute(of_people).all()
    return rows
