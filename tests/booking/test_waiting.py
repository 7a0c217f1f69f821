"""The waiting list: whoever waits is offered a freed place before anybody else."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from bogor import BUDI, EIGHT, NINE, SITI, TUESDAY, WEDNESDAY, book, free, hold, of, open_office
from settable_clock import SettableClock

from sigap.booking import (
    AlreadyBooked,
    AlreadyWaiting,
    Closed,
    Full,
    Held,
    NotWaiting,
    Offer,
    Queue,
    Ticket,
    Wait,
    Waiting,
)
from sigap.booking.waiting import ACCEPTED, OFFER
from sigap.clock import WIB
from sigap.store.outbox import Outbox
from sigap.store.session import Store

WISH = Wait("bogor", TUESDAY, TUESDAY)


@pytest.fixture
def queue(store: Store, clock: SettableClock) -> Queue:
    """An office whose Tuesday is full: two hours of one place each, taken by wa:eight and wa:nine."""
    open_office(store, quota=1)
    queue = Queue(store, clock, key="a key for tests")
    book(queue, "wa:eight", TUESDAY, EIGHT)
    book(queue, "wa:nine", TUESDAY, NINE)
    return queue


def offered(queue: Queue, *who: str) -> list[str]:
    return [one for one in who if isinstance(queue.waiting.offer_of(one), Offer)]


def news(store: Store, clock: SettableClock) -> list[str]:
    return [one.conversation_id for one in Outbox(store, clock).claim("wa:", 100)]


def test_a_place_in_line_tells_how_many_are_ahead(queue: Queue) -> None:
    assert queue.waiting.join("wa:1", WISH) == Waiting(WISH, 0)
    assert queue.waiting.join("wa:2", WISH) == Waiting(WISH, 1)
    assert queue.waiting.show("wa:2") == Waiting(WISH, 1)
    queue.waiting.leave("wa:1")
    assert queue.waiting.show("wa:2") == Waiting(WISH, 0)


def test_who_waits_for_other_days_is_not_ahead(queue: Queue) -> None:
    queue.waiting.join("wa:1", Wait("bogor", WEDNESDAY, WEDNESDAY))
    assert queue.waiting.join("wa:2", WISH) == Waiting(WISH, 0)


def test_one_place_in_line_per_conversation(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    assert queue.waiting.join("wa:1", WISH) == AlreadyWaiting(Waiting(WISH, 0))


def test_who_has_a_booking_does_not_wait(queue: Queue) -> None:
    assert isinstance(queue.waiting.join("wa:eight", WISH), AlreadyBooked)


@pytest.mark.parametrize(
    "wish",
    [
        Wait("atlantis", TUESDAY, TUESDAY),
        Wait("bogor", TUESDAY, TUESDAY, places=6),
        Wait("bogor", TUESDAY - timedelta(days=9), TUESDAY - timedelta(days=8)),
        Wait("bogor", TUESDAY, TUESDAY, kind="hilang"),
    ],
)
def test_nobody_waits_for_what_cannot_come(queue: Queue, wish: Wait) -> None:
    assert queue.waiting.join("wa:1", wish) == Closed()


def test_a_cancelled_place_is_offered_to_the_first_in_line_and_to_nobody_else(
    queue: Queue, store: Store, clock: SettableClock
) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    assert queue.waiting.offer_of("wa:1") == Offer("bogor", "WIB", TUESDAY, NINE, 1, "baru", clock() + OFFER)
    assert queue.waiting.offer_of("wa:2") == NotWaiting()
    assert free(queue, hour=NINE) == 0
    assert hold(queue, "wa:3", hour=NINE) == Full(0)
    assert news(store, clock) == ["wa:1"]


@pytest.mark.parametrize("how", ["cancel", "move", "release", "lapse", "more places"])
def test_a_place_is_offered_however_it_became_free(queue: Queue, clock: SettableClock, how: str) -> None:
    if how in ("release", "lapse"):
        queue.cancel("wa:nine")
        hold(queue, "wa:holder", hour=NINE)
    queue.waiting.join("wa:1", WISH)
    if how == "cancel":
        queue.cancel("wa:nine")
    elif how == "move":
        assert isinstance(queue.move("wa:nine", WEDNESDAY, NINE), Ticket)
    elif how == "release":
        queue.release("wa:holder")
    elif how == "lapse":
        clock.advance(minutes=10)
        queue.sweep()
    else:
        queue.quotas.set_hour("bogor", TUESDAY, NINE, quota=2)
    assert offered(queue, "wa:1") == ["wa:1"]


def test_what_is_free_already_is_offered_with_the_next_sweep(queue: Queue) -> None:
    queue.waiting.join("wa:1", Wait("bogor", WEDNESDAY, WEDNESDAY))
    assert queue.sweep().offered == 1
    assert offered(queue, "wa:1") == ["wa:1"]
    assert queue.sweep().offered == 0


def test_only_fitting_hours_days_and_numbers_of_places_are_offered(queue: Queue) -> None:
    queue.waiting.join("wa:family", Wait("bogor", TUESDAY, TUESDAY, places=2))
    queue.waiting.join("wa:early", Wait("bogor", TUESDAY, TUESDAY, last_hour=EIGHT))
    queue.waiting.join("wa:other", Wait("bogor", WEDNESDAY, WEDNESDAY))
    queue.waiting.join("wa:late", Wait("bogor", TUESDAY, TUESDAY, first_hour=NINE))
    queue.cancel("wa:nine")
    assert offered(queue, "wa:family", "wa:early", "wa:other", "wa:late") == ["wa:late"]


def test_accepting_keeps_the_place_until_it_is_held_and_confirmed(
    queue: Queue, store: Store, clock: SettableClock
) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    clock.advance(minutes=14)
    accepted = queue.waiting.accept("wa:1")
    assert isinstance(accepted, Offer)
    assert accepted.until == clock() - timedelta(minutes=14) + OFFER + ACCEPTED
    clock.advance(minutes=20)
    assert queue.waiting.accept("wa:1") == accepted
    queue.sweep()
    assert isinstance(hold(queue, "wa:1", TUESDAY, NINE), Held)
    ticket = queue.confirm("wa:1")
    assert isinstance(ticket, Ticket)
    assert (ticket.day, ticket.hour) == (TUESDAY, NINE)
    assert queue.waiting.show("wa:1") == NotWaiting()


def test_an_offer_can_be_held_without_accepting_it_first(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    assert isinstance(hold(queue, "wa:1", TUESDAY, NINE), Held)
    assert isinstance(queue.confirm("wa:1"), Ticket)


def test_an_offer_is_no_hold_that_yes_could_confirm(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    assert not isinstance(queue.confirm("wa:1"), Ticket)


def test_a_declined_place_goes_to_the_next_and_the_first_waits_on_behind(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    assert queue.waiting.decline("wa:1") == Waiting(WISH, 0)
    assert offered(queue, "wa:1", "wa:2") == ["wa:2"]
    queue.waiting.join("wa:3", WISH)
    assert queue.waiting.show("wa:1") == Waiting(WISH, 1)
    assert queue.waiting.decline("wa:9") == NotWaiting()


def test_an_unanswered_offer_goes_to_the_next(queue: Queue, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    clock.now += OFFER
    queue.sweep()
    assert offered(queue, "wa:1", "wa:2") == ["wa:2"]
    assert isinstance(queue.waiting.show("wa:1"), Waiting)


def test_a_place_that_everybody_has_refused_is_free_for_all(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    queue.waiting.decline("wa:1")
    queue.sweep()
    assert offered(queue, "wa:1") == []
    assert free(queue, hour=NINE) == 1


def test_who_leaves_gives_the_offered_place_to_the_next(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    assert isinstance(queue.waiting.leave("wa:1"), Waiting)
    assert queue.waiting.leave("wa:1") == NotWaiting()
    assert offered(queue, "wa:2") == ["wa:2"]


def test_who_holds_another_place_meanwhile_is_passed_over_and_stays_in_line(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    hold(queue, "wa:1", WEDNESDAY)
    queue.cancel("wa:nine")
    assert offered(queue, "wa:1", "wa:2") == ["wa:2"]
    queue.release("wa:1")
    queue.cancel("wa:eight")
    assert offered(queue, "wa:1") == ["wa:1"]


def test_holding_another_hour_gives_the_offer_to_the_next(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    assert isinstance(hold(queue, "wa:1", WEDNESDAY), Held)
    assert offered(queue, "wa:1", "wa:2") == ["wa:2"]


def test_an_offer_stays_when_the_hour_wished_for_instead_is_full(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    assert hold(queue, "wa:1", TUESDAY, EIGHT) == Full(0)
    assert hold(queue, "wa:1", TUESDAY, NINE, BUDI, SITI) == Full(0)
    assert offered(queue, "wa:1") == ["wa:1"]


def test_a_booking_made_otherwise_ends_the_waiting(queue: Queue) -> None:
    queue.waiting.join("wa:1", WISH)
    book(queue, "wa:1", WEDNESDAY)
    assert queue.waiting.show("wa:1") == NotWaiting()


def test_nobody_is_woken_at_night(queue: Queue, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    clock.now = datetime(2026, 11, 23, 22, 0, tzinfo=WIB)
    queue.cancel("wa:nine")
    assert offered(queue, "wa:1") == []
    clock.now = datetime(2026, 11, 24, 6, 0, tzinfo=WIB)
    queue.sweep()
    assert offered(queue, "wa:1") == ["wa:1"]


def test_the_waiting_ends_with_the_last_day_wished_for(queue: Queue, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    clock.advance(days=2)
    assert queue.sweep().expired == 1
    assert queue.waiting.show("wa:1") == NotWaiting()


def test_the_line_and_an_offer_survive_a_restart(queue: Queue, store: Store, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.waiting.join("wa:2", WISH)
    queue.cancel("wa:nine")
    again = Queue(Store.open(store.engine.url.render_as_string(hide_password=False)), clock, key="a key for tests")
    assert offered(again, "wa:1", "wa:2") == ["wa:1"]
    clock.now += OFFER
    again.sweep()
    assert offered(again, "wa:1", "wa:2") == ["wa:2"]


def test_new_quotas_go_to_those_who_wait_before_anybody_sees_them(store: Store, clock: SettableClock) -> None:
    from sigap.booking import WeekPlan

    queue = Queue(store, clock, key="k")
    queue.quotas.set_office("bogor", zone="WIB", takes_bookings=True, opens_weekday=0, opens_at=time(9))
    queue.quotas.set_plan("bogor", [WeekPlan((1,), (EIGHT,), 1)])
    next_tuesday = TUESDAY + timedelta(days=7)
    queue.waiting.join("wa:1", Wait("bogor", next_tuesday, next_tuesday))
    clock.advance(hours=1)
    assert queue.free_days("bogor") == [TUESDAY]
    assert offered(queue, "wa:1") == ["wa:1"]


def test_accepting_late_is_told(queue: Queue, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    clock.now += OFFER
    answer: Any = queue.waiting.accept("wa:1")
    assert answer == NotWaiting()


def test_the_news_of_an_offer_names_nobody(queue: Queue, store: Store, clock: SettableClock) -> None:
    queue.waiting.join("wa:1", WISH)
    queue.cancel("wa:nine")
    (told,) = Outbox(store, clock).claim("wa:")
    assert told.topic == "kabar_kuota"
    assert set(told.data) == {"tawaran"}
    assert told.expires_at == clock() + OFFER
    assert of("wa:1", BUDI)[0].nik not in str(told)
