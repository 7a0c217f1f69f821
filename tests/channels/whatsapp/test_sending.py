"""What becomes of an answer when the Graph API does not take it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from settable_clock import MONDAY_MORNING, SettableClock
from whatsapp_office import Office, Rasa, free_socket, open_office, serving, settings, simulated_meta, until

from sigap.channels.guard import sentence
from sigap.channels.whatsapp import WhatsAppInput
from sigap.channels.whatsapp import worker as worker_module
from sigap.channels.whatsapp.graph import Trouble, trouble_of
from sigap.channels.whatsapp.mailbox import LEASE, Mailbox
from sigap.store.outbox import Outbox
from sigap.store.session import Store
from sigap.store.tables import OutboxEntry, WhatsappIncoming, WhatsappOutgoing, WhatsappPerson
from sigap.whatsapp_simulator.deliveries import Person
from sigap.whatsapp_simulator.server import Failure

BUSY, PAIR_LIMIT, WINDOW_CLOSED, WRONG_VALUE, NO_SUCH_PERSON, BAD_TOKEN = 131016, 131056, 131047, 131009, 131026, 190
TEMPLATE = "sigap_kabar"


@pytest_asyncio.fixture
async def office(store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """An office whose clock can be set, so that nobody waits for a pause to end."""
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("SIGAP_NOW", clock().isoformat())
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.05)
    async with open_office(store, clock, templates={"kabar_tempat": TEMPLATE}) as opened:
        yield opened


def letters(office: Office) -> list[Any]:
    return office.rows(WhatsappOutgoing)


async def hear(office: Office, clock: SettableClock, text: str = "halo") -> Person:
    person = office.meta.person("Budi")
    await office.hear(person, "text", {"body": text}, clock().timestamp())
    return person


async def tried(office: Office, times: int) -> None:
    """Wait until the last letter has been tried so often and its outcome is recorded."""
    await until(lambda: bool(letters(office)) and _is_settled(letters(office)[-1], times))


def _is_settled(letter: Any, times: int) -> bool:
    return letter.attempts >= times and letter.state != "sending"


# Again, after a pause


@pytest.mark.parametrize(("code", "pauses"), [(BUSY, [1, 2, 4]), (PAIR_LIMIT, [4, 16, 64])])
async def test_it_is_sent_again_after_growing_pauses(
    office: Office, clock: SettableClock, code: int, pauses: list[int]
) -> None:
    office.meta.failures.append(Failure(code, len(pauses)))
    await hear(office, clock)
    seen = []
    for number in range(1, len(pauses) + 1):
        await tried(office, number)
        seen.append(round(office.rows(WhatsappPerson)[0].paused_until.timestamp() - clock().timestamp()))
        assert office.meta.sent == []
        clock.advance(seconds=seen[-1])
    await office.settle()
    assert seen == pauses
    assert [message["text"]["body"] for message in office.meta.sent] == ["Jawaban: halo"]
    assert office.rasa.asked == [(office.rows(WhatsappPerson)[0].conversation_id, "halo")]


async def test_later_answers_wait_behind_the_one_that_waits(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure(PAIR_LIMIT))
    await hear(office, clock, "satu")
    await tried(office, 1)
    await hear(office, clock, "dua")
    await until(lambda: len(letters(office)) == 2)
    assert office.meta.sent == []
    clock.advance(seconds=4)
    await office.settle()
    assert [message["text"]["body"] for message in office.meta.sent] == ["Jawaban: satu", "Jawaban: dua"]


async def test_the_limit_per_person_holds_up_nobody_else(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure(PAIR_LIMIT))
    await hear(office, clock)
    await tried(office, 1)
    await office.hear(office.meta.person("Siti", True), "text", {"body": "hai"}, clock().timestamp())
    await until(lambda: len(office.meta.sent) == 1)
    assert office.meta.sent[0]["text"]["body"] == "Jawaban: hai"


async def test_a_burst_beyond_the_limit_arrives_in_the_end(office: Office, clock: SettableClock) -> None:
    office.meta.burst = 5
    for number in range(7):
        await hear(office, clock, f"pesan {number}")
    await until(lambda: bool(office.meta.refused) and letters(office)[5].state == "waiting")
    office.meta.burst = 7
    clock.advance(minutes=5)
    await office.settle()
    assert [message["text"]["body"] for message in office.meta.sent] == [f"Jawaban: pesan {n}" for n in range(7)]
    assert PAIR_LIMIT in [refused.code for refused in office.meta.refused]


async def test_it_is_given_up_in_the_end_and_the_code_is_recorded(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure(BUSY, 100))
    await hear(office, clock)
    await tried(office, 1)
    clock.advance(hours=7)
    await office.settle()
    (letter,) = letters(office)
    assert (letter.state, letter.error_code, letter.attempts, letter.content) == ("failed", BUSY, 2, None)


async def test_a_token_that_is_refused_keeps_the_answer_and_alarms_the_operator(
    office: Office, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    office.meta.token = "another"
    await hear(office, clock)
    await tried(office, 1)
    assert any(record.levelno == logging.ERROR and "code 190" in record.getMessage() for record in caplog.records)
    office.meta.token = "EAA-test-token"
    clock.advance(minutes=5)
    await office.settle()
    assert [message["text"]["body"] for message in office.meta.sent] == ["Jawaban: halo"]


# Nobody knows


async def test_a_connection_lost_before_it_was_taken_is_tried_once_more(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure())
    await hear(office, clock)
    await tried(office, 1)
    clock.advance(seconds=1)
    await office.settle()
    assert len(office.meta.sent) == 1
    assert (letters(office)[0].state, letters(office)[0].unclear) == ("sent", 1)


async def test_a_connection_lost_after_it_was_taken_repeats_it_once_and_this_is_recorded(
    office: Office, clock: SettableClock
) -> None:
    office.meta.failures.append(Failure(taken=True))
    await hear(office, clock)
    await tried(office, 1)
    clock.advance(seconds=1)
    await office.settle()
    assert len(office.meta.sent) == 2
    assert (letters(office)[0].state, letters(office)[0].unclear) == ("sent", 1)


async def test_a_connection_lost_twice_is_given_up(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure(times=2, taken=True))
    await hear(office, clock)
    await tried(office, 1)
    clock.advance(seconds=1)
    await office.settle()
    assert len(office.meta.sent) == 2
    assert letters(office)[0].state == "failed"


# No use


async def test_a_message_that_meta_finds_wrong_goes_as_plain_text(office: Office, clock: SettableClock) -> None:
    office.meta.failures.append(Failure(WRONG_VALUE))
    office.rasa.offer("halo", "Ada yang bisa dibantu?", "Biaya", "Syarat")
    await hear(office, clock)
    await office.settle()
    assert [m["text"]["body"] for m in office.meta.sent] == ["Ada yang bisa dibantu?\n\n1. Biaya\n2. Syarat"]


@pytest.mark.parametrize("code", [NO_SUCH_PERSON, WRONG_VALUE, WINDOW_CLOSED])
async def test_what_cannot_be_sent_is_recorded_with_its_code_and_the_conversation_goes_on(
    office: Office, clock: SettableClock, code: int
) -> None:
    office.meta.failures.append(Failure(code))
    await hear(office, clock)
    await office.settle()
    assert (letters(office)[0].state, letters(office)[0].error_code) == ("failed", code)
    await hear(office, clock, "masih di sana")
    await office.settle()
    assert [message["text"]["body"] for message in office.meta.sent] == ["Jawaban: masih di sana"]


async def test_a_failure_that_meta_reports_later_is_recorded(office: Office, clock: SettableClock) -> None:
    await hear(office, clock)
    await office.settle()
    report = {"id": office.meta.sent[0]["wamid"], "status": "failed", "errors": [{"code": NO_SUCH_PERSON}]}
    assert await office.deliver(office.meta.courier.envelope([], [], [report])) == 200
    assert (letters(office)[0].state, letters(office)[0].error_code) == ("failed", NO_SUCH_PERSON)


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (400, 4, Trouble.BUSY),
        (400, 130429, Trouble.BUSY),
        (429, PAIR_LIMIT, Trouble.PAIR_LIMIT),
        (500, None, Trouble.BUSY),
        (503, None, Trouble.BUSY),
        (429, 99, Trouble.BUSY),
        (401, None, Trouble.OPERATOR),
        (400, 0, Trouble.OPERATOR),
        (403, 200, Trouble.OPERATOR),
        (403, 299, Trouble.OPERATOR),
        (400, 131031, Trouble.OPERATOR),
        (400, WINDOW_CLOSED, Trouble.WINDOW),
        (400, NO_SUCH_PERSON, Trouble.RECIPIENT),
        (400, 100, Trouble.CONTENT),
        (400, 132001, Trouble.CONTENT),
        (400, 999999, Trouble.CONTENT),
    ],
)
def test_metas_codes_are_told_apart(status: int, code: int | None, trouble: Trouble) -> None:
    assert trouble_of(status, code) is trouble


# What SIGAP tells unasked


def put_news(office: Office) -> None:
    """A service has news. The notifier's clock stands still: that of the channel alone is moved by these tests."""
    (person,) = office.rows(WhatsappPerson)
    with office.store.work() as session:
        outbox = Outbox(office.store, lambda: MONDAY_MORNING)
        until = MONDAY_MORNING + timedelta(days=3)
        outbox.put(session, person.conversation_id, "kabar_tempat", {"hari": "Senin"}, until)
        session.commit()


