"""Personal numbers do not stay in what is kept of a conversation."""

from __future__ import annotations

import re
from datetime import date

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given

from sigap.privacy.shown_again import mask_answer, mask_message

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("3171015708900001", "••••0001"),
        ("NIK saya 3171015708900001 ya", "NIK saya ••••0001 ya"),
        ("1179 0000 0001 2345", "••••2345"),
        ("3171-0157-0890-0001", "••••0001"),
        ("hp 0812-3456-7890", "hp ••••7890"),
        ("#Siti Aminah#17081990#24112026", "#Siti Aminah#••••#••••"),
        ("lahir 170890", "lahir ••••"),
    ],
)
def test_long_numbers_keep_at_most_their_last_four_digits(written: str, kept: str) -> None:
    assert mask_message(written, TODAY) == kept


@pytest.mark.parametrize(
    "born",
    ["17-08-1990", "17/8/90", "17 08 1990", "1990-08-17", "17 Agustus 1990", "17 agustsu 1990", "17ags90", "9 mar '15"],
)
def test_birth_dates_are_hidden_however_they_are_written(born: str) -> None:
    assert mask_message(f"lahir {born}, tolong cek", TODAY) == "lahir ••••, tolong cek"


@pytest.mark.parametrize(
    "written",
    [
        "mau datang 24-11-2026 jam 9",
        "tanggal 7 desember 2026",
        "24/11/26",
        "untuk 3 orang jam 10.30",
        "biaya 650.000 atau 1.350.000?",
        "kode K7M2QX",
        "paspor 2 anak, 5 dan 12 tahun",
    ],
)
def test_days_of_a_visit_amounts_and_codes_stay(written: str) -> None:
    assert mask_message(written, TODAY) == written


def test_an_answer_keeps_telephone_numbers_amounts_and_dates_of_the_law() -> None:
    answer = "Telepon (021) 6541209 atau 0811-1234-5678. Rp1.350.000, PP 45 Tahun 2024, berlaku 17 Desember 2024."
    assert mask_answer(answer, TODAY) == answer


def test_an_answer_hides_a_nik_and_the_birth_date_it_speaks_of() -> None:
    assert mask_answer("NIK 3171015708900001", TODAY) == "NIK ••••0001"
    assert mask_answer("tanggal lahir di NIK (17 Agustus 1990) berbeda", TODAY) == "tanggal lahir di NIK (••••) berbeda"


def test_an_answer_keeps_its_example_of_a_birth_date() -> None:
    question = "Tanggal lahir pemohon? Misalnya 17-08-1990."
    assert mask_answer(question, TODAY) == question


@given(ANY_TEXT)
def test_whatever_is_written_can_be_masked_and_no_long_number_is_left(written: str) -> None:
    assert not re.search(r"[0-9]{6,}", mask_message(written, TODAY))
