"""Keeps what applicants want the office to hear."""

from __future__ import annotations

import secrets
from enum import Enum

from sqlalchemy import select

from sigap.clock import Clock
from sigap.store.session import Store, lock
from sigap.store.tables import Appreciation, Complaint, Handover

MAX_TEXT = 4000
_TICKET_SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Category(str, Enum):
    """What a complaint is about; the values are those of the form and of the reports."""

    SERVICE = "pelayanan"
    APP = "aplikasi"
    QUEUE = "antrean"
    EXTORTION = "pungli"
    DELAY = "keterlambatan"
    OTHER = "lainnya"


class Feedback:
    """Stores complaints, praise and requests for an officer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def complain(self, conversation_id: str, category: Category, text: str, may_contact: bool) -> str:
        """Store a complaint and return its ticket number, such as "ADU-7KQM42"."""
        ticket = "ADU-" + "".join(secrets.choice(_TICKET_SYMBOLS) for _ in range(6))
        with self._store.work() as session:
            session.add(
                Complaint(
                    ticket=ticket,
                    conversation_id=conversation_id,
                    category=category.value,
                    text=text[:MAX_TEXT],
                    may_contact=may_contact,
                    created_at=self._clock(),
                )
            )
            session.commit()
        return ticket

    def praise(self, conversation_id: str, text: str) -> None:
        """Store praise or a suggestion."""
        with self._store.work() as session:
            session.add(Appreciation(conversation_id=conversation_id, text=text[:MAX_TEXT], created_at=self._clock()))
            session.commit()

    def ask_for_officer(self, conversation_id: str) -> None:
        """Note that this conversation waits for an officer; asking again while waiting changes nothing."""
        with self._store.work() as session:
            lock(session, [f"handover:{conversation_id}"])
            waiting = select(Handover.id).filter_by(conversation_id=conversation_id, answered_at=None)
            if session.scalars(waiting).first() is None:
                session.add(Handover(conversation_id=conversation_id, asked_at=self._clock()))
                session.commit()