async def acquainted(office: Office, clock: SettableClock) -> None:
    office.rasa.offer("/kabar_tempat", "Ada tempat *kosong*\nhari Senin.", "Ambil", "Tidak")
    await hear(office, clock)
    await office.settle()
    office.meta.sent.clear()


async def test_news_within_a_day_comes_as_a_message_with_buttons(office: Office, clock: SettableClock) -> None:
    await acquainted(office, clock)
    put_news(office)
    await until(lambda: bool(office.meta.sent))
    assert office.meta.sent[0]["interactive"]["body"]["text"] == "Ada tempat *kosong*\nhari Senin."
    await until(lambda: office.rows(OutboxEntry)[0].state == "delivered")


async def test_news_after_a_day_comes_as_the_approved_template(office: Office, clock: SettableClock) -> None:
    await acquainted(office, clock)
    clock.advance(hours=25)
    put_news(office)
    await until(lambda: bool(office.meta.sent))
    template = office.meta.sent[0]["template"]
    assert (template["name"], template["language"]) == (TEMPLATE, {"code": "id"})
    assert template["components"][0]["parameters"][0]["text"] == "Ada tempat kosong hari Senin."


async def test_a_window_that_closes_on_the_way_brings_the_template(office: Office, clock: SettableClock) -> None:
    await acquainted(office, clock)
    office.meta.failures.append(Failure(WINDOW_CLOSED))
    put_news(office)
    await until(lambda: bool(office.meta.sent))
    assert office.meta.sent[0]["type"] == "template"


