"""An office's week becomes places when their time comes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from bogor import BUDI, EIGHT, NINE, TUESDAY, WEDNESDAY, book, of, open_office
from settable_clock import SettableClock

from sigap.booking import (
    PICKUP,
    Alternatives,
    Closed,
    Held,
    HourPlaces,
    OfficePlaces,
    Queue,
    Ticket,
    TooManyTaken,
    UnknownOffice,
    WeekPlan,
)
from sigap.clock import WIB, WIT
from sigap.store.session import Store

WORKWEEK = (0, 1, 2, 3, 4)
FRIDAY = date(2026, 11, 27)


def set_up(queue: Queue, office_id: str = "bogor", zone: str = "WIB", **rules: object) -> None:
    queue.quotas.set_office(office_id, zone=zone, takes_bookings=True, **rules)
    queue.quotas.set_plan(office_id, [WeekPlan(WORKWEEK, (EIGHT, NINE), 2)])


def test_day_by_day_the_window_moves_on(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue, window_days=2)
    assert queue.free_days("bogor") == [date(2026, 11, 23), TUESDAY, WEDNESDAY]
    clock.advance(days=1)
    assert queue.free_days("bogor")[-1] == date(2026, 11, 26)


def test_with_a_weekly_opening_next_week_is_closed_until_its_hour(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue, opens_weekday=4, opens_at=time(14))
    assert queue.free_days("bogor")[-1] == FRIDAY
    clock.now = datetime(2026, 11, 27, 13, 59, tzinfo=WIB)
    assert queue.free_days("bogor") == []
    clock.advance(minutes=1)
    assert queue.free_days("bogor") == [date(2026, 11, 30) + timedelta(days=day) for day in range(5)]


def test_the_opening_hour_is_that_of_the_office(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue, "jayapura", "WIT", opens_weekday=4, opens_at=time(14))
    clock.now = datetime(2026, 11, 27, 13, 59, tzinfo=WIT)
    assert queue.quotas.open_due() > 0
    assert queue.free_days("jayapura") == []
    clock.advance(minutes=1)
    assert queue.free_days("jayapura")[0] == date(2026, 11, 30)


def test_holidays_and_collective_leave_are_not_opened(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock, holidays={TUESDAY})
    set_up(queue, window_days=2)
    assert queue.free_days("bogor") == [date(2026, 11, 23), WEDNESDAY]


def test_opening_twice_and_in_many_processes_changes_nothing(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue, window_days=2)
    assert queue.quotas.open_due() == 6
    assert queue.quotas.open_due() == 0
    book(queue)
    assert queue.quotas.open_through("bogor", WEDNESDAY) == 0
    assert queue.free_hours("bogor", TUESDAY)[0] == HourPlaces(EIGHT, 1)


def test_an_office_may_open_early(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue, opens_weekday=4, opens_at=time(14))
    queue.quotas.open_through("bogor", date(2026, 12, 4))
    assert queue.free_days("bogor")[-1] == date(2026, 12, 4)


def test_a_plan_made_after_the_office_was_looked_at_still_opens(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    queue.quotas.set_office("bogor", zone="WIB", takes_bookings=True)
    assert queue.free_days("bogor") == []
    queue.quotas.set_plan("bogor", [WeekPlan((1,), (EIGHT,), 2)])
    assert queue.free_days("bogor")[0] == TUESDAY


def test_a_closed_day_takes_no_bookings_and_keeps_those_it_has(store: Store, clock: SettableClock) -> None:
    open_office(store)
    queue = Queue(store, clock)
    ticket = book(queue)
    assert queue.quotas.close("bogor", TUESDAY, TUESDAY, "Pemadaman listrik") == {TUESDAY: 1}
    assert TUESDAY not in queue.free_days("bogor")
    assert queue.hold("wa:1", "bogor", TUESDAY, NINE, "baru", of("wa:1", BUDI)) == Closed()
    assert queue.booking_of("wa:budi") == ticket
    assert queue.quotas.closures("bogor", TUESDAY) == [(TUESDAY, "Pemadaman listrik")]
    queue.quotas.reopen("bogor", TUESDAY, TUESDAY)
    assert TUESDAY in queue.free_days("bogor")


def test_a_kind_that_the_office_does_not_take_by_chat_is_refused(store: Store, clock: SettableClock) -> None:
    open_office(store, kinds=["penggantian"])
    queue = Queue(store, clock)
    assert queue.hold("wa:1", "bogor", TUESDAY, EIGHT, "baru", [BUDI]) == Closed()
    assert isinstance(queue.hold("wa:1", "bogor", TUESDAY, EIGHT, "penggantian", [BUDI]), Held)
    assert queue.offices("penggantian") == ["bogor"]
    assert queue.offices("baru") == []


def test_a_quota_cannot_be_lowered_below_what_is_taken(store: Store, clock: SettableClock) -> None:
    open_office(store)
    queue = Queue(store, clock)
    book(queue)
    assert queue.quotas.set_hour("bogor", TUESDAY, EIGHT, quota=1).quota == 1
    with pytest.raises(TooManyTaken) as refused:
        queue.quotas.set_hour("bogor", TUESDAY, EIGHT, quota=0)
    assert refused.value.taken == 1


def test_an_hour_can_be_added_to_one_day(store: Store, clock: SettableClock) -> None:
    open_office(store)
    queue = Queue(store, clock)
    queue.quotas.set_hour("bogor", TUESDAY, time(15), quota=3)
    assert queue.free_hours("bogor", TUESDAY)[-1] == HourPlaces(time(15), 3)


def test_the_week_is_shown_as_it_was_set(store: Store, clock: SettableClock) -> None:
    queue = Queue(store, clock)
    set_up(queue)
    queue.quotas.set_plan("bogor", [WeekPlan((0,), (time(10),), 4, 1, PICKUP), WeekPlan((4,), (NINE,), 0)])
    assert sorted(queue.quotas.plan("bogor"), key=str) == sorted(
        [
            WeekPlan((0, 1, 2, 3), (EIGHT, NINE), 2),
            WeekPlan((4,), (EIGHT,), 2),
            WeekPlan((0,), (time(10),), 4, 1, PICKUP),
        ],
        key=str,
    )


def test_an_office_that_was_never_set_up_is_said_so(store: Store, clock: SettableClock) -> None:
    with pytest.raises(UnknownOffice, match="atlantis"):
        Queue(store, clock).quotas.plan("atlantis")


# What instead


def test_alternatives_are_the_nearest_hours_days_and_offices(store: Store, clock: SettableClock) -> None:
    open_office(store, quota=1)
    open_office(store, office_id="depok", quota=1)
    open_office(store, office_id="solo", takes_bookings=False)
    open_office(store, office_id="medan", quota=1)
    queue = Queue(store, clock, neighbours=lambda _: ("solo", "depok", "medan"))
    book(queue, "wa:1", TUESDAY, EIGHT)
    monday = date(2026, 11, 23)
    assert queue.alternatives("bogor", TUESDAY, EIGHT) == Alternatives(
        hours=(HourPlaces(NINE, 1),),
        days=(monday, WEDNESDAY),
        offices=(OfficePlaces("depok", monday), OfficePlaces("medan", monday)),
    )
    assert queue.alternatives("bogor", TUESDAY, EIGHT, places=2) == Alternatives((), (), ())


# Moving by the rules of the office


def test_a_booking_moves_as_often_as_its_office_allows(store: Store, clock: SettableClock) -> None:
    open_office(store, move_limit=2)
    queue = Queue(store, clock)
    book(queue)
    assert isinstance(queue.move("wa:budi", WEDNESDAY, EIGHT), Ticket)
    moved = queue.move("wa:budi", WEDNESDAY, NINE)
    assert isinstance(moved, Ticket)
    assert moved.moves == 2
    refused = queue.move("wa:budi", WEDNESDAY, EIGHT)
    assert refused == queue.movable("wa:budi")
    assert getattr(refused, "limit", None) == 2
    assert queue.move("wa:budi", WEDNESDAY, NINE) == moved


def test_a_booking_moves_until_the_last_day_of_its_office(store: Store, clock: SettableClock) -> None:
    open_office(store, move_until_days=1)
    queue = Queue(store, clock)
    ticket = book(queue)
    clock.now = datetime(2026, 11, 23, 23, 59, tzinfo=WIB)
    assert queue.movable("wa:budi") == ticket
    clock.advance(minutes=1)
    refused = queue.move("wa:budi", WEDNESDAY, EIGHT)
    assert getattr(refused, "last_day", None) == date(2026, 11, 23)
    assert queue.booking_of("wa:budi") == ticket


def test_where_the_day_itself_is_early_enough_the_hour_is_the_end(store: Store, clock: SettableClock) -> None:
    open_office(store, move_until_days=0)
    queue = Queue(store, clock)
    book(queue, day=TUESDAY, hour=NINE)
    clock.now = datetime(2026, 11, 24, 8, 59, tzinfo=WIB)
    assert isinstance(queue.movable("wa:budi"), Ticket)
    clock.advance(minutes=1)
    assert getattr(queue.movable("wa:budi"), "last_day", None) == TUESDAY


def test_a_booking_moves_to_another_office(store: Store, clock: SettableClock) -> None:
    open_office(store)
    open_office(store, office_id="depok", kinds=["baru"], max_applicants=1)
    queue = Queue(store, clock)
    before = book(queue)
    after = queue.move("wa:budi", WEDNESDAY, NINE, "depok")
    assert isinstance(after, Ticket)
    assert (after.office_id, after.code, after.first_number) == ("depok", before.code, 1)
    assert queue.free_hours("bogor", TUESDAY)[0].free == 2
    assert queue.move("wa:budi", WEDNESDAY, EIGHT, "atlantis") in (Closed(), queue.movable("wa:budi"))


def test_a_family_does_not_move_to_an_office_that_takes_fewer(store: Store, clock: SettableClock) -> None:
    open_office(store)
    open_office(store, office_id="depok", max_applicants=1)
    queue = Queue(store, clock)
    book(queue, "wa:budi", TUESDAY, EIGHT, BUDI, BUDI.__class__("Siti", "3275014708950004", date(1995, 8, 7)))
    assert queue.move("wa:budi", WEDNESDAY, NINE, "depok") == Closed()
