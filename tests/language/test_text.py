"""Splitting what people type into tokens that still point at what was typed."""

from __future__ import annotations

import unicodedata

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given

from sigap.language.text import MAX_READ, clean, fold, tokens


def split(message: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(message)]


# Splitting


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("mau bikin paspor", ["mau", "bikin", "paspor"]),
        ("e-paspor hari Jum'at", ["e-paspor", "hari", "Jum'at"]),
        ("hari jum’at", ["hari", "jum’at"]),
        ("anak2 saya", ["anak2", "saya"]),
        ("masing2nya", ["masing2nya"]),
    ],
)
def test_a_word_keeps_its_hyphen_apostrophe_and_repeating_two(message: str, expected: list[str]) -> None:
    assert split(message) == [("word", word) for word in expected]


@pytest.mark.parametrize("number", ["07/08/2026", "9.30", "650.000", "09:00", "2026-12-07", "7"])
def test_dates_hours_and_amounts_stay_in_one_piece(number: str) -> None:
    assert split(number) == [("number", number)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("tgl2", ["tgl", "2"]),
        ("ber2", ["ber", "2"]),
        ("Jam9", ["Jam", "9"]),
        ("no123", ["no", "123"]),
        ("ktp/kk", ["ktp", "/", "kk"]),
        ("pagi.mau", ["pagi", ".", "mau"]),
        ("besok?!", ["besok", "?", "!"]),
        ("oke👍", ["oke", "👍"]),
    ],
)
def test_what_only_happens_to_touch_falls_apart(message: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(message)] == expected


def test_a_message_without_anything_readable_has_no_tokens() -> None:
    assert tokens("") == tokens(" \n\t\u200b ") == []


def test_the_longest_whatsapp_message_is_read_to_its_end() -> None:
    message = "a" + " a" * ((MAX_READ - 1) // 2)
    assert tokens(message)[-1].end == len(message)


def test_what_no_person_types_is_read_only_so_far() -> None:
    assert tokens("paspor " * 100_000)[-1].end <= MAX_READ


@given(ANY_TEXT)
def test_tokens_stand_in_order_without_overlap_and_cover_everything_visible(message: str) -> None:
    readable = clean(message)
    found = tokens(message)
    assert [token.text for token in found] == [readable[token.start : token.end] for token in found]
    assert all(token.kind in {"word", "number", "sign"} for token in found)
    ends = [0, *(token.end for token in found)]
    starts = [*(token.start for token in found), len(readable)]
    assert all(not readable[end:start].strip() for end, start in zip(ends, starts))


# Cleaning


def test_invisible_characters_become_spaces_so_that_offsets_stay_true() -> None:
    assert clean("mau\u200bbayar\u202e\nya\x00\x7f") == "mau bayar  ya  "


def test_half_a_character_becomes_a_replacement_sign() -> None:
    assert clean("halo \ud83d") == "halo \N{REPLACEMENT CHARACTER}"


@given(ANY_TEXT)
def test_cleaned_text_is_as_long_as_what_was_typed_and_can_be_stored(message: str) -> None:
    readable = clean(message)
    assert len(readable) == len(message)
    assert readable.encode("utf-8").decode("utf-8") == readable
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} for char in readable)


# Folding


@pytest.mark.parametrize("typed", ["PASPOR", "ｐａｓｐｏｒ", "𝗽𝗮𝘀𝗽𝗼𝗿", "páspör", "Ⓟaspor"])
def test_fancy_letters_fold_to_plain_ones(typed: str) -> None:
    assert fold(typed) == "paspor"


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


def test_a_ligature_of_several_words_folds_to_one() -> None:
    assert fold("ﷺ") == "صلىاللهعليهوسلم"


@given(ANY_TEXT)
def test_folding_never_makes_two_words_of_one(message: str) -> None:
    folded = [fold(token.text) for token in tokens(message) if token.kind == "word"]
    assert all(len(word.split()) <= 1 for word in folded)
