"""Database access: one engine, and units of work that roll back unless told to commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

# A turn of conversation must not hang on a busy database; after this the applicant is told to try again.
LOCK_WAIT_SECONDS = 5
# Of libpq: a host that vanished (power, network) is given up after seconds; the system's own patience is many minutes.
NOTICE_A_DEAD_HOST = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": LOCK_WAIT_SECONDS * 2 * 1000,
}
# Marks connections of sessions that only read.
_READING = "sigap_reading"
# PostgreSQL's codes for a lock that did not come in time, a deadlock, a statement that took too long.
_BUSY_CODES = {"55P03", "40P01", "57014"}


class Busy(RuntimeError):
    """The database did not get to this step in time. Nothing was changed; trying again is safe."""


class Store:
    """Opens units of work on one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, future=True, expire_on_commit=False)
        self._looking = sessionmaker(engine.execution_options(**{_READING: True}), future=True)

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
            event.listen(engine, "begin", _begin)
        else:
            options = f"-c lock_timeout={LOCK_WAIT_SECONDS}s -c statement_timeout={LOCK_WAIT_SECONDS * 2}s"
            engine = create_engine(
                url,
                future=True,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": options, "connect_timeout": LOCK_WAIT_SECONDS, **NOTICE_A_DEAD_HOST},
            )
        return cls(engine)

    def ping(self) -> None:
        """Raises an SQLAlchemy error when the database does not answer."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    @contextmanager
    def work(self) -> Iterator[Session]:
        """A unit of work: what is not committed explicitly is rolled back at the end. What was read stays readable.

        Raises `Busy` when a lock, a connection or an answer does not come in time.
        """
        with _closing(self._sessions()) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at the database as it is at one moment, which waits for nobody. Raises as `work` does."""
        with _closing(self._looking()) as session:
            yield session


@contextmanager
def _closing(session: Session) -> Iterator[Session]:
    try:
        yield session
    except (OperationalError, PoolTimeout) as error:
        if isinstance(error, PoolTimeout) or _is_busy(error):
            raise Busy("the database is busy") from error
        raise
    finally:
        # Closing rolls back; an explicit rollback would also expire every record read.
        session.close()


def be_patient(connection: Any) -> None:
    """Let this transaction's statements take as long as they need: migrations and erasure, not turns."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def migrate_alone(connection: Any) -> None:
    """Let other processes that bring the same database up to date wait until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_lock_key('migrations')})")


def lock(session: Session, names: Iterable[str]) -> None:
    """Keep whoever locks one of these names waiting until this transaction ends.

    All locks that can wait are taken in one call, sorted, and before any row is changed, so that no two transactions
    wait for each other. SQLite has a single writer, which its transactions are from their beginning.
    """
    if _is_sqlite(session):
        return
    keys = sorted({_lock_key(name) for name in names})
    session.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))


def try_lock(session: Session, name: str) -> bool:
    """Lock a name if nobody has it; never waits."""
    return _is_sqlite(session) or bool(session.scalar(select(func.pg_try_advisory_xact_lock(_lock_key(name)))))


def insert_new(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose keys are not there yet."""
    if rows:
        insert = sqlite.insert if _is_sqlite(session) else postgresql.insert
        session.execute(insert(table).values([dict(row) for row in rows]).on_conflict_do_nothing())


def _is_sqlite(session: Session) -> bool:
    return bool(session.get_bind().dialect.name == "sqlite")


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)


def _is_busy(error: OperationalError) -> bool:
    return getattr(error.orig, "pgcode", None) in _BUSY_CODES or "database is locked" in str(error.orig)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Let SQLAlchemy say BEGIN itself: the driver's own transactions start too late to guard a read-then-write.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Any) -> None:
    # SQLite has one writer; asking for it at once turns a deadlock halfway into a wait at the door. Readers need none.
    reading = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
