"""Conversations are kept whole and without anything personal; what is read again is short and says the same."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event as database_event
from sqlalchemy.exc import OperationalError

from sigap.runtime import tracker_store
from sigap.runtime.events import SECRETS
from sigap.runtime.tracker_store import SigapTrackerStore
from sigap.store.conversations import Conversations

WHO = "web:one"
TURNS = 60


@pytest.fixture
def store(record: Conversations, domain: Domain) -> SigapTrackerStore:
    return SigapTrackerStore(domain, record=record)


def said(text: str, intent: str = "sapa", **entities: tuple[str, int, int]) -> UserUttered:
    found = [
        {"entity": name, "value": value, "start": start, "end": end} for name, (value, start, end) in entities.items()
    ]
    parsed: Any = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": found}
    return UserUttered(text, parsed["intent"], found, parsed, input_channel="web", message_id="wamid.628123")


async def turn(store: SigapTrackerStore, *events: Event, who: str = WHO) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(who, append_action_listen=False)
    tracker.update_with_events(list(events), None)
    await store.save(tracker)
    return tracker


def opening() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def random_turn(chance: random.Random, form: str | None) -> tuple[list[Event], str | None]:
    """What Rasa records of one turn, in one of the ways that turns go."""
    user = said(
        chance.choice(["halo", "berapa biayanya", "bisa bantu"]), chance.choice(["sapa", "biaya_paspor", "cek_status"])
    )
    listen = ActionExecuted("action_listen")
    way = chance.choice(["answer", "open", "fill", "interrupt", "close"])
    if way == "open" and form is None:
        form = chance.choice(["status_form", "antrean_form"])
        return [user, ActionExecuted(form), ActiveLoop(form), SlotSet("requested_slot", "status_nomor"), listen], form
    if way == "fill" and form:
        values = [SlotSet("status_nomor", chance.choice(["ada", None])), SlotSet("gagal_isi", chance.randint(1, 3))]
        return [user, ActionExecuted(form), *values, listen], form
    if way == "interrupt" and form:
        return [
            user,
            ActionExecutionRejected(form),
            LoopInterrupted(True),
            ActionExecuted("action_jawab"),
            listen,
        ], form
    if way == "close" and form:
        return [user, ActionExecuted(form), ActiveLoop(None), SlotSet("requested_slot", None), listen], None
    return [user, ActionExecuted("action_jawab"), BotUttered("jawaban"), listen], form


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": (loop.name, loop.is_interrupted, loop.rejected) if loop and loop.name else None,
        "latest action": tracker.latest_action_name,
        "follow-up": tracker.followup_action,
        "paused": tracker.is_paused(),
    }


@pytest.mark.parametrize("seed", range(8))
async def test_however_long_a_conversation_gets_its_state_is_that_of_the_whole(
    store: SigapTrackerStore, domain: Domain, seed: int
) -> None:
    chance, form = random.Random(seed), None
    whole = DialogueStateTracker(WHO, domain.slots)
    for number in range(TURNS):
        events, form = random_turn(chance, form)
        events = [*opening(), *events] if number == 0 else events
        whole.update_with_events(events, None, override_timestamp=False)
        await turn(store, *events)
        read = await store.retrieve(WHO)
        assert read is not None
        assert state(read) == state(whole)
        # What rules decide by: the states since the message before last.
        assert read.past_states(domain)[-3:] == whole.past_states(domain)[-3:]
    full = await store.retrieve_full_tracker(WHO)
    assert full is not None
    assert [event.type_name for event in full.events] == [event.type_name for event in whole.events]


async def test_at_turn_500_no_more_is_read_than_at_turn_10(store: SigapTrackerStore) -> None:
    await turn(store, *opening())
    read = []
    for number in range(500):
        tracker = await turn(
            store, said(f"pesan {number}"), ActionExecuted("action_jawab"), ActionExecuted("action_listen")
        )
        read.append(len(tracker.events))
    assert max(read) == max(read[:20]) < 40
    full = await store.retrieve_full_tracker(WHO)
    assert full is not None
    assert len(full.events) == 3 + 500 * 3


async def test_a_new_session_is_read_from_its_beginning(store: SigapTrackerStore) -> None:
    await turn(store, *opening(), said("lama"), SlotSet("antrean_kantor", "bogor"), ActionExecuted("action_listen"))
    await turn(store, *opening(), said("baru"), ActionExecuted("action_listen"))
    read = await store.retrieve(WHO)
    assert read is not None
    assert [event.text for event in read.events if isinstance(event, UserUttered)] == ["baru"]
    assert read.get_slot("antrean_kantor") is None


async def test_a_conversation_that_never_was_is_none(store: SigapTrackerStore) -> None:
    assert await store.retrieve("web:nobody") is None
    assert await store.retrieve_full_tracker("web:nobody") is None


async def test_conversations_do_not_see_each_other(store: SigapTrackerStore) -> None:
    await turn(store, *opening(), said("satu"), who="web:1")
    await turn(store, *opening(), said("dua"), who="web:2")
    assert sorted(await store.keys()) == ["web:1", "web:2"]
    read = await store.retrieve("web:2")
    assert read is not None
    assert read.latest_message
    assert read.latest_message.text == "dua"


async def test_what_rasas_own_store_has_kept_is_read_on(domain: Domain, tmp_path: Any) -> None:
    before = SQLTrackerStore(domain, db=str(tmp_path / "rasa.db"))
    tracker = DialogueStateTracker(WHO, domain.slots)
    tracker.update_with_events([*opening(), said("dulu"), SlotSet("antrean_kantor", "bogor")], None)
    await before.save(tracker)
    before.engine.dispose()
    record = Conversations.open(f"sqlite:///{tmp_path / 'rasa.db'}")
    record.upgrade()
    after = SigapTrackerStore(domain, record=record)
    read = await after.retrieve(WHO)
    assert read is not None
    assert read.get_slot("antrean_kantor") == "bogor"
    await turn(after, said("sekarang"), ActionExecuted("action_listen"))
    full = await after.retrieve_full_tracker(WHO)
    assert full is not None
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == ["dulu", "sekarang"]
    record.engine.dispose()


async def test_two_workers_at_once_lose_no_event(record: Conversations, domain: Domain) -> None:
    one, other = SigapTrackerStore(domain, record=record), SigapTrackerStore(domain, record=record)
    await turn(one, *opening())
    await asyncio.gather(*(turn(store, said(f"pesan {number}")) for number in range(20) for store in (one, other)))
    full = await one.retrieve_full_tracker(WHO)
    assert full is not None
    assert len([event for event in full.events if isinstance(event, UserUttered)]) == 40


# Nothing personal


async def test_what_is_said_is_known_in_its_turn_and_kept_masked(store: SigapTrackerStore) -> None:
    text = "nama saya Siti Aminah, nik 3171015708900001"
    entities = {"nama": ("Siti Aminah", 10, 21), "nik": ("3171015708900001", 27, 43)}
    tracker = await turn(store, *opening(), said(text, **entities))
    assert tracker.latest_message
    assert tracker.latest_message.text == text
    read = await store.retrieve(WHO)
    assert read is not None
    assert read.latest_message
    assert read.latest_message.text == "nama saya [nama], nik [NIK]"
    places = [
        (found["value"], read.latest_message.text[found["start"] : found["end"]])
        for found in read.latest_message.entities
    ]
    assert places == [("[nama]", "[nama]"), ("[NIK]", "[NIK]")]
    assert read.latest_message.message_id is None


async def test_the_answer_to_a_personal_question_is_masked(store: SigapTrackerStore) -> None:
    asks = [SlotSet("requested_slot", "antrean_pemohon"), ActionExecuted("action_listen")]
    await turn(store, *opening(), said("mau antri"), *asks)
    await turn(store, said("siti aminah"), SlotSet("requested_slot", None), ActionExecuted("action_listen"))
    await turn(store, said("surabaya"))
    full = await store.retrieve_full_tracker(WHO)
    assert full is not None
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == [
        "mau antri",
        "[nama]",
        "surabaya",
    ]


@pytest.mark.parametrize(
    ("asked", "answer", "kept"),
    [
        ("ambil_nama", "siti aminah", "[nama]"),
        ("ambil_lahir", "17 agustus", "[tanggal lahir]"),
        ("antrean_lahir", "17 agustus", "[tanggal lahir]"),
    ],
)
async def test_an_answer_is_masked_even_where_the_action_failed_and_confided_nothing(
    store: SigapTrackerStore, asked: str, answer: str, kept: str
) -> None:
    await turn(store, *opening(), said("halo"), SlotSet("requested_slot", asked), ActionExecuted("action_listen"))
    await turn(store, said(answer))
    full = await store.retrieve_full_tracker(WHO)
    assert full is not None
    assert full.latest_message.text == kept


async def test_what_an_action_confides_is_masked_in_the_whole_turn(store: SigapTrackerStore) -> None:
    confided = {"utter_action": "utter_x", SECRETS: [["nama", "Siti Aminah"]], "pemohon": "Siti Aminah"}
    summary = BotUttered("• Siti Aminah, ya?", {"buttons": [{"title": "Siti Aminah"}]}, confided)
    await turn(store, *opening(), said("siti aminah"), summary)
    content = json.dumps([json.loads(one.data) for one in store.record.everything(WHO)])
    assert "minah" not in content.lower()
    assert "utter_x" in content


async def test_what_a_channel_tells_about_a_person_is_not_kept(store: SigapTrackerStore) -> None:
    message = said("halo")
    message.metadata = {"profile": "Budi Santoso"}
    await turn(store, SlotSet("session_started_metadata", {"profile": "Budi Santoso"}), *opening(), message)
    assert "Budi" not in json.dumps([one.data for one in store.record.everything(WHO)])


async def test_a_broker_gets_no_more_than_the_record(record: Conversations, domain: Domain) -> None:
    class Listening:
        def __init__(self) -> None:
            self.heard: list[dict[str, Any]] = []

        def publish(self, event: dict[str, Any]) -> None:
            self.heard.append(event)

    broker = Listening()
    store = SigapTrackerStore(domain, event_broker=broker, record=record)
    await turn(store, *opening(), said("nik 3171015708900001"))
    await turn(store, said("halo"))
    assert [event.get("text") for event in broker.heard if event["event"] == "user"] == ["nik [NIK]", "halo"]
    assert {event["sender_id"] for event in broker.heard} == {WHO}


# A database that fails


async def test_a_short_absence_of_the_database_is_not_noticed(
    store: SigapTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "_BACK_OFF", (0.01, 0.01))
    await turn(store, *opening(), said("halo"))
    absences = iter([True, True])

    @database_event.listens_for(store.record.engine, "before_cursor_execute")
    def fail(*_: Any) -> None:
        if next(absences, False):
            raise OperationalError("select", {}, Exception("gone"))

    read = await store.retrieve(WHO)
    assert read is not None


async def test_a_long_absence_is_an_error_and_not_an_empty_conversation(
    record: Conversations, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "_BACK_OFF", (0.01, 0.01))
    store = SigapTrackerStore(domain, host="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError):
        await store.retrieve(WHO)
    with pytest.raises(OperationalError):
        await store.ping()


async def test_a_clock_that_jumps_back_changes_no_order(store: SigapTrackerStore) -> None:
    await turn(store, *opening(), said("satu"), ActionExecuted("action_listen"))
    tracker = await store.retrieve(WHO)
    assert tracker is not None
    early = said("dua")
    early.timestamp = 1.0
    tracker.update(early)
    await store.save(tracker)
    await turn(store, said("tiga"))
    read = await store.retrieve(WHO)
    assert read is not None
    assert [event.text for event in read.events if isinstance(event, UserUttered)] == ["satu", "dua", "tiga"]
