"""What many tests need: a database of their own, a clock they can set, the facts as they stand, a browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from databases import Databases, PostgresServer, SqliteFiles
from hypothesis import settings
from settable_clock import SettableClock

from sigap.knowledge import Knowledge
from sigap.settings import KNOWLEDGE
from sigap.store.conversations import Conversations
from sigap.store.session import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


# A shell's background job ignores Ctrl-C, and so would the servers that tests start and stop by it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine, or a file read for the first time, is no failure.
settings.register_profile("sigap", deadline=None)
settings.load_profile("sigap")


# What talks to the database is tested on both kinds; for the rest SQLite will do.
_ON_BOTH = {"store", "applications", "booking", "feedback", "runtime"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of these folders on SQLite and on PostgreSQL."""
    if "database" in metafunc.fixturenames and metafunc.definition.path.parent.name in _ON_BOTH:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which kind of database a test runs on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def new_store(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases at the current schema."""
    sqlite = database == "sqlite"
    databases: Databases = SqliteFiles(tmp_path_factory.mktemp("databases")) if sqlite else PostgresServer()
    yield databases
    databases.close()


@pytest.fixture
def store(new_store: Databases) -> Iterator[Store]:
    """An empty database of its own."""
    store = new_store()
    yield store
    new_store.discard(store)


@pytest.fixture
def clock() -> SettableClock:
    """A clock standing at Monday, 23 November 2026, 8:00 in western Indonesia."""
    return SettableClock()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The facts in data/knowledge."""
    return Knowledge.load(KNOWLEDGE)


# No longer than a module: while Playwright runs, no other event loop can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser; whoever looks has an own profile in it."""
    from browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    """An empty record of conversations."""
    opened = Conversations.open(f"sqlite:///{tmp_path / 'conversations.db'}")
    opened.upgrade()
    yield opened
    opened.engine.dispose()
