"""The editors' cue words."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from sigap.language.cues import Cues, cues
from sigap.language.indonesian import normaliser
from sigap.settings import LANGUAGE


def phrases() -> list[str]:
    found: list[str] = []
    for field in fields(Cues):
        value = getattr(cues(LANGUAGE), field.name)
        for group in value.values() if hasattr(value, "values") else [value]:
            found += group
    return found


def test_every_list_has_words_and_each_is_written_once() -> None:
    for field in fields(Cues):
        value = getattr(cues(LANGUAGE), field.name)
        for group in value.values() if hasattr(value, "values") else [value]:
            assert group
            assert len(set(group)) == len(group), field.name


@pytest.mark.parametrize("phrase", phrases())
def test_a_cue_is_written_as_the_normaliser_would_leave_it(phrase: str) -> None:
    # Otherwise it could never be met in a message.
    assert normaliser(LANGUAGE).text(phrase) == phrase


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "isyarat.yml").write_text("isyarat: {ralat: [salah]}\n", encoding="utf-8")
    with pytest.raises(KeyError):
        cues(tmp_path)
