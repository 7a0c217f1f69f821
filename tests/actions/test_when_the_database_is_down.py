"""Whatever breaks, the applicant gets one sentence and the log gets nothing that is theirs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Chat, build_services, domain
from settable_clock import SettableClock

from actions.services import install
from sigap.store.session import Store

PHONE, NAME, NIK, BIRTH = "6281298765432", "Rangga Wirasena", "3171011708900001", "17-08-1990"
NUMBER = "1179000000012345"
# For each action: the open form, the slots and the message with which it works on the database, or answers without it.
BOOKING = {
    "antrean_kantor": "jakarta_pusat",
    "antrean_jenis": "baru",
    "antrean_jumlah": 1,
    "antrean_tanggal": "2026-11-24",
    "antrean_waktu": "09:00",
    "antrean_pemohon": "lengkap",
}
PERSONAL = f"nama saya {NAME}, NIK {NIK}, lahir {BIRTH}"
NEEDS_DATABASE: dict[str, tuple[dict[str, Any], str, str]] = {
    "action_tampilkan_status": ({"status_nomor": "ada", "status_lahir": "ada"}, f"{NUMBER} {BIRTH}", "cek_status"),
    "action_simpan_antrean": ({**BOOKING, "antrean_konfirmasi": True}, "ya", "setuju"),
    "action_cek_antrean": ({}, "antrean saya kapan", "cek_antrean"),
    "action_cek_slot": ({"antrean_kantor": "jakarta_pusat"}, "kuota masih ada?", "cek_slot"),
    "action_batalkan_antrean": ({"batal_antrean_konfirmasi": True}, "ya", "setuju"),
    "action_pindah_jadwal": ({"jadwal_tanggal": "2026-11-24", "jadwal_waktu": "09:00"}, "jam 9", "ubah_jadwal"),
    "action_antrean_terbukti": ({"antrean_kode": "ada", "antrean_lahir": "ada"}, BIRTH, "nlu_fallback"),
    "action_daftar_tunggu": ({}, "kabari saya kalau ada kuota", "daftar_tunggu"),
    "action_masuk_daftar_tunggu": ({**BOOKING, "tunggu_hari": "2026-11-24/2026-11-27"}, "minggu ini", "nlu_fallback"),
    "action_kabar_kuota": ({}, "/kabar_kuota", "kabar_kuota"),
    "action_kabar_hari_tutup": ({}, "/kabar_hari_tutup", "kabar_hari_tutup"),
    "action_kabar_hari_buka": ({}, "/kabar_hari_buka", "kabar_hari_buka"),
    "action_simpan_ambil": ({"ambil_konfirmasi": True, "ambil_oleh": "sendiri"}, "ya", "setuju"),
    "action_simpan_pengaduan": (
        {"pengaduan_isi": "ada", "pengaduan_kategori": "pungli", "pengaduan_kontak": True},
        "boleh",
        "setuju",
    ),
    "action_data_pribadi": ({}, "Ya, hapus semua data saya", "keamanan_data"),
    "action_simpan_apresiasi": ({"apresiasi_isi": "ada"}, f"{NAME} ramah", "beri_apresiasi"),
    "action_minta_petugas": ({}, "mau bicara sama orang", "minta_petugas"),
    "action_batal": ({}, "batal", "batal"),
    "validate_status_form": ({"requested_slot": "status_nomor"}, f"{NUMBER} lahir {BIRTH}", "cek_status"),
    "validate_antrean_form": ({**BOOKING, "antrean_pemohon": None, "requested_slot": "antrean_pemohon"}, PERSONAL, ""),
    "validate_ubah_jadwal_form": ({"requested_slot": "jadwal_tanggal"}, "besok", "ubah_jadwal"),
    "validate_batal_antrean_form": ({}, "batalkan antrean saya", "batalkan_antrean"),
    "validate_bukti_antrean_form": ({"requested_slot": "antrean_kode"}, f"7KQM-4W2P lahir {BIRTH}", "cek_antrean"),
    "validate_tunggu_form": ({"requested_slot": "tunggu_hari"}, "minggu depan", "nlu_fallback"),
    "validate_ambil_form": ({"requested_slot": "ambil_nomor"}, f"{NUMBER} lahir {BIRTH}", "cara_ambil_paspor"),
    "validate_pengaduan_form": ({"requested_slot": "pengaduan_isi"}, f"{NAME} minta uang di loket", "beri_pengaduan"),
    "validate_apresiasi_form": ({"requested_slot": "apresiasi_isi"}, f"{NAME} ramah sekali", "beri_apresiasi"),
}
NEEDS_NONE: dict[str, tuple[dict[str, Any], str, str]] = {
    "action_jawab": ({}, "cara bayar", "cara_bayar"),
    "action_syarat_paspor": ({"rincian": "dewasa"}, "syarat", "syarat_paspor"),
    "action_ambil_paspor": ({}, "bagaimana cara ambil paspor", "cara_ambil_paspor"),
    "action_biaya_paspor": ({}, "biaya", "biaya_paspor"),
    "action_lama_proses": ({}, "berapa lama", "lama_proses"),
    "action_info_kantor": ({"rincian": "jakarta_pusat"}, "alamat", "info_kantor"),
    "action_kendala_aplikasi": ({"rincian": "akun_otp"}, "otp tidak masuk", "kendala_aplikasi"),
    "action_paspor_khusus": ({}, "paspor untuk umrah", "paspor_khusus"),
    "action_luar_layanan": ({}, "urus kitas", "luar_layanan"),
    "action_di_luar_topik": ({}, "cuaca hari ini", "di_luar_topik"),
    "action_setuju": ({}, "ya", "setuju"),
    "action_tolak": ({}, "tidak", "tolak"),
    "action_klarifikasi": ({}, "hmm begitulah", "nlu_fallback"),
    "action_rincian_terjawab": ({"topik": "kelompok", "rincian": "anak"}, "anak", "syarat_paspor"),
    "validate_rincian_form": ({"topik": "kelompok"}, "syarat", "syarat_paspor"),
}


@pytest.fixture(params=["the database cannot be opened", "the tables are missing"])
def broken_chat(request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock) -> Iterator[Chat]:
    place = tmp_path / "no-such-folder" / "x.db" if request.param.endswith("opened") else tmp_path / "empty.db"
    store = Store.open(f"sqlite:///{place}")
    services = build_services(store, clock)
    install(services)
    yield Chat(f"wa:{PHONE}", services)
    install(None)
    store.engine.dispose()


def test_every_action_of_the_domain_is_tried_here() -> None:
    assert NEEDS_DATABASE.keys() | NEEDS_NONE.keys() == set(domain()["actions"])


@pytest.mark.parametrize("action", NEEDS_DATABASE)
def test_an_action_without_its_database_says_one_sentence_with_an_incident_number(
    broken_chat: Chat, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    # By name: playing dialogues in the same process silences the loggers of SIGAP.
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="actions")
    slots, text, intent = NEEDS_DATABASE[action]
    broken_chat.slots |= slots
    broken_chat.form = action.removeprefix("validate_") if action.startswith("validate_") else "status_form"
    broken_chat.hear(text, intent or "nlu_fallback")
    answer = broken_chat.run(action)
    assert answer.responses == ["utter_gangguan"]
    incident = answer.text.rsplit(" ", 1)[1].strip(".")
    assert f"incident {incident}" in caplog.text
    assert [
        secret for secret in (PHONE, NAME, "Rangga", NIK, NUMBER, BIRTH, "1990-08-17") if secret in caplog.text
    ] == []


@pytest.mark.parametrize("action", NEEDS_NONE)
def test_an_action_that_needs_no_database_answers_as_usual(broken_chat: Chat, action: str) -> None:
    slots, text, intent = NEEDS_NONE[action]
    broken_chat.slots |= slots
    broken_chat.hear(text, intent)
    answer = broken_chat.run(action)
    assert answer.said
    assert "utter_gangguan" not in answer.responses


@pytest.mark.parametrize("form", [name for name in domain()["forms"] if name != "rincian_form"])
def test_a_form_that_failed_stays_where_it_was_so_that_the_applicant_can_try_again(
    broken_chat: Chat, form: str
) -> None:
    slots, text, intent = NEEDS_DATABASE[f"validate_{form}"]
    broken_chat.slots |= slots
    before = dict(broken_chat.slots)
    answer = broken_chat.fill(form, text, intent or "nlu_fallback")
    assert answer.responses == ["utter_gangguan"]
    if before["requested_slot"]:
        assert (broken_chat.form, broken_chat.slots) == (form, before)
    else:
        # Nothing was asked yet, so there is nothing to come back to: a form that asks nothing must not stay open.
        assert broken_chat.form is None


def test_a_response_that_is_missing_is_an_incident_too_and_never_silence(chat: Chat) -> None:
    answer = chat.tell("apa ini", "niat_tak_dikenal", "action_jawab")
    assert answer.responses == ["utter_gangguan"]
