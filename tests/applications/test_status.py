"""Asking for the status of an application, and proving that one may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from settable_clock import SettableClock
from sqlalchemy import func, select

from sigap.applications import Applications, Found, LockedOut, NotProven
from sigap.clock import WIB, WIT
from sigap.knowledge.calendar import WorkingDays
from sigap.store.session import Store
from sigap.store.tables import Application, Base, FailedProof

NUMBER, UNKNOWN = "1179000000012345", "1179000000099999"
BIRTH, WRONG = date(1990, 8, 17), date(1990, 8, 18)
SINCE = datetime(2026, 11, 20, 10, 0, tzinfo=WIB)
CHRISTMAS = WorkingDays.from_days([(date(2026, 12, 24), "Cuti bersama Natal"), (date(2026, 12, 25), "Natal")])


def add(store: Store, number: str = NUMBER, **details: object) -> None:
    with store.work() as session:
        known = {"birth_date": BIRTH, "office_id": "bogor", "kind": "baru", "stage": "cetak", "stage_since": SINCE}
        session.add(Application(number=number, **(known | details)))
        session.commit()


@pytest.fixture
def applications(store: Store, clock: SettableClock) -> Applications:
    """The status service of an office that knows one application."""
    add(store)
    return service(store, clock)


def service(store: Store, clock: SettableClock) -> Applications:
    return Applications(store, clock, CHRISTMAS, key="a key for tests", processing_days=4, collection_days=30)


def fail(applications: Applications, times: int, who: str = "wa:1") -> list[Found | NotProven | LockedOut]:
    return [applications.look_up(who, NUMBER, WRONG) for _ in range(times)]


# Seeing a status


def test_number_and_birth_date_together_show_the_status(applications: Applications) -> None:
    assert applications.look_up("wa:1", NUMBER, BIRTH) == Found(
        stage="cetak",
        kind="baru",
        office_id="bogor",
        stage_since=SINCE,
        scheduled_for=None,
        expected_on=None,
        collect_by=None,
        demo=False,
    )


def test_a_demonstration_record_says_so(store: Store, clock: SettableClock) -> None:
    add(store, demo=True)
    found = service(store, clock).look_up("wa:1", NUMBER, BIRTH)
    assert isinstance(found, Found)
    assert found.demo


def test_an_appointment_is_shown_as_the_moment_it_is(store: Store, clock: SettableClock) -> None:
    appointment = datetime(2026, 12, 1, 9, 0, tzinfo=WIT)
    add(store, scheduled_for=appointment)
    found = service(store, clock).look_up("wa:1", NUMBER, BIRTH)
    assert isinstance(found, Found)
    assert found.scheduled_for == appointment


@pytest.mark.parametrize(
    ("interviewed", "expected"),
    [
        # Monday: the four working days are Tuesday to Friday.
        (date(2026, 11, 23), date(2026, 11, 27)),
        # Thursday: over one weekend.
        (date(2026, 11, 26), date(2026, 12, 2)),
        # Before Christmas: 23, then over leave, Christmas and the weekend to 28, 29 and 30.
        (date(2026, 12, 22), date(2026, 12, 30)),
    ],
)
def test_the_expected_day_counts_working_days_after_the_interview(
    store: Store, clock: SettableClock, interviewed: date, expected: date
) -> None:
    add(store, interviewed_on=interviewed)
    found = service(store, clock).look_up("wa:1", NUMBER, BIRTH)
    assert isinstance(found, Found)
    assert (found.expected_on, found.collect_by) == (expected, None)


def test_a_finished_passport_waits_thirty_calendar_days_and_is_no_longer_expected(
    store: Store, clock: SettableClock
) -> None:
    add(store, interviewed_on=date(2026, 12, 22), ready_on=date(2026, 12, 30))
    found = service(store, clock).look_up("wa:1", NUMBER, BIRTH)
    assert isinstance(found, Found)
    assert (found.expected_on, found.collect_by) == (None, date(2027, 1, 29))


# Failing the proof


def test_a_wrong_birth_date_and_an_unknown_number_give_equal_outcomes(applications: Applications) -> None:
    wrong_date = [applications.look_up("wa:1", NUMBER, WRONG) for _ in range(6)]
    unknown_number = [applications.look_up("wa:2", UNKNOWN, BIRTH) for _ in range(6)]
    assert wrong_date == unknown_number
    assert [type(outcome) for outcome in wrong_date] == [NotProven] * 4 + [LockedOut] * 2


def test_the_attempts_that_are_left_count_down(applications: Applications) -> None:
    assert fail(applications, 4) == [NotProven(4), NotProven(3), NotProven(2), NotProven(1)]


def test_an_application_of_ones_own_does_not_buy_further_guesses(applications: Applications) -> None:
    fail(applications, 4)
    assert isinstance(applications.look_up("wa:1", NUMBER, BIRTH), Found)
    assert isinstance(fail(applications, 1)[0], LockedOut)


def test_a_success_does_not_wipe_out_the_failures_of_another(applications: Applications) -> None:
    fail(applications, 4, "wa:1")
    applications.look_up("wa:2", NUMBER, BIRTH)
    assert isinstance(fail(applications, 1, "wa:1")[0], LockedOut)


def test_failures_are_forgotten_after_an_hour(applications: Applications, clock: SettableClock) -> None:
    fail(applications, 4)
    clock.advance(hours=1)
    assert fail(applications, 1) == [NotProven(4)]


# Being locked out


def test_the_fifth_failure_locks_the_conversation_for_thirty_minutes(
    applications: Applications, clock: SettableClock
) -> None:
    *_, fifth = fail(applications, 5)
    assert fifth == LockedOut(clock() + timedelta(minutes=30))
    assert applications.locked_until("wa:1") == clock() + timedelta(minutes=30)


def test_not_even_the_right_birth_date_opens_a_locked_conversation(applications: Applications) -> None:
    fail(applications, 5)
    assert isinstance(applications.look_up("wa:1", NUMBER, BIRTH), LockedOut)


def test_asking_while_locked_does_not_prolong_the_lock(applications: Applications, clock: SettableClock) -> None:
    *_, locked = fail(applications, 5)
    clock.advance(minutes=20)
    assert fail(applications, 3) == [locked] * 3


def test_the_lock_ends_after_thirty_minutes(applications: Applications, clock: SettableClock) -> None:
    fail(applications, 5)
    clock.advance(minutes=29, seconds=59)
    assert isinstance(applications.look_up("wa:1", NUMBER, BIRTH), LockedOut)
    clock.advance(seconds=1)
    assert applications.locked_until("wa:1") is None
    assert isinstance(applications.look_up("wa:1", NUMBER, BIRTH), Found)


def test_one_more_failure_right_after_the_lock_locks_again(applications: Applications, clock: SettableClock) -> None:
    fail(applications, 5)
    clock.advance(minutes=30)
    assert fail(applications, 1) == [LockedOut(clock() + timedelta(minutes=30))]


def test_long_after_the_lock_one_has_all_attempts_again(applications: Applications, clock: SettableClock) -> None:
    fail(applications, 5)
    clock.advance(hours=1)
    assert fail(applications, 1) == [NotProven(4)]


def test_another_conversation_is_not_locked(applications: Applications) -> None:
    fail(applications, 5, "wa:1")
    assert applications.locked_until("wa:2") is None
    assert isinstance(applications.look_up("wa:2", NUMBER, BIRTH), Found)


def test_a_conversation_that_never_failed_is_not_locked(applications: Applications) -> None:
    assert applications.locked_until("wa:1") is None


@settings(max_examples=20)
@given(pauses=st.lists(st.integers(0, 20), min_size=6, max_size=20))
def test_nobody_gets_more_than_five_guesses_in_any_half_hour(new_store: Callable[[], Store], pauses: list[int]) -> None:
    store, clock = new_store(), SettableClock()
    add(store)
    applications = service(store, clock)
    guesses: list[datetime] = []
    for pause in pauses:
        clock.advance(minutes=pause)
        locked = applications.locked_until("wa:1") is not None
        outcome = applications.look_up("wa:1", NUMBER, WRONG)
        assert not isinstance(outcome, Found)
        if not locked:
            guesses.append(clock())
        assert sum(guess > clock() - timedelta(minutes=30) for guess in guesses) <= 5


# What is kept


def test_nothing_stored_contains_the_number_tried(
    store: Store, clock: SettableClock, applications: Applications
) -> None:
    for tried in ("1179000000055555", "1179000000066666"):
        applications.look_up("wa:1", tried, date(1977, 7, 7))
    with store.work() as session:
        assert session.execute(select(func.count()).select_from(FailedProof)).scalar_one() == 2
        stored = "\n".join(
            " ".join(map(str, row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))
        )
    assert NUMBER in stored
    assert "55555" not in stored
    assert "66666" not in stored
    assert "1977-07-07" not in stored


def test_a_failure_does_not_say_which_application_was_asked_for(store: Store, applications: Applications) -> None:
    applications.look_up("wa:1", NUMBER, WRONG)
    with store.work() as session:
        (failure,) = session.scalars(select(FailedProof)).all()
        kept = {column.name: getattr(failure, column.name) for column in FailedProof.__table__.columns}
    assert kept == {"id": 1, "conversation_id": "wa:1", "at": kept["at"], "subject": kept["subject"]}
    assert len(kept["subject"]) == 64
    assert NUMBER not in kept["subject"]
