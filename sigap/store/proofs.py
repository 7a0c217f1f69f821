"""Proving that a record is one's own, with a count of failures: birth dates can be guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sigap.clock import Clock
from sigap.store.session import lock
from sigap.store.tables import Application, FailedProof, TrippedLimit

# Five wrong answers end the guessing for half an hour.
MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(hours=1)
LOCKOUT = timedelta(minutes=30)

RecordT = TypeVar("RecordT")


@dataclass(frozen=True)
class NotProven:
    """Code (or number) and birth date do not belong together; whether the code exists is not said. UU 27/2022."""

    attempts_left: int


@dataclass(frozen=True)
class LockedOut:
    """Too many failures in this conversation."""

    until: datetime


class Proofs:
    """Counts failed proofs per conversation, whatever they were about; what was tried is not kept.

    Works inside the caller's transaction, which must be committed, or the failure is not counted.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def prove(
        self, session: Session, conversation_id: str, look: Callable[[], RecordT | None]
    ) -> RecordT | NotProven | LockedOut:
        """What `look` finds, unless this conversation is locked out; to find nothing is a failure.

        Earlier failures stay after a success: a guesser could otherwise clear them with a record of their own.
        """
        if until := self.locked_until(session, conversation_id):
            return LockedOut(until)
        found = look()
        return self._fail(session, conversation_id) if found is None else found

    def application(
        self, session: Session, conversation_id: str, number: str, birth_date: date
    ) -> Application | NotProven | LockedOut:
        """The application of this number, if `birth_date` is its applicant's."""

        def look() -> Application | None:
            found: Application | None = session.get(Application, number)
            return found if found is not None and found.birth_date == birth_date else None

        return self.prove(session, conversation_id, look)

    def locked_until(self, session: Session, conversation_id: str) -> datetime | None:
        """When this conversation may try again, or None when it may now. Tries of one conversation wait in line."""
        lock(session, [f"proof:{conversation_id}"])
        if self._recent(session, conversation_id) < MAX_FAILURES:
            return None
        last = select(func.max(FailedProof.at)).where(FailedProof.conversation_id == conversation_id)
        until: datetime = session.execute(last).scalar_one() + LOCKOUT
        return until if until > self._clock() else None

    def _fail(self, session: Session, conversation_id: str) -> NotProven | LockedOut:
        """Note a failure, and for the officers that it closes the door."""
        now = self._clock()
        session.add(FailedProof(conversation_id=conversation_id, at=now))
        session.flush()
        until = self.locked_until(session, conversation_id)
        if until is None:
            return NotProven(MAX_FAILURES - self._recent(session, conversation_id))
        session.add(TrippedLimit(at=now, conversation_id=conversation_id, limit="bukti", until=until))
        return LockedOut(until)

    def _recent(self, session: Session, conversation_id: str) -> int:
        recent = select(func.count()).where(
            FailedProof.conversation_id == conversation_id, FailedProof.at > self._clock() - FAILURE_WINDOW
        )
        return int(session.execute(recent).scalar_one())
