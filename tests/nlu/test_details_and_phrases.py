"""What the entity models learn from a handful of annotated messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigap.annotations import plain_text, spans
from sigap.nlu.detail_model import DetailModel
from sigap.nlu.phrase_model import PhraseModel
from sigap.nlu.units import Annotated, Phrase, Unit

_LOST = "paspor_hilang"
_TAUGHT = [
    (_LOST, "paspor saya [hilang](jenis_permohonan:hilang) di jalan"),
    (_LOST, "paspor [anak](kelompok_pemohon:anak) saya [hilang](jenis_permohonan:hilang) kemarin"),
    ("syarat_paspor", "ktp saya hilang apa gantinya"),
    ("syarat_paspor", "syarat paspor untuk [anak](kelompok_pemohon:anak) saya"),
    ("cara_bayar", "yang bayar teman saya"),
    ("perpanjang_paspor", "mau [ganti](jenis_permohonan:penggantian) paspor lama"),
    ("perpanjang_paspor", "[ganti](jenis_permohonan:penggantian) paspor di mana"),
]


@pytest.fixture(scope="module")
def details() -> DetailModel:
    return DetailModel.train([_annotated(text, intent) for intent, text in _TAUGHT * 5])


def test_a_detail_is_found_once_at_the_words_that_speak_for_it(details: DetailModel) -> None:
    text = "min paspor anak saya anak"
    found = [phrase for phrase in details.find(_units(text), "syarat_paspor") if phrase.entity == "kelompok_pemohon"]
    assert [(phrase.value, text[phrase.start : phrase.end]) for phrase in found] == [("anak", "anak")]


def test_the_wish_decides_what_a_word_means(details: DetailModel) -> None:
    assert ("jenis_permohonan", "hilang") in _values(details, "paspor hilang di jalan", _LOST)
    assert ("jenis_permohonan", "hilang") not in _values(details, "ktp hilang apa gantinya", "syarat_paspor")


def test_a_lost_book_is_not_also_reported_as_a_replacement(details: DetailModel) -> None:
    found = _values(details, "paspor hilang mau ganti paspor", _LOST)
    assert ("jenis_permohonan", "hilang") in found
    assert ("jenis_permohonan", "penggantian") not in found


def test_swapped_letters_are_still_the_word(details: DetailModel) -> None:
    assert ("jenis_permohonan", "hilang") in _values(details, "paspor hialng", _LOST)


def test_a_message_without_words_has_no_details(details: DetailModel) -> None:
    assert details.find([], _LOST) == []


def test_a_stored_model_finds_the_same(details: DetailModel, tmp_path: Path) -> None:
    details.save(tmp_path)
    units = _units("paspor anak saya hilang")
    assert DetailModel.load(tmp_path).find(units, _LOST) == details.find(units, _LOST) != []


def test_a_date_of_the_wish_is_told_from_one_of_the_story(tmp_path: Path) -> None:
    asked, told = "antre [besok](tanggal) ya", "kemarin saya ke kantor"
    model = PhraseModel.train([_annotated(asked, "daftar_antrean"), _annotated(told, "alur_paspor")] * 20, tmp_path)
    assert [phrase.entity for phrase in model.find(_units("antre besok ya"), "daftar_antrean")] == ["tanggal"]
    assert model.find(_units("kemarin saya ke kantor"), "alur_paspor") == []


def test_a_name_is_learnt_from_its_surroundings(tmp_path: Path) -> None:
    texts = [
        "paspor atas nama [Budi](nama) sudah jadi",
        "paspor atas nama [Siti](nama) sudah jadi",
        "paspor sudah jadi",
    ]
    model = PhraseModel.train([_annotated(text, "cek_status") for text in texts * 20], tmp_path)
    text = "paspor atas nama Wati jadi"
    assert [text[phrase.start : phrase.end] for phrase in model.find(_units(text), "cek_status")] == ["Wati"]


def _values(model: DetailModel, text: str, intent: str) -> set[tuple[str, str | None]]:
    return {(phrase.entity, phrase.value) for phrase in model.find(_units(text), intent)}


def _annotated(text: str, intent: str) -> Annotated:
    phrases = [Phrase(span.entity, span.value or span.text, span.start, span.end) for span in spans(text)]
    return Annotated(_units(plain_text(text)), intent, phrases)


def _units(text: str) -> list[Unit]:
    units, position = [], 0
    for word in text.split():
        start = text.index(word, position)
        position = start + len(word)
        found = "tanggal" if word in {"besok", "kemarin"} else ""
        units.append(Unit(word.lower(), start, position, word, found, known=word.islower()))
    return units
