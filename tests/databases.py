"""Databases for tests: SQLite files, and a PostgreSQL server that lives as long as the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from sigap.store import schema
from sigap.store.session import Store

_START_SECONDS = 60


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
    """A server of its own, reachable through a socket in a temporary folder only."""

    def __init__(self, binaries: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sigap-postgres-"))
        self._made = 0
        self._opened: list[Store] = []
        self._user = _owner()
        if self._user:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run(binaries / "initdb", "-D", data, "-U", "sigap", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        # Nothing here outlives the tests, so nothing need reach the disk.
        unsafe = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
        self._server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", self._folder, "-h", "", "-c", "max_connections=300", *unsafe],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("w"),
            cwd=self._folder,
            user=self._user,
        )
        self._admin = create_engine(
            self._url("postgres"), future=True, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        self._wait()
        self._execute("CREATE DATABASE template")
        migrated = Store.open(self._url("template"))
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
        self._execute(f"DROP DATABASE {store.engine.url.database} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        for store in self._opened:
            store.engine.dispose()
        self._server.terminate()
        self._server.wait(_START_SECONDS)
        shutil.rmtree(self._folder)

    def _create(self, template: str) -> Store:
        self._made += 1
        self._execute(f"CREATE DATABASE test_{self._made} TEMPLATE {template}")
        store = Store.open(self._url(f"test_{self._made}"))
        self._opened.append(store)
        return store

    def _url(self, name: str) -> str:
        return f"postgresql://sigap@/{name}?host={self._folder}"

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _run(self, *command: Any) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, user=self._user)

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self._execute("SELECT 1")
            except OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")
                time.sleep(0.05)


def postgres_binaries() -> Path:
    """The folder of the installed server's programs; skips the test without one, or fails it under CI."""
    found = shutil.which("postgres") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))), None)
    if found:
        return Path(found).resolve().parent
    reason = "needs a PostgreSQL server; install the package 'postgresql'"
    return pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def _owner() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"
