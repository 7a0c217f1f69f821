"""Questions answered from the facts, and the clarification of those that lack a detail."""

from __future__ import annotations

from itertools import product

import pytest
from harness import Answer, Chat

from actions.rincian import _ANSWERS
from sigap.knowledge import Knowledge

LONGEST = 1024
GROUPS, KINDS = ("dewasa", "anak", "bayi", "lansia"), ("baru", "penggantian", "hilang", "rusak", "penuh", "ubah_data")
DETAILS = {
    "kelompok": ("syarat paspor", "syarat_paspor", "action_syarat_paspor"),
    "kendala": ("aplikasi bermasalah", "kendala_aplikasi", "action_kendala_aplikasi"),
    "khusus": ("paspor keperluan khusus", "paspor_khusus", "action_paspor_khusus"),
    "kota": ("alamat kantor imigrasi", "info_kantor", "action_info_kantor"),
}


def fits(answer: Answer) -> bool:
    return all(len(message.text) <= LONGEST for message in answer.said if message.buttons)


# Requirements and fees


@pytest.mark.parametrize(("group", "kind"), list(product(GROUPS, KINDS)))
def test_requirements_of_every_group_and_kind_fit_one_bubble_with_buttons(chat: Chat, group: str, kind: str) -> None:
    answer = chat.tell("syarat", "syarat_paspor", "action_syarat_paspor", kelompok_pemohon=group, jenis_permohonan=kind)
    assert answer.responses == ["utter_syarat_paspor"]
    assert {message.response: len(message.text) for message in answer.said if len(message.text) > LONGEST} == {}


def test_requirements_for_children_and_adults_differ(chat: Chat) -> None:
    child = chat.tell("syarat paspor anak", "syarat_paspor", "action_syarat_paspor", kelompok_pemohon="anak")
    adult = chat.tell("syarat paspor dewasa", "syarat_paspor", "action_syarat_paspor", kelompok_pemohon="dewasa")
    assert "orang tua" in child.text.lower()
    assert child.text != adult.text


def test_a_special_circumstance_of_a_child_is_explained_too(chat: Chat, knowledge: Knowledge) -> None:
    for circumstance in knowledge.child_circumstances:
        answer = chat.tell(f"syarat paspor {circumstance.kata_kunci[0]}", "syarat_paspor", "action_syarat_paspor")
        assert answer.responses == ["utter_syarat_paspor", "utter_syarat_keadaan_anak"], circumstance.id
        assert fits(answer)


@pytest.mark.parametrize(
    ("entities", "shown", "hidden"),
    [
        ({}, "Rp350.000", "Rp1.000.000"),
        ({"jenis_paspor": "elektronik"}, "elektronik", "Rp1.000.000"),
        ({"jenis_permohonan": "hilang"}, "Rp1.000.000", "Rp500.000"),
        ({"jenis_permohonan": "rusak"}, "Rp500.000", "Rp1.000.000\n"),
        ({"kelompok_pemohon": "anak"}, "5 tahun", "10 tahun"),
        ({"masa_berlaku": "10"}, "10 tahun", "5 tahun"),
    ],
)
def test_fees_fit_what_was_said(chat: Chat, entities: dict[str, str], shown: str, hidden: str) -> None:
    answer = chat.tell("biaya", "biaya_paspor", "action_biaya_paspor", **entities)
    assert shown in answer.text
    assert hidden not in answer.said[0].text
    assert fits(answer)


def test_fees_are_added_up_for_a_family(chat: Chat, knowledge: Knowledge) -> None:
    answer = chat.tell(
        "biaya e-paspor 10 tahun 3 orang",
        "biaya_paspor",
        "action_biaya_paspor",
        jumlah_pemohon="3",
        jenis_paspor="elektronik",
        masa_berlaku="10",
    )
    (fee,) = (fee for fee in knowledge.fees.values() if (fee.jenis_paspor, fee.masa_berlaku) == ("elektronik", 10))
    assert answer.responses == ["utter_biaya_paspor", "utter_biaya_total"]
    assert f"Rp{fee.rupiah * 3:,}".replace(",", ".") in answer.said[1].text


def test_the_surcharge_for_express_is_added(chat: Chat) -> None:
    answer = chat.tell("biaya paspor percepatan", "biaya_paspor", "action_biaya_paspor")
    assert answer.responses == ["utter_biaya_paspor", "utter_biaya_total"]


# Time, place, other matters


def test_the_day_of_completion_skips_weekends_and_holidays(chat: Chat) -> None:
    answer = chat.tell("wawancara 22 desember kapan jadi", "lama_proses", "action_lama_proses", tanggal="2026-12-22")
    assert "Selasa, 22 Desember 2026" in answer.text
    assert "Natal" in answer.text
    assert fits(answer)


