"""Turning what people type into standard words."""

from __future__ import annotations

from pathlib import Path

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.indonesian import normaliser
from sigap.language.normaliser import Lexicon, Normaliser, Word
from sigap.settings import LANGUAGE

SMALL = Lexicon(
    variants={
        "gmn": ("bagaimana",),
        "gabisa": ("tidak", "bisa"),
        "yg": ("yang",),
        "ank": ("anak",),
        "bgt": ("banget",),
        "syg": ("sayang",),
    },
    vocabulary=frozenset({"paspor", "antrean", "imigrasi", "anak", "permohonan", "tanggal", "kantor", "kanton"}),
    emoji={"👍": "setuju", "❗": "penting"},
)


@pytest.fixture(scope="module")
def small() -> Normaliser:
    return Normaliser(SMALL, known=frozenset({"saat", "kantong", "bayar"}))


@pytest.fixture(scope="module")
def real() -> Normaliser:
    return normaliser(LANGUAGE)


# Slang, abbreviations and emoji


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gmn", "bagaimana"),
        ("GMN", "bagaimana"),
        ("ＧＭＮ", "bagaimana"),
        ("gabisa", "tidak bisa"),
        ("ank yg", "anak yang"),
        ("👍", "setuju"),
        ("penting❗️", "penting penting"),
    ],
)
def test_a_listed_form_becomes_its_standard_words(small: Normaliser, typed: str, expected: str) -> None:
    assert small.text(typed) == expected


def test_an_unlisted_word_stays_as_it_is_in_lower_case(small: Normaliser) -> None:
    assert small.text("Wkwk Zaenudin") == "wkwk zaenudin"


def test_signs_without_a_meaning_are_left_out(small: Normaliser) -> None:
    assert small.text("paspor?! 🦄 ...") == "paspor"


def test_numbers_are_kept_as_typed(small: Normaliser) -> None:
    assert small.text("tanggal 07/08/2026 650.000") == "tanggal 07/08/2026 650.000"


# Stretched and repeated words


@pytest.mark.parametrize("typed", ["pasporrrr", "paspooor", "pasporrrrrrr", "gmnnnn", "ankkkk"])
def test_stretched_letters_shrink_to_the_word_meant(small: Normaliser, typed: str) -> None:
    assert small.text(typed) in {"paspor", "bagaimana", "anak"}


def test_a_doubled_letter_that_belongs_to_the_word_survives_stretching(small: Normaliser) -> None:
    assert small.text("saaaat") == "saat"


@pytest.mark.parametrize("typed", ["anak2", "anak2nya", "ank2", "anak-anak", "anak-anaknya", "anakkk2"])
def test_a_repeated_word_is_read_once(small: Normaliser, typed: str) -> None:
    assert small.text(typed) == "anak"


def test_the_parts_of_a_hyphenated_word_are_read_one_by_one(small: Normaliser) -> None:
    assert small.text("gmn-yg") == "bagaimana yang"


# Misspellings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("papsor", "paspor"),
        ("pasporr", "paspor"),
        ("pasor", "paspor"),
        ("pasqor", "paspor"),
        ("antrian", "antrean"),
        ("imigarsi", "imigrasi"),
        ("permohnan", "permohonan"),
        ("permohonna", "permohonan"),
    ],
)
def test_a_misspelt_word_of_the_field_is_mended(small: Normaliser, typed: str, meant: str) -> None:
    assert small.text(typed) == meant


def test_a_correct_ordinary_word_is_never_mended_into_another(small: Normaliser) -> None:
    assert small.text("kantong") == "kantong"


def test_a_word_halfway_between_two_others_is_left_alone(small: Normaliser) -> None:
    assert small.text("kantol") == "kantol"
    assert SMALL.near("kantol") is None


def test_the_first_letter_is_never_mended(small: Normaliser) -> None:
    assert small.text("waspor") == "waspor"


def test_a_short_word_is_never_mended(small: Normaliser) -> None:
    assert small.text("anal") == "anal"


def test_a_short_word_may_miss_one_letter_and_a_long_one_two(small: Normaliser) -> None:
    assert small.text("pxspxr") == "pxspxr"
    assert small.text("permxhonxn") == "permohonan"


# Pointing back at what was typed


def test_every_word_points_at_what_was_typed(small: Normaliser) -> None:
    assert small.words("Min, gabisa  GMN?") == [
        Word("min", 0, 3, "Min"),
        Word("tidak", 5, 11, "gabisa"),
        Word("bisa", 5, 11, "gabisa"),
        Word("bagaimana", 13, 16, "GMN"),
    ]


