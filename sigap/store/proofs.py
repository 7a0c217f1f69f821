"""Proving that a record is one's own, with a count of failures: birth dates can be guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sigap.clock import Clock
from sigap.store.hashing import keyed_hash
from sigap.store.session import lock
from sigap.store.tables import Application, FailedProof, TrippedLimit

# Five wrong answers end the guessing for half an hour.
MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(hours=1)
LOCKOUT = timedelta(minutes=30)
# One number may be guessed at from many conversations. Failures of a day with it -> the pause after the last of them.
# It begins late and ends soon, since it keeps the owner waiting too; the longest leaves a guesser about eighty of the
# 20,000 or more birth dates a day.
NUMBER_WINDOW = timedelta(days=1)
NUMBER_PAUSES = {
    10: timedelta(minutes=1),
    15: timedelta(minutes=5),
    20: timedelta(minutes=15),
    30: timedelta(minutes=30),
}

_FAILURE: Any = FailedProof
RecordT = TypeVar("RecordT")


@dataclass(frozen=True)
class NotProven:
    """Code (or number) and birth date do not belong together; whether the code exists is not said. UU 27/2022."""

    attempts_left: int


@dataclass(frozen=True)
class LockedOut:
    """Too many failures, in this conversation or with this number. Which of them is not said, nor whether it exists."""

    until: datetime


class Proofs:
    """Counts failed proofs per conversation, whatever they were about, and per number or code, whoever tried it.

    Of the number a hash made with `key` is kept, for a day; numbers that do not exist are counted like any other. Works
    inside the caller's transaction, which must be committed, or the failure is not counted.
    """

    def __init__(self, clock: Clock, key: str) -> None:
        self._clock = clock
        self._key = key

    def prove(
        self, session: Session, conversation_id: str, number: str, look: Callable[[], RecordT | None]
    ) -> RecordT | NotProven | LockedOut:
        """What `look` finds for this number or code, unless it or this conversation is locked; nothing is a failure.

        Earlier failures stay after a success: a guesser could otherwise clear them with a record of their own. While a
        lock lasts nothing is looked up and nothing counted, so trying again makes no lock longer.
        """
        subject = keyed_hash(self._key, number)
        lock(session, [f"proof:{conversation_id}", f"proof:{subject}"])
        if until := self._locked_until(session, conversation_id, subject):
            return LockedOut(until)
        found = look()
        return self._fail(session, conversation_id, subject) if found is None else found

    def application(
        self, session: Session, conversation_id: str, number: str, birth_date: date
    ) -> Application | NotProven | LockedOut:
        """The application of this number, if `birth_date` is its applicant's."""

        def look() -> Application | None:
            found: Application | None = session.get(Application, number)
            return found if found is not None and found.birth_date == birth_date else None

        return self.prove(session, conversation_id, number, look)

    def locked_until(self, session: Session, conversation_id: str) -> datetime | None:
        """When this conversation may try again, or None when it may now."""
        failures = self._failures(session, FAILURE_WINDOW, conversation_id=conversation_id)
        return self._still(failures[-1] + LOCKOUT) if len(failures) >= MAX_FAILURES else None

    def _number_locked_until(self, session: Session, subject: str) -> datetime | None:
        failures = self._failures(session, NUMBER_WINDOW, subject=subject)
        reached = [pause for count, pause in NUMBER_PAUSES.items() if count <= len(failures)]
        return self._still(failures[-1] + max(reached)) if reached else None

    def _locked_until(self, session: Session, conversation_id: str, subject: str) -> datetime | None:
        locks = (self.locked_until(session, conversation_id), self._number_locked_until(session, subject))
        return max((until for until in locks if until), default=None)

    def _still(self, until: datetime) -> datetime | None:
        return until if until > self._clock() else None

    def _fail(self, session: Session, conversation_id: str, subject: str) -> NotProven | LockedOut:
        """Note a failure, and for the officers that it closes a door."""
        now = self._clock()
        session.add(FailedProof(conversation_id=conversation_id, subject=subject, at=now))
        session.flush()
        doors = {
            "bukti": self.locked_until(session, conversation_id),
            "bukti_nomor": self._number_locked_until(session, subject),
        }
        closed = {limit: until for limit, until in doors.items() if until}
        for limit, until in closed.items():
            session.add(TrippedLimit(at=now, conversation_id=conversation_id, limit=limit, until=until))
        if closed:
            return LockedOut(max(closed.values()))
        return NotProven(MAX_FAILURES - len(self._failures(session, FAILURE_WINDOW, conversation_id=conversation_id)))

    def _failures(self, session: Session, window: timedelta, **whose: str) -> list[datetime]:
        """When the latest failures were, of a conversation or with a number, earliest first."""
        recent = select(_FAILURE.at).filter_by(**whose).where(_FAILURE.at > self._clock() - window)
        return list(session.scalars(recent.order_by(_FAILURE.at)))


def forget_failures(session: Session, now: datetime) -> None:
    """Remove the failures that count no longer."""
    old = delete(FailedProof).where(_FAILURE.at <= now - NUMBER_WINDOW)
    session.execute(old.execution_options(synchronize_session=False))
