"""A day is closed after people have booked it: they are told, and may move at no cost."""

from __future__ import annotations

import pytest
from bogor import EIGHT, NINE, TUESDAY, WEDNESDAY, book, free, hold, open_office
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.booking import (
    Closed,
    DayClosed,
    Held,
    HoldLapsed,
    MovesUsedUp,
    NoBooking,
    Queue,
    Ticket,
    TooLateToMove,
)
from sigap.store.outbox import Notification, Outbox
from sigap.store.session import Store
from sigap.store.tables import Booking, Closure


def close(queue: Queue) -> dict[object, int]:
    return queue.quotas.close("bogor", TUESDAY, TUESDAY, "Listrik padam")


def news(store: Store, clock: SettableClock) -> list[tuple[str, str]]:
    """Who is told what, in order; each is delivered."""
    outbox = Outbox(store, clock)
    found: list[Notification] = outbox.claim("", 100)
    for one in found:
        outbox.done(one.id)
    return [(one.conversation_id, one.topic) for one in found]


def test_the_officer_learns_how_many_bookings_stand_on_each_closed_day(queue: Queue) -> None:
    book(queue, "wa:1")
    book(queue, "wa:2", TUESDAY, NINE)
    book(queue, "wa:3", WEDNESDAY)
    assert queue.quotas.close("bogor", TUESDAY, WEDNESDAY, "Banjir") == {TUESDAY: 2, WEDNESDAY: 1}


def test_everybody_who_has_a_booking_on_the_day_is_told_once(queue: Queue, store: Store, clock: SettableClock) -> None:
    book(queue, "wa:1")
    book(queue, "wa:2", WEDNESDAY)
    close(queue)
    close(queue)
    queue.sweep()
    assert news(store, clock) == [("wa:1", "kabar_hari_tutup")]
    assert queue.sweep().told == 0


def test_the_news_is_worth_telling_until_the_day_is_over_at_the_office(
    queue: Queue, store: Store, clock: SettableClock
) -> None:
    book(queue)
    close(queue)
    clock.advance(days=1, hours=15, minutes=59)
    assert len(Outbox(store, clock).claim("wa:")) == 1
    with store.work() as session:
        session.execute(Booking.__table__.update().values(closure_told=False))
        session.commit()
    clock.advance(minutes=1)
    queue.sweep()
    assert Outbox(store, clock).claim("wa:") == []


def test_who_cancelled_before_is_told_nothing(queue: Queue, store: Store, clock: SettableClock) -> None:
    book(queue)
    queue.cancel("wa:budi")
    assert close(queue) == {}
    assert news(store, clock) == []


def test_a_booking_shows_that_its_day_was_closed_and_why(queue: Queue) -> None:
    ticket = book(queue)
    assert queue.closed_day("wa:budi") == NoBooking()
    close(queue)
    assert queue.closed_day("wa:budi") == DayClosed(ticket, "Listrik padam")


def test_moving_from_a_closed_day_needs_no_move_and_has_no_last_day(store: Store, clock: SettableClock) -> None:
    open_office(store, move_limit=0, move_until_days=5)
    queue = Queue(store, clock, key="a key for tests")
    book(queue)
    assert isinstance(queue.movable("wa:budi"), TooLateToMove)
    close(queue)
    assert isinstance(queue.movable("wa:budi"), Ticket)
    moved = queue.move("wa:budi", WEDNESDAY, NINE)
    assert isinstance(moved, Ticket)
    assert (moved.day, moved.moves) == (WEDNESDAY, 0)
    assert queue.closed_day("wa:budi") == NoBooking()
    assert isinstance(queue.movable("wa:budi"), TooLateToMove)


def test_the_move_that_an_office_allows_is_still_there_afterwards(queue: Queue) -> None:
    book(queue)
    close(queue)
    queue.move("wa:budi", WEDNESDAY, NINE)
    assert queue.move("wa:budi", WEDNESDAY, EIGHT).moves == 1
    assert isinstance(queue.move("wa:budi", WEDNESDAY, NINE), (MovesUsedUp, TooLateToMove))


def test_nobody_can_move_to_another_hour_of_the_closed_day(queue: Queue) -> None:
    book(queue)
    close(queue)
    assert queue.move("wa:budi", TUESDAY, NINE) == Closed()


def test_who_moved_and_meets_a_closed_day_again_is_told_again(queue: Queue, store: Store, clock: SettableClock) -> None:
    book(queue)
    close(queue)
    queue.move("wa:budi", WEDNESDAY, NINE)
    queue.quotas.close("bogor", WEDNESDAY, WEDNESDAY, "Masih padam")
    assert news(store, clock) == [("wa:budi", "kabar_hari_tutup")] * 2


def test_cancelling_on_closed_days_brings_no_pause_and_uses_up_no_month(store: Store, clock: SettableClock) -> None:
    open_office(store, month_limit=1)
    queue = Queue(store, clock, key="a key for tests")
    for _ in range(4):
        book(queue)
        close(queue)
        queue.cancel("wa:budi")
        queue.quotas.reopen("bogor", TUESDAY, TUESDAY)
    assert isinstance(hold(queue), Held)


def test_a_day_that_is_open_after_all_is_told_to_those_who_were_told_otherwise(
    queue: Queue, store: Store, clock: SettableClock
) -> None:
    book(queue, "wa:1")
    book(queue, "wa:2", WEDNESDAY)
    close(queue)
    queue.quotas.reopen("bogor", TUESDAY, WEDNESDAY)
    queue.quotas.reopen("bogor", TUESDAY, WEDNESDAY)
    assert news(store, clock) == [("wa:1", "kabar_hari_tutup"), ("wa:1", "kabar_hari_buka")]
    assert queue.closed_day("wa:1") == NoBooking()


def test_whoever_was_missed_is_told_with_the_next_sweep(queue: Queue, store: Store, clock: SettableClock) -> None:
    book(queue)
    with store.work() as session:
        session.add(Closure(office_id="bogor", day=TUESDAY, reason="Banjir"))
        session.commit()
    assert queue.sweep().told == 1
    with store.work() as session:
        session.delete(session.get(Closure, ("bogor", TUESDAY)))
        session.commit()
    assert queue.sweep().told == 1
    assert queue.sweep().told == 0
    assert news(store, clock) == [("wa:budi", "kabar_hari_tutup"), ("wa:budi", "kabar_hari_buka")]


def test_a_hold_on_a_day_that_is_closed_becomes_no_booking(queue: Queue) -> None:
    hold(queue)
    close(queue)
    assert queue.confirm("wa:budi") == HoldLapsed()
    queue.quotas.reopen("bogor", TUESDAY, TUESDAY)
    assert free(queue) == 2


def test_who_did_not_come_on_a_closed_day_is_not_marked_as_absent(
    queue: Queue, store: Store, clock: SettableClock
) -> None:
    book(queue)
    close(queue)
    clock.advance(days=2)
    queue.sweep()
    with store.work() as session:
        assert session.scalars(select(Booking.state)).all() == ["cancelled"]
    assert isinstance(hold(queue, day=WEDNESDAY, hour=NINE), Held)


@pytest.mark.parametrize("closed", [True, False])
def test_the_day_sheet_says_that_the_office_is_closed_and_still_lists_everybody(queue: Queue, closed: bool) -> None:
    ticket = book(queue)
    if closed:
        close(queue)
    sheet = queue.desk.sheet("bogor", TUESDAY)
    assert sheet is not None
    assert sheet.closed == ("Listrik padam" if closed else None)
    assert [entry.code for entry in sheet.entries] == [ticket.code]
