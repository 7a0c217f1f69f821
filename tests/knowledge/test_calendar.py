"""Counting working days over holidays and collective leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.knowledge import Knowledge
from sigap.knowledge.calendar import WorkingDays

CHRISTMAS = WorkingDays.from_days(
    [
        (date(2026, 12, 24), "Cuti bersama Natal"),
        (date(2026, 12, 25), "Natal"),
        (date(2026, 12, 26), "a holiday on a Saturday"),
        (date(2027, 1, 1), "Tahun Baru Masehi"),
    ]
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 11, 30))
CLOSED = st.frozensets(DAYS, max_size=60)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 27), False),
        (date(2026, 12, 28), True),
    ],
)
def test_offices_are_closed_on_weekends_holidays_and_collective_leave(day: date, working: bool) -> None:
    assert CHRISTMAS.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        # Christmas leave and the weekend behind it: Thursday to Sunday are skipped.
        (date(2026, 12, 22), 1, date(2026, 12, 23)),
        (date(2026, 12, 22), 2, date(2026, 12, 28)),
        (date(2026, 12, 22), 4, date(2026, 12, 30)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 26), 1, date(2026, 12, 28)),
        # Over New Year, a Friday.
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 30), 2, date(2027, 1, 4)),
        (date(2026, 12, 31), 4, date(2027, 1, 7)),
        # An ordinary week.
        (date(2026, 11, 23), 4, date(2026, 11, 27)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_are_counted_over_christmas_and_new_year(start: date, count: int, expected: date) -> None:
    assert CHRISTMAS.after(start, count) == expected


def test_the_real_calendar_knows_the_leave_of_christmas_2026_and_the_first_days_of_2027(knowledge: Knowledge) -> None:
    assert knowledge.working_days.after(date(2026, 12, 22), 4) == date(2026, 12, 30)
    # 1 January is New Year, 5 January Isra Mikraj.
    assert knowledge.working_days.after(date(2026, 12, 30), 4) == date(2027, 1, 7)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 23), date(2026, 12, 23)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 26), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2027, 1, 4)),
    ],
)
def test_the_next_working_day_is_the_day_itself_unless_it_is_closed(day: date, expected: date) -> None:
    assert CHRISTMAS.next_working(day) == expected


def test_closed_weekdays_on_the_way_are_named_in_order() -> None:
    assert CHRISTMAS.closed_between(date(2026, 12, 22), date(2026, 12, 30)) == [
        (date(2026, 12, 24), "Cuti bersama Natal"),
        (date(2026, 12, 25), "Natal"),
    ]


def test_the_first_day_is_left_out_of_the_closed_ones_and_the_last_is_not() -> None:
    assert CHRISTMAS.closed_between(date(2026, 12, 24), date(2026, 12, 25)) == [(date(2026, 12, 25), "Natal")]
    assert CHRISTMAS.closed_between(date(2026, 12, 25), date(2026, 12, 31)) == []


def test_a_year_without_a_decree_is_not_known() -> None:
    assert CHRISTMAS.knows(date(2026, 3, 1))
    assert CHRISTMAS.knows(date(2027, 12, 31))
    assert not CHRISTMAS.knows(date(2028, 1, 1))
    assert not WorkingDays.from_days([]).knows(date(2026, 1, 1))


@given(CLOSED, DAYS, st.integers(1, 30))
def test_the_day_found_is_a_working_day_with_exactly_so_many_since_the_start(
    closed: frozenset[date], start: date, count: int
) -> None:
    calendar = WorkingDays.from_days((day, "libur") for day in closed)
    end = calendar.after(start, count)
    passed = [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]
    assert calendar.is_working(end)
    assert sum(day.weekday() < 5 and day not in closed for day in passed) == count


@given(CLOSED, DAYS)
def test_no_working_day_is_passed_over(closed: frozenset[date], start: date) -> None:
    calendar = WorkingDays.from_days((day, "libur") for day in closed)
    found = calendar.next_working(start)
    between = [start + timedelta(days=offset) for offset in range((found - start).days)]
    assert calendar.is_working(found)
    assert not any(map(calendar.is_working, between))
