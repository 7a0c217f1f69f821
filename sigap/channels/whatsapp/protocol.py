"""What Meta delivers, read into messages. Nothing here raises: Meta adds fields and kinds without notice."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

# Ids end up in columns of 255 and 160 characters.
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,255}")
_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,140}")
_PHONE = re.compile(r"[0-9]{5,20}")
# The longest fraction of a kilometre that matters for "the nearest office"; what is finer is nobody's business.
_LOCATION_DIGITS = 2


class Kind(str, Enum):
    """What an applicant may send. The values are Meta's where Meta has one."""

    TEXT = "text"
    REPLY = "reply"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    UNKNOWN = "unsupported"


_KINDS = {kind.value: kind for kind in Kind if kind not in {Kind.REPLY, Kind.UNKNOWN}} | {"voice": Kind.AUDIO}


@dataclass(frozen=True)
class Sender:
    """How Meta knows a person: by the business-scoped user id, the phone number, or both."""

    user_id: str | None = None
    phone: str | None = None

    def __bool__(self) -> bool:
        return bool(self.user_id or self.phone)


@dataclass(frozen=True)
class Content:
    """What a message says.

    `text` is what was typed, the caption of a picture, the id of the button pressed, or a location as a `geo:` URI
    (two decimals, about a kilometre); `title` is the label of the button pressed.
    """

    kind: Kind
    text: str = ""
    title: str = ""

    def to_json(self) -> dict[str, str]:
        """For the database."""
        return {"kind": self.kind.value, "text": self.text, "title": self.title}

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> Content:
        """From the database."""
        return cls(Kind(stored["kind"]), stored["text"], stored["title"])


@dataclass(frozen=True)
class Incoming:
    """One message of an applicant."""

    message_id: str
    sender: Sender
    sent_at: datetime
    content: Content


@dataclass(frozen=True)
class NewIdentity:
    """A person's number or user id has changed."""

    message_id: str
    old: Sender
    new: Sender
    sent_at: datetime


@dataclass(frozen=True)
class Failure:
    """Meta reports that a message of ours was not delivered."""

    sent_as: str
    code: int | None


@dataclass
class Delivery:
    """Everything in one delivery that concerns us; `unreadable` counts what could not be read."""

    messages: list[Incoming] = field(default_factory=list)
    changes: list[NewIdentity] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unreadable: int = 0


def read_delivery(body: Any, phone_number_id: str, now: datetime) -> Delivery:
    """Read every entry, change and message of a delivery to our number. Delivery reports count only where they fail."""
    delivery = Delivery()
    for value in _values(body):
        if _dict(value.get("metadata")).get("phone_number_id") != phone_number_id:
            continue
        contacts = _dicts(value.get("contacts"))
        for message in _list(value.get("messages")):
            _read_message(message, contacts, now, delivery)
        for status in _dicts(value.get("statuses")):
            if status.get("status") == "failed" and isinstance(status.get("id"), str):
                delivery.failures.append(Failure(status["id"], error_code(_list(status.get("errors")))))
    return delivery


def error_code(errors: list[Any]) -> int | None:
    """The code of the first error in a list, or None."""
    code = _dict(errors[0]).get("code") if errors else None
    return code if isinstance(code, int) else None


def _read_message(message: Any, contacts: list[dict[str, Any]], now: datetime, delivery: Delivery) -> None:
    if not isinstance(message, dict):
        delivery.unreadable += 1
        return
    if message.get("group_id"):
        return  # a group is no conversation with an applicant
    sender, sent_at, message_id = _sender(message, contacts), _moment(message.get("timestamp"), now), _id(message)
    if message.get("type") == "system":
        change = _identity_change(message_id, sender, _dict(message.get("system")), sent_at)
        if change:
            delivery.changes.append(change)
    elif sender:
        delivery.messages.append(Incoming(message_id, sender, sent_at, _content(message)))
    else:
        delivery.unreadable += 1


