"""Turns a recorded conversation into a dialogue, with what was answered as what must be answered."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sigap.clock import WIB
from sigap.dialogues.made_up import filled
from sigap.runtime.events import from_json
from sigap.store.conversations import Conversations, as_json

# Shorter pauses change nothing.
_PAUSE = timedelta(minutes=5)


def record(conversation_id: str, conversations: Conversations) -> str:
    """The dialogue file of a recorded conversation. Raises `LookupError` when there is no such conversation."""
    turns = _turns([from_json(content) for content in as_json(conversations.everything(conversation_id))])
    if not turns:
        raise LookupError(f"Percakapan {conversation_id!r} tidak ada di penyimpanan.")
    return _written(turns)


def _turns(events: list[Event]) -> list[tuple[UserUttered, list[str]]]:
    """Each message with the names of what was answered."""
    turns: list[tuple[UserUttered, list[str]]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append((event, []))
        elif isinstance(event, BotUttered) and turns:
            turns[-1][1].append(str(event.metadata.get("utter_action") or ""))
    return turns


def _written(turns: list[tuple[UserUttered, list[str]]]) -> str:
    moments = [datetime.fromtimestamp(said.timestamp, WIB) for said, _ in turns]
    texts = filled(said.text or "" for said, _ in turns)
    steps: list[dict[str, Any]] = []
    pauses = [timedelta(), *(after - before for before, after in pairwise(moments))]
    for text, (said, answered), pause in zip(texts, turns, pauses):
        if pause >= _PAUSE:
            steps.append({"waktu": DoubleQuotedScalarString(f"+{round(pause.total_seconds() / 60)} menit")})
        step: dict[str, Any] = {"kata": DoubleQuotedScalarString(text), "niat": said.intent_name}
        if names := [name for name in dict.fromkeys(answered) if name]:
            step["jawaban"] = names
        steps.append(step)
    dialogue = {
        "nama": f"Percakapan tanggal {moments[0]:%d-%m-%Y} pukul {moments[0]:%H.%M}",
        "mulai": DoubleQuotedScalarString(f"{moments[0]:%Y-%m-%d %H:%M}"),
        "langkah": steps,
    }
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 120
    file = io.StringIO()
    writer.dump([dialogue], file)
    return file.getvalue()
