"""Guessing the birth date that belongs to a number, from one conversation or from many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.clock import WIB
from sigap.store.proofs import NUMBER_PAUSES, LockedOut, NotProven, Proofs
from sigap.store.session import Store
from sigap.store.tables import Application, FailedProof, TrippedLimit

NUMBER, UNKNOWN, OTHER = "1179000000012345", "1179000000099999", "1179000000054321"
BIRTH, WRONG = date(1990, 8, 17), date(1990, 8, 18)
FIRST = min(NUMBER_PAUSES)


@pytest.fixture
def known(store: Store, clock: SettableClock) -> Store:
    """A database with two applications."""
    with store.work() as session:
        for number in (NUMBER, OTHER):
            session.add(
                Application(
                    number=number,
                    birth_date=BIRTH,
                    office_id="bogor",
                    kind="baru",
                    stage="cetak",
                    stage_since=clock().astimezone(WIB),
                )
            )
        session.commit()
    return store


def tries(
    store: Store, clock: SettableClock, who: str, number: str = NUMBER, birth: date = WRONG
) -> Application | NotProven | LockedOut:
    with store.work() as session:
        outcome = Proofs(clock, "a key for tests").application(session, who, number, birth)
        session.commit()
        return outcome


def guess(store: Store, clock: SettableClock, times: int, number: str = NUMBER) -> list[object]:
    """So many wrong guesses, each from a conversation of its own, waiting out every pause."""
    answers: list[object] = []
    while len(answers) < times:
        answer = tries(store, clock, f"wa:{len(answers)}", number)
        answers.append(answer)
        if isinstance(answer, LockedOut):
            clock.now = answer.until
    return answers


@pytest.mark.parametrize("number", [NUMBER, UNKNOWN])
def test_one_number_tried_from_many_conversations_is_locked_whether_it_exists_or_not(
    known: Store, clock: SettableClock, number: str
) -> None:
    start = clock()
    answers = [tries(known, clock, f"wa:{guesser}", number) for guesser in range(FIRST + 2)]
    until = start + NUMBER_PAUSES[FIRST]
    assert answers == [NotProven(4)] * (FIRST - 1) + [LockedOut(until)] * 3


def test_guesses_that_come_at_the_same_moment_are_counted_one_after_the_other(
    known: Store, clock: SettableClock
) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda guesser: tries(known, clock, f"wa:{guesser}"), range(FIRST * 2)))
    assert sum(isinstance(answer, NotProven) for answer in answers) == FIRST - 1
    assert sum(isinstance(answer, LockedOut) for answer in answers) == FIRST + 1


def test_while_a_number_is_locked_even_the_right_birth_date_opens_nothing(known: Store, clock: SettableClock) -> None:
    for guesser in range(FIRST):
        tries(known, clock, f"wa:{guesser}")
    assert isinstance(tries(known, clock, "wa:owner", birth=BIRTH), LockedOut)
    clock.now += NUMBER_PAUSES[FIRST]
    assert isinstance(tries(known, clock, "wa:owner", birth=BIRTH), Application)


def test_other_numbers_stay_open(known: Store, clock: SettableClock) -> None:
    for guesser in range(FIRST):
        tries(known, clock, f"wa:{guesser}")
    assert isinstance(tries(known, clock, "wa:0", OTHER, BIRTH), Application)


def test_the_pause_grows_with_the_guesses_of_a_day_and_never_beyond_half_an_hour(
    known: Store, clock: SettableClock
) -> None:
    pauses = []
    for guesser in range(max(NUMBER_PAUSES) + 5):
        answer = tries(known, clock, f"wa:{guesser}")
        if isinstance(answer, LockedOut):
            pauses.append(answer.until - clock())
            clock.now = answer.until
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes == [1] * 5 + [5] * 5 + [15] * 10 + [30] * 6


def test_trying_while_it_is_locked_makes_the_pause_no_longer(known: Store, clock: SettableClock) -> None:
    for guesser in range(FIRST):
        tries(known, clock, f"wa:{guesser}")
    until = clock() + NUMBER_PAUSES[FIRST]
    clock.now += NUMBER_PAUSES[FIRST] / 2
    assert [tries(known, clock, f"wa:again-{guesser}") for guesser in range(30)] == [LockedOut(until)] * 30
    clock.now = until
    # Nor is it counted against the conversations that were turned away.
    assert isinstance(tries(known, clock, "wa:again-0", birth=BIRTH), Application)


def test_a_day_later_the_guesses_are_forgotten(known: Store, clock: SettableClock) -> None:
    guess(known, clock, FIRST)
    clock.advance(days=1)
    assert tries(known, clock, "wa:new") == NotProven(4)


def test_a_guesser_gets_few_tries_a_day_at_one_number_however_many_conversations(
    known: Store, clock: SettableClock
) -> None:
    start = clock()
    guess(known, clock, 120)
    days = (clock() - start) / timedelta(days=1)
    assert 120 / days < 80
    with known.work() as session:
        assert NUMBER not in session.scalars(select(FailedProof.subject).distinct()).all()


def test_officers_see_which_door_was_closed(known: Store, clock: SettableClock) -> None:
    for guesser in range(FIRST):
        tries(known, clock, f"wa:{guesser}")
    for _ in range(5):
        tries(known, clock, "wa:x", UNKNOWN)
    with known.work() as session:
        rows = session.execute(select(TrippedLimit.conversation_id, TrippedLimit.limit).order_by(TrippedLimit.id)).all()
    assert rows == [(f"wa:{FIRST - 1}", "bukti_nomor"), ("wa:x", "bukti")]