def test_an_interview_wished_for_on_a_sunday_is_counted_from_the_next_working_day(chat: Chat) -> None:
    answer = chat.tell("kalau minggu ini foto", "lama_proses", "action_lama_proses", tanggal="2026-11-29")
    assert "Senin, 30 November 2026" in answer.text


def test_every_office_can_be_shown(chat: Chat, knowledge: Knowledge) -> None:
    for office in knowledge.offices.all:
        answer = chat.tell("alamat", "info_kantor", "action_info_kantor", kantor=office.id)
        assert office.nama in answer.text
        assert fits(answer), office.id


def test_a_place_without_an_office_gets_the_nearest_ones(chat: Chat, knowledge: Knowledge) -> None:
    for place in knowledge.offices.places:
        answer = chat.tell(f"kantor imigrasi di {place.sebutan[0]}", "info_kantor", "action_info_kantor")
        if answer.said:
            assert answer.responses == ["utter_info_kantor_terdekat"]
            assert all(1 <= len(offered["title"]) <= 20 for offered in answer.said[0].buttons)
            assert fits(answer)


@pytest.mark.parametrize(
    ("location", "nearest"),
    [("geo:-6.59,106.79", "bogor"), ("geo:5.55,95.32", "banda_aceh"), ("geo:-2.53,140.72", "jayapura")],
)
def test_a_shared_location_is_answered_with_the_nearest_offices(
    chat: Chat, knowledge: Knowledge, location: str, nearest: str
) -> None:
    answer = chat.tell(f"Di mana kantor imigrasi terdekat? ({location})", "info_kantor", "action_info_kantor")
    office = knowledge.offices.get(nearest)
    assert answer.responses == ["utter_info_kantor_terdekat"]
    assert office is not None
    assert answer.text.index(office.nama) < answer.text.index(" km)")
    assert "lokasi Anda" in answer.text


@pytest.mark.parametrize("kind", ["akun_otp", "nik", "unggah", "eror", "surat_pengantar", "pembayaran"])
def test_every_kind_of_trouble_with_the_app_has_steps(chat: Chat, kind: str) -> None:
    answer = chat.tell("aplikasi", "kendala_aplikasi", "action_kendala_aplikasi", kendala=kind)
    assert answer.responses == ["utter_kendala_aplikasi"]
    assert fits(answer)


def test_every_special_topic_is_found_by_its_keywords(chat: Chat, knowledge: Knowledge) -> None:
    for topic in knowledge.special_topics:
        answer = chat.tell(f"paspor {topic.kata_kunci[0]}", "paspor_khusus", "action_paspor_khusus")
        assert topic.judul in answer.text
        assert fits(answer), topic.id


def test_every_outside_topic_is_found_by_its_keywords(chat: Chat, knowledge: Knowledge) -> None:
    for topic in knowledge.outside_topics:
        answer = chat.tell(f"urus {topic.kata_kunci[0]}", "luar_layanan", "action_luar_layanan")
        assert answer.responses == ["utter_luar_layanan"], topic.id
        assert fits(answer), topic.id


def test_another_outside_matter_is_sent_to_the_general_desk(chat: Chat) -> None:
    answer = chat.tell("urusan imigrasi lain", "luar_layanan", "action_luar_layanan")
    assert answer.responses == ["utter_luar_layanan_umum"]


def test_abuse_is_met_with_an_offer_to_help(chat: Chat) -> None:
    rude = chat.tell("dasar anjing goblok", "di_luar_topik", "action_di_luar_topik")
    other = chat.tell("cuaca besok gimana", "di_luar_topik", "action_di_luar_topik")
    assert (rude.responses, other.responses) == (["utter_kata_kasar"], ["utter_di_luar_topik"])


# Clarification


def open_question(chat: Chat, detail: str) -> Answer:
    text, intent, action = DETAILS[detail]
    assert chat.tell(text, intent, action).said == []
    return chat.fill("rincian_form", text, intent)


def test_every_detail_has_an_answer() -> None:
    assert set(_ANSWERS) == set(DETAILS)


@pytest.mark.parametrize("detail", DETAILS)
def test_a_question_that_lacks_a_detail_is_asked_for_it(chat: Chat, detail: str) -> None:
    assert open_question(chat, detail).responses == [f"utter_tanya_{detail}"]
    assert chat.form == "rincian_form"


