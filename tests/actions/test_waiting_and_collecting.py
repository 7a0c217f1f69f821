"""Waiting for a place, collecting a passport, closed days, and looking after a booking made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from harness import Answer, Chat
from sqlalchemy import update

from sigap.booking import Applicant, Held, Ticket
from sigap.store.session import Store
from sigap.store.tables import Slot

BUDI = Applicant("Budi Santoso", "3171011708900001", date(1990, 8, 17))
READY, BORN = "1179000000023456", "25-01-1987"


def fill_office(store: Store, office: str, left: int = 0, **where: object) -> None:
    with store.work() as session:
        slots = update(Slot).filter_by(office_id=office, service="paspor", **where)
        session.execute(slots.values(taken=Slot.quota - left, priority_taken=Slot.priority_quota))
        session.commit()


def booked(chat: Chat, conversation_id: str, office: str = "bogor") -> Ticket:
    queue = chat.services.queue
    assert isinstance(queue.hold(conversation_id, office, date(2026, 11, 25), time(9), "baru", [BUDI]), Held)
    ticket = queue.confirm(conversation_id)
    assert isinstance(ticket, Ticket)
    return ticket


def wait(chat: Chat) -> Answer:
    chat.lead(
        "kabari saya kalau ada kuota di bogor minggu depan", "daftar_tunggu", "action_daftar_tunggu", kantor="bogor"
    )
    chat.fill("tunggu_form", "paspor baru", jenis_permohonan="baru")
    return chat.fill("tunggu_form", "1 orang", jumlah_pemohon="1")


def told(chat: Chat, store: Store) -> Answer:
    """A place becomes free and the news of it reaches the conversation."""
    fill_office(store, "bogor", left=1, day=date(2026, 12, 1), hour=time(9))
    chat.services.queue.sweep()
    return chat.tell("/kabar_kuota", "kabar_kuota", "action_kabar_kuota")


# The waiting list


def test_whoever_waits_is_told_and_books_the_place_that_was_kept(chat: Chat, store: Store) -> None:
    fill_office(store, "bogor")
    assert wait(chat).responses == ["utter_tunggu_dicatat"]
    news = told(chat, store)
    assert news.responses == ["utter_kabar_kuota"]
    assert "Selasa, 1 Desember 2026, pukul 09.00 WIB" in news.text
    taken = chat.lead(news.buttons[0], "daftar_tunggu", "action_daftar_tunggu")
    assert taken.responses == ["utter_tawaran_diambil", "utter_tanya_pemohon_nama"]
    summary = chat.fill("antrean_form", "Budi Santoso 3171011708900001 17-08-1990")
    assert summary.responses == ["utter_antrean_ringkasan"]
    assert chat.fill("antrean_form", "ya", "setuju").responses[-1] == "utter_antrean_tiket"


def test_a_plain_yes_takes_the_offer_and_a_plain_no_passes_it_on(chat: Chat, store: Store) -> None:
    fill_office(store, "bogor")
    wait(chat)
    told(chat, store)
    assert chat.tell("tidak", "tolak", "action_tolak").responses == ["utter_tawaran_dilewatkan"]
    assert chat.tell("ya", "setuju", "action_setuju").responses == ["utter_setuju"]


def test_news_in_the_middle_of_a_form_is_no_answer_to_it(chat: Chat, store: Store) -> None:
    fill_office(store, "bogor")
    wait(chat)
    chat.fill("pengaduan_form", "mau komplain", "beri_pengaduan")
    fill_office(store, "bogor", left=1, day=date(2026, 12, 1), hour=time(9))
    chat.services.queue.sweep()
    chat.hear("/kabar_kuota", "kabar_kuota")
    chat._message["metadata"] = {"kabar": {}}
    assert chat.run("validate_pengaduan_form").stepped_aside
    assert chat.run("action_kabar_kuota").responses == ["utter_kabar_kuota"]
    assert chat.run("validate_pengaduan_form").responses == ["utter_tanya_pengaduan_isi"]


def test_an_offer_that_has_run_out_is_said_so(chat: Chat, store: Store) -> None:
    fill_office(store, "bogor")
    wait(chat)
    news = told(chat, store)
    chat.services.clock.advance(minutes=16)  # type: ignore[attr-defined]
    assert chat.lead(news.buttons[0], "daftar_tunggu", "action_daftar_tunggu").responses == ["utter_tawaran_lewat"]


def test_the_list_can_be_seen_and_left(chat: Chat, store: Store) -> None:
    fill_office(store, "bogor")
    asked = [chat.lead(text, "daftar_tunggu", "action_daftar_tunggu").responses for text in ("urutan saya berapa",)]
    wait(chat)
    for text in ("urutan saya berapa", "keluarkan saya dari daftar tunggu", "keluarkan saya dari daftar tunggu"):
        asked.append(chat.lead(text, "daftar_tunggu", "action_daftar_tunggu").responses)
    assert asked == [
        ["utter_tunggu_tidak_ada"],
        ["utter_tunggu_milik_anda"],
        ["utter_tunggu_keluar"],
        ["utter_tunggu_tidak_ada"],
    ]


# Collecting


@pytest.mark.parametrize(("who", "proxy"), [("saya sendiri", False), ("keluarga satu kk", True), ("orang lain", True)])
def test_a_place_for_collecting_is_booked_by_oneself_or_by_proxy(chat: Chat, who: str, proxy: bool) -> None:
    chat.fill("ambil_form", f"antrean pengambilan {READY} lahir {BORN}", "cara_ambil_paspor")
    told_what_to_bring = chat.fill("ambil_form", who)
    assert told_what_to_bring.responses[-1] == "utter_tanya_ambil_nama"
    assert "bukti bayar" in told_what_to_bring.text.lower()
    chat.fill("ambil_form", "Siti Aminah", nama="Siti Aminah")
    chat.fill("ambil_form", "besok")
    summary = chat.fill("ambil_form", "jam 10", waktu="10:00")
    assert READY not in summary.text
    ticket = chat.fill("ambil_form", "ya", "setuju")
    assert ticket.responses[-1] == "utter_ambil_tiket"
    assert ticket.images
    booking = chat.services.queue.booking_of(chat.id)
    assert isinstance(booking, Ticket)
    assert (booking.kind, booking.proxy, booking.names) == ("ambil", proxy, ("Siti Aminah",))


@pytest.mark.parametrize(
    ("said", "response"),
    [
        (f"{READY} lahir 26-01-1987", "utter_status_tidak_cocok"),
        ("1179000000067890 lahir 30-10-2001", "utter_ambil_belum_siap"),
    ],
)
def test_what_cannot_be_collected_is_refused_with_the_reason(chat: Chat, said: str, response: str) -> None:
    assert response in chat.fill("ambil_form", said, "cara_ambil_paspor").responses


# A booking made in another conversation


def test_code_and_birth_date_hand_a_booking_over_and_it_can_then_be_cancelled_here(chat: Chat) -> None:
    code = booked(chat, "web:elsewhere").code
    chat.lead("saya punya kode booking", "cek_antrean", "action_cek_antrean")
    chat.fill("bukti_antrean_form", code.lower().replace("-", " "))
    shown = chat.fill("bukti_antrean_form", "17-08-1990")
    assert shown.responses[-1] == "utter_antrean_milik_anda"
    assert code in shown.text
    chat.fill("batal_antrean_form", "batalkan", "batalkan_antrean")
    assert chat.fill("batal_antrean_form", "ya", "setuju").responses == ["utter_antrean_dibatalkan"]


def test_a_wrong_birth_date_reveals_nothing_and_five_close_the_door(chat: Chat) -> None:
    code = booked(chat, "web:elsewhere").code
    chat.lead("saya punya kode booking", "cek_antrean", "action_cek_antrean")
    answers = [
        chat.fill("bukti_antrean_form", f"{code} lahir 1{day}-08-1990", kode_booking=code) for day in (1, 2, 3, 4, 5)
    ]
    assert [answer.responses[0] for answer in answers[:4]] == ["utter_bukti_tidak_cocok"] * 4
    assert answers[4].responses == ["utter_bukti_terkunci"]
    assert not any("Budi" in answer.text or "Bogor" in answer.text for answer in answers)
    assert chat.form is None


def test_a_booking_moves_to_another_office_and_keeps_its_code(chat: Chat) -> None:
    code = booked(chat, chat.id).code
    answer = chat.fill(
        "ubah_jadwal_form",
        "pindah ke jakarta pusat 26 november jam 10",
        "ubah_jadwal",
        kantor="jakarta_pusat",
        waktu="10:00",
    )
    assert answer.responses[-1] == "utter_jadwal_pindah"
    assert code in answer.text
    assert "Kantor Imigrasi Jakarta Pusat" in answer.text


# Limits


def test_a_person_booked_elsewhere_is_asked_for_the_nik_again_and_nothing_is_revealed(
    chat: Chat, new_chat: Callable[..., Chat]
) -> None:
    code = booked(chat, "web:elsewhere").code
    other = new_chat("wa:other")
    entities = {"kantor": "bogor", "jenis_permohonan": "baru", "jumlah_pemohon": "1", "waktu": "09:00"}
    other.fill("antrean_form", "antre bogor besok jam 9 paspor baru 1 orang", "daftar_antrean", **entities)
    refused = other.fill("antrean_form", "Budi Santoso 3171011708900001 17-08-1990")
    assert refused.responses == ["utter_nik_sudah_antre", "utter_tanya_pemohon_nik"]
    assert code not in refused.text
    assert other.fill("antrean_form", "3171011708900009").responses == ["utter_antrean_ringkasan"]


def test_yes_said_twice_makes_one_booking_and_is_answered_kindly(chat: Chat) -> None:
    entities = {"kantor": "bogor", "jenis_permohonan": "baru", "jumlah_pemohon": "1", "waktu": "09:00"}
    chat.fill("antrean_form", "antre bogor besok jam 9 paspor baru 1 orang", "daftar_antrean", **entities)
    chat.fill("antrean_form", "Budi Santoso 3171011708900001 17-08-1990")
    ticket = chat.fill("antrean_form", "ya", "setuju")
    assert chat.services.pictures.find(ticket.images[0])
    assert chat.tell("ya", "setuju", "action_setuju").responses == ["utter_antrean_sudah_tercatat"]


# Days that are closed after they were booked


def news_of_the_day(chat: Chat, topic: str) -> Answer:
    return chat.tell(f"/{topic}", topic, f"action_{topic}")


def test_whose_day_was_closed_is_told_and_sees_it_with_the_ticket(chat: Chat) -> None:
    ticket = booked(chat, chat.id)
    assert (
        chat.lead("antrean saya kapan", "cek_antrean", "action_cek_antrean").responses[-1] == "utter_antrean_milik_anda"
    )
    chat.services.queue.quotas.close("bogor", ticket.day, ticket.day, "Listrik padam")
    told = news_of_the_day(chat, "kabar_hari_tutup")
    assert told.responses == ["utter_kabar_hari_tutup"]
    assert "tutup pada Rabu, 25 November 2026* (Listrik padam)" in told.text
    shown = chat.lead("antrean saya kapan", "cek_antrean", "action_cek_antrean")
    assert shown.responses[-2:] == ["utter_antrean_milik_anda", "utter_kabar_hari_tutup"]


def test_news_of_a_closed_day_that_no_longer_matters_is_not_told(chat: Chat) -> None:
    ticket = booked(chat, chat.id)
    chat.services.queue.quotas.close("bogor", ticket.day, ticket.day, "Listrik padam")
    chat.services.queue.cancel(chat.id)
    assert news_of_the_day(chat, "kabar_hari_tutup").responses == []
    assert news_of_the_day(chat, "kabar_hari_buka").responses == []


def test_that_the_day_is_open_after_all_is_told_unless_it_has_been_closed_again(chat: Chat) -> None:
    quotas, day = chat.services.queue.quotas, booked(chat, chat.id).day
    quotas.close("bogor", day, day, "Listrik padam")
    quotas.reopen("bogor", day, day)
    assert news_of_the_day(chat, "kabar_hari_buka").responses == ["utter_kabar_hari_buka"]
    quotas.close("bogor", day, day, "Padam lagi")
    assert news_of_the_day(chat, "kabar_hari_buka").responses == []
