"""The dialogues of tests/conversations measure understanding only if they do not repeat what was taught."""

from __future__ import annotations

import re

from sigap.dialogues import script
from sigap.settings import DATA, ROOT

# Shorter sentences ("cek status") are the same whoever writes them.
SHORT = 4
_ANNOTATION = re.compile(r"\[([^\]]+)\](\([^)]*\)|{[^}]*})")


def test_dialogues_begin_with_wording_that_was_not_taught() -> None:
    taught = {
        _ANNOTATION.sub(r"\1", line.strip().removeprefix("- ")).lower()
        for path in (DATA / "nlu").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    first = [
        next(step.value for step in dialogue.steps if step.speaks)
        for file in script.find([ROOT / "tests" / "conversations"])
        for dialogue in script.read(file)
    ]
    assert [said for said in first if said.lower() in taught and len(said.split()) >= SHORT] == []
