"""Training messages that a model, trained without them, would file elsewhere: probably filed wrongly."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sigap.settings import KNOWLEDGE, LANGUAGE, ROOT

if TYPE_CHECKING:
    from sigap.editor.content import Example
    from sigap.nlu.intent_model import IntentModel, Reading

_PARTS = 3
_SEED = 20170807
# Sure of another intent, and nearly sure that it is not this one: one in a few hundred messages.
_SURE, _UNLIKELY = 0.85, 0.03
RESULT = Path(".sigap-editor") / "dicurigai.json"


@dataclass(frozen=True)
class Suspect:
    """A message, where it is filed, and where the model would file it with which confidence (0 to 1)."""

    file: str
    intent: str
    style: str
    annotated: str
    guess: str
    confidence: float


def search(root: Path) -> subprocess.Popen[bytes]:
    """Start looking through all messages under `root` in a process of its own; `read` finds the result there."""
    (root / RESULT).parent.mkdir(exist_ok=True)
    return subprocess.Popen([sys.executable, "-m", "sigap.editor.suspects", str(root)], cwd=ROOT)


def read(root: Path) -> list[Suspect]:
    """What the last search found, likeliest first."""
    path = root / RESULT
    return [Suspect(**entry) for entry in json.loads(path.read_text("utf-8"))] if path.exists() else []


def find(examples: Sequence[Example]) -> list[Suspect]:
    """Cross-validate: each third is judged by a model that learnt from the other two. Takes about a minute."""
    from sigap.nlu.intent_model import IntentModel

    readings = _readings(examples)
    order = list(range(len(examples)))
    random.Random(_SEED).shuffle(order)
    found = []
    for part in range(_PARTS):
        judged = order[part::_PARTS]
        learnt = sorted(set(order) - set(judged))
        model = IntentModel.train([readings[one] for one in learnt], [examples[one].intent for one in learnt])
        found += [suspect for one in judged if (suspect := _judge(model, examples[one], readings[one]))]
    return sorted(found, key=lambda suspect: -suspect.confidence)


def _readings(examples: Sequence[Example]) -> list[Reading]:
    from sigap.knowledge.store import load_once
    from sigap.language.indonesian import normaliser
    from sigap.language.text import clean, fold
    from sigap.nlu.intent_model import Reading

    standard = normaliser(LANGUAGE, load_once(KNOWLEDGE).offices.words)
    return [
        Reading(" ".join(fold(clean(example.plain)).split()), standard.text(clean(example.plain)))
        for example in examples
    ]


def _judge(model: IntentModel, example: Example, reading: Reading) -> Suspect | None:
    ranking = model.rank(reading)
    guess, confidence = ranking[0]
    own = dict(ranking).get(example.intent, 0.0)
    if guess == example.intent or confidence < _SURE or own > _UNLIKELY:
        return None
    return Suspect(example.file, example.intent, example.style, example.annotated, guess, round(confidence, 3))


def _main(root: Path) -> None:
    from sigap.editor.content import Content

    suspects = find(Content.read(root, date.today()).examples)
    text = json.dumps([asdict(suspect) for suspect in suspects], ensure_ascii=False)
    temporary = (root / RESULT).with_suffix(".baru")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(root / RESULT)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
