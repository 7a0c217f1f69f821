"""Complaints, praise, and asking for an officer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.feedback import Category, Feedback
from sigap.store.session import Store
from sigap.store.tables import Appreciation, Complaint, Handover


@pytest.fixture
def feedback(store: Store, clock: SettableClock) -> Feedback:
    return Feedback(store, clock)


def stored(store: Store, table: Any) -> list[Any]:
    with store.work() as session:
        return list(session.scalars(select(table)).all())


# Complaining


def test_a_complaint_is_kept_whole_under_the_ticket_that_is_given_out(
    feedback: Feedback, store: Store, clock: SettableClock
) -> None:
    ticket = feedback.complain("wa:1", Category.EXTORTION, "diminta uang\ndi loket 3 😡", may_contact=True)
    (complaint,) = stored(store, Complaint)
    assert (complaint.ticket, complaint.conversation_id, complaint.category) == (ticket, "wa:1", "pungli")
    assert (complaint.text, complaint.may_contact) == ("diminta uang\ndi loket 3 😡", True)
    assert complaint.created_at == clock()


def test_a_ticket_can_be_read_aloud(feedback: Feedback) -> None:
    ticket = feedback.complain("wa:1", Category.OTHER, "lambat", may_contact=False)
    assert re.fullmatch(r"ADU-[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{6}", ticket)


def test_every_complaint_gets_a_ticket_of_its_own(feedback: Feedback, store: Store) -> None:
    tickets = {feedback.complain("wa:1", Category.DELAY, "sama saja", may_contact=False) for _ in range(20)}
    assert {complaint.ticket for complaint in stored(store, Complaint)} == tickets
    assert len(tickets) == 20


def test_whoever_does_not_want_to_be_contacted_is_not_marked_for_it(feedback: Feedback, store: Store) -> None:
    feedback.complain("wa:1", Category.APP, "macet", may_contact=False)
    assert stored(store, Complaint)[0].may_contact is False


@pytest.mark.parametrize(("length", "kept"), [(4000, 4000), (4001, 4000), (100_000, 4000)])
def test_what_no_person_types_is_kept_only_so_far(feedback: Feedback, store: Store, length: int, kept: int) -> None:
    feedback.complain("wa:1", Category.OTHER, "a" * length, may_contact=False)
    feedback.praise("wa:1", "b" * length)
    assert stored(store, Complaint)[0].text == "a" * kept
    assert stored(store, Appreciation)[0].text == "b" * kept


def test_every_category_of_the_form_can_be_stored(feedback: Feedback, store: Store) -> None:
    for value in ("pelayanan", "aplikasi", "antrean", "pungli", "keterlambatan", "lainnya"):
        feedback.complain("wa:1", Category(value), "x", may_contact=False)
    assert {complaint.category for complaint in stored(store, Complaint)} == {entry.value for entry in Category}


@pytest.mark.parametrize("text", ["'; DROP TABLE complaints; --", "\x01", "ﷺ", "%s {0} \\"])
def test_whatever_the_guard_lets_through_is_kept_as_typed(feedback: Feedback, store: Store, text: str) -> None:
    feedback.complain("wa:1", Category.OTHER, text, may_contact=False)
    assert [complaint.text for complaint in stored(store, Complaint)] == [text]


# Praising


def test_praise_is_kept_with_its_conversation_and_time(feedback: Feedback, store: Store, clock: SettableClock) -> None:
    feedback.praise("web:abc", "petugasnya ramah")
    (praise,) = stored(store, Appreciation)
    assert (praise.conversation_id, praise.text, praise.created_at) == ("web:abc", "petugasnya ramah", clock())


def test_the_same_praise_twice_is_kept_twice(feedback: Feedback, store: Store) -> None:
    feedback.praise("wa:1", "bagus")
    feedback.praise("wa:1", "bagus")
    assert len(stored(store, Appreciation)) == 2


# Asking for an officer


def test_asking_for_an_officer_is_noted_with_the_time(feedback: Feedback, store: Store, clock: SettableClock) -> None:
    feedback.ask_for_officer("wa:1")
    (handover,) = stored(store, Handover)
    assert (handover.conversation_id, handover.asked_at, handover.answered_at) == ("wa:1", clock(), None)


def test_asking_again_while_waiting_keeps_the_place_in_the_line(
    feedback: Feedback, store: Store, clock: SettableClock
) -> None:
    feedback.ask_for_officer("wa:1")
    first = clock()
    clock.advance(minutes=20)
    feedback.ask_for_officer("wa:1")
    assert [handover.asked_at for handover in stored(store, Handover)] == [first]


def test_asking_again_after_an_answer_is_a_new_request(feedback: Feedback, store: Store, clock: SettableClock) -> None:
    feedback.ask_for_officer("wa:1")
    with store.work() as session:
        session.scalars(select(Handover)).one().answered_at = clock()
        session.commit()
    feedback.ask_for_officer("wa:1")
    assert [handover.answered_at is None for handover in stored(store, Handover)] == [False, True]


def test_one_who_waits_does_not_keep_another_from_asking(feedback: Feedback, store: Store) -> None:
    feedback.ask_for_officer("wa:1")
    feedback.ask_for_officer("wa:2")
    assert [handover.conversation_id for handover in stored(store, Handover)] == ["wa:1", "wa:2"]
