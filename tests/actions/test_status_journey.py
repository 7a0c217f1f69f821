"""Checking the status of an application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness import Answer, Chat
from settable_clock import SettableClock

from actions.status import JOURNEY
from sigap.store import demo
from sigap.store.proofs import LOCKOUT, MAX_FAILURES
from sigap.store.session import Store
from sigap.store.tables import Draft

NUMBER, BIRTH = "1179000000012345", "17-08-1990"
NIK = "3171011708900001"
BILLING = "820261122123456"


def prove(chat: Chat, number: str, birth: str) -> Answer:
    chat.fill("status_form", "cek status", "cek_status")
    chat.fill("status_form", number)
    return chat.fill("status_form", birth)


def test_number_and_birth_date_bring_the_stage_and_what_to_do(chat: Chat) -> None:
    answer = prove(chat, NUMBER, BIRTH)
    assert answer.responses == ["utter_status", "utter_status_perkiraan_selesai", "utter_data_demo"]
    assert "Adjudikasi" in answer.text
    assert "••••2345" in answer.text


@pytest.mark.parametrize("number", [entry[0] for entry in demo.APPLICATIONS])
def test_every_demonstration_record_can_be_shown(chat: Chat, number: str) -> None:
    birth = next(entry[1] for entry in demo.APPLICATIONS if entry[0] == number)
    answer = prove(chat, number, birth.strftime("%d-%m-%Y"))
    assert answer.responses[0] == "utter_status"
    assert number not in answer.text


def test_both_may_come_in_one_message(chat: Chat) -> None:
    answer = chat.fill("status_form", f"cek status {NUMBER} lahir {BIRTH} dong", "cek_status")
    assert answer.responses[0] == "utter_status"


def test_the_birth_date_may_come_before_the_number(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    assert chat.fill("status_form", "saya lahir 17 agustus 1990").responses == [
        "utter_isian_dicatat",
        "utter_tanya_status_nomor",
    ]
    assert chat.fill("status_form", NUMBER).responses[0] == "utter_status"


def test_a_wrong_date_and_an_unknown_number_are_answered_alike(new_chat: Callable[..., Chat]) -> None:
    wrong_date = prove(new_chat("wa:1"), NUMBER, "18-08-1990")
    unknown_number = prove(new_chat("wa:2"), "1179000000099999", BIRTH)
    assert wrong_date.responses == ["utter_status_tidak_cocok"]
    assert wrong_date.said == unknown_number.said


def test_five_wrong_answers_close_the_conversation_for_a_while_even_to_the_right_one(
    chat: Chat, clock: SettableClock
) -> None:
    answers = [prove(chat, NUMBER, f"{day}-08-1990") for day in range(1, MAX_FAILURES + 1)]
    assert [answer.responses for answer in answers[:-1]] == [["utter_status_tidak_cocok"]] * (MAX_FAILURES - 1)
    assert answers[-1].responses == ["utter_status_terkunci"]
    assert "08.30" in answers[-1].text
    assert chat.fill("status_form", f"{NUMBER} {BIRTH}", "cek_status").responses == ["utter_status_terkunci"]
    clock.advance(seconds=LOCKOUT.total_seconds())
    assert prove(chat, NUMBER, BIRTH).responses[0] == "utter_status"


def test_somebody_else_is_not_locked_out_with_them(chat: Chat, new_chat: Callable[..., Chat]) -> None:
    for day in range(1, MAX_FAILURES + 1):
        prove(chat, NUMBER, f"{day}-08-1990")
    assert prove(new_chat("wa:2"), NUMBER, BIRTH).responses[0] == "utter_status"


def test_a_form_that_is_locked_out_is_closed(chat: Chat) -> None:
    for day in range(1, MAX_FAILURES + 1):
        prove(chat, NUMBER, f"{day}-08-1990")
    assert chat.fill("status_form", "cek status", "cek_status").responses == ["utter_status_terkunci"]
    assert chat.form is None


@pytest.mark.parametrize(
    ("sent", "response"),
    [
        (NIK, "utter_status_nik"),
        (f"nik saya {NUMBER}", "utter_status_nik"),
        (BILLING, "utter_status_kode_billing"),
        (NUMBER + "7", "utter_status_tidak_dikenal"),
    ],
)
def test_another_long_number_is_told_apart_and_asked_for_again(chat: Chat, sent: str, response: str) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    assert chat.fill("status_form", sent).responses == [response, "utter_tanya_status_nomor"]


def test_a_nik_shaped_number_is_believed_when_it_is_called_an_application_number(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    assert chat.fill("status_form", f"nomor permohonan {NIK}").responses == ["utter_tanya_status_lahir"]


@pytest.mark.parametrize("birth", ["31-02-1990", "17-08-2030"])
def test_an_impossible_birth_date_is_asked_for_again(chat: Chat, birth: str) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    chat.fill("status_form", NUMBER)
    assert chat.fill("status_form", birth).responses == ["utter_tanggal_lahir_keliru", "utter_tanya_status_lahir"]


def test_who_asks_about_the_question_is_given_its_explanation_at_once(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    answer = chat.fill("status_form", "nomornya lihat di mana", "cek_status")
    assert answer.responses == ["utter_jelaskan_status_nomor", "utter_tanya_status_nomor"]


def test_a_number_that_is_corrected_is_taken_and_an_age_is_no_birth_date(chat: Chat) -> None:
    chat.fill("status_form", "cek status 1179000000012354", "cek_status")
    assert chat.fill("status_form", "eh salah, 1179000000012345").responses == [
        "utter_isian_dicatat",
        "utter_tanya_status_lahir",
    ]
    answer = chat.fill("status_form", "36 tahun", "masa_berlaku")
    assert answer.responses == ["utter_tanggal_lahir_keliru", "utter_tanya_status_lahir"]
    assert "Adjudikasi" in chat.fill("status_form", "18 agustus 1990 eh 17 agustus 1990").text


def test_the_second_failure_explains_and_the_third_offers_to_stop(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    first, second, third = (chat.fill("status_form", "hmm ya").responses for _ in range(3))
    assert first == ["utter_belum_paham", "utter_tanya_status_nomor"]
    assert second == ["utter_jelaskan_status_nomor", "utter_tanya_status_nomor"]
    assert third == ["utter_tawar_berhenti", "utter_tanya_status_nomor"]


def test_a_question_in_between_is_answered_and_the_same_thing_is_asked_again(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    answer = chat.ask_in_between("bayarnya gimana", "cara_bayar", "action_jawab")
    assert answer.responses == ["utter_cara_bayar", "utter_tanya_status_nomor"]


def test_number_and_birth_date_stay_out_of_the_slots_and_are_forgotten_afterwards(chat: Chat, store: Store) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    chat.fill("status_form", NUMBER)
    assert NUMBER not in str(chat.slots)
    assert chat.services.drafts.get(chat.id, JOURNEY) == {"nomor": NUMBER}
    chat.fill("status_form", BIRTH)
    with store.work() as session:
        assert session.query(Draft).count() == 0


def test_a_number_that_was_given_too_long_ago_is_asked_for_again(chat: Chat, clock: SettableClock) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    chat.fill("status_form", NUMBER)
    clock.advance(hours=2)
    assert chat.fill("status_form", BIRTH).responses == ["utter_status_ulangi"]


def test_checking_again_after_a_mismatch_starts_from_nothing(chat: Chat) -> None:
    prove(chat, NUMBER, "18-08-1990")
    assert chat.form is None
    assert chat.fill("status_form", "cek status", "cek_status").responses == ["utter_tanya_status_nomor"]