@given(ANY_TEXT)
def test_offsets_slice_the_message_into_what_was_typed(message: str) -> None:
    words = Normaliser(SMALL).words(message)
    assert [word.typed for word in words] == [message[word.start : word.end] for word in words]
    assert [word.start for word in words] == sorted(word.start for word in words)


@pytest.mark.parametrize("accents", ["ͺ", "ﾞﾟ", "ﱞ"])
def test_a_mere_accent_is_no_word(small: Normaliser, accents: str) -> None:
    assert small.words(accents) == []


@given(ANY_TEXT)
def test_no_message_breaks_the_real_normaliser_and_every_word_is_one_word(message: str) -> None:
    words = normaliser(LANGUAGE).words(message)
    assert [word.text for word in words] == [part for word in words for part in word.text.split()]


@given(st.lists(st.sampled_from(["gabisa", "gmn", "anak2", "pasporrr", "papsor", "GMN", "wkwk", "👍", "7/8"])))
def test_normalising_twice_changes_nothing_more(typed: list[str]) -> None:
    once = Normaliser(SMALL).text(" ".join(typed))
    assert Normaliser(SMALL).text(once) == once


@pytest.mark.parametrize("part", ["a-", "anak2", "tolooong", "x" * 4096, "-'" * 9, "👍🏽", "\ud83d"])
def test_a_message_of_the_greatest_length_is_read_to_its_end(real: Normaliser, part: str) -> None:
    message = (part * 4096)[:4089] + " paspor"
    assert real.words(message)[-1].typed == "paspor"


# The editors' own lexicon


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("gmn cara bkin paspor bwt ank", "bagaimana cara buat paspor buat anak"),
        ("brp byr e-paspor", "berapa bayar epaspor"),
        ("sy gabisa dtg bsk", "saya tidak bisa datang besok"),
        ("hari jum’at", "hari jumat"),
        ("hari jum'at", "hari jumat"),
        ("ngga bisa login aplksi", "tidak bisa masuk akun aplikasi"),
    ],
)
def test_everyday_messages_become_standard_indonesian(real: Normaliser, typed: str, standard: str) -> None:
    assert real.text(typed) == standard


def test_every_form_in_the_lexicon_gives_the_words_it_is_listed_for(real: Normaliser) -> None:
    lexicon = Lexicon.load(LANGUAGE / "leksikon.yml")
    wrong = {
        typed: real.text(typed) for typed, words in lexicon.variants.items() if real.text(typed) != " ".join(words)
    }
    assert wrong == {}
    assert len(lexicon.variants) > 1000


def test_standard_words_of_the_lexicon_stay_as_they_are(real: Normaliser) -> None:
    lexicon = Lexicon.load(LANGUAGE / "leksikon.yml")
    standard = (
        {" ".join(words) for words in lexicon.variants.values()} | lexicon.vocabulary | set(lexicon.emoji.values())
    )
    assert {words: real.text(words) for words in standard if real.text(words) != words} == {}


def test_place_names_are_left_alone_when_the_normaliser_knows_them() -> None:
    assert normaliser(LANGUAGE).text("pasdor") == "paspor"
    assert normaliser(LANGUAGE, frozenset({"pasdor"})).text("pasdor") == "pasdor"


# Loading


def lexicon_file(folder: Path, entries: str) -> Path:
    path = folder / "leksikon.yml"
    path.write_text(f"padanan:\n{entries}kosakata: [paspor]\nemoji: {{}}\n", encoding="utf-8")
    return path


def test_one_form_with_two_meanings_is_refused_and_both_are_named(tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "  singkatan:\n    sampai: [smp]\n  sekolah:\n    sekolah menengah: [SMP]\n")
    with pytest.raises(
        ValueError, match=r"leksikon\.yml: 'SMP' \(sekolah\) sudah berarti 'sampai'.*'sekolah menengah'"
    ):
        Lexicon.load(path)


def test_one_form_listed_twice_with_the_same_meaning_is_accepted(tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "  singkatan:\n    sampai: [smp]\n  daerah:\n    sampai: [Smp]\n")
    assert Lexicon.load(path).variants == {"smp": ("sampai",)}


def test_forms_and_words_that_yaml_takes_for_numbers_or_truths_are_read_as_written(tmp_path: Path) -> None:
    path = lexicon_file(tmp_path, "  angka:\n    satu: [1st]\n    11: [sebelas]\n")
    assert Lexicon.load(path).variants == {"1st": ("satu",), "sebelas": ("11",)}
