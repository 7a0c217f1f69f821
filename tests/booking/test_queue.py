"""Booking a place in an office's queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from bogor import BUDI, EIGHT, NINE, SITI, TUESDAY, WEDNESDAY, book, free, hold, of, open_office
from hypothesis import given, settings
from hypothesis import strategies as st
from settable_clock import SettableClock
from size import FULL_SIZE
from sqlalchemy import func, select

from sigap.booking import (
    AlreadyBooked,
    Applicant,
    Cancelled,
    Closed,
    Full,
    Held,
    HoldLapsed,
    HourPlaces,
    NoBooking,
    OfficeQueue,
    Queue,
    Ticket,
    read_code,
)
from sigap.clock import WIB, WIT
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, Booking, Slot

# Looking for a place


def test_an_office_tells_how_it_takes_bookings(queue: Queue) -> None:
    assert queue.office("bogor") == OfficeQueue("bogor", "WIB", True, 5, False)
    assert queue.office("atlantis") is None


def test_only_offices_that_take_bookings_are_listed(queue: Queue, store: Store) -> None:
    open_office(store, office_id="ambon", zone="WIT")
    open_office(store, office_id="solo", takes_bookings=False)
    assert queue.offices() == ["ambon", "bogor"]


def test_free_days_are_those_with_a_free_place(queue: Queue) -> None:
    assert queue.free_days("bogor") == [date(2026, 11, 23), TUESDAY, WEDNESDAY]
    book(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    book(queue, "wa:2", TUESDAY, NINE, BUDI, SITI)
    assert queue.free_days("bogor") == [date(2026, 11, 23), WEDNESDAY]


def test_free_hours_tell_how_many_places_are_left(queue: Queue) -> None:
    book(queue)
    assert queue.free_hours("bogor", TUESDAY) == [HourPlaces(EIGHT, 1), HourPlaces(NINE, 2)]


def test_a_family_sees_only_hours_with_room_for_all(queue: Queue) -> None:
    book(queue)
    assert queue.free_hours("bogor", TUESDAY, places=2) == [HourPlaces(NINE, 2)]
    assert queue.free_days("bogor", places=3) == []


def test_hours_that_have_begun_are_no_longer_offered(queue: Queue, clock: SettableClock) -> None:
    today = date(2026, 11, 23)
    assert queue.free_hours("bogor", today) == [HourPlaces(NINE, 2)]
    clock.advance(minutes=59)
    assert queue.free_hours("bogor", today) == [HourPlaces(NINE, 2)]
    clock.advance(minutes=1)
    assert queue.free_hours("bogor", today) == []


def test_hours_are_those_of_the_office_not_of_jakarta(store: Store, clock: SettableClock) -> None:
    open_office(store, office_id="jayapura", zone="WIT")
    # 06:30 in Jakarta is 08:30 in Jayapura.
    clock.now = datetime(2026, 11, 24, 6, 30, tzinfo=WIB)
    assert Queue(store, clock).free_hours("jayapura", TUESDAY) == [HourPlaces(NINE, 2)]


def test_the_office_day_begins_at_the_offices_own_midnight(store: Store, clock: SettableClock) -> None:
    open_office(store, office_id="jayapura", zone="WIT", window_days=0)
    clock.now = datetime(2026, 11, 23, 22, 30, tzinfo=WIB)
    assert clock.now.astimezone(WIT).date() == TUESDAY
    assert Queue(store, clock).free_days("jayapura") == [TUESDAY]


def test_days_beyond_the_booking_window_are_not_offered(store: Store, clock: SettableClock) -> None:
    open_office(store, window_days=1)
    queue = Queue(store, clock)
    assert queue.free_days("bogor") == [date(2026, 11, 23), TUESDAY]
    assert hold(queue, day=WEDNESDAY) == Closed()


def test_an_office_that_takes_no_bookings_offers_nothing(store: Store, clock: SettableClock) -> None:
    open_office(store, takes_bookings=False)
    queue = Queue(store, clock)
    assert queue.free_days("bogor") == queue.free_hours("bogor", TUESDAY) == []
    assert hold(queue) == Closed()


# Holding


def test_a_hold_lasts_ten_minutes(queue: Queue, clock: SettableClock) -> None:
    assert hold(queue) == Held(clock() + timedelta(minutes=10))


def test_a_held_place_is_not_offered_to_others(queue: Queue) -> None:
    hold(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    assert free(queue) == 0
    assert hold(queue, "wa:2") == Full(0)


def test_too_large_a_family_is_told_how_many_places_are_left(queue: Queue) -> None:
    hold(queue, "wa:1")
    assert hold(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI) == Full(1)
    assert free(queue) == 1


@pytest.mark.parametrize(
    ("day", "hour"),
    [(TUESDAY, time(10)), (date(2026, 11, 29), EIGHT), (date(2026, 11, 23), EIGHT), (date(2026, 11, 20), EIGHT)],
)
def test_an_hour_that_is_not_open_cannot_be_held(queue: Queue, day: date, hour: time) -> None:
    assert hold(queue, day=day, hour=hour) == Closed()


def test_an_unknown_office_cannot_be_held_at(queue: Queue) -> None:
    assert queue.hold("wa:budi", "atlantis", TUESDAY, EIGHT, "baru", [BUDI]) == Closed()


def test_choosing_another_hour_gives_the_first_one_back(queue: Queue) -> None:
    hold(queue, hour=EIGHT)
    hold(queue, hour=NINE)
    assert (free(queue, hour=EIGHT), free(queue, hour=NINE)) == (2, 1)


def test_holding_the_same_hour_again_takes_no_second_place(queue: Queue) -> None:
    hold(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    assert isinstance(hold(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI), Held)
    assert queue.confirm("wa:1").places == 2
    assert free(queue) == 0


def test_an_earlier_hold_is_given_back_even_when_the_hour_wished_for_is_full(queue: Queue) -> None:
    book(queue, "wa:1", TUESDAY, NINE, BUDI, SITI)
    hold(queue, "wa:2", hour=EIGHT)
    assert hold(queue, "wa:2", hour=NINE) == Full(0)
    assert queue.confirm("wa:2") == HoldLapsed()


def test_a_released_hold_frees_its_places(queue: Queue) -> None:
    hold(queue)
    queue.release("wa:budi")
    assert free(queue) == 2
    assert queue.confirm("wa:budi") == HoldLapsed()


def test_releasing_nothing_and_releasing_twice_change_nothing(queue: Queue) -> None:
    hold(queue, "wa:1")
    hold(queue, "wa:2")
    queue.release("wa:2")
    queue.release("wa:2")
    queue.release("wa:3")
    assert free(queue) == 1


def test_releasing_does_not_touch_a_confirmed_booking(queue: Queue) -> None:
    ticket = book(queue)
    queue.release("wa:budi")
    assert queue.booking_of("wa:budi") == ticket
    assert free(queue) == 1


# Letting a hold lapse


def test_a_lapsed_hold_gives_its_places_back(queue: Queue, clock: SettableClock) -> None:
    hold(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    clock.advance(minutes=10)
    assert free(queue) == 2
    assert isinstance(hold(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI), Held)


def test_places_come_back_even_when_nobody_looked_in_between(queue: Queue, clock: SettableClock) -> None:
    hold(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    clock.advance(minutes=10)
    assert book(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI).places == 2
    assert queue.confirm("wa:1") == HoldLapsed()


def test_a_hold_can_be_confirmed_until_its_last_second(queue: Queue, clock: SettableClock) -> None:
    hold(queue)
    clock.advance(minutes=9, seconds=59)
    assert isinstance(queue.confirm("wa:budi"), Ticket)


def test_a_hold_cannot_be_confirmed_once_it_has_lapsed(queue: Queue, clock: SettableClock) -> None:
    hold(queue)
    clock.advance(minutes=10)
    assert queue.confirm("wa:budi") == HoldLapsed()
    assert queue.booking_of("wa:budi") == NoBooking()


def test_a_lapsed_hold_gives_its_places_back_only_once(queue: Queue, clock: SettableClock) -> None:
    book(queue, "wa:1")
    hold(queue, "wa:2")
    clock.advance(minutes=11)
    queue.confirm("wa:2")
    queue.release("wa:2")
    assert free(queue) == 1


# Confirming


def test_a_ticket_tells_everything_that_was_chosen(queue: Queue) -> None:
    ticket = book(queue, "wa:budi", TUESDAY, NINE, BUDI, SITI)
    assert (ticket.office_id, ticket.zone, ticket.day, ticket.hour) == ("bogor", "WIB", TUESDAY, NINE)
    assert (ticket.kind, ticket.places, ticket.names) == ("baru", 2, ("Budi Santoso", "Siti Aminah"))
    assert (ticket.first_number, ticket.demo) == (1, False)
    assert read_code(ticket.code) == ticket.code


def test_a_ticket_of_a_demonstration_office_says_so(store: Store, clock: SettableClock) -> None:
    open_office(store, demo=True)
    assert book(Queue(store, clock)).demo


def test_confirming_twice_gives_one_ticket(queue: Queue) -> None:
    ticket = book(queue)
    assert queue.confirm("wa:budi") == ticket
    assert free(queue) == 1


def test_confirming_long_after_the_hold_still_gives_the_ticket(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    clock.advance(hours=5)
    assert queue.confirm("wa:budi") == ticket


def test_confirming_without_a_hold_books_nothing(queue: Queue) -> None:
    assert queue.confirm("wa:nobody") == HoldLapsed()
    assert queue.booking_of("wa:nobody") == NoBooking()


def test_one_conversation_cannot_confirm_what_another_holds(queue: Queue) -> None:
    hold(queue, "wa:budi")
    assert queue.confirm("wa:siti") == HoldLapsed()
    assert queue.booking_of("wa:siti") == NoBooking()


def test_a_confirmed_booking_does_not_lapse(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue)
    clock.advance(hours=1)
    assert free(queue) == 1
    assert queue.booking_of("wa:budi") == ticket


def test_a_code_that_is_drawn_twice_is_drawn_again(store: Store, clock: SettableClock) -> None:
    open_office(store)
    codes = iter(["7KQM-4W24", "7KQM-4W24", "2222-AAAA"])
    queue = Queue(store, clock, make_code=lambda: next(codes))
    book(queue, "wa:1")
    hold(queue, "wa:2")
    ticket = queue.confirm("wa:2")
    assert (ticket.code, ticket.first_number) == ("2222-AAAA", 2)


# Queue numbers


def test_queue_numbers_count_up_over_the_whole_day(queue: Queue) -> None:
    numbers = [
        book(queue, "wa:1", TUESDAY, NINE).first_number,
        book(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI).first_number,
        book(queue, "wa:3", TUESDAY, NINE).first_number,
    ]
    assert numbers == [1, 2, 4]


def test_each_day_and_each_office_counts_from_one(queue: Queue, store: Store) -> None:
    open_office(store, office_id="depok")
    book(queue, "wa:1", TUESDAY)
    assert book(queue, "wa:2", WEDNESDAY).first_number == 1
    queue.hold("wa:3", "depok", TUESDAY, EIGHT, "baru", of("wa:3", BUDI))
    assert queue.confirm("wa:3").first_number == 1


def test_the_number_of_a_cancelled_booking_is_not_given_to_another(queue: Queue) -> None:
    book(queue, "wa:1")
    queue.cancel("wa:1")
    assert book(queue, "wa:2").first_number == 2


def test_the_number_left_behind_by_a_move_is_not_given_to_another(queue: Queue) -> None:
    book(queue, "wa:1", TUESDAY)
    queue.move("wa:1", WEDNESDAY, EIGHT)
    assert book(queue, "wa:2", TUESDAY).first_number == 2


# One live booking


def test_a_conversation_has_one_live_booking_at_a_time(queue: Queue) -> None:
    ticket = book(queue)
    assert hold(queue, day=WEDNESDAY) == AlreadyBooked(ticket)
    assert free(queue, WEDNESDAY) == 2


def test_the_second_booking_is_refused_at_another_office_too(queue: Queue, store: Store) -> None:
    open_office(store, office_id="depok")
    ticket = book(queue)
    assert queue.hold("wa:budi", "depok", TUESDAY, EIGHT, "baru", [BUDI]) == AlreadyBooked(ticket)


def test_a_booking_is_live_until_its_day_is_over(queue: Queue, clock: SettableClock) -> None:
    ticket = book(queue, day=TUESDAY)
    clock.now = datetime(2026, 11, 24, 23, 59, tzinfo=WIB)
    assert queue.booking_of("wa:budi") == ticket
    clock.advance(minutes=1)
    assert queue.booking_of("wa:budi") == NoBooking()
    assert queue.cancel("wa:budi") == NoBooking()


def test_after_its_day_another_booking_may_be_made(queue: Queue, clock: SettableClock) -> None:
    first = book(queue, day=TUESDAY)
    clock.now = datetime(2026, 11, 25, 7, 0, tzinfo=WIB)
    second = book(queue, day=WEDNESDAY)
    assert second.code != first.code
    assert queue.booking_of("wa:budi") == second


def test_after_its_day_the_next_booking_may_be_for_somebody_else(queue: Queue, clock: SettableClock) -> None:
    book(queue, day=TUESDAY)
    clock.now = datetime(2026, 11, 25, 7, 0, tzinfo=WIB)
    assert book(queue, "wa:budi", WEDNESDAY, EIGHT, SITI).names == ("Siti Aminah",)


def test_a_booking_belongs_to_its_conversation_alone(queue: Queue) -> None:
    ticket = book(queue, "wa:budi")
    assert queue.booking_of("wa:siti") == NoBooking()
    assert queue.cancel("wa:siti") == NoBooking()
    assert queue.move("wa:siti", WEDNESDAY, EIGHT) == NoBooking()
    assert queue.booking_of("wa:budi") == ticket


# Cancelling


def test_cancelling_frees_the_places_at_once(queue: Queue) -> None:
    ticket = book(queue, "wa:1", TUESDAY, EIGHT, BUDI, SITI)
    assert queue.cancel("wa:1") == Cancelled(ticket)
    assert free(queue) == 2
    assert book(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI).places == 2


def test_cancelling_twice_frees_the_places_once(queue: Queue) -> None:
    book(queue, "wa:1")
    book(queue, "wa:2")
    queue.cancel("wa:1")
    assert queue.cancel("wa:1") == NoBooking()
    assert free(queue) == 1


def test_after_cancelling_one_may_book_again(queue: Queue) -> None:
    first = book(queue)
    queue.cancel("wa:budi")
    assert book(queue).code != first.code


# Moving


def test_moving_keeps_the_code_and_the_people(queue: Queue) -> None:
    before = book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, SITI)
    after = queue.move("wa:budi", WEDNESDAY, NINE)
    assert isinstance(after, Ticket)
    assert (after.code, after.names, after.kind, after.places) == (before.code, before.names, before.kind, 2)
    assert (after.day, after.hour) == (WEDNESDAY, NINE)
    assert queue.booking_of("wa:budi") == after


def test_moving_frees_the_old_places_and_takes_the_new_ones(queue: Queue) -> None:
    book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, SITI)
    queue.move("wa:budi", WEDNESDAY, NINE)
    assert (free(queue, TUESDAY, EIGHT), free(queue, WEDNESDAY, NINE)) == (2, 0)


def test_moving_within_the_day_gives_a_new_number(queue: Queue) -> None:
    assert book(queue, "wa:1", TUESDAY, EIGHT).first_number == 1
    assert book(queue, "wa:2", TUESDAY, EIGHT).first_number == 2
    assert queue.move("wa:1", TUESDAY, NINE).first_number == 3


def test_moving_to_where_one_already_is_changes_nothing(queue: Queue) -> None:
    ticket = book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, SITI)
    assert queue.move("wa:budi", TUESDAY, EIGHT) == ticket
    assert free(queue) == 0


def test_moving_to_a_full_hour_leaves_the_booking_where_it_was(queue: Queue) -> None:
    book(queue, "wa:1", TUESDAY, NINE)
    ticket = book(queue, "wa:2", TUESDAY, EIGHT, BUDI, SITI)
    assert queue.move("wa:2", TUESDAY, NINE) == Full(1)
    assert queue.booking_of("wa:2") == ticket
    assert (free(queue, hour=EIGHT), free(queue, hour=NINE)) == (0, 1)


def test_moving_to_an_hour_that_is_not_open_leaves_the_booking_where_it_was(queue: Queue) -> None:
    ticket = book(queue)
    assert queue.move("wa:budi", date(2026, 11, 29), EIGHT) == Closed()
    assert queue.move("wa:budi", date(2026, 11, 23), EIGHT) == Closed()
    assert queue.booking_of("wa:budi") == ticket


def test_places_of_a_lapsed_hold_can_be_moved_to(queue: Queue, clock: SettableClock) -> None:
    book(queue, "wa:1", TUESDAY, EIGHT)
    hold(queue, "wa:2", TUESDAY, NINE, BUDI, SITI)
    clock.advance(minutes=10)
    assert isinstance(queue.move("wa:1", TUESDAY, NINE), Ticket)


# All at once


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads that start at the same moment."""
    barrier = Barrier(count)

    def started(number: int) -> Any:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(started, range(count)))


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_race_for_the_last_place_exactly_one_wins(attempt: int, store: Store, clock: SettableClock) -> None:
    open_office(store, quota=1)
    queue = Queue(store, clock)
    outcomes = together(2, lambda number: hold(queue, f"wa:{number}"))
    assert Counter(map(type, outcomes)) == {Held: 1, Full: 1}
    tickets = [queue.confirm("wa:0"), queue.confirm("wa:1")]
    assert Counter(map(type, tickets)) == {Ticket: 1, HoldLapsed: 1}


