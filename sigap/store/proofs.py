"""Proving that a record is one's own, with a count of failures: birth dates can be guessed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sigap.clock import Clock
from sigap.store.session import lock
from sigap.store.tables import FailedProof

# Five wrong answers end the guessing for half an hour.
MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(hours=1)
LOCKOUT = timedelta(minutes=30)


class Proofs:
    """Counts failed proofs per conversation, whatever they were about; what was tried is not kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def locked_until(self, session: Session, conversation_id: str) -> datetime | None:
        """When this conversation may try again, or None when it may now. Tries of one conversation wait in line."""
        lock(session, [f"proof:{conversation_id}"])
        if self._recent(session, conversation_id) < MAX_FAILURES:
            return None
        last = select(func.max(FailedProof.at)).where(FailedProof.conversation_id == conversation_id)
        until: datetime = session.execute(last).scalar_one() + LOCKOUT
        return until if until > self._clock() else None

    def fail(self, session: Session, conversation_id: str) -> int:
        """Note a failure; returns how many more are allowed."""
        session.add(FailedProof(conversation_id=conversation_id, at=self._clock()))
        session.flush()
        return MAX_FAILURES - self._recent(session, conversation_id)

    def _recent(self, session: Session, conversation_id: str) -> int:
        recent = select(func.count()).where(
            FailedProof.conversation_id == conversation_id, FailedProof.at > self._clock() - FAILURE_WINDOW
        )
        return int(session.execute(recent).scalar_one())
