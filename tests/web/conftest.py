"""A light server, a browser, and visitors."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import Visitor, chromium
from playwright.sync_api import Browser
from ports import free_port
from proxy import Proxy

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
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(self.address, timeout=5):
                return
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError((self.folder / "server.log").read_text(errors="replace"))
            time.sleep(0.1)

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


@pytest.fixture(scope="session")
def site_port() -> int:
    """The port of an office's own site."""
    return free_port()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Iterator[LightServer]:
    """One light server for all tests that do not break it."""
    settings = {"SIGAP_WEB_ORIGINS": f"http://127.0.0.1:{site_port}", "SIGAP_WEB_NEW_PER_HOUR": "1000"}
    with light_server(tmp_path_factory.mktemp("light"), **settings) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser; each visitor has an own profile in it."""
    with chromium() as running:
        yield running


@pytest.fixture
def new_visitor(browser: Browser, server: LightServer) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors who have never been there."""
    visitors: list[Visitor] = []

    def make(address: str = server.address, **context: Any) -> Visitor:
        visitors.append(Visitor(browser, address, **context))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    """Somebody with a telephone who has never been there."""
    return new_visitor()


@pytest.fixture
def proxy(server: LightServer) -> Iterator[Proxy]:
    """A proxy in front of the light server."""
    standing = Proxy(server.port)
    yield standing
    standing.cut()
