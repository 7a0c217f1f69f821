"""Keeping brokers out without punishing a family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bogor import BUDI, EIGHT, NINE, SITI, TUESDAY, WEDNESDAY, book, free, hold, of, open_office
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.booking import (
    AlreadyBooked,
    Applicant,
    Cancelled,
    Held,
    HoldLapsed,
    LockedOut,
    MonthFull,
    NamedTwice,
    NoBooking,
    NotProven,
    NotWaiting,
    Offer,
    Paused,
    PersonBooked,
    Queue,
    Ticket,
    Wait,
)
from sigap.store.session import Store
from sigap.store.tables import BookedApplicant, LiveClaim

TODAY = date(2026, 11, 23)


def of_budi(queue: Queue, who: str, day: date = TUESDAY, *others: Applicant) -> Any:
    """A hold for Budi himself, from whatever conversation."""
    return queue.hold(who, "bogor", day, NINE, "baru", (*others, BUDI))


def tripped(queue: Queue, clock: SettableClock) -> list[str]:
    return [entry.limit for entry in queue.desk.limits(clock() - timedelta(days=1))]


# One live booking per person


def test_a_person_with_a_booking_cannot_be_booked_for_in_another_conversation(
    queue: Queue, clock: SettableClock
) -> None:
    of_budi(queue, "wa:1")
    queue.confirm("wa:1")
    assert of_budi(queue, "wa:2", WEDNESDAY, SITI) == PersonBooked((2,))
    assert queue.confirm("wa:2") == HoldLapsed()
    assert tripped(queue, clock) == ["nik"]


def test_a_person_for_whom_a_place_is_held_cannot_be_held_for_elsewhere(queue: Queue) -> None:
    of_budi(queue, "wa:1")
    assert of_budi(queue, "wa:2", WEDNESDAY) == PersonBooked((1,))


def test_a_refused_person_leaves_no_earlier_hold_that_yes_could_confirm(queue: Queue) -> None:
    of_budi(queue, "wa:1")
    queue.confirm("wa:1")
    hold(queue, "wa:2")
    of_budi(queue, "wa:2")
    assert queue.confirm("wa:2") == HoldLapsed()


@pytest.mark.parametrize("how", ["cancel", "lapse", "release", "day over"])
def test_a_person_is_free_again_once_the_booking_is_gone(queue: Queue, clock: SettableClock, how: str) -> None:
    of_budi(queue, "wa:1", TODAY if how == "day over" else TUESDAY)
    if how in ("cancel", "day over"):
        queue.confirm("wa:1")
    if how == "cancel":
        queue.cancel("wa:1")
    elif how == "release":
        queue.release("wa:1")
    elif how == "lapse":
        clock.advance(minutes=10)
    else:
        clock.advance(days=1)
    assert isinstance(of_budi(queue, "wa:2", WEDNESDAY), Held)


def test_who_is_named_twice_in_one_booking_is_told_where(queue: Queue) -> None:
    assert queue.hold(
        "wa:1", "bogor", TUESDAY, EIGHT, "baru", (BUDI, SITI, replace(BUDI, name="Budi S."))
    ) == NamedTwice((3,))


def test_the_nik_stands_beside_a_keyed_hash_that_another_key_does_not_give(store: Store, clock: SettableClock) -> None:
    open_office(store)
    keys = []
    for number, key in enumerate(("one key", "another key")):
        queue = Queue(store, clock, key=key)
        queue.hold(f"wa:{number}", "bogor", TUESDAY, NINE, "baru", of(f"wa:{number}", BUDI))
        with store.work() as session:
            person = session.scalars(select(BookedApplicant).order_by(BookedApplicant.booking_id.desc())).first()
            keys.append(person.nik_key)
            assert person.nik not in person.nik_key
            assert person.nik not in " ".join(session.scalars(select(LiveClaim.key)))
    assert keys[0] != keys[1]


# Pauses


def cancel_times(queue: Queue, count: int, who: str = "wa:1") -> Any:
    for _ in range(count):
        outcome = hold(queue, who)
        if not isinstance(outcome, Held):
            return outcome
        queue.confirm(who)
        queue.cancel(who)
    return hold(queue, who)


def test_two_cancellations_may_happen_to_anybody(queue: Queue) -> None:
    assert isinstance(cancel_times(queue, 2), Held)


def test_the_third_cancellation_is_followed_by_a_pause(queue: Queue, clock: SettableClock) -> None:
    assert cancel_times(queue, 3) == Paused(clock() + timedelta(minutes=15))
    assert tripped(queue, clock) == ["jeda"]
    clock.advance(minutes=15)
    assert isinstance(hold(queue, "wa:1"), Held)


def test_pauses_grow(store: Store, clock: SettableClock) -> None:
    open_office(store, month_limit=100, window_days=60)
    queue = Queue(store, clock, key="k")
    pauses = []
    for _ in range(6):
        while not isinstance(outcome := hold(queue, "wa:1", WEDNESDAY), Held):
            pauses.append(outcome.until - clock())
            clock.now = outcome.until
        queue.confirm("wa:1")
        queue.cancel("wa:1")
    assert pauses == [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)]


def test_a_pause_follows_the_person_into_another_conversation(queue: Queue, clock: SettableClock) -> None:
    for number in range(3):
        of_budi(queue, f"wa:{number}")
        queue.confirm(f"wa:{number}")
        queue.cancel(f"wa:{number}")
    assert of_budi(queue, "wa:9") == Paused(clock() + timedelta(minutes=15))
    assert isinstance(hold(queue, "wa:9"), Held)


def test_holds_left_to_lapse_lead_to_a_pause_too(queue: Queue, clock: SettableClock) -> None:
    for _ in range(3):
        hold(queue, "wa:1")
        clock.advance(minutes=10)
        queue.sweep()
    assert hold(queue, "wa:1") == Paused(clock() + timedelta(minutes=15))
    clock.advance(days=1)
    assert isinstance(hold(queue, "wa:1", WEDNESDAY), Held)


def test_changing_ones_mind_before_confirming_costs_nothing(queue: Queue) -> None:
    for hour in (EIGHT, NINE) * 5:
        assert isinstance(hold(queue, "wa:1", TUESDAY, hour), Held)
    queue.release("wa:1")
    assert isinstance(hold(queue, "wa:1"), Held)


# The month


def test_a_conversation_gets_only_so_many_bookings_in_thirty_days(store: Store, clock: SettableClock) -> None:
    open_office(store, month_limit=2)
    queue = Queue(store, clock, key="k")
    first = clock()
    for _ in range(2):
        book(queue, "wa:1")
        queue.cancel("wa:1")
        clock.advance(minutes=1)
    assert hold(queue, "wa:1") == MonthFull(2, first + timedelta(days=30))
    assert tripped(queue, clock) == ["bulanan"]
    assert isinstance(hold(queue, "wa:2"), Held)


def test_a_family_of_five_that_books_once_counts_once(store: Store, clock: SettableClock) -> None:
    open_office(store, quota=10, month_limit=2)
    queue = Queue(store, clock, key="k")
    family = [replace(BUDI, nik=f"327501070895000{number}") for number in range(5)]
    assert isinstance(queue.hold("wa:1", "bogor", TUESDAY, EIGHT, "baru", family), Held)
    assert queue.confirm("wa:1").places == 5
    queue.cancel("wa:1")
    assert isinstance(queue.hold("wa:1", "bogor", TUESDAY, EIGHT, "baru", family), Held)


def test_a_second_booking_of_a_conversation_is_recorded_for_the_officers(queue: Queue, clock: SettableClock) -> None:
    book(queue, "wa:1")
    assert isinstance(hold(queue, "wa:1", WEDNESDAY), AlreadyBooked)
    (entry,) = queue.desk.limits(clock() - timedelta(days=1))
    assert (entry.conversation_id, entry.office_id, entry.limit, entry.until) == ("wa:1", "bogor", "percakapan", None)


# Priority places


def open_with_priority(store: Store, clock: SettableClock) -> Queue:
    open_office(store, quota=1)
    queue = Queue(store, clock, key="k")
    queue.quotas.set_hour("bogor", TUESDAY, EIGHT, priority_quota=1)
    return queue


@pytest.mark.parametrize(
    ("birth", "disabled", "gets"),
    [
        (date(1966, 11, 24), False, True),
        (date(1966, 11, 25), False, False),
        (date(2021, 11, 25), False, True),
        (date(2021, 11, 24), False, False),
        (date(1995, 8, 7), True, True),
        (date(1995, 8, 7), False, False),
    ],
)
def test_priority_places_are_for_sixty_and_over_under_five_and_the_disabled(
    store: Store, clock: SettableClock, birth: date, disabled: bool, gets: bool
) -> None:
    queue = open_with_priority(store, clock)
    outcome = hold(queue, "wa:1", TUESDAY, EIGHT, replace(BUDI, birth_date=birth, disabled=disabled))
    assert isinstance(outcome, Held)
    assert outcome.priority is gets
    assert queue.confirm("wa:1").priority is gets


def test_who_has_priority_takes_an_ordinary_place_when_priority_places_are_gone(
    store: Store, clock: SettableClock
) -> None:
    queue = open_with_priority(store, clock)
    elder = replace(BUDI, birth_date=date(1950, 1, 1))
    held = [hold(queue, f"wa:{number}", TUESDAY, EIGHT, elder) for number in range(3)]
    assert [getattr(outcome, "priority", None) for outcome in held] == [True, False, None]


def test_priority_places_are_not_shown_to_others(store: Store, clock: SettableClock) -> None:
    queue = open_with_priority(store, clock)
    hold(queue, "wa:1")
    assert free(queue) == 0
    assert [hour.free for hour in queue.free_hours("bogor", TUESDAY, priority=True) if hour.hour == EIGHT] == [1]


def test_a_cancelled_priority_place_is_a_priority_place_again(store: Store, clock: SettableClock) -> None:
    queue = open_with_priority(store, clock)
    elder = replace(BUDI, birth_date=date(1950, 1, 1))
    hold(queue, "wa:1", TUESDAY, EIGHT, elder)
    queue.confirm("wa:1")
    assert isinstance(queue.cancel("wa:1"), Cancelled)
    counted = next(one for one in queue.quotas.days("bogor", TUESDAY, TUESDAY) if one.hour == EIGHT)
    assert (counted.taken, counted.priority_taken) == (0, 0)


# Looking after a booking from elsewhere


def test_a_booking_is_found_with_its_code_and_the_birth_date_of_one_of_its_people(queue: Queue) -> None:
    ticket = book(queue, "web:lost", TUESDAY, EIGHT, BUDI, replace(SITI, birth_date=date(2000, 1, 1)))
    assert queue.find("wa:new", ticket.code.lower().replace("-", " "), date(2000, 1, 1)) == ticket
    assert queue.booking_of("wa:new") == NoBooking()


def test_a_wrong_code_and_a_wrong_birth_date_are_answered_alike_until_the_door_closes(
    queue: Queue, clock: SettableClock
) -> None:
    ticket = book(queue)
    answers: list[Any] = [
        queue.find("wa:x", ticket.code, date(1990, 1, 1)),
        queue.find("wa:x", "2222-2222", BUDI.birth_date),
        queue.find("wa:x", "not a code", BUDI.birth_date),
        queue.find("wa:x", ticket.code, date(1990, 1, 2)),
    ]
    assert [answer.attempts_left for answer in answers] == [4, 3, 2, 1]
    until = clock() + timedelta(minutes=30)
    assert queue.find("wa:x", ticket.code, date(1990, 1, 3)).until == until
    assert queue.find("wa:x", ticket.code, BUDI.birth_date).until == until
    assert queue.find("wa:other", ticket.code, BUDI.birth_date) == ticket
    assert tripped(queue, clock) == ["bukti"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_code_that_is_guessed_at_from_many_conversations_is_closed_for_a_moment_whether_it_exists_or_not(
    queue: Queue, clock: SettableClock, exists: bool
) -> None:
    ticket = book(queue)
    code = ticket.code if exists else "2222-2222"
    answers = [queue.find(f"wa:{guesser}", code.lower(), date(1990, 1, 1)) for guesser in range(11)]
    until = clock() + timedelta(minutes=1)
    assert answers == [NotProven(4)] * 9 + [LockedOut(until)] * 2
    assert queue.adopt("wa:new", code, BUDI.birth_date) == LockedOut(until)
    assert tripped(queue, clock) == ["bukti_nomor"]
    clock.advance(minutes=1)
    wrong_again = LockedOut(until + timedelta(minutes=1))
    assert queue.find("wa:new", code, BUDI.birth_date) == (ticket if exists else wrong_again)


def test_who_adopts_a_booking_can_move_and_cancel_it(queue: Queue) -> None:
    ticket = book(queue, "web:lost")
    assert queue.adopt("wa:new", ticket.code, BUDI.birth_date) == ticket
    assert queue.booking_of("web:lost") == NoBooking()
    assert isinstance(queue.move("wa:new", WEDNESDAY, NINE), Ticket)
    assert isinstance(hold(queue, "web:lost"), PersonBooked)
    assert isinstance(queue.cancel("wa:new"), Cancelled)
    assert isinstance(hold(queue, "web:lost"), Held)


def test_who_has_a_booking_cannot_adopt_a_second(queue: Queue) -> None:
    other, own = book(queue, "web:lost"), book(queue, "wa:new")
    assert queue.adopt("wa:new", other.code, BUDI.birth_date) == AlreadyBooked(own)
    assert queue.booking_of("web:lost") == other


def test_who_adopts_a_booking_waits_no_longer_and_leaves_the_offer_to_the_next(queue: Queue) -> None:
    ticket = book(queue, "web:lost", WEDNESDAY)
    queue.waiting.join("wa:new", Wait("bogor", TUESDAY, TUESDAY, places=2, first_hour=NINE))
    queue.sweep()
    queue.waiting.join("wa:next", Wait("bogor", TUESDAY, TUESDAY, first_hour=NINE))
    assert isinstance(queue.waiting.offer_of("wa:new"), Offer)
    assert queue.adopt("wa:new", ticket.code, BUDI.birth_date) == ticket
    assert queue.waiting.show("wa:new") == NotWaiting()
    assert isinstance(queue.waiting.offer_of("wa:next"), Offer)


def test_a_booking_whose_day_is_over_is_no_reason_against_adopting_another(queue: Queue, clock: SettableClock) -> None:
    book(queue, "wa:new", TUESDAY)
    ticket = book(queue, "web:lost", WEDNESDAY)
    clock.advance(days=1, hours=23)
    assert queue.adopt("wa:new", ticket.code, BUDI.birth_date) == ticket


def test_adopting_ones_own_booking_changes_nothing(queue: Queue) -> None:
    ticket = book(queue)
    assert queue.adopt("wa:budi", ticket.code, BUDI.birth_date) == ticket
    assert isinstance(hold(queue, "wa:budi"), AlreadyBooked)


def test_a_cancelled_booking_is_not_found(queue: Queue) -> None:
    ticket = book(queue)
    queue.cancel("wa:budi")
    assert queue.find("wa:x", ticket.code, BUDI.birth_date).attempts_left == 4
