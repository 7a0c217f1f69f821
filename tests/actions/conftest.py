"""The services that actions work with, on a real database and a clock that tests set."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# This folder bears the name of the package it tests; with the checkout on the path, Python finds the package first.
sys.path.insert(0, str(Path(__file__).parents[2]))

from harness import Chat, build_services
from settable_clock import SettableClock

from actions.services import Services, install
from sigap.knowledge import Knowledge
from sigap.store import demo
from sigap.store.session import Store


@pytest.fixture
def services(store: Store, clock: SettableClock, knowledge: Knowledge) -> Iterator[Services]:
    """Real services on a database with the demonstration records; in use by every action until the test ends."""
    demo.fill(store, clock, knowledge.working_days.is_working)
    built = build_services(store, clock)
    built.queue.quotas.open_due()
    install(built)
    yield built
    install(None)


@pytest.fixture
def new_chat(services: Services) -> Callable[..., Chat]:
    """Makes conversations of other applicants: `new_chat("wa:2")`."""
    return lambda conversation_id: Chat(conversation_id, services)


@pytest.fixture
def chat(services: Services) -> Chat:
    """A conversation that has just begun."""
    return Chat("wa:6281234567890", services)
