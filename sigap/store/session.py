"""Database access: one engine, and units of work that roll back unless told to commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

# A turn of conversation must not hang on a busy database; after this the applicant is told to try again.
LOCK_WAIT_SECONDS = 5


class Store:
    """Opens units of work on one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, future=True, expire_on_commit=False)

    @classmethod
    def open(cls, url: str) -> Store:
        """Connect lazily to the database at an SQLAlchemy URL (SQLite or PostgreSQL)."""
        if url.startswith("sqlite"):
            # Without a pool the file would be opened, prepared and closed for every unit of work: a third of its time.
            engine = create_engine(
                url,
                future=True,
                poolclass=QueuePool,
                hide_parameters=True,
                connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_immediate)
        else:
            options = f"-c lock_timeout={LOCK_WAIT_SECONDS}s -c statement_timeout={LOCK_WAIT_SECONDS * 2}s"
            engine = create_engine(
                url,
                future=True,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": options, "connect_timeout": LOCK_WAIT_SECONDS},
            )
        return cls(engine)

    def ping(self) -> None:
        """Raises an SQLAlchemy error when the database does not answer."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    @contextmanager
    def work(self) -> Iterator[Session]:
        """A unit of work: what is not committed explicitly is rolled back at the end. What was read stays readable."""
        session = self._sessions()
        try:
            yield session
        finally:
            # Closing rolls back; an explicit rollback would also expire every record read.
            session.close()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Let SQLAlchemy say BEGIN itself: the driver's own transactions start too late to guard a read-then-write.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Any) -> None:
    # SQLite has one writer; asking for it at once turns a deadlock halfway into a wait at the door.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