def test_forty_who_race_for_ten_places_get_ten_tickets_and_ten_numbers(store: Store, clock: SettableClock) -> None:
    open_office(store, quota=10)
    queue = Queue(store, clock)

    def act(number: int) -> Any:
        outcome = hold(queue, f"wa:{number}")
        return queue.confirm(f"wa:{number}") if isinstance(outcome, Held) else outcome

    outcomes = together(40, act)
    tickets = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    assert sorted(ticket.first_number for ticket in tickets) == list(range(1, 11))
    assert len({ticket.code for ticket in tickets}) == 10
    assert [outcome for outcome in outcomes if not isinstance(outcome, Ticket)] == [Full(0)] * 30
    assert free(queue) == 0


def test_one_who_confirms_from_many_threads_gets_one_ticket(queue: Queue) -> None:
    hold(queue)
    tickets = together(8, lambda _: queue.confirm("wa:budi"))
    assert tickets == [tickets[0]] * 8
    assert tickets[0].first_number == 1
    assert free(queue) == 1


def test_one_who_holds_from_many_threads_takes_the_places_of_one(queue: Queue) -> None:
    outcomes = together(8, lambda _: hold(queue))
    assert {type(outcome) for outcome in outcomes} == {Held}
    assert free(queue) == 1


def test_one_who_cancels_from_many_threads_frees_the_places_once(queue: Queue) -> None:
    book(queue, "wa:1")
    book(queue, "wa:2")
    outcomes = together(8, lambda _: queue.cancel("wa:1"))
    assert Counter(map(type, outcomes)) == {Cancelled: 1, NoBooking: 7}
    assert free(queue) == 1


