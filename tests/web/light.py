"""Starts a light server: the real web channel in a process of its own (light_server.py)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ports import free_port, wait_until_it_answers

from sigap.store import schema
from sigap.store.session import Store

HERE = Path(__file__).parent
START_SECONDS = 90
KEY = "a-signing-key-only-for-these-tests-0123456789"


@dataclass
class LightServer:
    """A running light server and its files."""

    port: int
    folder: Path
    store: Store
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/webhooks/web/"

    @property
    def asked(self) -> list[str]:
        """What has reached the desk, in order."""
        log = self.folder / "asked.txt"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def start(self) -> None:
        """Start and wait until the page is served."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "light_server.py"), str(self.port), str(self.folder / "asked.txt")],
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_it_answers(self.address, self.process, self.folder / "server.log", START_SECONDS)

    def stop(self) -> None:
        """Stop as a supervisor does."""
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


@contextlib.contextmanager
def light_server(folder: Path, **settings: str) -> Iterator[LightServer]:
    """A light server with a database of its own in a folder; `settings` are environment variables."""
    url = f"sqlite:///{folder / 'sigap.db'}"
    store = Store.open(url)
    schema.upgrade(store)
    environment = {
        "SIGAP_DATABASE_URL": url,
        "SIGAP_SIGNING_KEY": KEY,
        "PYTHONPATH": str(HERE.parent.parent),
        **settings,
    }
    server = LightServer(free_port(), folder, store, environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        store.engine.dispose()
