"""Buttons and lists: pressed, or typed instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.channels.whatsapp.choices import LONGEST_ID, Choice, NextPage, Offer, choice_id, labels

MENU = Offer(
    (
        Choice("Syarat paspor", "Apa saja syarat membuat paspor baru?"),
        Choice("Biaya paspor", "Berapa biaya membuat paspor?"),
        Choice("Cek status", "Saya mau cek status permohonan paspor saya"),
        Choice("Bicara petugas", "Saya mau bicara dengan petugas"),
    )
)
DAYS = Offer((Choice("Sen 7 Des", "Senin 7 Desember"), Choice("Sel 8 Des", "Selasa 8 Desember")))
CITIES = Offer(tuple(Choice(f"Kota ke-{letter}", f"Kantor kota {letter}") for letter in "ABCDEFGHIJKLMNOPQRSTUVW"))
LONG = Offer((Choice("Kantor Imigrasi Kelas I Khusus Soekarno-Hatta", "Kantor Soetta"), Choice("Bogor", "Bogor")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", "Apa saja syarat membuat paspor baru?"),
        (" 2. ", "Berapa biaya membuat paspor?"),
        ("no 3", "Saya mau cek status permohonan paspor saya"),
        ("pilih nomor 4", "Saya mau bicara dengan petugas"),
        ("yang 2", "Berapa biaya membuat paspor?"),
        ("cek status", "Saya mau cek status permohonan paspor saya"),
        ("CEK STATUS!", "Saya mau cek status permohonan paspor saya"),
        ("petugas", "Saya mau bicara dengan petugas"),
        ("status", "Saya mau cek status permohonan paspor saya"),
        ("biaya", "Berapa biaya membuat paspor?"),
        ("Berapa biaya membuat paspor?", "Berapa biaya membuat paspor?"),
    ],
)
def test_a_typed_number_label_or_keyword_is_the_choice(typed: str, meant: str) -> None:
    assert MENU.typed(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["5", "0", "99", "paspor", "halo", "", "?", "👍", "12 orang", "saya mau tanya biaya paspor anak dong", "1 2"],
)
def test_anything_else_stays_what_it_is(typed: str) -> None:
    assert MENU.typed(typed) is None


def test_a_number_is_a_day_where_days_are_offered() -> None:
    assert DAYS.typed("1") is None
    assert DAYS.typed("2") is None
    assert DAYS.typed("8") == "Selasa 8 Desember"
    assert DAYS.typed("sel 8 des") == "Selasa 8 Desember"


@pytest.mark.parametrize("typed", ["Kantor Imigrasi Kel…", "kantor imigrasi kel", "kantor imigrasi kelas i"])
def test_a_label_that_was_cut_is_accepted_as_it_was_shown(typed: str) -> None:
    assert LONG.typed(typed) == "Kantor Soetta"


def test_nothing_was_offered() -> None:
    assert Offer(()).typed("1") is None
    assert Offer(()).pressed("", "") == ""


def test_a_long_list_leads_on_by_number_label_or_press() -> None:
    offer = Offer(CITIES.choices, 0, "Lainnya…")
    assert len(offer.shown) == 9
    assert offer.typed("10") == offer.typed("lainnya") == offer.pressed("9", "Lainnya…") == NextPage(9)
    second = Offer(CITIES.choices, 9, "Lainnya…")
    assert second.typed("1") == "Kantor kota J"
    assert second.typed("10") == NextPage(18)
    last = Offer(CITIES.choices, 18, "Lainnya…")
    assert (len(last.shown), last.last_page, last.typed("10")) == (5, True, None)


def test_ten_choices_need_no_second_page() -> None:
    offer = Offer(CITIES.choices[:10])
    assert len(offer.shown) == 10
    assert offer.typed("10") == "Kantor kota J"


def test_a_choice_called_like_the_way_on_is_still_a_choice() -> None:
    offer = Offer((*CITIES.choices[:5], Choice("Lainnya", "Tentang hal lainnya"), *CITIES.choices[6:]), 0, "Lainnya…")
    assert offer.typed("lainnya") == "Tentang hal lainnya"


@pytest.mark.parametrize("later", [MENU, DAYS, Offer(())], ids=["same", "another", "none"])
def test_a_pressed_button_says_its_sentence_even_when_it_is_old(later: Offer) -> None:
    assert later.pressed(choice_id(1, MENU.choices[1]), "Biaya paspor") == "Berapa biaya membuat paspor?"


def test_a_sentence_too_long_for_an_id_is_remembered_and_later_replaced_by_its_label() -> None:
    sentence = "Saya ingin tahu " + "sekali " * 40
    offer = Offer((Choice("Tahu sekali", sentence),))
    shown = choice_id(0, offer.choices[0])
    assert len(shown) == LONGEST_ID
    assert offer.pressed(shown, "Tahu sekali") == sentence
    assert MENU.pressed(shown, "Tahu sekali") == "Tahu sekali"


def test_an_offer_survives_the_database() -> None:
    offer = Offer(CITIES.choices, 9, "Lainnya…")
    assert Offer.from_json(offer.to_json()) == offer
    assert Offer.from_json(None) == Offer(())


TITLES = st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=10)


@given(TITLES, st.sampled_from([20, 24]))
def test_labels_fit_and_differ(titles: list[str], longest: int) -> None:
    shown = labels([Choice(title, title) for title in titles], longest)
    assert len(set(shown)) == len(titles)
    assert all(0 < len(label) <= longest for label in shown)


@given(TITLES, st.text(max_size=40))
def test_whatever_is_typed_or_pressed_nothing_breaks(titles: list[str], said: str) -> None:
    offer = Offer(tuple(Choice(title, title) for title in titles))
    meant = offer.typed(said)
    assert meant is None or meant in titles
    assert isinstance(offer.pressed(said, "label"), (str, NextPage))
    for index, choice in enumerate(offer.choices):
        assert offer.pressed(choice_id(index, choice), choice.title) == choice.says
