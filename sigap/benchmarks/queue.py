"""The part of `make bench` that measures the queue on PostgreSQL: writers side by side, and a year of bookings."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as hour_of_day
from typing import Any

from sqlalchemy import text

from sigap.benchmarks.report import replace
from sigap.booking import Applicant, Held, Queue, Ticket
from sigap.clock import WIB, fixed_clock
from sigap.knowledge.store import load_once
from sigap.scratch_postgres import ScratchPostgres
from sigap.settings import KNOWLEDGE
from sigap.store import schema
from sigap.store.session import Busy, Store
from sigap.store.tables import Office, Slot

HEADING = "## The queue"
_NOW = datetime(2026, 11, 23, 7, 0, tzinfo=WIB)
_DAY = date(2026, 11, 24)
_NINE = hour_of_day(9)
_WRITERS = (1, 2, 4, 8)
_SECONDS = 5.0
_REPEATS = 200
_OFFICES = 150
_BOOKINGS = 1_000_000
_SPAWN = multiprocessing.get_context("spawn")


def measure() -> None:
    """Measure, and write the section."""
    server = ScratchPostgres(durable=True)
    try:
        replace(HEADING, "\n".join([_introduction(), "", *_writers(server), "", *_growth(server)]))
    finally:
        server.close()


def _introduction() -> str:
    return (
        f"PostgreSQL with its ordinary promises to the disk, {os.cpu_count()} cores shared by the server and its "
        "clients. A confirmed booking is two steps, hold and confirm, each with all its checks."
    )


def _writers(server: ScratchPostgres) -> list[str]:
    lines = [
        f"Confirmed bookings a second, writers in processes of their own, {_SECONDS:.0f} s each:",
        "",
        "| writers | all at one hour of one office | twenty offices |",
        "| --- | --- | --- |",
    ]
    first: list[float] = []
    for writers in _WRITERS:
        rates = [_rate(server, writers, offices) for offices in (1, 20)]
        first = first or rates
        lines.append(
            f"| {writers} | " + " | ".join(f"{rate:.0f} ({rate / one:.2f}x)" for rate, one in zip(rates, first)) + " |"
        )
    return lines


def _rate(server: ScratchPostgres, writers: int, offices: int) -> float:
    with _database(server) as store:
        with store.work() as session:
            session.add_all(Office(id=f"office_{one}", zone="WIB", takes_bookings=True) for one in range(offices))
            session.flush()
            session.add_all(
                Slot(office_id=f"office_{one}", day=_DAY, hour=_NINE, quota=1_000_000) for one in range(offices)
            )
            session.commit()
        url = str(store.engine.url.render_as_string(hide_password=False))
        gate, counts = _SPAWN.Barrier(writers), _SPAWN.Queue()
        processes = [_SPAWN.Process(target=_write, args=(url, one, offices, gate, counts)) for one in range(writers)]
        for process in processes:
            process.start()
        booked: int = sum(counts.get(timeout=300) for _ in processes)
        for process in processes:
            process.join()
        return booked / _SECONDS


def _write(url: str, writer: int, offices: int, gate: Any, counts: Any) -> None:
    """In a process of its own: book for one person after another; what comes before the start warms up."""
    queue = Queue(Store.open(url), fixed_clock(_NOW), key="bench")

    def book(number: int) -> bool:
        who, office = f"wa:{writer}-{number}", f"office_{(writer + number) % offices}"
        person = Applicant("Pemohon", f"{3275010000000000 + writer * 10**7 + number:016d}", date(1995, 8, 7))
        try:
            held = queue.hold(who, office, _DAY, _NINE, "baru", [person])
            return isinstance(held, Held) and isinstance(queue.confirm(who), Ticket)
        except Busy:
            return False

    for number in range(20):
        book(number)
    gate.wait()
    ends, number, booked = time.perf_counter() + _SECONDS, 20, 0
    while time.perf_counter() < ends:
        booked += book(number)
        number += 1
    counts.put(booked)


def _growth(server: ScratchPostgres) -> list[str]:
    small = _medians(server, offices=1, bookings=1_000)
    large = _medians(server, offices=_OFFICES, bookings=_BOOKINGS)
    lines = [
        f"Median milliseconds of {_REPEATS} calls for one office, on a year of hours and bookings:",
        "",
        f"| | 1 office, 1,000 bookings | {_OFFICES} offices, {_BOOKINGS:,} bookings | growth |",
        "| --- | --- | --- | --- |",
    ]
    for name, before in small.items():
        lines.append(f"| {name} | {before * 1000:.1f} | {large[name] * 1000:.1f} | {large[name] / before:.2f}x |")
    return lines


def _medians(server: ScratchPostgres, offices: int, bookings: int) -> dict[str, float]:
    ids = [office.id for office in load_once(KNOWLEDGE).offices.all]
    ids = (ids + [f"office_{number}" for number in range(len(ids), offices)])[:offices]
    with _database(server) as store:
        _fill(store, ids, bookings)
        queue = Queue(store, fixed_clock(_NOW), key="bench", neighbours=load_once(KNOWLEDGE).offices.neighbours)
        asked = ids[0]
        return {
            "free days of two weeks": _median(lambda: queue.free_days(asked)),
            "free hours of a day": _median(lambda: queue.free_hours(asked, _DAY)),
            "one's own booking": _median(lambda: queue.booking_of("wa:7")),
        }


def _median(call: Callable[[], Any]) -> float:
    times = []
    for number in range(_REPEATS + 10):
        started = time.perf_counter()
        call()
        if number >= 10:
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def _fill(store: Store, ids: list[str], bookings: int) -> None:
    """A year of hours around the day asked about, and bookings spread over them with people and numbers."""
    hours = [hour_of_day(hour) for hour in (8, 9, 10, 11, 13, 14)]
    days = [date(2025, 12, 8) + timedelta(days=number) for number in range(365)]
    with store.engine.begin() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(
            Office.__table__.insert(),
            [{"id": one, "zone": "WIB", "takes_bookings": True, "opened_through": days[-1]} for one in ids],
        )
        connection.execute(
            text(
                "INSERT INTO slots (office_id, service, day, hour, quota, taken, priority_quota, priority_taken) "
                "SELECT office, 'paspor', day, hour, 100, 0, 0, 0 FROM unnest(:offices) office, unnest(:days) day, "
                "unnest(:hours) hour"
            ),
            {"offices": ids, "days": days, "hours": hours},
        )
        connection.execute(
            text(
                "INSERT INTO bookings (conversation_id, slot_id, office_id, service, day, kind, places, priority,"
                " proxy, state, code, first_number, moves, created_at, confirmed_at)"
                " SELECT 'wa:' || n, s.id, s.office_id, 'paspor', s.day, 'baru', 1, false, false,"
                " CASE WHEN s.day < DATE '2026-11-23' THEN 'arrived' ELSE 'confirmed' END, n::text, n, 0, now(), now()"
                " FROM generate_series(1, :bookings) n"
                " JOIN (SELECT *, row_number() OVER (ORDER BY id) AS row FROM slots) s ON s.row = n % :slots + 1"
            ),
            {"bookings": bookings, "slots": len(ids) * len(days) * len(hours)},
        )
        connection.execute(
            text(
                "INSERT INTO booked_applicants (booking_id, position, name, nik, nik_key, birth_date)"
                " SELECT id, 1, 'Pemohon', lpad(id::text, 16, '0'), md5(id::text), DATE '1995-08-07' FROM bookings"
            )
        )
        connection.execute(
            text(
                "UPDATE slots SET taken = c.n FROM (SELECT slot_id, count(*) n FROM bookings GROUP BY slot_id) c"
                " WHERE c.slot_id = slots.id"
            )
        )
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def _database(server: ScratchPostgres) -> Iterator[Store]:
    server.execute("CREATE DATABASE bench")
    store = Store.open(server.url("bench"))
    schema.upgrade(store)
    try:
        yield store
    finally:
        store.engine.dispose()
        server.execute("DROP DATABASE bench WITH (FORCE)")
