"""Dialogues written by a test and played in this process's house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sigap.dialogues import script
from sigap.dialogues.played import Played


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a dialogue file."""

    def written(text: str, name: str = "dialog.yml") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return written


@pytest.fixture
def play(write: Callable[[str], Path]) -> Callable[[str], Played]:
    """Plays the first dialogue of a text."""

    def played(text: str) -> Played:
        from sigap.dialogues.player import play
        from sigap.dialogues.runner import house

        return play(house()[0], script.read(write(text))[0])

    return played