def _content(message: dict[str, Any]) -> Content:
    name = message.get("type")
    part = _dict(message.get(name)) if isinstance(name, str) else {}
    if name == "text":
        return Content(Kind.TEXT, _text(part.get("body")))
    if name == "interactive":
        reply = _dict(part.get(_text(part.get("type"))))
        if reply.get("id") or reply.get("title"):
            return Content(Kind.REPLY, _text(reply.get("id")), _text(reply.get("title")))
        return Content(Kind.UNKNOWN)
    if name == "button":  # the quick reply of a template; its payload may be whatever the template's author wrote
        return Content(Kind.REPLY, "", _text(part.get("text")))
    if name == "location":
        return _location(part)
    if name == "reaction":
        return Content(Kind.REACTION, _text(part.get("emoji")))
    kind = _KINDS.get(name, Kind.UNKNOWN) if isinstance(name, str) else Kind.UNKNOWN
    return Content(kind, _text(part.get("caption")))


def _location(part: dict[str, Any]) -> Content:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not (_degrees(latitude, 90) and _degrees(longitude, 180)):
        return Content(Kind.UNKNOWN)
    return Content(Kind.LOCATION, f"geo:{latitude:.{_LOCATION_DIGITS}f},{longitude:.{_LOCATION_DIGITS}f}")


def _degrees(number: Any, limit: int) -> bool:
    return isinstance(number, (int, float)) and -limit <= number <= limit


def _sender(message: dict[str, Any], contacts: list[dict[str, Any]]) -> Sender:
    """The sender as the message names him, completed from the list of contacts that comes with it."""
    named = _identity(message.get("from_user_id"), message.get("from"))
    for contact in contacts:
        known = _identity(contact.get("user_id"), contact.get("wa_id"))
        same = (known.user_id and known.user_id == named.user_id) or (known.phone and known.phone == named.phone)
        if same or (not named and len(contacts) == 1):
            return Sender(named.user_id or known.user_id, named.phone or known.phone)
    return named


def _identity_change(message_id: str, sender: Sender, system: dict[str, Any], sent_at: datetime) -> NewIdentity | None:
    new = _identity(system.get("user_id"), system.get("wa_id") or system.get("new_wa_id"))
    old = _identity(system.get("previous_user_id") or sender.user_id, system.get("customer") or sender.phone)
    changed = _text(system.get("type")) in {"user_changed_number", "user_changed_user_id"}
    return NewIdentity(message_id, old, new, sent_at) if changed and old and new else None


def _identity(user_id: Any, phone: Any) -> Sender:
    """Valid ids only. Where a number is expected Meta may put the user id instead."""
    found = [candidate for candidate in (user_id, phone) if isinstance(candidate, str)]
    return Sender(
        next((candidate for candidate in found if _USER_ID.fullmatch(candidate)), None),
        next((candidate.lstrip("+") for candidate in found if _PHONE.fullmatch(candidate.lstrip("+"))), None),
    )


def _id(message: dict[str, Any]) -> str:
    """Meta's id, or a fingerprint where it is missing or odd, so that a repetition is recognised in any case."""
    given = message.get("id")
    if isinstance(given, str) and _MESSAGE_ID.fullmatch(given):
        return given
    return f"sha256.{hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()}"


def _moment(seconds: Any, now: datetime) -> datetime:
    """Seconds since 1970, as text or number. What cannot be read, or lies in the future, counts as now."""
    try:
        return min(datetime.fromtimestamp(int(seconds), timezone.utc), now)
    except (TypeError, ValueError, OverflowError, OSError):
        return now


def _values(body: Any) -> Iterator[dict[str, Any]]:
    for entry in _dicts(_dict(body).get("entry")):
        for change in _dicts(entry.get("changes")):
            if change.get("field") == "messages":
                yield _dict(change.get("value"))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [element for element in _list(value) if isinstance(element, dict)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
