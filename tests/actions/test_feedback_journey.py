"""Complaints, praise, and asking for an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from harness import Answer, Chat
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.clock import WIB
from sigap.feedback import Category
from sigap.store.session import Store
from sigap.store.tables import Appreciation, Complaint, Draft, Handover

STORY = "petugas di ruang depan membentak ibu saya kemarin siang"


def stored(store: Store, table: Any) -> list[Any]:
    with store.work() as session:
        return list(session.scalars(select(table)).all())


def say(chat: Chat, text: str, intent: str = "nlu_fallback") -> Answer:
    return chat.fill("pengaduan_form", text, intent)


def test_a_complaint_is_stored_under_the_ticket_that_is_shown(chat: Chat, store: Store) -> None:
    assert say(chat, "mau komplain", "beri_pengaduan").responses == ["utter_tanya_pengaduan_isi"]
    assert say(chat, STORY, "beri_pengaduan").responses == ["utter_tanya_pengaduan_kontak"]
    answer = say(chat, "boleh", "setuju")
    (complaint,) = stored(store, Complaint)
    assert answer.responses == ["utter_pengaduan_dicatat", "utter_pengaduan_dihubungi"]
    assert complaint.ticket in answer.text
    assert (complaint.text, complaint.category, complaint.may_contact) == (STORY, "pelayanan", True)
    assert complaint.conversation_id == chat.id
    assert stored(store, Draft) == []


def test_a_complaint_that_tells_its_story_at_once_is_not_asked_for_it(chat: Chat) -> None:
    assert say(chat, STORY, "beri_pengaduan").responses == ["utter_tanya_pengaduan_kontak"]


@pytest.mark.parametrize("understood", ["beri_pengaduan", "di_luar_topik"])
def test_what_is_told_in_a_second_message_is_kept_too(chat: Chat, store: Store, understood: str) -> None:
    more = "kejadiannya di loket tiga, petugasnya berkacamata dan pakai jaket"
    say(chat, STORY, "beri_pengaduan")
    assert say(chat, more, understood).responses == ["utter_pengaduan_ditambah", "utter_tanya_pengaduan_kontak"]
    say(chat, "tidak perlu", "tolak")
    assert [complaint.text for complaint in stored(store, Complaint)] == [f"{STORY}\n{more}"]


def test_contact_can_be_declined(chat: Chat, store: Store) -> None:
    say(chat, STORY, "beri_pengaduan")
    assert say(chat, "tidak perlu", "tolak").responses[-1] == "utter_pengaduan_tidak_dihubungi"
    assert [complaint.may_contact for complaint in stored(store, Complaint)] == [False]


@pytest.mark.parametrize(
    ("pressed", "category"),
    [
        ("Tentang pelayanan petugas", Category.SERVICE),
        ("Tentang aplikasi", Category.APP),
        ("Tentang antrean", Category.QUEUE),
        ("Tentang keterlambatan", Category.DELAY),
        ("Tentang pungli atau calo", Category.EXTORTION),
        ("Tentang hal lainnya", Category.OTHER),
    ],
)
def test_every_category_button_sets_its_category(chat: Chat, store: Store, pressed: str, category: Category) -> None:
    asked = say(chat, "saya benar-benar kecewa sekali dengan kejadian kemarin itu", "beri_pengaduan")
    assert asked.responses == ["utter_tanya_pengaduan_kategori"]
    assert pressed in asked.buttons
    say(chat, pressed)
    say(chat, "ya", "setuju")
    assert [complaint.category for complaint in stored(store, Complaint)] == [category.value]


def test_extortion_outranks_what_else_a_complaint_mentions(chat: Chat, store: Store) -> None:
    say(chat, "petugas antrean minta uang rokok biar cepat di loket", "beri_pengaduan")
    say(chat, "ya", "setuju")
    assert [complaint.category for complaint in stored(store, Complaint)] == ["pungli"]


def test_a_complaint_that_was_begun_too_long_ago_is_not_stored_half_and_not_passed_over_in_silence(
    chat: Chat, store: Store, clock: SettableClock
) -> None:
    say(chat, STORY, "beri_pengaduan")
    clock.advance(hours=2)
    answer = say(chat, "ya", "setuju")
    assert stored(store, Complaint) == []
    assert answer.said


def test_a_complaint_can_be_given_up(chat: Chat, store: Store) -> None:
    say(chat, STORY, "beri_pengaduan")
    assert chat.tell("batal", "batal", "action_batal").responses == ["utter_dibatalkan"]
    assert (stored(store, Complaint), stored(store, Draft)) == ([], [])


def test_praise_that_says_something_is_stored_at_once(chat: Chat, store: Store) -> None:
    answer = chat.fill("apresiasi_form", "pelayanannya cepat dan petugasnya ramah", "beri_apresiasi")
    assert answer.responses == ["utter_apresiasi_dicatat"]
    assert [praise.text for praise in stored(store, Appreciation)] == ["pelayanannya cepat dan petugasnya ramah"]
    assert stored(store, Draft) == []


def test_praise_that_is_only_announced_is_asked_for(chat: Chat, store: Store) -> None:
    asked = chat.fill("apresiasi_form", "Saya mau memberi apresiasi", "beri_apresiasi")
    assert asked.responses == ["utter_tanya_apresiasi"]
    chat.fill("apresiasi_form", "terima kasih bu Rina sabar sekali", "terima_kasih")
    assert [praise.text for praise in stored(store, Appreciation)] == ["terima kasih bu Rina sabar sekali"]


def test_giving_up_praise_stores_nothing(chat: Chat, store: Store) -> None:
    chat.fill("apresiasi_form", "Saya mau memberi apresiasi", "beri_apresiasi")
    chat.hear("batal", "batal")
    assert chat.run("validate_apresiasi_form").stepped_aside
    chat.run("action_batal")
    assert stored(store, Appreciation) == []


@pytest.mark.parametrize(
    ("now", "response"),
    [
        ("2026-11-23T09:00", "utter_minta_petugas"),
        ("2026-11-22T10:00", "utter_minta_petugas_libur"),
        ("2026-12-25T10:00", "utter_minta_petugas_libur"),
    ],
)
def test_who_asks_for_an_officer_is_told_when_one_can_answer(
    chat: Chat, clock: SettableClock, now: str, response: str
) -> None:
    clock.now = datetime.fromisoformat(now).replace(tzinfo=WIB)
    answer = chat.tell("mau ngomong sama orang", "minta_petugas", "action_minta_petugas")
    assert answer.responses == [response]


def test_asking_for_an_officer_twice_queues_once(chat: Chat, store: Store) -> None:
    for _ in range(2):
        chat.tell("mau ngomong sama orang", "minta_petugas", "action_minta_petugas")
    assert len(stored(store, Handover)) == 1
