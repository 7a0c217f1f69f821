"""Booking a place in the queue, looking after it, moving and cancelling it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from harness import Answer, Chat
from settable_clock import SettableClock
from sqlalchemy import delete, select, update

from sigap.booking import Applicant, Held
from sigap.booking.service import HOLD
from sigap.store.session import Store
from sigap.store.tables import Booking, Office, Slot

NIK, BIRTH = "3171011708900001", "17-08-1990"
TUESDAY = date(2026, 11, 24)


def say(chat: Chat, text: str, intent: str = "nlu_fallback", **entities: str) -> Answer:
    return chat.fill("antrean_form", text, intent, **entities)


def reach_applicants(chat: Chat, people: int = 1, day: str = "besok") -> Answer:
    say(chat, "mau ambil antrean", "daftar_antrean", kantor="jakarta_pusat")
    say(chat, "paspor baru", jenis_permohonan="baru")
    say(chat, f"{people} orang", jumlah_pemohon=str(people))
    say(chat, day)
    return say(chat, "jam 9", waktu="09:00")


def reach_summary(chat: Chat) -> Answer:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    say(chat, NIK)
    return say(chat, BIRTH)


def book(chat: Chat) -> Answer:
    reach_summary(chat)
    return say(chat, "ya", "setuju")


def bookings(store: Store) -> list[Booking]:
    with store.work() as session:
        return list(session.scalars(select(Booking).order_by(Booking.id)).all())


def taken(store: Store, day: date = TUESDAY, hour: time = time(9)) -> int:
    with store.work() as session:
        found = select(Slot.taken).filter_by(office_id="jakarta_pusat", day=day, hour=hour, service="paspor")
        return int(session.execute(found).scalar_one())


def fill_up(store: Store, day: date, hour: time | None = None, left: int = 0) -> None:
    with store.work() as session:
        full = update(Slot).filter_by(office_id="jakarta_pusat", day=day).values(taken=Slot.quota - left)
        session.execute(full.filter_by(hour=hour) if hour else full)
        session.commit()


# From the wish to the ticket


def test_answering_every_question_ends_in_a_booking_with_a_code(chat: Chat, store: Store) -> None:
    asked = [
        say(chat, "mau ambil antrean", "daftar_antrean"),
        say(chat, "jakarta pusat", kantor="jakarta_pusat"),
        say(chat, "baru", jenis_permohonan="baru"),
        say(chat, "1 orang", jumlah_pemohon="1"),
        say(chat, "besok"),
        say(chat, "jam 9", waktu="09:00"),
        say(chat, "Budi Santoso", nama="Budi Santoso"),
        say(chat, NIK),
        say(chat, BIRTH),
    ]
    assert [answer.responses for answer in asked] == [
        ["utter_tanya_antrean_kantor"],
        ["utter_tanya_antrean_jenis"],
        ["utter_tanya_antrean_jumlah"],
        ["utter_tanya_antrean_tanggal"],
        ["utter_tanya_antrean_waktu"],
        ["utter_tanya_pemohon_nama"],
        ["utter_tanya_pemohon_nik"],
        ["utter_tanya_pemohon_lahir"],
        ["utter_antrean_ringkasan"],
    ]
    assert "Selasa, 24 November 2026, pukul 09.00 WIB" in asked[-1].text
    assert NIK not in asked[-1].text
    ticket = say(chat, "ya", "setuju")
    (booking,) = bookings(store)
    assert ticket.responses == ["utter_data_demo", "utter_antrean_tiket"]
    assert (booking.state, booking.slot.day, booking.slot.hour) == ("confirmed", TUESDAY, time(9))
    assert booking.code in ticket.text
    assert [(person.name, person.nik, person.birth_date) for person in booking.applicants] == [
        ("Budi Santoso", NIK, date(1990, 8, 17))
    ]


def test_the_name_of_the_office_is_written_once(chat: Chat) -> None:
    assert "Kantor Imigrasi Kantor Imigrasi" not in book(chat).text


def test_everything_may_be_said_at_once(chat: Chat) -> None:
    answer = say(
        chat,
        "mau antre di jakarta pusat besok jam 9 buat paspor baru 1 orang",
        "daftar_antrean",
        kantor="jakarta_pusat",
        waktu="09:00",
        jenis_permohonan="baru",
        jumlah_pemohon="1",
    )
    assert answer.responses == ["utter_tanya_pemohon_nama"]
    answer = say(chat, f"Budi Santoso, NIK {NIK}, lahir {BIRTH}", nama="Budi Santoso")
    assert answer.responses == ["utter_antrean_ringkasan"]


def test_answers_may_come_before_their_questions(chat: Chat) -> None:
    assert say(chat, "antre besok jam 9", "daftar_antrean", waktu="09:00").responses == ["utter_tanya_antrean_kantor"]
    say(chat, "jakarta pusat", kantor="jakarta_pusat")
    say(chat, "baru", jenis_permohonan="baru")
    assert say(chat, "1 orang", jumlah_pemohon="1").responses == ["utter_tanya_pemohon_nama"]


@pytest.mark.parametrize("count", ["1", "2", "4"])
def test_a_bare_number_of_people_is_not_also_a_day(chat: Chat, count: str) -> None:
    say(chat, "antre", "daftar_antrean", kantor="jakarta_pusat", jenis_permohonan="baru")
    assert say(chat, count).responses == ["utter_tanya_antrean_tanggal"]
    assert chat.slots["antrean_tanggal"] is None


def test_a_bare_number_is_a_day_when_the_day_was_asked_for(chat: Chat) -> None:
    say(chat, "antre", "daftar_antrean", kantor="jakarta_pusat", jenis_permohonan="baru")
    say(chat, "1 orang", jumlah_pemohon="1")
    assert say(chat, "25").responses == ["utter_tanya_antrean_waktu"]
    assert chat.slots["antrean_tanggal"] == "2026-11-25"


def test_nik_and_birth_date_may_come_before_the_name(chat: Chat) -> None:
    reach_applicants(chat)
    assert say(chat, f"{NIK} {BIRTH}").responses == ["utter_tanya_pemohon_nama"]
    assert say(chat, "Budi Santoso", nama="Budi Santoso").responses == ["utter_antrean_ringkasan"]


def test_a_family_of_three_gets_three_numbers_in_one_hour(chat: Chat, store: Store) -> None:
    asked = reach_applicants(chat, people=3)
    assert "pemohon ke-1" in asked.text
    people = [("Budi", "3171011708900001", "17-08-1990"), ("Siti", "3171015203920002", "12-03-1992")]
    for name, nik, birth in people:
        say(chat, name, nama=name)
        say(chat, nik)
        asked = say(chat, birth)
    assert "pemohon ke-3" in asked.text
    summary = say(chat, "Ani Lestari 3171010101150003 1-1-2015", nama="Ani Lestari")
    assert summary.responses == ["utter_antrean_ringkasan"]
    assert summary.text.count("NIK ••••") == 3
    ticket = say(chat, "ya", "setuju")
    (booking,) = bookings(store)
    assert [person.name for person in booking.applicants] == ["Budi", "Siti", "Ani Lestari"]
    assert "1 sampai 3" in ticket.text
    assert taken(store) == 3


def test_personal_entries_never_enter_the_conversation_record(chat: Chat) -> None:
    reach_summary(chat)
    assert not any(secret in str(chat.slots) for secret in ("Budi", NIK, "1990"))


# What cannot be


def test_more_people_than_the_office_takes_are_refused_with_its_limit(chat: Chat) -> None:
    say(chat, "mau antre", "daftar_antrean", kantor="jakarta_pusat")
    say(chat, "baru", jenis_permohonan="baru")
    answer = say(chat, "6 orang", jumlah_pemohon="6")
    assert answer.responses == ["utter_antrean_jumlah_keliru", "utter_tanya_antrean_jumlah"]
    assert "1 sampai 5" in answer.text


def test_an_office_without_chat_bookings_sends_to_the_official_way(chat: Chat) -> None:
    answer = say(chat, "antre di medan", "daftar_antrean", kantor="medan")
    assert answer.responses == ["utter_antrean_tidak_dilayani", "utter_tanya_antrean_kantor"]
    assert "Kantor Imigrasi Kantor Imigrasi" not in answer.text


def test_when_no_office_takes_bookings_the_form_says_so_and_closes(chat: Chat, store: Store) -> None:
    with store.work() as session:
        session.execute(update(Office).values(takes_bookings=False))
        session.commit()
    assert say(chat, "mau antre", "daftar_antrean").responses == ["utter_antrean_belum_ada"]
    assert chat.form is None


@pytest.mark.parametrize("kind", ["hilang", "rusak", "ubah_data"])
def test_lost_damaged_and_changed_passports_need_no_queue(chat: Chat, kind: str) -> None:
    answer = say(chat, "antre paspor", "daftar_antrean", kantor="bogor", jenis_permohonan=kind)
    assert answer.responses == ["utter_antrean_datang_langsung"]
    assert chat.form is None


@pytest.mark.parametrize(
    ("said", "response", "reason"),
    [
        ("hari sabtu", "utter_antrean_akhir_pekan", "Sabtu, 28 November 2026"),
        ("25 Desember 2026", "utter_antrean_libur", "Natal"),
        ("31 Februari", "utter_antrean_tanggal_mustahil", "tidak ada di kalender"),
        ("20 November 2026", "utter_antrean_tanggal_lewat", "Senin, 23 November 2026"),
        ("30 Maret 2027", "utter_antrean_belum_dibuka", "sampai Senin, 7 Desember 2026"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason_and_free_days_are_offered(
    chat: Chat, said: str, response: str, reason: str
) -> None:
    answer = reach_applicants(chat, day=said)
    assert answer.responses[-1] == "utter_tanya_antrean_tanggal"
    answer = say(chat, said)
    assert answer.responses[0] == response
    assert answer.responses[-1] == "utter_tanya_antrean_tanggal"
    assert reason in answer.text
    assert "Tanggal 24 November 2026" in answer.buttons


def test_a_full_day_is_refused_and_not_offered(chat: Chat, store: Store) -> None:
    fill_up(store, TUESDAY)
    say(chat, "antre", "daftar_antrean", kantor="jakarta_pusat", jenis_permohonan="baru")
    say(chat, "1 orang", jumlah_pemohon="1")
    answer = say(chat, "besok")
    assert answer.responses == ["utter_antrean_hari_penuh", "utter_tanya_antrean_tanggal"]
    assert "Tanggal 24 November 2026" not in answer.buttons


def test_a_full_hour_is_refused_with_those_that_are_left(chat: Chat, store: Store) -> None:
    fill_up(store, TUESDAY, time(9))
    answer = reach_applicants(chat)
    assert answer.responses == ["utter_antrean_jam_penuh", "utter_tanya_antrean_waktu"]
    assert "09.00" not in answer.text
    assert "Jam 10.00" in answer.buttons


def test_an_hour_with_too_few_places_for_the_family_is_not_offered(chat: Chat, store: Store) -> None:
    fill_up(store, TUESDAY, time(9), left=2)
    assert reach_applicants(chat, people=3).responses[0] == "utter_antrean_jam_penuh"


def test_the_morning_means_the_hours_before_noon(chat: Chat) -> None:
    reach_applicants(chat)
    answer = say(chat, "eh ganti pagi aja jamnya", waktu="pagi")
    assert answer.responses == ["utter_antrean_pilih_jam", "utter_tanya_antrean_waktu"]
    assert "11.00" in answer.said[0].text
    assert "13.00" not in answer.said[0].text


def test_a_range_of_days_is_narrowed_down(chat: Chat) -> None:
    say(chat, "antre", "daftar_antrean", kantor="jakarta_pusat", jenis_permohonan="baru")
    say(chat, "1 orang", jumlah_pemohon="1")
    answer = say(chat, "antara 24 sampai 26 November")
    assert answer.responses == ["utter_antrean_pilih_tanggal", "utter_tanya_antrean_tanggal"]
    assert "Rabu, 25 November 2026" in answer.said[0].text


def test_an_office_without_any_free_place_offers_those_near_it_and_to_wait(chat: Chat, store: Store) -> None:
    with store.work() as session:
        session.execute(delete(Slot).filter_by(office_id="jakarta_pusat"))
        session.commit()
    say(chat, "antre", "daftar_antrean", kantor="jakarta_pusat", jenis_permohonan="baru")
    answer = say(chat, "1 orang", jumlah_pemohon="1")
    assert answer.responses == ["utter_antrean_semua_penuh", "utter_tanya_antrean_kantor"]
    assert answer.buttons[0] == "Kantor Imigrasi Jakarta Selatan"
    assert answer.buttons[-1] == "Kabari saya kalau ada tempat di Kantor Imigrasi Jakarta Pusat"


@pytest.mark.parametrize(
    ("nik", "response"),
    [
        ("31710117089000", "utter_nik_keliru_panjang"),
        ("0171011708900001", "utter_nik_keliru_provinsi"),
        ("3171013508900001", "utter_nik_keliru_tanggal"),
        ("3171011713900001", "utter_nik_keliru_bulan"),
        ("3171011708900000", "utter_nik_keliru_urut"),
        ("820261122123456", "utter_nik_kode_billing"),
    ],
)
def test_a_nik_that_cannot_be_is_refused_with_the_reason(chat: Chat, nik: str, response: str) -> None:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    assert say(chat, nik).responses == [response, "utter_tanya_pemohon_nik"]


def test_a_birth_date_unlike_the_nik_is_remarked_on_but_accepted(chat: Chat) -> None:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    say(chat, NIK)
    answer = say(chat, "18-08-1990")
    assert answer.responses == ["utter_nik_tanggal_berbeda", "utter_antrean_ringkasan"]
    assert "17-08-90" in answer.text


def test_a_birth_date_in_the_future_is_asked_for_again(chat: Chat) -> None:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    say(chat, NIK)
    assert say(chat, "17-08-2030").responses == ["utter_tanggal_lahir_keliru", "utter_tanya_pemohon_lahir"]


# Changing one's mind


def test_a_correction_of_the_day_asks_for_the_hour_again(chat: Chat) -> None:
    reach_applicants(chat)
    answer = say(chat, "eh salah, tanggal 25 bukan 24")
    assert answer.responses == ["utter_tanya_antrean_waktu"]
    assert "Rabu, 25 November 2026" in answer.text


def test_a_correction_at_the_summary_changes_only_what_was_named(chat: Chat, store: Store) -> None:
    reach_summary(chat)
    answer = say(chat, "ganti jam 10", "ubah_jadwal", waktu="10:00")
    assert answer.responses == ["utter_antrean_ringkasan"]
    assert "pukul 10.00" in answer.text
    assert "Budi Santoso" in answer.text
    assert (taken(store), taken(store, hour=time(10))) == (0, 1)


@pytest.mark.parametrize("intent", ["tolak", "ubah_jadwal", "nlu_fallback"])
def test_a_correction_at_the_summary_is_not_asked_for_again(chat: Chat, intent: str) -> None:
    reach_summary(chat)
    answer = say(chat, "bukan, salah, tanggal 25 harusnya", intent)
    assert answer.responses == ["utter_tanya_antrean_waktu"]


def test_a_plain_no_at_the_summary_asks_what_to_change(chat: Chat) -> None:
    reach_summary(chat)
    assert say(chat, "tidak", "tolak").responses == ["utter_antrean_ubah_apa", "utter_antrean_ringkasan"]


def test_another_office_at_the_summary_asks_for_day_and_hour_there(chat: Chat) -> None:
    reach_summary(chat)
    answer = say(chat, "ganti ke makassar aja", "ubah_jadwal", kantor="makassar")
    assert answer.responses == ["utter_tanya_antrean_tanggal"]
    say(chat, "besok")
    answer = say(chat, "jam 9", waktu="09:00")
    assert "Makassar" in answer.text
    assert "09.00 WITA" in answer.text


def test_a_birth_date_is_never_mistaken_for_the_day_of_the_visit(chat: Chat) -> None:
    reach_applicants(chat)
    say(chat, f"Budi Santoso lahir {BIRTH}", nama="Budi Santoso")
    assert chat.slots["antrean_tanggal"] == "2026-11-24"


def test_stopping_frees_the_held_place_and_forgets_the_people(chat: Chat, store: Store) -> None:
    reach_summary(chat)
    assert taken(store) == 1
    answer = chat.tell("batal", "batal", "action_batal")
    assert answer.responses == ["utter_dibatalkan"]
    assert taken(store) == 0
    assert chat.form is None
    assert {name: value for name, value in chat.slots.items() if value is not None} == {}
    assert chat.services.drafts.get(chat.id, "antrean") == {}


def test_an_officer_asked_for_in_between_does_not_lose_the_form(chat: Chat) -> None:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    answer = chat.ask_in_between("bayarnya gimana", "cara_bayar", "action_jawab")
    assert answer.responses == ["utter_cara_bayar", "utter_tanya_pemohon_nik"]


@pytest.mark.parametrize(
    ("answer", "understood", "name"),
    [
        ("Budi Santoso", "Santoso", "Budi Santoso"),
        ("anak saya Dimas Pratama", "Dimas Pratama", "Dimas Pratama"),
        ("yang pertama Budi Santoso", "Budi Santoso", "Budi Santoso"),
        ("Zahra Putri Amelia", None, "Zahra Putri Amelia"),
    ],
)
def test_an_answer_of_nothing_but_a_name_is_taken_whole(
    chat: Chat, store: Store, answer: str, understood: str | None, name: str
) -> None:
    reach_applicants(chat)
    say(chat, answer, **({"nama": understood} if understood else {}))
    say(chat, NIK)
    say(chat, BIRTH)
    say(chat, "ya", "setuju")
    (booking,) = bookings(store)
    with store.work() as session:
        assert [person.name for person in session.merge(booking).applicants] == [name]


def test_a_name_that_is_sent_again_is_not_halved(chat: Chat) -> None:
    reach_applicants(chat)
    say(chat, "Femani Santoso", nama="Femani Santoso")
    say(chat, "Femani Santoso", nama="Santoso")
    assert "Femani Santoso" in say(chat, f"{NIK} {BIRTH}").text


def test_a_question_instead_of_a_name_is_not_a_name(chat: Chat) -> None:
    reach_applicants(chat)
    answer = chat.ask_in_between("biayanya kira kira", "biaya_paspor", "action_biaya_paspor")
    assert answer.responses[-1] == "utter_tanya_pemohon_nama"


# Others are quicker, or the applicant slower


def test_a_hold_that_has_lapsed_is_not_confirmed(chat: Chat, store: Store, clock: SettableClock) -> None:
    reach_summary(chat)
    clock.advance(seconds=HOLD.total_seconds())
    answer = say(chat, "ya", "setuju")
    assert answer.responses == ["utter_antrean_waktu_habis"]
    assert "Saya mau ambil antrean" in answer.buttons
    assert [booking.state for booking in bookings(store)] == ["lapsed"]
    assert taken(store) == 0
    assert say(chat, "mau ambil antrean", "daftar_antrean").responses == ["utter_tanya_antrean_kantor"]


def test_the_last_place_taken_at_the_summary_leads_back_to_the_day(chat: Chat, store: Store) -> None:
    reach_applicants(chat)
    say(chat, "Budi Santoso", nama="Budi Santoso")
    say(chat, NIK)
    fill_up(store, TUESDAY, time(9))
    answer = say(chat, BIRTH)
    # The hour is verified once more before the places are held.
    assert answer.responses[0] in {"utter_antrean_jam_penuh", "utter_antrean_keburu_penuh"}
    assert answer.responses[-1] in {"utter_tanya_antrean_waktu", "utter_tanya_antrean_tanggal"}


def test_the_last_places_of_an_hour_can_be_confirmed_by_whoever_holds_them(chat: Chat, store: Store) -> None:
    fill_up(store, TUESDAY, time(9), left=1)
    assert reach_summary(chat).responses == ["utter_antrean_ringkasan"]
    assert say(chat, "ya", "setuju").responses[-1] == "utter_antrean_tiket"


def test_a_question_at_the_summary_does_not_cost_the_held_place(chat: Chat, store: Store) -> None:
    fill_up(store, TUESDAY, time(9), left=1)
    reach_summary(chat)
    answer = chat.ask_in_between("bayarnya gimana", "cara_bayar", "action_jawab")
    assert answer.responses == ["utter_cara_bayar", "utter_antrean_ringkasan"]


def test_a_second_booking_of_the_same_conversation_shows_the_first(chat: Chat, store: Store) -> None:
    book(chat)
    answer = reach_summary(chat)
    assert answer.responses == ["utter_antrean_sudah_ada"]
    assert chat.form is None
    assert len(bookings(store)) == 1


def test_the_summary_says_how_long_the_place_is_kept(chat: Chat) -> None:
    assert f"{HOLD // timedelta(minutes=1)} menit" in reach_summary(chat).text


# Looking, moving, cancelling


def test_free_places_are_listed_for_an_office_that_takes_bookings(chat: Chat) -> None:
    answer = chat.tell("kuota jakpus", "cek_slot", "action_cek_slot", kantor="jakarta_pusat")
    assert answer.responses == ["utter_data_demo", "utter_cek_slot"]
    assert "Selasa, 24 November 2026: 08.00, 09.00" in answer.text
    assert len(answer.said[1].text) <= 1024


@pytest.mark.parametrize("office", [None, "medan"])
def test_quotas_of_other_offices_are_looked_up_in_the_official_app(chat: Chat, office: str | None) -> None:
    entities = {"kantor": office} if office else {}
    answer = chat.tell("kuota masih ada?", "cek_slot", "action_cek_slot", **entities)
    assert answer.responses == ["utter_cek_slot_umum"]
    assert "• Jakarta Pusat" in answer.text


def test_only_ones_own_booking_is_shown(chat: Chat, new_chat: Callable[..., Chat]) -> None:
    book(chat)
    mine = chat.tell("antrean saya", "cek_antrean", "action_cek_antrean")
    other = new_chat("wa:other").tell("antrean saya", "cek_antrean", "action_cek_antrean")
    assert mine.responses == ["utter_data_demo", "utter_antrean_milik_anda"]
    assert other.responses == ["utter_antrean_tidak_ada"]


def test_moving_keeps_the_code_and_frees_the_old_place(chat: Chat, store: Store) -> None:
    book(chat)
    (before,) = bookings(store)
    assert chat.fill("ubah_jadwal_form", "ubah jadwal", "ubah_jadwal").responses == ["utter_tanya_jadwal_tanggal"]
    assert chat.fill("ubah_jadwal_form", "25 november").responses == ["utter_tanya_antrean_waktu"]
    answer = chat.fill("ubah_jadwal_form", "jam 10", waktu="10:00")
    (after,) = bookings(store)
    assert answer.responses[-1] == "utter_jadwal_pindah"
    assert before.code in answer.text
    assert (after.slot.day, after.slot.hour) == (date(2026, 11, 25), time(10))
    assert taken(store) == 0


def test_moving_may_be_said_in_one_sentence(chat: Chat) -> None:
    book(chat)
    answer = chat.fill("ubah_jadwal_form", "pindahin ke 25 november jam 10", "ubah_jadwal", waktu="10:00")
    assert answer.responses[-1] == "utter_jadwal_pindah"


def test_moving_without_a_booking_explains_how_official_schedules_move(chat: Chat) -> None:
    answer = chat.fill("ubah_jadwal_form", "ubah jadwal", "ubah_jadwal")
    assert answer.responses == ["utter_jadwal_ulang_resmi"]
    assert chat.form is None


def test_moving_to_a_weekend_gives_the_reason(chat: Chat) -> None:
    book(chat)
    chat.fill("ubah_jadwal_form", "ubah jadwal", "ubah_jadwal")
    answer = chat.fill("ubah_jadwal_form", "hari minggu")
    assert answer.responses == ["utter_antrean_akhir_pekan", "utter_tanya_jadwal_tanggal"]


def test_cancelling_asks_once_and_frees_the_place(chat: Chat, store: Store) -> None:
    book(chat)
    asked = chat.fill("batal_antrean_form", "batalkan antrean", "batalkan_antrean")
    assert asked.responses == ["utter_tanya_batal_antrean"]
    assert taken(store) == 1
    assert chat.fill("batal_antrean_form", "ya", "setuju").responses == ["utter_antrean_dibatalkan"]
    assert taken(store) == 0
    assert [booking.state for booking in bookings(store)] == ["cancelled"]


def test_the_button_that_confirms_the_cancellation_confirms_it(chat: Chat, store: Store) -> None:
    book(chat)
    asked = chat.fill("batal_antrean_form", "batalkan antrean", "batalkan_antrean")
    chat.fill("batal_antrean_form", asked.buttons[0], "batalkan_antrean")
    assert [booking.state for booking in bookings(store)] == ["cancelled"]


def test_a_booking_stays_when_the_applicant_thinks_better_of_cancelling(chat: Chat, store: Store) -> None:
    book(chat)
    chat.fill("batal_antrean_form", "batalkan antrean", "batalkan_antrean")
    assert chat.fill("batal_antrean_form", "tidak", "tolak").responses == ["utter_antrean_tetap"]
    assert [booking.state for booking in bookings(store)] == ["confirmed"]


def test_stop_as_an_answer_to_cancelling_means_either_and_is_asked_again(chat: Chat, store: Store) -> None:
    book(chat)
    chat.fill("batal_antrean_form", "batalkan antrean", "batalkan_antrean")
    answer = chat.fill("batal_antrean_form", "batal", "batal")
    assert answer.responses == ["utter_jelaskan_batal_antrean_konfirmasi", "utter_tanya_batal_antrean"]
    assert [booking.state for booking in bookings(store)] == ["confirmed"]


def test_cancelling_without_a_booking_explains_how_official_ones_are_cancelled(chat: Chat) -> None:
    answer = chat.fill("batal_antrean_form", "batalkan antrean", "batalkan_antrean")
    assert answer.responses == ["utter_pembatalan_resmi"]
    assert chat.form is None


def test_stopping_outside_a_form_asks_whether_the_booking_is_meant(chat: Chat) -> None:
    assert chat.tell("batal", "batal", "action_batal").responses == ["utter_tidak_ada_yang_dibatalkan"]
    book(chat)
    assert chat.tell("batal", "batal", "action_batal").responses == ["utter_batal_antrean_anda"]


def test_a_hold_of_another_conversation_is_not_touched_by_stopping(
    chat: Chat, new_chat: Callable[..., Chat], store: Store
) -> None:
    held = chat.services.queue.hold(
        "wa:other", "jakarta_pusat", TUESDAY, time(9), "baru", [Applicant("Ani", NIK, date(1990, 8, 17))]
    )
    assert isinstance(held, Held)
    reach_summary(chat)
    chat.tell("batal", "batal", "action_batal")
    assert taken(store) == 1
