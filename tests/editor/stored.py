"""A tracker store as Rasa leaves it, with conversations that tests write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain

START = 1_795_000_000.0


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
