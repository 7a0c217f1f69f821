"""What is kept, in databases of their own."""

from __future__ import annotations

import pytest
from settable_clock import SettableClock

from sigap.records import PersonalRecords
from sigap.store.conversations import Conversations
from sigap.store.session import Store


@pytest.fixture
def records(store: Store, conversations: Conversations, clock: SettableClock) -> PersonalRecords:
    """The service."""
    return PersonalRecords(store, conversations, clock)
