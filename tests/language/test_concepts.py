"""Words of one idea, so that a word never seen in training still counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.concepts import Concepts, concepts
from sigap.language.indonesian import normaliser
from sigap.settings import LANGUAGE

SMALL = Concepts(
    {
        "hilang": ["hilang", "kecopetan", "lupa taruh", "entah di mana"],
        "kuasa": ["surat kuasa", "diwakilkan"],
        "surat": ["surat"],
        "ganda": ["hilang"],
    }
)


@pytest.mark.parametrize(
    ("message", "touched"),
    [
        ("paspor saya kecopetan", ["hilang"]),
        ("lupa taruh", ["hilang"]),
        ("entah di mana paspor itu", ["hilang"]),
        ("lupa di mana taruh", []),
        ("mau bertanya", []),
        ("", []),
    ],
)
def test_a_message_touches_the_concepts_of_its_words_and_phrases(message: str, touched: list[str]) -> None:
    assert SMALL.of(message.split()) == touched


def test_a_phrase_counts_beside_the_words_in_it() -> None:
    assert SMALL.of(["surat", "kuasa"]) == ["surat", "kuasa"]


def test_a_word_in_two_concepts_touches_both() -> None:
    assert SMALL.of(["hilang"]) == ["hilang", "ganda"]


def test_a_concept_touched_twice_counts_twice() -> None:
    assert SMALL.of(["kecopetan", "lupa", "taruh"]) == ["hilang", "hilang"]


@given(st.lists(st.sampled_from(["surat", "kuasa", "diwakilkan", "kecopetan", "dan"])))
def test_single_words_count_as_often_as_they_are_said(words: list[str]) -> None:
    said, touched = Counter(words), Counter(SMALL.of(words))
    assert touched["surat"] == said["surat"]
    assert touched["hilang"] == said["kecopetan"]
    assert touched["kuasa"] == said["diwakilkan"] + " ".join(words).count("surat kuasa")


# The editors' own concepts


def real_phrases() -> dict[str, list[str]]:
    from ruamel.yaml import YAML

    listed = YAML(typ="safe").load((LANGUAGE / "konsep.yml").read_text(encoding="utf-8"))["konsep"]
    return {concept: [str(phrase) for phrase in phrases] for concept, phrases in listed.items()}


def test_every_phrase_of_the_real_lexicon_is_found_once_normalised() -> None:
    read, normal = concepts(LANGUAGE), normaliser(LANGUAGE)
    missed = [
        (concept, phrase)
        for concept, phrases in real_phrases().items()
        for phrase in phrases
        if concept not in read.of(normal.text(phrase).split())
    ]
    assert missed == []


def test_no_phrase_of_the_real_lexicon_belongs_to_more_than_two_concepts() -> None:
    listed = Counter(phrase for phrases in real_phrases().values() for phrase in set(phrases))
    assert {phrase for phrase, count in listed.items() if count > 2} == set()


@pytest.mark.parametrize(
    ("message", "concept"),
    [("pspor sy dicopet", "hilang"), ("brp ongkosnya", "biaya"), ("paspor kecuci mesin cuci", "rusak")],
)
def test_everyday_messages_touch_the_concept_meant(message: str, concept: str) -> None:
    assert concept in concepts(LANGUAGE).of(normaliser(LANGUAGE).text(message).split())


def test_what_yaml_takes_for_a_number_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "konsep.yml"
    path.write_text("konsep:\n  tahun: [2027, yes]\n", encoding="utf-8")
    assert Concepts.load(path).of(["2027"]) == ["tahun"]
