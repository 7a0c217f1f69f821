"""The dialogues in tests/conversations, which editors can read and write, played against the real thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from whole_sigap import Applicant

from sigap.settings import ROOT

pytestmark = pytest.mark.stack


def dialogues() -> list[Any]:
    return [
        pytest.param(dialogue["langkah"], id=f"{path.stem}: {dialogue['nama']}")
        for path in sorted((ROOT / "tests" / "conversations").glob("*.yml"))
        for dialogue in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("steps", dialogues())
def test_a_dialogue_goes_as_written(applicant: Applicant, steps: list[Mapping[str, Any]]) -> None:
    for step in steps:
        answer = applicant.say(step["kata"]).text
        # "a|b": either will do, where a response has variations.
        lacking = [
            fragment
            for fragment in step.get("jawab_memuat", [])
            if not any(choice.lower() in answer.lower() for choice in fragment.split("|"))
        ]
        unwanted = [fragment for fragment in step.get("jawab_tanpa", []) if fragment.lower() in answer.lower()]
        assert not lacking, f"{step['kata']!r} lacks {lacking}: {answer}"
        assert not unwanted, f"{step['kata']!r} has {unwanted}: {answer}"
        assert not re.search(r"{[a-z_.]+}", answer), f"a variable was not filled in: {answer}"


def test_dialogues_use_wording_that_was_not_taught() -> None:
    short = 4
    taught = {
        re.sub(r"\[([^\]]+)\](\([^)]*\)|{[^}]*})", r"\1", line.strip().removeprefix("- ")).lower()
        for path in Path(ROOT / "data" / "nlu").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    first = [dialogue.values[0][0]["kata"] for dialogue in dialogues()]
    assert [said for said in first if said.lower() in taught and len(said.split()) >= short] == []
