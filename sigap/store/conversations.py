"""The record of conversations: every event is kept, and only the end of a conversation is read again.

The table `events` has the columns of Rasa's own SQL tracker store, so that whatever reads those reads these. Beside it,
`conversations` remembers for each conversation from which event on it must be read, and what the state was there (the
`head`). So a message costs the same at turn 5 and at turn 5,000.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

from sigap.store.session import NOTICE_A_DEAD_HOST, be_patient, migrate_alone

metadata = MetaData()
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
    Index("ix_events_sender_id_id", "sender_id", "id"),
)
conversations = Table(
    "conversations",
    metadata,
    Column("sender_id", String(255), primary_key=True),
    # The first event to read again.
    Column("read_from", BigInteger, nullable=False),
    # Events, as a JSON list, that bring a fresh conversation to the state before `read_from`.
    Column("head", Text, nullable=False),
    # Seconds since 1970, like the timestamps of events.
    Column("last_active", Float, nullable=False),
    Index("ix_conversations_last_active", "last_active"),
)
_SESSION_STARTED = "session_started"
_MIGRATIONS = Path(__file__).parent / "conversation_migrations"
# A turn must not hang on a busy database; after this the applicant is told to try again.
_WAIT_SECONDS = 4
_POOLED = 16


@dataclass(frozen=True)
class Recorded:
    """One event as it is kept: its number, and its content as a JSON object."""

    id: int
    data: str


@dataclass(frozen=True)
class NewEvent:
    """An event to be kept. `content` is JSON-compatible, `at` counts seconds since 1970."""

    type_name: str
    at: float
    intent: str | None
    action: str | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Ending:
    """The end of a conversation: the state before it, as events, and the events since."""

    head: list[dict[str, Any]]
    events: list[Recorded]


class Conversations:
    """Reads and writes the record of conversations. Safe to share between threads; every call blocks."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Conversations:
        """Connect lazily to the database at an SQLAlchemy URL (SQLite or PostgreSQL)."""
        options: dict[str, Any] = {
            "future": True,
            "hide_parameters": True,
            "pool_size": _POOLED,
            "max_overflow": 0,
            "pool_timeout": _WAIT_SECONDS,
        }
        if url.startswith("sqlite"):
            # SQLAlchemy would open the file anew for every call.
            of_driver: dict[str, Any] = {"timeout": _WAIT_SECONDS, "check_same_thread": False}
            engine = create_engine(url, poolclass=QueuePool, connect_args=of_driver, **options)
            event.listen(engine, "connect", _prepare_sqlite)
        else:
            limits = f"-c lock_timeout={_WAIT_SECONDS}s -c statement_timeout={_WAIT_SECONDS}s"
            of_driver = {"options": limits, "connect_timeout": _WAIT_SECONDS, **NOTICE_A_DEAD_HOST}
            engine = create_engine(url, connect_args=of_driver, **options)
        return cls(engine)

    def upgrade(self) -> None:
        """Bring the database to the current schema; tables of Rasa's own store are taken over as they are."""
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.begin() as connection:
            be_patient(connection)
            migrate_alone(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def ping(self) -> None:
        """Raises an SQLAlchemy error when the database does not answer or has no tables."""
        with self.engine.connect() as connection:
            connection.execute(select(conversations.c.sender_id).limit(1))

    def ending(self, sender_id: str) -> Ending | None:
        """The end of a conversation, or None when there is no such conversation."""
        with self.engine.connect() as connection:
            place = connection.execute(_PLACE, {"sender": sender_id}).first()
            if place is None:
                # A conversation recorded by Rasa's own store: from its last session on.
                start = connection.execute(_LAST_SESSION, {"sender": sender_id}).scalar() or 0
                head: list[dict[str, Any]] = []
            else:
                start, head = place.read_from, json.loads(place.head)
            found = [Recorded(*row) for row in connection.execute(_SINCE, {"sender": sender_id, "start": start})]
        return Ending(head, found) if found or head else None

    def everything(self, sender_id: str) -> list[Recorded]:
        """All events of a conversation, oldest first."""
        with self.engine.connect() as connection:
            return [Recorded(*row) for row in connection.execute(_SINCE, {"sender": sender_id, "start": 0})]

    def append(
        self,
        sender_id: str,
        new: Sequence[NewEvent],
        shorten: tuple[int, list[dict[str, Any]]] | None = None,
    ) -> None:
        """Add events. `shorten` names an earlier event to read from in future, and the head before it.

        A session that starts among the new events becomes the place to read from. Nothing that was kept is changed, so
        two writers at once can at worst interleave their events.
        """
        if not new:
            return
        rows = [
            {
                "sender_id": sender_id,
                "type_name": one.type_name,
                "timestamp": one.at,
                "intent_name": one.intent,
                "action_name": one.action,
                "data": json.dumps(one.content, ensure_ascii=False),
            }
            for one in new
        ]
        with self.engine.begin() as connection:
            connection.execute(insert(events), rows)
            place: dict[str, Any] = {"last_active": new[-1].at}
            if any(one.type_name == _SESSION_STARTED for one in new):
                place |= {"read_from": connection.execute(_LAST_SESSION, {"sender": sender_id}).scalar(), "head": "[]"}
            elif shorten:
                place |= {"read_from": shorten[0], "head": json.dumps(shorten[1], ensure_ascii=False)}
            self._note(connection, sender_id, place)

    def _note(self, connection: Connection, sender_id: str, place: dict[str, Any]) -> None:
        known = update(conversations).where(conversations.c.sender_id == sender_id).values(**place)
        if connection.execute(known).rowcount == 0:
            first = connection.execute(_LAST_SESSION, {"sender": sender_id}).scalar() or 0
            connection.execute(
                insert(conversations).values(sender_id=sender_id, **{"read_from": first, "head": "[]"} | place)
            )

    def sender_ids(self) -> list[str]:
        """Everyone who has ever written."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(events.c.sender_id).distinct()).scalars())

    def forget(self, sender_id: str) -> int:
        """Remove a conversation; returns how many events it had."""
        with self.engine.begin() as connection:
            connection.execute(delete(conversations).where(conversations.c.sender_id == sender_id))
            return int(connection.execute(delete(events).where(events.c.sender_id == sender_id)).rowcount)

    def forget_before(self, moment: float) -> int:
        """Remove what was said before a moment (seconds since 1970); returns how many events that were.

        The end of a conversation that still goes on is kept, so that it can go on.
        """
        quiet = select(conversations.c.sender_id).where(conversations.c.last_active < moment)
        # What lies before the place to read from is not needed to go on.
        behind = select(conversations.c.sender_id).where(
            conversations.c.sender_id == events.c.sender_id, events.c.id < conversations.c.read_from
        )
        unknown = ~select(conversations.c.sender_id).where(conversations.c.sender_id == events.c.sender_id).exists()
        with self.engine.begin() as connection:
            be_patient(connection)
            silent = delete(events).where(events.c.sender_id.in_(quiet))
            old = delete(events).where(events.c.timestamp < moment, or_(behind.exists(), unknown))
            gone = sum(int(connection.execute(statement).rowcount) for statement in (silent, old))
            connection.execute(delete(conversations).where(conversations.c.last_active < moment))
        return gone


_PLACE = select(conversations.c.read_from, conversations.c.head).where(conversations.c.sender_id == bindparam("sender"))
_LAST_SESSION = (
    select(events.c.id)
    .where(events.c.sender_id == bindparam("sender"), events.c.type_name == _SESSION_STARTED)
    .order_by(events.c.id.desc())
    .limit(1)
)
_SINCE = (
    select(events.c.id, events.c.data)
    .where(events.c.sender_id == bindparam("sender"), events.c.id >= bindparam("start"))
    .order_by(events.c.id)
)


def as_json(recorded: Iterable[Recorded]) -> list[dict[str, Any]]:
    """The contents of events."""
    return [json.loads(one.data) for one in recorded]


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Readers do not wait for the writer. What a power cut may take in WAL mode is the last few turns, never the file.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
