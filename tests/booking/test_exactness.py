"""As many bookings as places, whatever happens: crowds, brokers, processes that die in the middle of a step."""

from __future__ import annotations

import os
import random
import signal
import time as clock_time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import crowd
from settable_clock import SettableClock
from size import FULL_SIZE
from sqlalchemy import func, select

from sigap.booking import Queue
from sigap.booking.service import HOLD
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, Booking, LiveClaim, OfficeDay, Slot

# On SQLite, which has one writer, fifty clients fight for half as many places.
PLACES = {"postgresql": 50, "sqlite": 25}
CLIENTS = {"postgresql": 500, "sqlite": 50} if FULL_SIZE else {"postgresql": 100, "sqlite": 50}
PROCESSES, ROUNDS, KILLS = (4, 20, 12) if FULL_SIZE else (2, 1, 2)


def clients(count: int) -> list[tuple[str, int]]:
    """Conversations and the people they book for.

    One in ten conversations sends everything twice; one in ten people is booked for by two conversations.
    """
    return [(f"wa:{number - (number % 10 == 1)}", number - (number % 10 == 3)) for number in range(count)]


def test_a_crowd_gets_exactly_the_places_there_are(store: Store, database: str) -> None:
    places, everybody = PLACES[database], clients(CLIENTS[database])
    crowd.open_office(store, places, ROUNDS)
    gate, won = crowd.SPAWN.Barrier(PROCESSES), crowd.SPAWN.Queue()
    processes = [
        crowd.SPAWN.Process(
            target=crowd.rounds, args=(crowd.address(store), everybody[part::PROCESSES], ROUNDS, gate, won)
        )
        for part in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    tickets = sum(won.get(timeout=600) for _ in range(PROCESSES * ROUNDS))
    for process in processes:
        process.join(60)
    with store.work() as session:
        booked = session.scalars(select(Booking).filter_by(state="confirmed")).all()
        people = session.scalars(select(BookedApplicant.nik)).all()
        taken = session.scalars(select(Slot.taken)).all()
    assert Counter(booking.day for booking in booked) == Counter(
        {crowd.FIRST_DAY + timedelta(days=day): places for day in range(ROUNDS)}
    )
    assert taken == [places] * ROUNDS
    # Who sends everything twice is shown the same ticket twice.
    assert tickets >= places * ROUNDS
    numbers = Counter((booking.day, booking.first_number) for booking in booked)
    assert {number for _, number in numbers} == set(range(1, places + 1))
    assert set(numbers.values()) == {1}
    assert max(Counter(booking.conversation_id for booking in booked).values()) == 1
    assert max(Counter(people).values()) == 1


def test_processes_that_are_killed_lose_no_booking_and_leave_no_place_behind(
    store: Store, database: str, tmp_path: Path
) -> None:
    crowd.open_office(store, quota=100_000, days=1)
    record, chance = tmp_path / "tickets", random.Random(7)
    record.touch()
    for attempt in range(KILLS):
        process = crowd.SPAWN.Process(target=crowd.book_until_killed, args=(crowd.address(store), attempt, record))
        process.start()
        before = record.stat().st_size
        deadline = clock_time.monotonic() + 60
        while record.stat().st_size == before and clock_time.monotonic() < deadline:
            clock_time.sleep(0.005)
        clock_time.sleep(chance.uniform(0, 0.3))  # at any moment of any step
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    promised = [line.split() for line in record.read_text().splitlines()]
    clock = SettableClock(crowd.NOW)
    clock.now += HOLD
    Queue(store, clock, key="crowd").sweep()
    with store.work() as session:
        confirmed = session.scalars(select(Booking).filter_by(state="confirmed")).all()
        open_holds = session.scalars(select(Booking.id).where(Booking.state.in_(["held", "offered"]))).all()
        claimed = set(session.scalars(select(LiveClaim.booking_id)))
        taken = session.scalars(select(Slot.taken)).one()
        handed_out = session.scalars(select(OfficeDay.last_number)).one()
        people = session.execute(select(func.count()).select_from(BookedApplicant)).scalar_one()
    known = {(booking.code, str(booking.first_number)) for booking in confirmed}
    assert len(promised) >= KILLS
    assert {tuple(ticket) for ticket in promised} <= known
    assert open_holds == []
    assert taken == len(confirmed) == handed_out == people
    assert claimed == {booking.id for booking in confirmed}
