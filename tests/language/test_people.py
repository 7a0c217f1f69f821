"""Several people in one message, and which of them a correction means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.people import corrected_name, find_people, which_person

TODAY = date(2026, 11, 23)
BUDI, SITI = (
    ("Budi Santoso", "3171011708900001", date(1990, 8, 17)),
    ("Siti Aminah", "3171015203920002", date(1992, 3, 12)),
)
NAMES = ["Budi Santoso", "Siti Aminah", "Ani Lestari"]


def found(text: str) -> list[tuple[str | None, str | None, date | None]]:
    return [
        (person.name, person.number.digits if person.number else None, person.birth.first if person.birth else None)
        for person in find_people(text, TODAY)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Budi Santoso 3171011708900001 17-08-1990, istri saya Siti Aminah NIK 3171015203920002 lahir 12 maret 1992",
        "1. Budi Santoso, 3171011708900001, 17-08-1990\n2. Siti Aminah, 3171015203920002, 12-03-1992",
        "Budi Santoso\n3171011708900001\n17-08-1990\nSiti Aminah\n3171015203920002\n12-03-1992",
        "nama Budi Santoso nik 3171011708900001 lahir 17-08-1990 dan Siti Aminah lahir 12-03-1992 nik 3171015203920002",
        "Budi Santoso (NIK: 3171011708900001, lahir 17 Agustus 1990); Siti Aminah (NIK: 3171015203920002, 12/03/1992)",
    ],
)
def test_two_people_are_told_apart_however_they_are_written(text: str) -> None:
    assert found(text) == [BUDI, SITI]


def test_names_may_stand_behind_the_numbers() -> None:
    assert found("3171011708900001 Budi Santoso\n3171015203920002 Siti Aminah") == [
        ("Budi Santoso", "3171011708900001", None),
        ("Siti Aminah", "3171015203920002", None),
    ]


@pytest.mark.parametrize("text", ["Budi Santoso 3171011708900001 17-08-1990", "besok jam 9", "Budi dan Siti", ""])
def test_one_person_or_none_is_not_several(text: str) -> None:
    assert find_people(text, TODAY) == []


@given(st.text(max_size=80))
def test_no_text_breaks_the_finder(text: str) -> None:
    for person in find_people(text, TODAY, at_least=1):
        assert person.number or person.birth


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pemohon 2 salah", 1),
        ("NIK pemohon kedua salah", 1),
        ("yang ke-3 namanya salah", 2),
        ("NIK Siti salah", 1),
        ("nama bu siti keliru", 1),
        ("yang terakhir", 2),
        ("nomor dua", 1),
        ("tanggal lahirnya salah", None),
        ("ganti tanggal 2 desember", None),
        ("pemohon 5", None),
    ],
)
def test_a_person_is_meant_by_number_or_by_name(text: str, place: int | None) -> None:
    assert which_person(text, NAMES) == place


def test_a_name_that_two_people_share_means_neither() -> None:
    assert which_person("nama santoso salah", ["Budi Santoso", "Ani Santoso"]) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("namanya salah, harusnya Siti Aminah", "Siti Aminah"),
        ("nama pemohon 2 ganti jadi Ani Lestari", "Ani Lestari"),
        ("nama yang benar: Budi Hartono", "Budi Hartono"),
        ("nama budi salah ketik, yg bener budi hartono min", "Budi Hartono"),
        ("harusnya 17-08-1990", None),
        ("ganti nama", None),
    ],
)
def test_the_new_name_of_a_correction_is_read(text: str, name: str | None) -> None:
    assert corrected_name(text) == name
