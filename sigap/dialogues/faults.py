"""What can break in the middle of a dialogue. Every fault is real: nothing is patched, something is really gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sigap.dialogues.house import House

Fault = Callable[["House"], AbstractContextManager[None]]


@contextmanager
def database_gone(house: House) -> Iterator[None]:
    """Actions work on a database whose file cannot be opened."""
    with house.using_database(house.folder / "tidak-ada" / "sigap.db"):
        yield


@contextmanager
def database_without_tables(house: House) -> Iterator[None]:
    """Actions work on a database that nobody has migrated."""
    with house.using_database(house.folder / "kosong.db"):
        yield


@contextmanager
def database_busy(house: House) -> Iterator[None]:
    """Somebody else holds the database's only write lock, longer than actions wait for it (five seconds)."""
    other = sqlite3.connect(house.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def action_server_gone(house: House) -> Iterator[None]:
    """Rasa calls an action server at a port where nobody listens."""
    with house.actions.unreachable():
        yield


@contextmanager
def action_server_failing(house: House) -> Iterator[None]:
    """The action server answers every call with an internal error."""
    with house.actions.failing():
        yield


FAULTS: Mapping[str, Fault] = {
    "basis data mati": database_gone,
    "basis data tanpa tabel": database_without_tables,
    "basis data sibuk": database_busy,
    "server tindakan mati": action_server_gone,
    "server tindakan galat": action_server_failing,
}
