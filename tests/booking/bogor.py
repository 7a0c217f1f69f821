"""A small office in Bogor, for the tests of the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any
from zlib import crc32

from sigap.booking import Applicant, Held, Queue, Ticket
from sigap.store.session import Store
from sigap.store.tables import Office, Slot

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
EIGHT, NINE = time(8), time(9)
BUDI = Applicant("Budi Santoso", "3275010708950004", date(1995, 8, 7))
SITI = Applicant("Siti Aminah", "3275014708950004", date(1995, 8, 7))


def open_office(store: Store, quota: int = 2, office_id: str = "bogor", zone: str = "WIB", **settings: Any) -> None:
    """An office that takes bookings at eight and nine from Monday to Wednesday."""
    with store.work() as session:
        session.add(Office(id=office_id, zone=zone, **({"takes_bookings": True} | settings)))
        session.flush()
        session.add_all(
            Slot(office_id=office_id, day=date(2026, 11, day), hour=hour, quota=quota)
            for day in (23, 24, 25)
            for hour in (EIGHT, NINE)
        )
        session.commit()


def of(who: str, *people: Applicant) -> tuple[Applicant, ...]:
    """These people as the applicants of one conversation: the same names, NIKs of their own."""
    return tuple(replace(person, nik=f"{person.nik[:10]}{crc32(who.encode()) % 10**6:06d}") for person in people)


def hold(queue: Queue, who: str = "wa:budi", day: date = TUESDAY, hour: time = EIGHT, *people: Applicant) -> Any:
    return queue.hold(who, "bogor", day, hour, "baru", of(who, *(people or (BUDI,))))


def book(queue: Queue, who: str = "wa:budi", day: date = TUESDAY, hour: time = EIGHT, *people: Applicant) -> Ticket:
    assert isinstance(hold(queue, who, day, hour, *people), Held)
    ticket = queue.confirm(who)
    assert isinstance(ticket, Ticket)
    return ticket


def free(queue: Queue, day: date = TUESDAY, hour: time = EIGHT) -> int:
    return next((entry.free for entry in queue.free_hours("bogor", day) if entry.hour == hour), 0)
