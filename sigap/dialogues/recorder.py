"""Turns a stored conversation into a dialogue: masked, with what was answered as what must be answered."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sigap.clock import WIB
from sigap.dialogues.masking import Message, masked
from sigap.settings import ROOT

_ASKS_NAME = "utter_tanya_pemohon_nama"
# Shorter pauses change nothing.
_PAUSE = timedelta(minutes=5)


def record(conversation_id: str, endpoints: Path = ROOT / "endpoints.yml") -> str:
    """The dialogue file of a conversation in the tracker store of `endpoints`.

    Raises `LookupError` when there is no such conversation.
    """
    settings = AvailableEndpoints.read_endpoints(str(endpoints))
    store = TrackerStore.create(settings.tracker_store, Domain.load(str(ROOT / "domain.yml")))
    tracker = asyncio.run(store.retrieve_full_tracker(conversation_id))
    turns = _turns(list(tracker.events)) if tracker else []
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
    asked = [False, *(_ASKS_NAME in answered for _, answered in turns)]
    texts = masked(
        Message(said.text or "", moment.date(), _names(said), asks)
        for (said, _), moment, asks in zip(turns, moments, asked)
    )
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


def _names(said: UserUttered) -> tuple[str, ...]:
    return tuple(str(entity["value"]) for entity in said.entities if entity["entity"] == "nama")
