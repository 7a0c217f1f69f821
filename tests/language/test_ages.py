"""How old somebody is."""

from __future__ import annotations

import pytest

from sigap.language.ages import find_age


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("keponakan saya umur 4 tahun", 4),
        ("usianya 67 tahun", 67),
        ("berusia 16", 16),
        ("anak umurnya baru 5 bulan", 0),
        ("bayi umur 2 minggu", 0),
        ("saya 34 tahun mau buat lagi", 34),
    ],
)
def test_an_age_that_is_called_one_or_can_be_nothing_else_is_read_in_years(text: str, years: int) -> None:
    assert find_age(text.split()) == years


@pytest.mark.parametrize("text", ["paspor 10 tahun", "mati 2 tahun", "jadi 30 hari", "umur saya", "umur 300 tahun"])
def test_what_may_be_something_else_is_no_age(text: str) -> None:
    assert find_age(text.split()) is None


@pytest.mark.parametrize(("text", "years"), [("36 tahun", 36), ("5 bulan", 0), ("anak 10 tahun", 10)])
def test_where_it_was_asked_for_a_number_of_years_is_an_age(text: str, years: int) -> None:
    assert find_age(text.split(), asked=True) == years


def test_without_a_unit_a_bare_number_is_no_age() -> None:
    assert find_age(["36"], asked=True) is None
