"""Every dialogue in this folder is a test: `pytest tests/conversations -k "koreksi"`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sigap.dialogues import script
from sigap.dialogues.played import Played
from sigap.dialogues.transcript import transcript


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return DialogueFile.from_parent(parent, path=file_path) if file_path.suffix == ".yml" else None


class DialogueFile(pytest.File):
    """A file of dialogues."""

    def collect(self) -> Iterator[pytest.Item]:
        for dialogue in script.read(self.path):
            yield DialogueItem.from_parent(self, name=dialogue.name, dialogue=dialogue)


class DialogueItem(pytest.Item):
    """One dialogue, or one variant of it."""

    def __init__(self, *, dialogue: script.Dialogue, **options: Any) -> None:
        super().__init__(**options)
        self.dialogue = dialogue
        self.add_marker(pytest.mark.model)

    def runtest(self) -> None:
        from sigap.dialogues.player import play
        from sigap.dialogues.runner import house

        played = play(house()[0], self.dialogue)
        if played.failed:
            raise WrongTurn(played)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, WrongTurn):
            return transcript(excinfo.value.played)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.dialogue.line - 1, self.dialogue.id


class WrongTurn(AssertionError):
    """A dialogue did not go as written."""

    def __init__(self, played: Played) -> None:
        super().__init__(played.dialogue.id)
        self.played = played
