"""What SIGAP has to tell applicants unasked, such as a place that has become free.

A service writes an entry in its own transaction, so that a change and the news of it are stored together or not at all.
A channel claims what is meant for its conversations and delivers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sigap.clock import Clock
from sigap.store.session import Store
from sigap.store.tables import OutboxEntry

# Far longer than a turn may take (sigap.channels.guard.TURN_SECONDS); only a process that died leaves a lease behind.
LEASE = timedelta(minutes=2)
# A conversation that cannot be reached now is tried again after so long, doubling up to the second.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
# SQLAlchemy 1.4 has no types of its own: as an expression, a column is not what its attribute is annotated with.
_ROW: Any = OutboxEntry


@dataclass(frozen=True)
class Notification:
    """One piece of news. `topic` names an intent; `repeated` says that it may have been delivered before."""

    id: int
    conversation_id: str
    topic: str
    data: Mapping[str, Any]
    expires_at: datetime
    repeated: bool


class Outbox:
    """Stores news and hands each piece to one deliverer at a time, whatever the number of processes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(
        self, session: Session, conversation_id: str, topic: str, data: Mapping[str, Any], expires_at: datetime
    ) -> None:
        """Add news to the caller's transaction. `data` is JSON-compatible and holds nothing personal."""
        now = self._clock()
        session.add(
            OutboxEntry(
                conversation_id=conversation_id,
                topic=topic,
                data=dict(data),
                created_at=now,
                due_at=now,
                expires_at=expires_at,
            )
        )

    def claim(self, prefix: str, limit: int = 10) -> list[Notification]:
        """Up to `limit` pieces of news for conversations whose id starts with `prefix`, oldest first.

        Each is kept from other deliverers for `LEASE`. A lease that ran out belonged to a process that died: the news
        is handed out once more, marked `repeated`; after a second death it is given up as lost.
        """
        now = self._clock()
        waiting = (_ROW.state == "waiting", _ROW.conversation_id.startswith(prefix, autoescape=True))
        due = select(OutboxEntry).where(*waiting, _ROW.due_at <= now).order_by(_ROW.id).limit(limit)
        with self._store.work() as session:
            session.execute(
                update(OutboxEntry)
                .where(*waiting, _ROW.expires_at <= now)
                .values(state="expired", leased=False)
                .execution_options(synchronize_session=False)
            )
            claimed = []
            for entry in session.scalars(due.with_for_update(skip_locked=True)):
                if entry.leased and entry.repeats:
                    entry.state, entry.leased, entry.reason = "lost", False, "two deliverers died"
                    continue
                entry.repeats += entry.leased
                entry.attempts += 1
                entry.leased, entry.due_at = True, now + LEASE
                claimed.append(_notification(entry))
            session.commit()
            return claimed

    def done(self, notification_id: int) -> None:
        """The news has been delivered."""
        with self._store.work() as session:
            session.execute(
                update(OutboxEntry)
                .where(_ROW.id == notification_id)
                .values(state="delivered", leased=False)
                .execution_options(synchronize_session=False)
            )
            session.commit()

    def retry(self, notification_id: int, reason: str) -> None:
        """The news could not be delivered now; it is due again after a pause that grows, until it expires.

        `reason` is for operators, at most 200 characters, nothing personal.
        """
        with self._store.work() as session:
            entry = session.get(OutboxEntry, notification_id, with_for_update=True)
            pause = min(FIRST_PAUSE * 2 ** min(entry.attempts - 1, 10), LONGEST_PAUSE)
            entry.leased, entry.due_at, entry.reason = False, self._clock() + pause, reason[:200]
            session.commit()


def _notification(entry: OutboxEntry) -> Notification:
    return Notification(
        entry.id, entry.conversation_id, entry.topic, dict(entry.data), entry.expires_at, bool(entry.repeats)
    )
