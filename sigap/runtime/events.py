"""Rasa's events as they are kept: masked, small, and quick to read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.utils.common import all_subclasses

from sigap.clock import WIB
from sigap.privacy.masking import Asked, Secret, Span, mask, mask_own_words, personal_spans
from sigap.store.conversations import NewEvent

# By the name that is kept. Of several with one name Rasa takes the first.
CLASSES: dict[str, type[Event]] = {kind.type_name: kind for kind in reversed(all_subclasses(Event))}
# Which open question an answer may be personal to.
_ASKED = {
    "status_lahir": Asked.BIRTH_DATE,
    "antrean_lahir": Asked.BIRTH_DATE,
    "ambil_lahir": Asked.BIRTH_DATE,
    "antrean_pemohon": Asked.PERSON,
    "ambil_nama": Asked.PERSON,
}
# Rasa adds these to every event; whatever else a channel adds may be anything, a profile's name for example.
_KEPT_METADATA = ("model_id", "assistant_id", "utter_action")
# The inbox shows the likeliest intents; longer rankings are half of what is read back for every message.
_RANKED = 4
# Under this name an action says which values of the turn are personal (actions.turn.Turn.confide).
SECRETS = "pribadi"


def from_json(content: dict[str, Any]) -> Event:
    """An event from what was kept. Raises `KeyError` for an event that Rasa does not know."""
    event: Event = CLASSES[content["event"]]._from_parameters(content)
    return event


def masked(new: Sequence[Event], before: Iterable[Event]) -> list[NewEvent]:
    """New events as they may be kept. `before` are the events in front of them, for what was being asked."""
    secrets = [
        Secret(*pair)
        for event in new
        if isinstance(event, BotUttered)
        for pair in (event.metadata or {}).get(SECRETS, ())
    ]
    asked = _asked(before)
    kept = []
    for event in new:
        if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
            asked = _ASKED.get(str(event.value), Asked.NOTHING_PERSONAL)
        kept.append(_kept(event, asked, secrets))
    return kept


def _asked(before: Iterable[Event]) -> Asked:
    last = Asked.NOTHING_PERSONAL
    for event in before:
        if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
            last = _ASKED.get(str(event.value), Asked.NOTHING_PERSONAL)
    return last


def _kept(event: Event, asked: Asked, secrets: list[Secret]) -> NewEvent:
    content: dict[str, Any] = event.as_dict()
    content["metadata"] = {key: event.metadata[key] for key in _KEPT_METADATA if key in event.metadata}
    intent = None
    if isinstance(event, UserUttered):
        intent = event.intent_name
        day = datetime.fromtimestamp(event.timestamp, WIB).date()
        content |= _user(event, day, asked, secrets)
    elif isinstance(event, (BotUttered, SlotSet)):
        content |= {key: _own_words(content.get(key), secrets) for key in ("text", "data", "value") if content.get(key)}
        if isinstance(event, SlotSet) and event.key == "session_started_metadata":
            content["value"] = None
    action = event.action_name if isinstance(event, ActionExecuted) else content.get("name")
    return NewEvent(event.type_name, event.timestamp, intent, action, content)


def _user(event: UserUttered, day: date, asked: Asked, secrets: list[Secret]) -> dict[str, Any]:
    text = event.text or ""
    found = personal_spans(text, day, asked, secrets)
    named = [
        Span(entity["start"], entity["end"], "nama")
        for entity in event.parse_data.get("entities") or ()
        if entity["entity"] == "nama" and "start" in entity
    ]
    spans = found + [one for one in named if not any(one.start < old.end and old.start < one.end for old in found)]
    spans.sort(key=lambda span: span.start)
    parsed = event.parse_data
    return {
        "text": mask(text, spans),
        # A message's id may contain the phone number (WhatsApp's does).
        "message_id": None,
        "parse_data": {
            "text": mask(text, spans),
            "intent": parsed.get("intent"),
            "intent_ranking": parsed.get("intent_ranking", [])[:_RANKED],
            "entities": [_entity(entity, spans) for entity in parsed.get("entities") or ()],
        },
    }


def _entity(entity: dict[str, Any], spans: list[Span]) -> dict[str, Any]:
    """An entity with its place in the masked text; personal ones have the label for a value."""
    if "start" not in entity:
        return {**entity, "value": _own_words(entity.get("value"), [])}
    inside = next((span for span in spans if entity["start"] < span.end and span.start < entity["end"]), None)
    moved = sum(len(span.label) - (span.end - span.start) for span in spans if span.end <= entity["start"])
    if inside is None:
        return {**entity, "start": entity["start"] + moved, "end": entity["end"] + moved}
    moved = sum(len(span.label) - (span.end - span.start) for span in spans if span.end <= inside.start)
    start = inside.start + moved
    return {**entity, "value": inside.label, "start": start, "end": start + len(inside.label)}


def _own_words(value: Any, secrets: list[Secret]) -> Any:
    """A value of any shape with its texts masked."""
    if isinstance(value, str):
        return mask_own_words(value, secrets)
    if isinstance(value, dict):
        return {key: _own_words(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_own_words(inner, secrets) for inner in value]
    return value
