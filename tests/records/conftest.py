"""What is kept, in databases of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from settable_clock import SettableClock

from sigap.records import PersonalRecords
from sigap.store.conversations import Conversations
from sigap.store.session import Store


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    """An empty record of conversations."""
    opened = Conversations.open(f"sqlite:///{tmp_path / 'conversations.db'}")
    opened.upgrade()
    yield opened
    opened.engine.dispose()


@pytest.fixture
def records(store: Store, conversations: Conversations, clock: SettableClock) -> PersonalRecords:
    """The service."""
    return PersonalRecords(store, conversations, clock)
