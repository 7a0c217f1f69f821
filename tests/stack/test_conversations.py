"""Whole conversations with the running SIGAP: what the applicant reads, and what stands in the database afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from whole_sigap import Applicant, Stack, new_nik

from sigap.store.tables import Booking, Complaint, Draft, FailedProof, Handover, Slot

pytestmark = pytest.mark.stack

NUMBER, BIRTH = "1179000000012345", "17-08-1990"
NIK = new_nik()
PAST_LIMIT = 5000


def rows(stack: Stack, table: Any, applicant: Applicant) -> list[Any]:
    with stack.store.work() as session:
        return list(session.scalars(select(table).filter_by(conversation_id=applicant.conversation_id)).all())


def taken(stack: Stack, office: str, day: date, hour: time) -> int:
    with stack.store.work() as session:
        found = select(Slot.taken).filter_by(office_id=office, day=day, hour=hour, service="paspor")
        return int(session.execute(found).scalar_one())


def events(stack: Stack, applicant: Applicant) -> list[dict[str, Any]]:
    """What Rasa has recorded of a conversation."""
    with sqlite3.connect(stack.output.parent / "conversations.db") as records:
        found = records.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (applicant.conversation_id,))
        return [json.loads(data) for (data,) in found]


def reach_summary(applicant: Applicant, wish: str, nik: str | None = None) -> str:
    return applicant.say(wish, "paspor baru", "1 orang", "Budi Santoso", nik or new_nik(), BIRTH).text


# The acceptance list


def test_a_demonstration_number_and_birth_date_give_the_stage(applicant: Applicant, stack: Stack) -> None:
    assert "nomor permohonan" in applicant.say("cek status").text
    assert "tanggal lahir" in applicant.say(NUMBER).text
    answer = applicant.say(BIRTH).text
    assert "Adjudikasi" in answer
    assert "data contoh" in answer
    assert rows(stack, Draft, applicant) == []


def test_requirements_for_children_and_adults_differ(new_applicant: Callable[[], Applicant]) -> None:
    child, adult = new_applicant().say("syarat paspor anak").text, new_applicant().say("syarat paspor dewasa").text
    assert "Akta kelahiran anak" in child
    assert "Akta kelahiran anak" not in adult
    assert "Dasar:" in child
    assert "Dasar:" in adult


def test_a_wish_in_one_sentence_and_its_answers_end_in_a_booking(applicant: Applicant, stack: Stack) -> None:
    first = applicant.say("mau antri di kanim jakarta pusat besok senin jam 9")
    assert "baru" in first.text
    summary = applicant.say("baru", "1 orang", "Budi Santoso", NIK, BIRTH).text
    assert "Senin, 23 November 2026, pukul 09.00 WIB" in summary
    ticket = applicant.say("ya").text
    (booking,) = rows(stack, Booking, applicant)
    assert (booking.state, booking.slot.office_id) == ("confirmed", "jakarta_pusat")
    assert (booking.slot.day, booking.slot.hour) == (date(2026, 11, 23), time(9))
    assert [(person.name, person.nik) for person in booking.applicants] == [("Budi Santoso", NIK)]
    assert booking.code in ticket
    assert "Kantor Imigrasi Kantor Imigrasi" not in ticket


# Inside a form


def test_a_question_in_the_middle_of_the_booking_is_answered_and_the_same_thing_is_asked_again(
    applicant: Applicant,
) -> None:
    asked = applicant.say("mau ambil antrean di bogor").text
    answer = applicant.say("emang biayanya berapa sih").text
    assert "Rp350.000" in answer
    assert answer.endswith(asked)


def test_a_question_instead_of_the_name_is_answered_and_the_name_is_asked_for_again(applicant: Applicant) -> None:
    asked = applicant.say("mau antre di bogor selasa jam 8 buat paspor baru 1 orang").text
    assert "nama lengkap" in asked
    answer = applicant.say("bayarnya gimana sih").text
    assert "kode billing" in answer
    assert answer.endswith(asked)


def test_a_bare_number_of_people_is_not_taken_for_a_day(applicant: Applicant) -> None:
    assert "Tanggal berapa" in applicant.say("mau antre di surabaya buat paspor baru", "1").text


def test_a_correction_changes_the_day_and_nothing_else(applicant: Applicant, stack: Stack) -> None:
    reach_summary(applicant, "mau antre di surabaya senin 23 november jam 9")
    answer = applicant.say("eh salah, tanggal 24 bukan 23").text
    assert "Selasa, 24 November 2026" in answer
    assert "bagian mana" not in answer
    if "Mohon diperiksa" not in answer:
        answer = applicant.say("jam 9").text
    assert "Budi Santoso" in answer
    assert "Kode booking" in applicant.say("ya").text
    confirmed = [booking.slot.day for booking in rows(stack, Booking, applicant) if booking.state == "confirmed"]
    assert confirmed == [date(2026, 11, 24)]
    assert taken(stack, "surabaya", date(2026, 11, 23), time(9)) == 0


def test_a_family_of_three_can_confirm_the_places_it_holds(applicant: Applicant, stack: Stack) -> None:
    applicant.say("mau antre di jakarta selatan selasa jam 10, paspor baru, 3 orang")
    applicant.say("Budi Santoso", new_nik(), BIRTH, "Siti Aminah", "3171015203920002", "12-03-1992")
    assert "Mohon diperiksa" in applicant.say("Ani Lestari", "3171010101150003", "1 januari 2015").text
    assert "Kode booking" in applicant.say("ya").text
    assert taken(stack, "jakarta_selatan", date(2026, 11, 24), time(10)) == 3


def test_stopping_leaves_cleanly_and_frees_the_hold(applicant: Applicant, stack: Stack) -> None:
    summary = reach_summary(applicant, "mau antre di jayapura rabu jam 9")
    assert "09.00 WIT" in summary
    assert taken(stack, "jayapura", date(2026, 11, 25), time(9)) == 1
    assert "dihentikan" in applicant.say("batal aja deh").text
    assert taken(stack, "jayapura", date(2026, 11, 25), time(9)) == 0
    assert [booking.state for booking in rows(stack, Booking, applicant)] == ["cancelled"]
    assert rows(stack, Draft, applicant) == []
    after = applicant.say("biaya paspor berapa").text
    assert "Rp350.000" in after
    assert "nama lengkap" not in after


def test_three_failures_offer_to_stop_and_the_button_stops(applicant: Applicant) -> None:
    applicant.say("cek status permohonan saya")
    applicant.say("12345", "12345")
    answer = applicant.say("12345")
    offers = {offered["title"]: offered["payload"] for offered in answer.buttons}
    assert "Mau dilanjutkan, atau berhenti dulu?" in answer.text
    assert "dihentikan" in applicant.say(offers["Berhenti"]).text


def test_the_menu_comes_at_any_time_and_the_form_goes_on(applicant: Applicant) -> None:
    asked = applicant.say("cek status").text
    answer = applicant.say("menu").text
    assert "Saya dapat membantu" in answer
    assert answer.endswith(asked)


def test_another_journey_can_begin_in_the_middle_of_one(applicant: Applicant) -> None:
    applicant.say("mau ambil antrean di bogor")
    assert "nomor permohonan" in applicant.say("eh cek status paspor saya dulu deh").text
    assert "tanggal lahir" in applicant.say(NUMBER).text


def test_five_wrong_birth_dates_close_the_check_with_one_explanation(applicant: Applicant, stack: Stack) -> None:
    for day in range(1, 6):
        answer = applicant.say(f"cek status {NUMBER} lahir {day}-08-1990").text
    assert "tutup sementara" in answer
    answer = applicant.say("cek status paspor saya").text
    assert "tutup sementara" in answer
    assert "tidak tersimpan" not in answer
    assert len(rows(stack, FailedProof, applicant)) == 5


def test_personal_numbers_and_names_never_enter_slots(applicant: Applicant, stack: Stack) -> None:
    nik = new_nik()
    reach_summary(applicant, "mau antre di bogor kamis jam 13", nik)
    slots = json.dumps([event for event in events(stack, applicant) if event["event"] == "slot"])
    assert not any(secret in slots for secret in (nik, "Budi", "1990"))


def test_a_complaint_reaches_the_database_with_its_ticket(applicant: Applicant, stack: Stack) -> None:
    applicant.say("mau lapor, petugas loket minta uang rokok biar berkas saya cepat")
    answer = applicant.say("boleh").text
    (complaint,) = rows(stack, Complaint, applicant)
    assert complaint.ticket in answer
    assert complaint.category == "pungli"


def test_asking_for_an_officer_is_noted(applicant: Applicant, stack: Stack) -> None:
    assert "sudah dicatat" in applicant.say("saya mau ngomong sama petugas").text
    assert len(rows(stack, Handover, applicant)) == 1


# Not understood, not meant to be understood


def test_low_confidence_asks_what_was_meant(new_applicant: Callable[[], Applicant]) -> None:
    # Which of them is unsure changes with every training; that none is would mean that it never asks.
    vague = [
        "boleh ga kak",
        "bisa lewat hp",
        "harus hari ini ya",
        "itu beneran bisa",
        "kenapa begini",
        "tolong dicek lagi",
    ]
    replies = [new_applicant().say(text) for text in vague]
    asking = [reply for reply in replies if "maksud" in reply.text]
    assert asking, [reply.text[:80] for reply in replies]
    assert all("Bukan itu" in [offered["title"] for offered in reply.buttons] for reply in asking)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "👍",
        "😀😀😀",
        "🏽",
        "?",
        "...",
        "\u200b",
        "\ud83d",
        "a",
        "[sticker]",
        "hello, how can I get a passport please",
        "dasar bot goblok",
        "'; DROP TABLE bookings; --",
        "SELECT * FROM applications WHERE 1=1",
        "<script>alert(1)</script>",
        "{fakta.kode_billing}",
        "${SIGAP_DATABASE_URL}",
        "أريد جواز سفر",
        "我要办护照",
        "paspor\x00anak",
        "9" * 400,
        "paspor " * 500,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_any_message_gets_a_true_sentence(applicant: Applicant, text: str) -> None:
    answer = applicant.say(text).text
    assert "terganggu" not in answer
    assert "{" not in answer


@pytest.mark.parametrize("text", ["paspor " * (PAST_LIMIT // 7), "x" * PAST_LIMIT], ids=["words", "one word"])
def test_a_message_that_is_too_long_is_said_to_be(applicant: Applicant, text: str) -> None:
    assert "panjang sekali" in applicant.say(text).text


@pytest.mark.parametrize("text", ["", "👍", "how much is it", "dasar goblok", "qwpoeiruty zxmcnv"])
def test_in_a_form_such_messages_do_not_lose_the_question(applicant: Applicant, text: str) -> None:
    applicant.say("cek status")
    assert "nomor permohonan" in applicant.say(text).text
    assert "tanggal lahir" in applicant.say(NUMBER).text


@pytest.mark.parametrize(
    "command",
    [
        '/batal{"kantor": "bogor"}',
        "/status_form",
        "/restart",
        "/session_start",
        " / /restart",
        "\\/restart",
        "／restart",
        '/setuju{"status_nomor": "ada", "status_lahir": "ada"}',
        "/utter_sapa",
    ],
)
def test_a_typed_command_is_a_sentence_like_any_other(applicant: Applicant, stack: Stack, command: str) -> None:
    applicant.say("halo", command)
    said = [event for event in events(stack, applicant) if event["event"] == "user"]
    kinds = [event["event"] for event in events(stack, applicant)]
    assert [event["text"] for event in said if event["text"].startswith("/")] == []
    # A command would be taken at its word: with full confidence and with the slots it names.
    assert 1.0 not in [event["parse_data"]["intent"].get("confidence") for event in said[1:]]
    assert "restart" not in kinds
    assert kinds.count("session_started") == 1
    set_slots = {event["name"] for event in events(stack, applicant) if event["event"] == "slot" and event["value"]}
    assert not set_slots & {"status_lahir", "kantor"}


def test_what_one_applicant_says_is_nothing_to_another(new_applicant: Callable[[], Applicant]) -> None:
    reach_summary(new_applicant(), "mau antre di bogor jumat jam 14")
    assert "tidak menemukan antrean aktif" in new_applicant().say("jadwal antrean saya kapan").text


def test_thanks_and_goodbye_are_returned(applicant: Applicant) -> None:
    assert "Sama-sama" in (answer := applicant.say("makasih ya min").text) or "senang hati" in answer
    assert "sampai jumpa" in (answer := applicant.say("dadah").text) or "Terima kasih sudah" in answer
