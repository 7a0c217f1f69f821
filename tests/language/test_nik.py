"""Identity numbers, and the other long numbers people confuse them with."""

from __future__ import annotations

from datetime import date

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.nik import Nik, NikFault, NumberKind, find_long_numbers, read_nik

NIK = "3275014708950004"
APPLICATION = "1179000000012345"
BILLING = "820240123456789"

BIRTHS = st.dates(date(1920, 1, 1), date(2026, 12, 31))
SEPARATORS = st.sampled_from(["", " ", ".", "-"])


@st.composite
def niks(draw: st.DrawFn) -> tuple[str, date, bool]:
    """A NIK as Dukcapil would issue it, with the birth date and sex it was made from."""
    birth, female = draw(BIRTHS), draw(st.booleans())
    area, sequence = draw(st.integers(110101, 949999)), draw(st.integers(1, 9999))
    day = birth.day + 40 * female
    return f"{area}{day:02d}{birth.month:02d}{birth.year % 100:02d}{sequence:04d}", birth, female


def grouped(digits: str, separator: str, *sizes: int) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return separator.join(parts)


def kinds(text: str) -> list[tuple[str, NumberKind]]:
    return [(number.digits, number.kind) for number in find_long_numbers(text)]


# Reading a NIK


@given(niks())
def test_a_nik_gives_back_the_birth_date_and_sex_it_was_made_from(issued: tuple[str, date, bool]) -> None:
    digits, birth, female = issued
    assert read_nik(digits) == Nik(digits, female, (birth.day, birth.month, birth.year % 100))


@given(niks(), SEPARATORS)
def test_separators_do_not_matter(issued: tuple[str, date, bool], separator: str) -> None:
    digits = issued[0]
    assert read_nik(f" {grouped(digits, separator, 6, 6, 4)}\n") == read_nik(digits)


@given(niks(), BIRTHS)
def test_a_nik_matches_its_own_birth_date_and_no_other_within_the_century(
    issued: tuple[str, date, bool], other: date
) -> None:
    digits, birth, _ = issued
    nik = read_nik(digits)
    assert isinstance(nik, Nik)
    assert nik.matches(birth)
    same = (other.day, other.month, other.year % 100) == (birth.day, birth.month, birth.year % 100)
    assert nik.matches(other) is same


def test_a_woman_born_on_the_seventh_has_47_in_her_nik() -> None:
    assert read_nik("3275014708950004") == Nik("3275014708950004", True, (7, 8, 95))
    assert read_nik("3275010708950004") == Nik("3275010708950004", False, (7, 8, 95))


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", NikFault.NOT_DIGITS),
        ("belum punya", NikFault.NOT_DIGITS),
        ("327501470895000O", NikFault.NOT_DIGITS),
        ("３２７５０１４７０８９５０００４", NikFault.NOT_DIGITS),
        ("327501470895000", NikFault.LENGTH),
        ("32750147089500045", NikFault.LENGTH),
        ("0275014708950004", NikFault.PROVINCE),
        ("3275014700950004", NikFault.MONTH),
        ("3275014713950004", NikFault.MONTH),
        ("3275010008950004", NikFault.DAY),
        ("3275013208950004", NikFault.DAY),
        ("3275014008950004", NikFault.DAY),
        ("3275017208950004", NikFault.DAY),
        ("3275013104950004", NikFault.DAY),
        ("3275013002950004", NikFault.DAY),
        ("3275017002950004", NikFault.DAY),
        ("3275014708950000", NikFault.SEQUENCE),
    ],
)
def test_an_impossible_nik_is_refused_with_the_reason(typed: str, fault: NikFault) -> None:
    assert read_nik(typed) is fault


@pytest.mark.parametrize("typed", ["3275012902950004", "3275016902950004"])
def test_29_february_is_accepted_because_the_century_is_not_known(typed: str) -> None:
    assert isinstance(read_nik(typed), Nik)


@pytest.mark.parametrize("province", ["11", "62", "94", "97"])
def test_a_province_code_outside_the_known_list_is_no_reason_to_refuse(province: str) -> None:
    assert isinstance(read_nik(f"{province}75014708950004"), Nik)


@given(niks(), st.integers(0, 15), st.sampled_from("0123456789"))
def test_a_wrong_digit_never_changes_more_than_what_it_stands_for(
    issued: tuple[str, date, bool], position: int, digit: str
) -> None:
    digits = issued[0]
    typed = digits[:position] + digit + digits[position + 1 :]
    read = read_nik(typed)
    if isinstance(read, Nik):
        assert read.digits == typed
        changed = read.birth_day_month_year != read_nik(digits).birth_day_month_year  # type: ignore[union-attr]
        assert not changed or 6 <= position < 12