def test_a_lapsed_hold_found_by_many_at_once_is_given_back_once(queue: Queue, clock: SettableClock) -> None:
    book(queue, "wa:1")
    hold(queue, "wa:2")
    clock.advance(minutes=10)
    assert together(8, lambda _: free(queue)) == [1] * 8


# Whatever happens, in whatever order

WHO = st.sampled_from(["wa:1", "wa:2", "wa:3"])
DAY, HOUR = st.sampled_from([TUESDAY, WEDNESDAY]), st.sampled_from([EIGHT, NINE])
PEOPLE = st.sampled_from([(BUDI,), (BUDI, SITI)])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["hold", "book"]), WHO, DAY, HOUR, PEOPLE),
    st.tuples(st.sampled_from(["confirm", "cancel", "release"]), WHO),
    st.tuples(st.just("move"), WHO, DAY, HOUR),
    st.tuples(st.just("wait"), st.sampled_from([4, 10])),
)


def perform(queue: Queue, clock: SettableClock, step: tuple[Any, ...]) -> Any:
    name, *details = step
    if name == "wait":
        return clock.advance(minutes=details[0])
    if name in {"hold", "book"}:
        who, day, hour, people = details
        outcome = hold(queue, who, day, hour, *people)
        return queue.confirm(who) if name == "book" and isinstance(outcome, Held) else outcome
    return getattr(queue, name)(*details)


