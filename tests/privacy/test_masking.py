"""What is personal in a message is found and blotted out; the rest stays readable."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.privacy.masking import Asked, Secret, mask, mask_own_words, personal_spans

TODAY = date(2026, 11, 23)


def masked(text: str, asked: Asked = Asked.NOTHING_PERSONAL, *secrets: Secret) -> str:
    return mask(text, personal_spans(text, TODAY, asked, secrets))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cek status 1179000000023456 lahir 25 januari 1987", "cek status [nomor permohonan] lahir [tanggal lahir]"),
        ("nama saya Siti Aminah, nik 3171015708900001", "nama saya [nama], nik [NIK]"),
        ("3171 0157 0890 0001", "[NIK]"),
        ("3171.0157.0890.0001 ya", "[NIK] ya"),
        ("kode billing 820123456789012 sudah dibayar", "kode billing [kode billing] sudah dibayar"),
        ("lahir 17-08-90", "lahir [tanggal lahir]"),
        ("17081990", "[tanggal lahir]"),
        ("saya lahir 3 mei", "saya lahir [tanggal lahir]"),
        ("hubungi 0812-3456-7890 atau +62 812 3456 7890", "hubungi [telepon] atau [telepon]"),
        ("surel budi.santoso@contoh.id", "surel [email]"),
        ("kode saya 7KQM-4W2P", "kode saya [kode booking]"),
        ("#Siti Aminah#17081990#24112026", "#[nama]#[tanggal lahir]#24112026"),
        ("rekening 1234567890", "rekening [nomor]"),
        ("nik saya 317101570890000", "nik saya [kode billing]"),
    ],
)
def test_what_the_readers_find_is_blotted_out(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "mau antri selasa 24 november 2026 jam 9",
        "antri 24-11-2026 9 orang",
        "biaya paspor elektronik 10 tahun Rp650.000",
        "paspor saya habis 2 tahun lalu",
        "syarat paspor anak umur 5 tahun",
    ],
)
def test_what_is_not_personal_stays(typed: str) -> None:
    assert masked(typed) == typed


def test_a_bare_answer_is_a_name_only_when_one_was_asked_for() -> None:
    assert masked("siti aminah", Asked.PERSON) == "[nama]"
    assert masked("surabaya") == "surabaya"


def test_a_day_without_a_year_is_personal_only_when_a_birth_is_asked_for() -> None:
    assert masked("3 mei") == "3 mei"
    assert masked("3 mei", Asked.BIRTH_DATE) == "[tanggal lahir]"


def test_a_value_known_to_be_personal_is_found_however_it_is_written() -> None:
    assert masked("SITI  aminah mau antri", Asked.NOTHING_PERSONAL, Secret("nama", "Siti Aminah")) == "[nama] mau antri"
    assert mask_own_words("• Siti Aminah (NIK ••••0001)", [Secret("nama", "Siti Aminah")]) == "• [nama] (NIK ••••0001)"


def test_in_sigaps_own_words_days_stay_and_codes_go() -> None:
    said = "Kode booking: *7KQM-4W2P*\nSenin, 23 November 2026, pukul 09.00 WIB"
    assert mask_own_words(said) == "Kode booking: *[kode booking]*\nSenin, 23 November 2026, pukul 09.00 WIB"


def test_the_number_of_an_incident_stays_for_whoever_looks_it_up() -> None:
    assert mask_own_words("incident 3FA8B2C1: ValueError") == "incident 3FA8B2C1: ValueError"


@given(st.text(max_size=60), st.sampled_from(Asked))
def test_any_text_can_be_masked_and_no_long_number_survives(text: str, asked: Asked) -> None:
    kept = masked(f"{text} 3171015708900001", asked)
    assert "3171015708900001" not in kept
