"""A copy, erasure, and the end of what is kept."""

from __future__ import annotations

import json
from datetime import time, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from settable_clock import SettableClock
from sqlalchemy import func, select

from sigap.booking import Applicant, Held, Queue, Ticket
from sigap.cli import main
from sigap.feedback import Category, Feedback
from sigap.knowledge import Knowledge
from sigap.records import Erased, Periods, PersonalRecords, StillBooked
from sigap.records.service import ANONYMOUS, FATES, personal_tables
from sigap.store import demo
from sigap.store.conversations import Conversations, NewEvent
from sigap.store.drafts import Drafts
from sigap.store.session import Store
from sigap.store.tables import Appreciation, BookedApplicant, Complaint, Draft

WHO, OTHER = "wa:budi", "wa:siti"
NIK = "3171011708900001"


@pytest.fixture
def queue(store: Store, clock: SettableClock, knowledge: Knowledge) -> Queue:
    demo.fill(store, clock, knowledge.working_days.is_working)
    return Queue(store, clock, key="k" * 32, holidays={}, neighbours=knowledge.offices.neighbours)


def book(queue: Queue, clock: SettableClock, who: str = WHO) -> Ticket:
    day = clock().date() + timedelta(days=1)
    held = queue.hold(who, "bogor", day, time(9), "baru", [Applicant("Budi Santoso", NIK, clock().date())])
    assert isinstance(held, Held), held
    ticket = queue.confirm(who)
    assert isinstance(ticket, Ticket)
    return ticket


def speak(conversations: Conversations, clock: SettableClock, who: str, *texts: str) -> None:
    events = [NewEvent("user", clock().timestamp(), "sapa", None, {"event": "user", "text": text}) for text in texts]
    conversations.append(who, [NewEvent("session_started", clock().timestamp(), None, None, {}), *events])


def count(store: Store, table: Any) -> int:
    with store.work() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_what_becomes_of_each_table_with_a_conversation_in_it_is_decided() -> None:
    assert {table.name for table in personal_tables()} == FATES.keys()


def test_a_copy_has_everything_of_one_conversation_and_nothing_of_another(
    records: PersonalRecords, store: Store, conversations: Conversations, queue: Queue, clock: SettableClock
) -> None:
    ticket = book(queue, clock)
    for who in (WHO, OTHER):
        Feedback(store, clock).praise(who, f"pujian dari {who}")
        Drafts(store, clock).put(who, "status", {"nomor": f"milik {who}"})
        speak(conversations, clock, who, f"pesan {who}")
    copy = records.export(WHO)
    written = json.dumps(copy)
    assert all(said in written for said in (f"pujian dari {WHO}", f"milik {WHO}", f"pesan {WHO}", ticket.code, NIK))
    assert OTHER not in written


def test_erasure_waits_for_the_visit_or_its_cancellation(
    records: PersonalRecords, store: Store, queue: Queue, clock: SettableClock
) -> None:
    book(queue, clock)
    assert records.erase(WHO) == StillBooked()
    assert records.export(WHO)["booked_applicants"][0]["nik"] == NIK
    queue.cancel(WHO)
    assert isinstance(records.erase(WHO), Erased)
    with store.work() as session:
        person = session.scalars(select(BookedApplicant)).one()
    assert (person.name, person.nik, person.nik_key) == (None, None, None)


def test_after_erasure_there_is_nothing_left_and_others_are_untouched(
    records: PersonalRecords, store: Store, conversations: Conversations, clock: SettableClock
) -> None:
    for who in (WHO, OTHER):
        Feedback(store, clock).praise(who, "bagus")
        Feedback(store, clock).ask_for_officer(who)
        Drafts(store, clock).put(who, "status", {"nomor": "1"})
        speak(conversations, clock, who, "halo")
    before = records.export(OTHER)
    outcome = records.erase(WHO)
    assert isinstance(outcome, Erased)
    assert outcome.rows["events"] == 2
    left = records.export(WHO)
    assert not any(rows for name, rows in left.items() if name != "conversation")
    assert records.export(OTHER) == before
    assert isinstance(records.erase(WHO), Erased)


def test_a_complaint_stays_for_the_office_without_the_person(
    records: PersonalRecords, store: Store, clock: SettableClock
) -> None:
    ticket = Feedback(store, clock).complain(WHO, Category.SERVICE, f"nama saya Budi Santoso, NIK {NIK}, lama", True)
    records.erase(WHO)
    with store.work() as session:
        complaint = session.get(Complaint, ticket)
    assert complaint.text == "nama saya [nama], NIK [NIK], lama"
    assert (complaint.conversation_id, complaint.may_contact) == (ANONYMOUS, False)


def test_each_thing_goes_when_its_period_has_passed_and_not_before(
    records: PersonalRecords, store: Store, conversations: Conversations, clock: SettableClock
) -> None:
    Feedback(store, clock).praise(WHO, "bagus")
    Drafts(store, clock).put(WHO, "status", {"nomor": "1"})
    speak(conversations, clock, WHO, "halo")
    clock.advance(hours=23)
    assert not any(records.let_go(Periods()).rows.values())
    clock.advance(days=2)
    records.let_go(Periods())
    assert (count(store, Draft), count(store, Appreciation)) == (0, 1)
    assert len(conversations.everything(WHO)) == 2
    clock.advance(days=31)
    records.let_go(Periods())
    assert conversations.everything(WHO) == []
    clock.advance(days=365)
    records.let_go(Periods())
    assert count(store, Appreciation) == 0


def test_a_conversation_that_still_goes_on_keeps_its_end(conversations: Conversations, clock: SettableClock) -> None:
    speak(conversations, clock, WHO, "lama", "lama")
    clock.advance(days=40)
    speak(conversations, clock, WHO, "baru")
    assert conversations.forget_before((clock() - timedelta(days=30)).timestamp()) == 3
    ending = conversations.ending(WHO)
    assert ending is not None
    assert [json.loads(one.data).get("text") for one in ending.events] == [None, "baru"]


def test_officers_have_it_as_commands(
    store: Store, conversations: Conversations, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("SIGAP_CONVERSATIONS_URL", str(conversations.engine.url))
    monkeypatch.setenv("SIGAP_NOW", "2026-11-23T08:00:00+07:00")
    speak(conversations, clock, WHO, "halo")
    runner = CliRunner()
    shown = runner.invoke(main, ["data", "export", WHO])
    assert json.loads(shown.output)["events"][1]["text"] == "halo"
    assert json.loads(runner.invoke(main, ["data", "erase", WHO]).output)["events"] == 2
    assert json.loads(runner.invoke(main, ["retention", "--conversations", "7"]).output)["events"] == 0
    assert runner.invoke(main, ["retention", "--conversations", "0"]).exit_code != 0