@settings(max_examples=40 if FULL_SIZE else 8)
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_places_always_add_up_and_no_number_is_given_twice(
    new_store: Callable[[], Store], steps: list[tuple[Any, ...]]
) -> None:
    store, clock = new_store(), SettableClock()
    open_office(store)
    queue = Queue(store, clock)
    owner: dict[tuple[date, int], str] = {}
    for step in steps:
        outcome = perform(queue, clock, step)
        for ticket in [outcome] if isinstance(outcome, Ticket) else []:
            for number in range(ticket.first_number, ticket.first_number + ticket.places):
                assert owner.setdefault((ticket.day, number), ticket.code) == ticket.code
        assert dict(_counted(store)) == dict(_taken(store))


def _taken(store: Store) -> Iterator[tuple[int, int]]:
    """What the slots say: places taken by slot."""
    with store.work() as session:
        yield from session.execute(select(Slot.id, Slot.taken).where(Slot.taken > 0)).all()


def _counted(store: Store) -> Iterator[tuple[int, int]]:
    """What the bookings say: places held or confirmed by slot."""
    with store.work() as session:
        live = select(Booking.slot_id, func.sum(Booking.places)).where(Booking.state.in_(["held", "confirmed"]))
        yield from session.execute(live.group_by(Booking.slot_id)).all()


def test_nothing_of_an_applicant_is_lost_between_hold_and_ticket(queue: Queue, store: Store) -> None:
    book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, SITI)
    with store.work() as session:
        people = session.execute(
            select(BookedApplicant.name, BookedApplicant.nik, BookedApplicant.birth_date).order_by(
                BookedApplicant.position
            )
        ).all()
    assert tuple(Applicant(*person) for person in people) == of("wa:budi", BUDI, SITI)


def test_a_conversation_may_keep_the_last_places_that_it_holds_itself(queue: Queue) -> None:
    hold(queue, "wa:1", TUESDAY, NINE, BUDI, SITI)
    own = [hour.hour for hour in queue.free_hours("bogor", TUESDAY, 2, "wa:1")]
    others = [hour.hour for hour in queue.free_hours("bogor", TUESDAY, 2, "wa:2")]
    assert NINE in own
    assert NINE not in others