async def test_a_window_of_which_meta_reports_later_that_it_was_closed_brings_the_template(
    office: Office, clock: SettableClock
) -> None:
    await acquainted(office, clock)
    put_news(office)
    await until(lambda: bool(office.meta.sent))
    await office.settle()
    report = {"id": office.meta.sent[0]["wamid"], "status": "failed", "errors": [{"code": WINDOW_CLOSED}]}
    await office.deliver(office.meta.courier.envelope([], [], [report]))
    await until(lambda: len(office.meta.sent) == 2)
    assert office.meta.sent[1]["type"] == "template"


async def test_news_without_a_template_waits_until_the_person_writes_again(
    office: Office, clock: SettableClock
) -> None:
    await acquainted(office, clock)
    clock.advance(hours=25)
    (person,) = office.rows(WhatsappPerson)
    mailbox = Mailbox(office.store, clock, "test")
    assert not mailbox.reachable(person.conversation_id, by_template=False)
    assert mailbox.reachable(person.conversation_id, by_template=True)
    assert not mailbox.reachable("wa:nobody", by_template=True)


# After a kill


async def test_a_message_whose_worker_was_killed_is_answered_by_the_next(
    store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    async with open_office(store, clock) as office:
        person = office.meta.person("Budi")
        hanging = asyncio.Event()

        async def hang(_: Any) -> None:
            hanging.set()
            await asyncio.Event().wait()

        office.rasa.replies["halo"] = hang
        await office.hear(person, "text", {"body": "halo"}, clock().timestamp())
        await asyncio.wait_for(hanging.wait(), 10)
        del office.rasa.replies["halo"]
        # The first worker still believes that the conversation is its own; it is only slow. Its lease is over.
        clock.advance(seconds=LEASE.total_seconds() + 1)
        sock, _ = free_socket()
        async with simulated_meta() as (meta, graph):
            meta.clock = office.meta.clock
            meta.note_written(person, clock().timestamp())
            second = Rasa()
            async with serving(WhatsAppInput(settings(graph), store, clock), second, sock):
                await until(lambda: len(meta.sent) == 1)
        assert meta.sent[0]["text"]["body"] == "Jawaban: halo"
        assert office.rows(WhatsappIncoming)[0].attempts == 2
    assert office.meta.sent == []


async def test_a_message_that_kills_its_workers_is_apologised_for_instead(office: Office, clock: SettableClock) -> None:
    person = office.meta.person("Budi")
    with office.store.work() as session:
        session.add(WhatsappPerson(conversation_id="wa:1", phone=person.phone, last_wrote_at=clock()))
        session.add(
            WhatsappIncoming(
                message_id="wamid.1",
                conversation_id="wa:1",
                content={"kind": "text", "text": "halo", "title": ""},
                state="waiting",
                attempts=2,
                sent_at=clock(),
                received_at=clock(),
            )
        )
        office.meta.note_written(person, clock().timestamp())
        session.commit()
    await office.settle()
    assert [m["text"]["body"] for m in office.meta.sent] == [sentence("utter_gangguan_sistem")]
    assert office.rows(WhatsappIncoming)[0].state == "given_up"


@pytest.mark.parametrize(("unclear", "sent", "state"), [(0, 1, "sent"), (1, 0, "failed")])
async def test_an_answer_whose_sender_was_killed_is_sent_once_more_at_most(
    office: Office, clock: SettableClock, unclear: int, sent: int, state: str
) -> None:
    person = office.meta.person("Budi")
    office.meta.note_written(person, clock().timestamp())
    with office.store.work() as session:
        session.add(WhatsappPerson(conversation_id="wa:1", phone=person.phone, last_wrote_at=clock()))
        session.add(
            WhatsappOutgoing(
                conversation_id="wa:1",
                content={"type": "text", "text": {"body": "Jawaban"}},
                state="sending",
                attempts=unclear + 1,
                unclear=unclear,
                created_at=clock(),
            )
        )
        session.commit()
    await office.settle()
    assert len(office.meta.sent) == sent
    assert (letters(office)[0].state, letters(office)[0].unclear) == (state, unclear + 1)


# Keeping house


def test_old_records_are_forgotten_and_recent_ones_kept(store: Store, clock: SettableClock) -> None:
    def incoming(name: str, state: str) -> WhatsappIncoming:
        return WhatsappIncoming(
            message_id=name, conversation_id="wa:1", state=state, attempts=1, sent_at=clock(), received_at=clock()
        )

    with store.work() as session:
        session.add_all([incoming("old", "answered"), incoming("waiting", "waiting")])
        session.commit()
    clock.advance(days=15)
    with store.work() as session:
        session.add(incoming("new", "answered"))
        session.commit()
    Mailbox(store, clock, "test").purge()
    with store.work() as session:
        assert {row.message_id for row in session.query(WhatsappIncoming)} == {"waiting", "new"}
