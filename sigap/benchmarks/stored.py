"""A tracker store as Rasa leaves it, with messages that nobody said: for measurements and for tests."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain

START = 1_795_000_000.0
_WORDS = "paspor anak kantor biaya antre jadwal foto status hilang rusak lama kapan dimana berapa dong kak".split()


@dataclass(frozen=True)
class Said:
    """A message with what was understood; `form` opens a form before it, "" closes it."""

    sender: str
    text: str
    intent: str
    confidence: float = 0.97
    after: float = 20.0
    form: str | None = None
    others: tuple[tuple[str, float], ...] = ()


def write(path: Path, messages: Iterable[Said]) -> None:
    """Append to the tracker store at a path, made by Rasa itself where there is none."""
    if not path.exists():
        SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(path)).engine.dispose()
    at = START
    rows: list[tuple[Any, ...]] = []
    for said in messages:
        at += said.after
        if said.form is not None:
            loop = {"event": "active_loop", "timestamp": at, "name": said.form or None}
            rows.append((said.sender, "active_loop", at, None, None, json.dumps(loop)))
        ranking = [{"name": said.intent, "confidence": said.confidence}]
        ranking += [{"name": name, "confidence": confidence} for name, confidence in said.others]
        parsed = {"text": said.text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}
        event = {"event": "user", "timestamp": at, "text": said.text, "parse_data": parsed}
        rows.append((said.sender, "user", at, said.intent, None, json.dumps(event)))
        rows.append((said.sender, "bot", at, None, None, json.dumps({"event": "bot", "text": "Jawaban."})))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES (?,?,?,?,?,?)",
            rows,
        )
        connection.commit()


def many(count: int) -> Iterator[Said]:
    """So many messages; one in twenty was not understood, one in three of the others was unsure."""
    chance = random.Random(8)
    for _ in range(count):
        text = " ".join(chance.choices(_WORDS, k=chance.randint(3, 9)))
        lost = chance.random() < 0.05
        intent, confidence = ("nlu_fallback", 0.3) if lost else ("cek_status", chance.choice((0.5, 0.97, 0.99)))
        others = (("sapa", 0.1), ("batal", 0.05))
        yield Said(f"wa:{chance.randrange(20_000)}", text, intent, confidence, others=others)
