"""Names, NIK and birth dates are removed some time after the visit; numbers and states stay."""

from __future__ import annotations

from datetime import date

import pytest
from bogor import BUDI, EIGHT, NINE, SITI, TUESDAY, WEDNESDAY, book, hold, open_office
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.booking import Entry, Queue
from sigap.booking.retention import Retention
from sigap.store.proofs import NUMBER_WINDOW
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, Booking, FailedProof


def people(store: Store) -> list[tuple[object, ...]]:
    with store.work() as session:
        rows = session.execute(
            select(BookedApplicant.name, BookedApplicant.nik, BookedApplicant.nik_key, BookedApplicant.birth_date)
        )
        return [tuple(row) for row in rows.all()]


def entry(queue: Queue, code: str) -> Entry:
    found = queue.desk.show(code)
    assert isinstance(found, Entry)
    return found


def test_thirty_days_after_the_visit_nobody_is_named_any_more(queue: Queue, store: Store, clock: SettableClock) -> None:
    ticket = book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, SITI)
    clock.advance(days=31)
    assert queue.sweep().forgotten == 0
    before = entry(queue, ticket.code)
    clock.advance(days=1)
    assert queue.sweep().forgotten == 1
    after = entry(queue, ticket.code)
    assert people(store) == [(None, None, None, None)] * 2
    assert [person.name for person in before.people] == ["Budi Santoso", "Siti Aminah"]
    assert [(person.name, person.nik_end, person.birth_date) for person in after.people] == [("", "", None)] * 2
    assert (before.forgotten, after.forgotten) == (False, True)
    assert (after.state, after.first_number, after.last_number, after.hour) == ("no_show", 1, 2, EIGHT)


def test_what_was_cancelled_or_came_is_forgotten_alike(queue: Queue, store: Store, clock: SettableClock) -> None:
    book(queue, "wa:1")
    queue.cancel("wa:1")
    arrived = book(queue, "wa:2", date(2026, 11, 23), NINE)
    queue.desk.check_in(arrived.code)
    hold(queue, "wa:3")
    clock.advance(days=40)
    assert queue.sweep().forgotten == 3
    with store.work() as session:
        states = session.scalars(select(Booking.state).order_by(Booking.id)).all()
    assert states == ["cancelled", "arrived", "lapsed"]
    assert set(people(store)) == {(None, None, None, None)}


def test_a_hold_that_nobody_ended_is_forgotten_too(queue: Queue, store: Store, clock: SettableClock) -> None:
    hold(queue)
    clock.advance(days=40)
    assert Retention(store, clock, kept_days=30).forget() == 1
    assert people(store) == [(None, None, None, None)]


def test_an_operator_may_keep_names_longer(store: Store, clock: SettableClock) -> None:
    open_office(store)
    queue = Queue(store, clock, key="a key for tests", kept_days=60)
    book(queue)
    clock.advance(days=61)
    assert queue.sweep().forgotten == 0
    clock.advance(days=1)
    assert queue.sweep().forgotten == 1


def test_bookings_to_come_keep_their_names(queue: Queue, store: Store, clock: SettableClock) -> None:
    ticket = book(queue, day=WEDNESDAY)
    queue.sweep()
    assert queue.booking_of("wa:budi") == ticket
    assert ticket.names == ("Budi Santoso",)


def test_many_are_forgotten_in_one_go(
    queue: Queue, store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sigap.booking.retention._AT_ONCE", 2)
    for number in range(4):
        book(queue, f"wa:{number}", TUESDAY, EIGHT if number < 2 else NINE)
    book(queue, "wa:5", WEDNESDAY)
    clock.advance(days=40)
    assert Retention(store, clock, kept_days=30).forget() == 5


def test_guesses_are_forgotten_once_they_count_no_longer(queue: Queue, store: Store, clock: SettableClock) -> None:
    queue.find("wa:x", "7KQM-4W24", BUDI.birth_date)
    with store.work() as session:
        (kept,) = session.scalars(select(FailedProof)).all()
    assert "7KQM" not in (kept.subject or "")
    clock.advance(hours=23)
    queue.find("wa:y", "7KQM-4W24", BUDI.birth_date)
    clock.now += NUMBER_WINDOW - (clock.now - kept.at)
    queue.sweep()
    with store.work() as session:
        assert session.scalars(select(FailedProof.conversation_id)).all() == ["wa:y"]
