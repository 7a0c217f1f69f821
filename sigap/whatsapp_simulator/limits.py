"""What the Cloud API refuses, after Meta's reference of the messages endpoint and its list of error codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

_PHONE = re.compile(r"\+?[0-9]{5,20}")
_COMMON = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}
_PARTS = {"text", "image", "interactive", "template"}


class Refused(Exception):
    """The request is refused with this error code of Meta's."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


def check(message: Mapping[str, Any], media: Collection[str], templates: Collection[str]) -> None:
    """Raise `Refused` for a message that Meta would not take. `media` and `templates` are those that exist."""
    kind = str(message.get("type"))
    _only(message, _COMMON | {kind}, "message")
    _need(message.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp")
    _need(message.get("recipient_type", "individual") == "individual", "recipient_type")
    _need("to" in message or "recipient" in message, "to or recipient is required")
    _need(isinstance(message.get("to", ""), str) and isinstance(message.get("recipient", ""), str), "to")
    _need(kind in _PARTS, "type", 131051)
    part = _object(message.get(kind), kind)
    if kind == "text":
        _only(part, {"body", "preview_url"}, "text")
        _text(part.get("body"), 4096, "text.body")
    elif kind == "image":
        _image(part, media, caption=True)
    elif kind == "interactive":
        _interactive(part, media)
    else:
        _template(part, templates)


def _interactive(part: Mapping[str, Any], media: Collection[str]) -> None:
    _only(part, {"type", "header", "body", "footer", "action"}, "interactive")
    body = _object(part.get("body"), "interactive.body")
    _text(body.get("text"), 1024 if part.get("type") == "button" else 4096, "interactive.body.text")
    if "footer" in part:
        _text(_object(part["footer"], "footer").get("text"), 60, "footer.text")
    action = _object(part.get("action"), "interactive.action")
    if part.get("type") == "button":
        _header(part, media, {"text", "image"})
        _buttons(action)
    elif part.get("type") == "list":
        _header(part, media, {"text"})
        _list(action)
    else:
        raise Refused(131009, "interactive.type must be button or list")


def _header(part: Mapping[str, Any], media: Collection[str], kinds: set[str]) -> None:
    if "header" not in part:
        return
    header = _object(part["header"], "header")
    _need(header.get("type") in kinds, "header.type", 131009)
    if header["type"] == "text":
        _text(header.get("text"), 60, "header.text")
    else:
        _image(_object(header.get("image"), "header.image"), media, caption=False)


def _buttons(action: Mapping[str, Any]) -> None:
    _only(action, {"buttons"}, "action")
    buttons = _array(action.get("buttons"), 1, 3, "buttons")
    replies = []
    for button in buttons:
        _need(button.get("type") == "reply", "button.type must be reply", 131009)
        replies.append(_object(button.get("reply"), "button.reply"))
    for reply in replies:
        _only(reply, {"id", "title"}, "reply")
        _text(reply.get("id"), 256, "reply.id")
        _text(reply.get("title"), 20, "reply.title")
    _unique([reply["id"] for reply in replies], "button ids")
    _unique([reply["title"] for reply in replies], "button titles")


def _list(action: Mapping[str, Any]) -> None:
    _only(action, {"button", "sections"}, "action")
    _text(action.get("button"), 20, "action.button")
    sections = _array(action.get("sections"), 1, 10, "sections")
    rows = []
    for section in sections:
        _only(section, {"title", "rows"}, "section")
        if len(sections) > 1 or "title" in section:
            _text(section.get("title"), 24, "section.title")
        rows += _array(section.get("rows"), 1, 10, "rows")
    _need(len(rows) <= 10, "at most 10 rows in all sections", 131009)
    for row in rows:
        _only(row, {"id", "title", "description"}, "row")
        _text(row.get("id"), 200, "row.id")
        _text(row.get("title"), 24, "row.title")
        if "description" in row:
            _text(row["description"], 72, "row.description")
    _unique([row["id"] for row in rows], "row ids")
    _unique([row["title"] for row in rows], "row titles")


def _image(part: Mapping[str, Any], media: Collection[str], caption: bool) -> None:
    _only(part, {"id", "link", "caption"} if caption else {"id", "link"}, "image")
    _need(("id" in part) != ("link" in part), "exactly one of image.id and image.link", 131009)
    if "id" in part:
        _need(part["id"] in media, "image.id is unknown", 131009)
    else:
        _need(str(part["link"]).startswith("https://"), "image.link must be https", 131009)
    if "caption" in part:
        _text(part["caption"], 1024, "image.caption")


def _template(part: Mapping[str, Any], templates: Collection[str]) -> None:
    _only(part, {"name", "language", "components"}, "template")
    _need(part.get("name") in templates, "template name does not exist in the translation", 132001)
    _text(_object(part.get("language"), "language").get("code"), 10, "language.code")
    for component in part.get("components", []):
        for parameter in component.get("parameters", []):
            text = _text(parameter.get("text"), 1024, "parameter")
            _need(not re.search(r"[\n\t]| {5,}", text), "parameter has new lines, tabs or many spaces", 132018)


def is_phone(text: str) -> bool:
    """Whether a recipient is a phone number; a user id in `to` is dropped without a word."""
    return bool(_PHONE.fullmatch(text))


def _only(part: Mapping[str, Any], known: Collection[str], where: str) -> None:
    unknown = sorted(part.keys() - set(known))
    _need(not unknown, f"Unexpected key {unknown[:1]} on {where}")


def _need(condition: bool, details: str, code: int = 100) -> None:
    if not condition:
        raise Refused(code, details)


def _object(value: Any, where: str) -> Mapping[str, Any]:
    _need(isinstance(value, dict), f"{where} must be an object")
    return dict(value)


def _array(value: Any, least: int, most: int, where: str) -> list[Mapping[str, Any]]:
    _need(isinstance(value, list), f"{where} must be an array")
    _need(least <= len(value) <= most, f"{where}: {least} to {most} allowed", 131009)
    return [_object(element, where) for element in value]


def _text(value: Any, longest: int, where: str) -> str:
    _need(isinstance(value, str) and bool(value.strip()), f"{where} is required", 131008)
    _need(len(value) <= longest, f"{where}: at most {longest} characters", 131009)
    return str(value)


def _unique(values: list[str], where: str) -> None:
    _need(len(set(values)) == len(values), f"{where} must be unique", 131009)
