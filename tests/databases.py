"""Databases for tests: SQLite files, and a PostgreSQL server that lives as long as the tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from needs import missing
from sqlalchemy import event

from sigap.scratch_postgres import NoPostgres, ScratchPostgres
from sigap.store import schema
from sigap.store.session import Store


class Databases(Protocol):
    """Makes databases of their own for tests, and removes them."""

    def empty(self) -> Store:
        """A database without any table."""

    def __call__(self) -> Store:
        """A database at the current schema, without records. Migrated once and then copied, which is much faster."""

    def discard(self, store: Store) -> None:
        """Remove a database that is no longer needed."""

    def close(self) -> None:
        """Remove everything that is left."""


class SqliteFiles:
    """Databases in files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        self._opened: list[Store] = []
        migrated = Store.open(f"sqlite:///{self._template}")
        schema.upgrade(migrated)
        migrated.engine.dispose()

    def empty(self) -> Store:
        """A database without any table."""
        return self._open()

    def __call__(self) -> Store:
        """A database at the current schema."""
        shutil.copyfile(self._template, self._folder / f"{len(self._opened)}.db")
        return self._open()

    def discard(self, store: Store) -> None:
        """Close the database; its file goes with the folder."""
        store.engine.dispose()

    def close(self) -> None:
        """Close everything that is left."""
        for store in self._opened:
            store.engine.dispose()

    def _open(self) -> Store:
        store = Store.open(f"sqlite:///{self._folder / f'{len(self._opened)}.db'}")
        event.listen(store.engine, "connect", _without_waiting_for_the_disk)
        self._opened.append(store)
        return store


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class PostgresServer:
    """Databases on a server of its own."""

    def __init__(self) -> None:
        self._server = _scratch_server()
        self._made = 0
        self._opened: list[Store] = []
        self._server.execute("CREATE DATABASE template")
        migrated = Store.open(self._server.url("template"))
        schema.upgrade(migrated)
        migrated.engine.dispose()

    def empty(self) -> Store:
        """A database without any table."""
        return self._create("template1")

    def __call__(self) -> Store:
        """A database at the current schema."""
        return self._create("template")

    def discard(self, store: Store) -> None:
        """Drop the database."""
        self._opened.remove(store)
        store.engine.dispose()
        self._server.execute(f"DROP DATABASE {store.engine.url.database} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server and remove what is left."""
        for store in self._opened:
            store.engine.dispose()
        self._server.close()

    def _create(self, template: str) -> Store:
        self._made += 1
        self._server.execute(f"CREATE DATABASE test_{self._made} TEMPLATE {template}")
        store = Store.open(self._server.url(f"test_{self._made}"))
        self._opened.append(store)
        return store


def _scratch_server() -> ScratchPostgres:
    """Nothing need reach the disk."""
    try:
        return ScratchPostgres(durable=False)
    except NoPostgres as error:
        missing(str(error))
