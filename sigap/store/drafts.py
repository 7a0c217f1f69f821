"""Entries of an unfinished form that are personal: kept beside the conversation's record, not in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from sigap.clock import Clock
from sigap.store.session import Store
from sigap.store.tables import Draft

# As long as a conversation's session (domain.yml, session_expiration_time).
KEPT = timedelta(hours=1)


class Drafts:
    """Remembers a JSON-compatible mapping of entries per conversation and journey, for an hour after the last."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def get(self, conversation_id: str, journey: str) -> dict[str, Any]:
        """What was entered so far; empty when nothing is, or when it has expired."""
        with self._store.reading() as session:
            draft = session.get(Draft, (conversation_id, journey))
            if draft is None or draft.updated_at < self._clock() - KEPT:
                return {}
            return dict(draft.entries)

    def put(self, conversation_id: str, journey: str, entries: dict[str, Any]) -> None:
        """Replace the entries; drafts of any conversation that have expired are removed on the way."""
        with self._store.work() as session:
            session.execute(delete(Draft).where(Draft.updated_at < self._clock() - KEPT))
            session.merge(
                Draft(conversation_id=conversation_id, journey=journey, entries=entries, updated_at=self._clock())
            )
            session.commit()

    def forget(self, conversation_id: str, journey: str) -> None:
        """Remove the entries of one journey."""
        with self._store.work() as session:
            session.execute(delete(Draft).filter_by(conversation_id=conversation_id, journey=journey))
            session.commit()