@pytest.mark.parametrize(
    ("detail", "reply", "entities", "response", "fragment"),
    [
        ("kelompok", "untuk anak", {"kelompok_pemohon": "anak"}, "utter_syarat_paspor", "anak"),
        ("kendala", "otp ga masuk", {"kendala": "akun_otp"}, "utter_kendala_aplikasi", "OTP"),
        ("khusus", "umrah", {}, "utter_paspor_khusus", "mrah"),
        ("kota", "jakarta pusat", {"kantor": "jakarta_pusat"}, "utter_info_kantor", "Jakarta Pusat"),
    ],
)
def test_the_detail_alone_completes_the_question(
    chat: Chat, detail: str, reply: str, entities: dict[str, str], response: str, fragment: str
) -> None:
    open_question(chat, detail)
    answer = chat.fill("rincian_form", reply, **entities)
    assert answer.responses == [response]
    assert fragment in answer.text
    assert {name: value for name, value in chat.slots.items() if value is not None} == {}


def test_what_the_question_had_said_already_still_counts(chat: Chat) -> None:
    text, intent, action = DETAILS["kelompok"]
    chat.tell(text, intent, action, jenis_permohonan="hilang")
    chat.fill("rincian_form", text, intent)
    assert "hilang" in chat.fill("rincian_form", "dewasa", kelompok_pemohon="dewasa").text.lower()


def test_every_special_topic_that_is_offered_answers_the_clarification(chat: Chat) -> None:
    for offer in open_question(chat, "khusus").buttons:
        open_question(chat, "khusus")
        assert chat.fill("rincian_form", offer, "paspor_khusus").responses == ["utter_paspor_khusus"], offer


@pytest.mark.parametrize("detail", DETAILS)
def test_an_answer_that_does_not_help_is_explained_and_asked_again_until_stopping_is_offered(
    chat: Chat, detail: str
) -> None:
    open_question(chat, detail)
    answers = [chat.fill("rincian_form", "ya", "setuju") for _ in range(3)]
    assert [answer.responses[-1] for answer in answers] == [f"utter_tanya_{detail}"] * 3
    assert "utter_tawar_berhenti" in answers[2].responses
    assert "utter_gangguan" not in [name for answer in answers for name in answer.responses]


def test_another_question_ends_the_clarification(chat: Chat) -> None:
    open_question(chat, "kelompok")
    chat.hear("bayarnya gimana", "cara_bayar")
    assert chat.run("validate_rincian_form").stepped_aside
    assert chat.run("action_jawab").responses == ["utter_cara_bayar"]
    assert chat.form is None


def test_in_the_middle_of_another_form_the_detail_is_asked_for_without_losing_the_form(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    answer = chat.ask_in_between("syaratnya apa", "syarat_paspor", "action_syarat_paspor")
    assert answer.responses == ["utter_tanya_kelompok", "utter_tanya_status_nomor"]
    assert chat.form == "status_form"


# Not understood


def test_the_two_likeliest_wishes_are_offered(chat: Chat) -> None:
    chat.guess("paspor gimana ya", biaya_paspor=0.3, syarat_paspor=0.25, lama_proses=0.2)
    answer = chat.run("action_klarifikasi")
    assert answer.responses == ["utter_maksud_anda"]
    assert answer.buttons == [
        "Berapa biaya membuat paspor?",
        "Apa saja syarat membuat paspor baru?",
        "Bukan itu maksud saya",
    ]


def test_unlikely_wishes_are_not_offered(chat: Chat) -> None:
    chat.guess("blabla", biaya_paspor=0.05)
    assert chat.run("action_klarifikasi").responses == ["utter_tidak_paham"]


def test_english_is_answered_with_a_sentence_in_english_too(chat: Chat) -> None:
    chat.guess("how do you get it please", biaya_paspor=0.05)
    assert chat.run("action_klarifikasi").responses == ["utter_bahasa_lain"]


def test_after_three_misunderstandings_in_a_row_an_officer_is_offered(chat: Chat) -> None:
    answers = [chat.tell("blabla", "nlu_fallback", "action_klarifikasi").responses for _ in range(3)]
    assert answers == [["utter_tidak_paham"], ["utter_tidak_paham"], ["utter_tidak_paham_terus"]]


def test_something_understood_in_between_starts_the_count_again(chat: Chat) -> None:
    for text, intent, action in [
        ("blabla", "nlu_fallback", "action_klarifikasi"),
        ("blabla", "nlu_fallback", "action_klarifikasi"),
        ("halo", "sapa", "action_jawab"),
    ]:
        chat.tell(text, intent, action)
    assert chat.tell("blabla", "nlu_fallback", "action_klarifikasi").responses == ["utter_tidak_paham"]
