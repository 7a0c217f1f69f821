"""The queue that most tests of booking use."""

from __future__ import annotations

import pytest
from bogor import open_office
from settable_clock import SettableClock

from sigap.booking import Queue
from sigap.store.session import Store


@pytest.fixture
def queue(store: Store, clock: SettableClock) -> Queue:
    """The queue of one office in Bogor with two places an hour."""
    open_office(store)
    return Queue(store, clock, key="a key for tests")
