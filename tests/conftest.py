"""What most tests need: a database of their own, a clock they can set, and the facts as they stand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from settable_clock import SettableClock
from sqlalchemy import event

from sigap.knowledge import Knowledge
from sigap.settings import KNOWLEDGE
from sigap.store import schema
from sigap.store.session import Store

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


# A busy machine, or a file read for the first time, is no failure.
settings.register_profile("sigap", deadline=None)
settings.load_profile("sigap")


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """Makes empty databases at the current schema. Migrated once and then copied, which is much faster."""
    folder = tmp_path_factory.mktemp("databases")
    template = folder / "template.db"
    migrated = Store.open(f"sqlite:///{template}")
    schema.upgrade(migrated)
    migrated.engine.dispose()
    opened: list[Store] = []

    def make() -> Store:
        copy = folder / f"{len(opened)}.db"
        shutil.copyfile(template, copy)
        store = Store.open(f"sqlite:///{copy}")
        event.listen(store.engine, "connect", _without_waiting_for_the_disk)
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.engine.dispose()


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """An empty database in a file of its own."""
    return new_store()


@pytest.fixture
def clock() -> SettableClock:
    """A clock standing at Monday, 23 November 2026, 8:00 in western Indonesia."""
    return SettableClock()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The facts in data/knowledge."""
    return Knowledge.load(KNOWLEDGE)
