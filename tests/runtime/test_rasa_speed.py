"""What is done once instead of again and again leads to the same conversations."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from sigap.settings import ROOT

pytestmark = pytest.mark.model

# Every so many dialogues, played twice in a process of their own: by Rasa as it is, and by Rasa as SIGAP runs it.
EACH = 9
_PLAY = """
import json, sys
from sigap.runtime import rasa_speed
hasten, rasa_speed.install = rasa_speed.install, lambda: None
from pathlib import Path
from sigap.dialogues import runner
from sigap.dialogues.player import play

house = runner.house()[0]
dialogues = runner.select([Path("tests/conversations")], None, None).dialogues[::int(sys.argv[1])]

def played():
    for dialogue in dialogues:
        play(house, dialogue)
        yield dialogue.id, [told(event.as_dict()) for event in house.tracker().events]

def told(event):
    # Moments, random numbers and codes differ from one time to the next.
    text = str(event.get("text") or "")
    said = text if event["event"] == "user" else (event.get("metadata") or {}).get("utter_action")
    return [said] + [event.get(part) for part in ("event", "name", "policy", "value", "confidence", "is_interrupted")]

plain = dict(played())
hasten()
json.dump([plain, dict(played())], sys.stdout)
"""


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, list[object]], dict[str, list[object]]]:
    """Events of the dialogues, by Rasa as it is and as SIGAP runs it."""
    command = [sys.executable, "-W", "ignore", "-c", _PLAY, str(EACH)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    plain, hastened = json.loads(done.stdout)
    return plain, hastened


def test_the_same_conversations_come_out(both: tuple[dict[str, list[object]], dict[str, list[object]]]) -> None:
    plain, hastened = both
    assert len(plain) > 30
    assert sum(map(len, plain.values())) > 500
    assert hastened == plain
