"""What falls due is done without anybody asking."""

from __future__ import annotations

import time

import pytest
from bogor import book, free, hold
from settable_clock import SettableClock

from sigap.booking import Queue
from sigap.booking.janitor import Janitor
from sigap.store.session import Store


def eventually(store: Store, state: str) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with store.work() as session:
            if session.connection().exec_driver_sql(f"SELECT 1 FROM bookings WHERE state = '{state}'").first():
                return True
        time.sleep(0.02)
    return False


def test_a_running_janitor_gives_lapsed_places_back(queue: Queue, store: Store, clock: SettableClock) -> None:
    hold(queue)
    clock.advance(minutes=10)
    janitor = Janitor(queue, pause=0.01)
    janitor.start()
    assert eventually(store, "lapsed")
    janitor.stop()
    assert free(queue) == 2


def test_a_database_that_is_down_does_not_end_the_janitor(
    queue: Queue, store: Store, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    book(queue)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bookings RENAME TO elsewhere")
    clock.advance(days=2)
    janitor = Janitor(queue, pause=0.01)
    janitor.start()
    deadline = time.monotonic() + 30
    while "sweeping the queue failed" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.01)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO bookings")
    assert eventually(store, "no_show")
    janitor.stop()
    assert "3275" not in caplog.text
