"""At the door, and collecting a finished passport."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from bogor import BUDI, EIGHT, NINE, SITI, TUESDAY, WEDNESDAY, book, of, open_office
from settable_clock import SettableClock

from sigap.booking import (
    PASSPORT,
    PICKUP,
    AlreadyBooked,
    CheckedIn,
    Closed,
    DaySheet,
    Held,
    LockedOut,
    NoBooking,
    NotLive,
    NotProven,
    NotReady,
    PersonBooked,
    Queue,
    Ticket,
    UnknownCode,
    WrongDay,
)
from sigap.clock import WIB
from sigap.store.session import Store
from sigap.store.tables import Application

NUMBER, BIRTH = "1179000000023456", date(1987, 1, 25)


def arrive(clock: SettableClock, hour: int = 8) -> None:
    clock.now = datetime(2026, 11, 24, hour, 0, tzinfo=WIB)


# The door


def test_who_comes_on_the_day_is_checked_in(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    arrive(clock)
    outcome = queue.desk.check_in(ticket.code.lower())
    assert isinstance(outcome, CheckedIn)
    assert (outcome.entry.state, outcome.again) == ("arrived", False)
    assert queue.booking_of("wa:budi") == NoBooking()


def test_checking_in_twice_is_told_and_changes_nothing(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    arrive(clock)
    queue.desk.check_in(ticket.code)
    outcome = queue.desk.check_in(ticket.code)
    assert isinstance(outcome, CheckedIn)
    assert outcome.again


def test_who_comes_on_another_day_is_not_checked_in(queue: Queue) -> None:
    ticket = book(queue)
    outcome = queue.desk.check_in(ticket.code)
    assert isinstance(outcome, WrongDay)
    assert outcome.entry.day == TUESDAY
    assert queue.booking_of("wa:budi") == ticket


def test_a_cancelled_booking_does_not_open_the_door(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    queue.cancel("wa:budi")
    arrive(clock)
    assert isinstance(queue.desk.check_in(ticket.code), NotLive)


@pytest.mark.parametrize(("code", "readable"), [("7KQM-4W24", True), ("7KQM-4W25", False), ("quatsch", False)])
def test_an_unknown_code_is_told_from_a_mistyped_one(queue: Queue, code: str, readable: bool) -> None:
    assert queue.desk.check_in(code) == UnknownCode(readable)
    assert queue.desk.show(code) == UnknownCode(readable)


def test_who_does_not_come_is_marked_and_may_still_come_late(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    arrive(clock, hour=10)
    queue.desk.mark_no_show(ticket.code)
    assert queue.desk.show(ticket.code).state == "no_show"
    assert queue.desk.check_in(ticket.code).entry.state == "arrived"
    assert queue.desk.mark_no_show(ticket.code).entry.state == "arrived"


def test_bookings_whose_day_is_over_are_marked_by_the_janitor_and_keep_their_numbers(
    queue: Queue, clock: SettableClock
) -> None:
    ticket = book(queue)
    arrive(clock, hour=23)
    assert queue.sweep().no_shows == 0
    clock.advance(hours=1)
    assert queue.sweep().no_shows == 1
    entry = queue.desk.show(ticket.code)
    assert (entry.state, entry.first_number) == ("no_show", 1)


def test_not_coming_is_no_strike(queue: Queue, clock: SettableClock) -> None:
    book(queue)
    clock.advance(days=2)
    queue.sweep()
    assert isinstance(queue.hold("wa:budi", "bogor", WEDNESDAY, NINE, "baru", of("wa:budi", BUDI)), Held)


def test_the_day_sheet_lists_everybody_by_hour_and_number(queue: Queue, clock: SettableClock) -> None:
    late, early = book(queue, "wa:1", TUESDAY, NINE), book(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI)
    book(queue, "wa:3", WEDNESDAY)
    book(queue, "wa:4", TUESDAY, NINE)
    queue.cancel("wa:4")
    sheet = queue.desk.sheet("bogor", TUESDAY)
    assert isinstance(sheet, DaySheet)
    assert (sheet.zone, sheet.demo, sheet.printed_at) == ("WIB", False, clock())
    assert [(entry.code, entry.hour, entry.first_number, entry.last_number) for entry in sheet.entries] == [
        (early.code, EIGHT, 2, 3),
        (late.code, NINE, 1, 1),
    ]
    person = sheet.entries[1].people[0]
    assert (person.name, person.birth_date) == (BUDI.name, BUDI.birth_date)
    assert person.nik_end == of("wa:1", BUDI)[0].nik[-4:]
    assert queue.desk.sheet("atlantis", TUESDAY) is None


# Collecting a passport


@pytest.fixture
def pickup(store: Store, clock: SettableClock) -> Queue:
    """Bogor, with one place an hour for collecting, and one finished passport."""
    open_office(store)
    queue = Queue(store, clock, key="a key for tests")
    for hour in (EIGHT, NINE):
        queue.quotas.set_hour("bogor", TUESDAY, hour, quota=1, service=PICKUP)
    with store.work() as session:
        session.add(
            Application(
                number=NUMBER,
                birth_date=BIRTH,
                office_id="bogor",
                kind="baru",
                stage="siap_diambil",
                stage_since=clock(),
            )
        )
        session.commit()
    return queue


def collect(queue: Queue, who: str = "wa:1", birth: date = BIRTH, hour: time = EIGHT, **more: Any) -> Any:
    return queue.hold_pickup(who, NUMBER, birth, TUESDAY, hour, "Rina", **more)


def test_a_finished_passport_gets_a_place_at_its_office(pickup: Queue) -> None:
    assert isinstance(collect(pickup, proxy=True), Held)
    ticket = pickup.confirm("wa:1")
    assert isinstance(ticket, Ticket)
    assert (ticket.kind, ticket.office_id, ticket.names, ticket.proxy) == (PICKUP, "bogor", ("Rina",), True)
    assert [hour.hour for hour in pickup.free_hours("bogor", TUESDAY, service=PICKUP)] == [NINE]
    assert [hour.free for hour in pickup.free_hours("bogor", TUESDAY)] == [2, 2]


def test_only_who_knows_the_birth_date_may_collect(pickup: Queue) -> None:
    answers = [collect(pickup, birth=date(1990, 1, day)) for day in range(1, 6)]
    assert answers[:4] == [NotProven(left) for left in (4, 3, 2, 1)]
    assert isinstance(answers[4], LockedOut)
    assert isinstance(collect(pickup), LockedOut)


def test_a_passport_that_is_not_finished_cannot_be_collected(pickup: Queue, store: Store) -> None:
    with store.work() as session:
        session.get(Application, NUMBER).stage = "cetak"
        session.commit()
    assert collect(pickup) == NotReady("cetak")


def test_a_passport_is_collected_once(pickup: Queue) -> None:
    collect(pickup)
    assert collect(pickup, "wa:2", hour=NINE) == PersonBooked((1,))
    ticket = pickup.confirm("wa:1")
    assert collect(pickup, hour=NINE) == AlreadyBooked(ticket)


def test_whoever_did_not_come_for_one_passport_may_come_for_another(
    pickup: Queue, store: Store, clock: SettableClock
) -> None:
    with store.work() as session:
        known = {"birth_date": BIRTH, "office_id": "bogor", "kind": "baru", "stage": "siap_diambil"}
        session.add(Application(number=NUMBER[::-1], stage_since=clock(), **known))
        session.commit()
    pickup.quotas.set_hour("bogor", WEDNESDAY, NINE, quota=1, service=PICKUP)
    collect(pickup)
    pickup.confirm("wa:1")
    clock.advance(days=2)
    assert isinstance(pickup.hold_pickup("wa:1", NUMBER[::-1], BIRTH, WEDNESDAY, NINE, "Rina"), Held)


def test_collecting_and_applying_are_two_queues(pickup: Queue) -> None:
    applying = book(pickup, "wa:1")
    assert isinstance(collect(pickup), Held)
    collecting = pickup.confirm("wa:1")
    assert isinstance(collecting, Ticket)
    assert pickup.confirm("wa:1") == collecting
    assert pickup.booking_of("wa:1", PASSPORT) == applying
    assert pickup.booking_of("wa:1", PICKUP) == collecting
    assert collecting.first_number != applying.first_number
    pickup.cancel("wa:1", PICKUP)
    assert pickup.booking_of("wa:1") == applying


def test_an_office_without_a_queue_for_collecting_says_so(pickup: Queue) -> None:
    pickup.quotas.set_office("bogor", kinds=("baru",))
    assert collect(pickup) == Closed()


def test_collecting_is_not_held_as_an_application(pickup: Queue) -> None:
    assert pickup.hold("wa:1", "bogor", TUESDAY, EIGHT, PICKUP, [BUDI]) == Closed()
