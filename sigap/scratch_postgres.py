"""A PostgreSQL server for tests and measurements: from the installed programs, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

_START_SECONDS = 60


class NoPostgres(RuntimeError):
    """PostgreSQL is not installed or does not start; the message says what to do."""


class ScratchPostgres:
    """A running server, reachable through a socket in its folder only. `durable` keeps the promises to the disk."""

    def __init__(self, durable: bool) -> None:
        binaries = _binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="sigap-postgres-"))
        self._user = _owner()
        if self._user:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run(binaries / "initdb", "-D", data, "-U", "sigap", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        unsafe = () if durable else ("-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off")
        with (self._folder / "log").open("w") as log:
            self._server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", self._folder, "-h", "", "-cmax_connections=300", *unsafe],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._folder,
                user=self._user,
            )
        self._admin = create_engine(self.url("postgres"), future=True, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._wait()

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql://sigap@/{database}?host={self._folder}"

    def execute(self, statement: str) -> None:
        """Run a statement for the whole server, such as CREATE DATABASE."""
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._server.terminate()
        self._server.wait(_START_SECONDS)
        shutil.rmtree(self._folder)

    def _run(self, *command: Any) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, user=self._user)

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except OperationalError as error:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise NoPostgres(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}") from error
                time.sleep(0.05)


def _binaries() -> Path:
    """The folder of the installed server's programs."""
    found = shutil.which("postgres") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))), None)
    if found is None:
        raise NoPostgres("needs a PostgreSQL server; install the package 'postgresql'")
    return Path(found).resolve().parent


def _owner() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"