@given(ANY_TEXT)
def test_no_answer_breaks_the_reader(typed: str) -> None:
    assert isinstance(read_nik(typed), (Nik, NikFault))


# Finding long numbers in a message


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"cek {APPLICATION}", [(APPLICATION, NumberKind.APPLICATION)]),
        (f"cek {NIK}", [(NIK, NumberKind.NIK)]),
        (f"NIK saya {APPLICATION}", [(APPLICATION, NumberKind.NIK)]),
        (f"no ktp: {APPLICATION}", [(APPLICATION, NumberKind.NIK)]),
        (f"nomor permohonan saya {NIK}", [(NIK, NumberKind.APPLICATION)]),
        (f"no reg. {NIK}", [(NIK, NumberKind.APPLICATION)]),
        (f"kode bayar {BILLING}", [(BILLING, NumberKind.BILLING)]),
        ("nomornya 11790000000123", [("11790000000123", NumberKind.UNKNOWN)]),
        ("nomornya 117900000001234567", [("117900000001234567", NumberKind.UNKNOWN)]),
        (
            f"permohonan {NIK}, nik {APPLICATION}",
            [(NIK, NumberKind.APPLICATION), (APPLICATION, NumberKind.NIK)],
        ),
    ],
)
def test_numbers_are_told_apart_by_the_word_in_front_then_by_structure(
    message: str, expected: list[tuple[str, NumberKind]]
) -> None:
    assert kinds(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "",
        "paspor 10 tahun 950.000",
        "wa saya 081234567890",
        "+62 812-3456-7890",
        "7KQM-4W2P",
        "lahir 17-08-1990, datang 07/12/2026",
        "lahir 25-01-1987 07-08-2026",
        "antre 25.01.1987 07.12.2026",
        "INV20261123000012345",
        "123456789012345678901234567890",
    ],
)
def test_other_digits_are_no_long_number(message: str) -> None:
    assert kinds(message) == []


@pytest.mark.parametrize("separator", ["", " ", ".", "-"])
@pytest.mark.parametrize("sizes", [(4, 4, 4, 4), (6, 6, 4), (2, 2, 2, 6, 4)])
@pytest.mark.parametrize(
    "after", ["", " 17-08-1990", " 17 agustus 1990", ", 17/08/1990", " lahir 17081990", " 2 orang"]
)
def test_a_birth_date_or_count_after_the_number_is_not_taken_for_a_part_of_it(
    separator: str, sizes: tuple[int, ...], after: str
) -> None:
    typed = grouped(APPLICATION, separator, *sizes)
    assert [(n.digits, n.start, n.end) for n in find_long_numbers(typed + after)] == [(APPLICATION, 0, len(typed))]


@pytest.mark.parametrize(
    "before", ["17-08-1990 ", "17 08 1990, ", "081234567890 ", "+62 812-3456-7890 ", "1. ", "(", "1990\n"]
)
def test_a_date_or_telephone_number_in_front_is_not_taken_for_a_part_of_it(before: str) -> None:
    assert kinds(before + APPLICATION) == [(APPLICATION, NumberKind.APPLICATION)]


@pytest.mark.parametrize("word", ["nik", "NIK", "Nik", "ktp", "no", "nomor"])
def test_a_number_glued_to_the_word_that_announces_it_is_found(word: str) -> None:
    assert kinds(f"{word}{NIK}") == [(NIK, NumberKind.NIK)]


@given(ANY_TEXT, niks(), ANY_TEXT)
def test_whatever_is_found_is_where_it_says_it_is(before: str, issued: tuple[str, date, bool], after: str) -> None:
    message = f"{before} {issued[0]} {after}"
    found = find_long_numbers(message)
    for number in found:
        typed = message[number.start : number.end]
        assert number.digits == "".join(char for char in typed if char.isdigit())
        assert 14 <= len(number.digits) <= 20
    assert [number.start for number in found] == sorted(number.start for number in found)


@given(st.text(st.characters(categories=["L", "P", "Zs"])), niks(), st.text(st.characters(categories=["L", "P", "Zs"])))
def test_a_nik_among_words_is_always_found(before: str, issued: tuple[str, date, bool], after: str) -> None:
    digits = issued[0]
    assert digits in [number.digits for number in find_long_numbers(f"{before} {digits} {after}")]
