"""A crowd of clients in processes of their own, for the tests and the benchmark of the queue."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from settable_clock import SettableClock

from sigap.booking import Applicant, Held, Queue, Ticket
from sigap.clock import WIB
from sigap.store.session import Busy, Store
from sigap.store.tables import Office, Slot

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=WIB)
FIRST_DAY = date(2026, 11, 24)
SPAWN = multiprocessing.get_context("spawn")


def address(store: Store) -> str:
    """The URL with which another process opens the same database."""
    return str(store.engine.url.render_as_string(hide_password=False))


def open_office(store: Store, quota: int, days: int, office_id: str = "bogor") -> None:
    """An office with one hour of so many places on each of so many days."""
    with store.work() as session:
        session.add(Office(id=office_id, zone="WIB", takes_bookings=True, window_days=days + 1))
        session.flush()
        session.add_all(
            Slot(office_id=office_id, day=FIRST_DAY + timedelta(days=day), hour=time(9), quota=quota)
            for day in range(days)
        )
        session.commit()


def person(number: int) -> Applicant:
    """Somebody with a NIK of their own."""
    return Applicant(f"Pemohon {number}", f"{3275010708000000 + number:016d}", date(1995, 8, 7))


def patiently(step: Callable[[], Any]) -> Any:
    """Do a step again while the database is busy, as an applicant does who is told to try again."""
    while True:
        try:
            return step()
        except Busy:
            continue


def take_part(queue: Queue, conversation_id: str, who: int, day: date) -> Any:
    """Hold and confirm one place; returns the last outcome."""
    held = patiently(lambda: queue.hold(conversation_id, "bogor", day, time(9), "baru", [person(who)]))
    return patiently(lambda: queue.confirm(conversation_id)) if isinstance(held, Held) else held


def rounds(url: str, clients: list[tuple[str, int]], days: int, gate: Any, won: Any) -> None:
    """In one process: each client tries to get a place on each day; all processes start each day together."""
    store = Store.open(url)
    queue = Queue(store, SettableClock(NOW), key="crowd")
    with ThreadPoolExecutor(len(clients)) as threads:
        for number in range(days):
            day = FIRST_DAY + timedelta(days=number)
            gate.wait()

            def act(client: tuple[str, int], day: date = day, number: int = number) -> Any:
                # Everybody is somebody else on each day: one person may have one live booking only.
                return take_part(queue, f"{client[0]}-{number}", client[1] + 1000 * number, day)

            won.put(sum(isinstance(outcome, Ticket) for outcome in threads.map(act, clients)))
    store.engine.dispose()


def book_until_killed(url: str, process: int, record: Path) -> None:
    """In one process: book one place after another and write down each ticket once it is known, until killed."""
    queue = Queue(Store.open(url), SettableClock(NOW), key="crowd")
    line = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def act(thread: int) -> None:
        number = 0
        while True:
            number += 1
            who = f"wa:{process}-{thread}-{number}"
            outcome = take_part(queue, who, process * 10**5 + thread * 10**4 + number, FIRST_DAY)
            if isinstance(outcome, Ticket):
                os.write(line, f"{outcome.code} {outcome.first_number}\n".encode())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(act, range(4)))
