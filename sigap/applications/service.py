"""Shows an application's status to whoever proves to know its number and the applicant's birth date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sigap.clock import Clock
from sigap.knowledge.calendar import WorkingDays
from sigap.store.proofs import LockedOut, NotProven, Proofs
from sigap.store.session import Store
from sigap.store.tables import Application


@dataclass(frozen=True)
class Found:
    """The status that the asker has proved to be theirs.

    `expected_on` is the working day by which the passport is normally finished, `collect_by` the last day to collect
    it; either is None where the stage gives no answer.
    """

    stage: str
    kind: str
    office_id: str
    stage_since: datetime
    scheduled_for: datetime | None
    expected_on: date | None
    collect_by: date | None
    demo: bool


class Applications:
    """The status service.

    `key` makes the hashes that tell a number again; `processing_days` is the number of working days after the interview
    (Permenkumham 18/2022 art. 22), `collection_days` the number of calendar days a finished passport is kept.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        working_days: WorkingDays,
        *,
        key: str,
        processing_days: int,
        collection_days: int,
    ) -> None:
        self._store = store
        self._proofs = Proofs(clock, key)
        self._working_days = working_days
        self._processing_days = processing_days
        self._collection_days = collection_days

    def look_up(self, conversation_id: str, number: str, birth_date: date) -> Found | NotProven | LockedOut:
        """The status of application `number` if `birth_date` is the applicant's; failures are counted."""
        with self._store.work() as session:
            application = self._proofs.application(session, conversation_id, number, birth_date)
            session.commit()
            return self._found(application) if isinstance(application, Application) else application

    def locked_until(self, conversation_id: str) -> datetime | None:
        """When this conversation may ask again, or None when it may now."""
        with self._store.reading() as session:
            return self._proofs.locked_until(session, conversation_id)

    def _found(self, application: Application) -> Found:
        expected = collect_by = None
        if application.ready_on:
            collect_by = application.ready_on + timedelta(days=self._collection_days)
        elif application.interviewed_on:
            expected = self._working_days.after(application.interviewed_on, self._processing_days)
        return Found(
            stage=application.stage,
            kind=application.kind,
            office_id=application.office_id,
            stage_since=application.stage_since,
            scheduled_for=application.scheduled_for,
            expected_on=expected,
            collect_by=collect_by,
            demo=application.demo,
        )
