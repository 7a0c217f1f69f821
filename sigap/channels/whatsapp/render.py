"""A turn's bubbles as messages of the Cloud API, within its limits. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sigap.channels.guard import sentence
from sigap.channels.whatsapp.choices import (
    BUTTON_TITLE,
    MOST_BUTTONS,
    PAGE,
    ROW_TITLE,
    Choice,
    Offer,
    choice_id,
    cut,
    labels,
)

# Meta: texts, texts with buttons or captions, and the second line of a list's row.
LONGEST_TEXT, LONGEST_BODY, LONGEST_DESCRIPTION = 4096, 1024, 72
# A parameter of a template holds no line breaks, and with the words around it must stay within 1,024 characters.
LONGEST_PARAMETER = 800
# Where a text may be cut, from best to worst: between paragraphs, lines, sentences, words.
_CUTS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))

Message = dict[str, Any]
Bubble = Mapping[str, Any]


def render(bubbles: Sequence[Bubble]) -> tuple[list[Message], Offer]:
    """Messages to send in this order, without recipient, and what they offer to choose from.

    A bubble is {"text", "buttons", "image"}, each where present. A picture stands in one message with the text before
    or after it where that fits. Of several bubbles with buttons, what is typed later is meant for the last.
    """
    messages: list[Message] = []
    offer = Offer(())
    for bubble in _with_pictures(bubbles):
        choices = tuple(_choices(bubble))
        if choices:
            offer = Offer(choices, more=sentence("utter_pilihan_lainnya"))
            messages += _offering(bubble.get("text") or "", offer, bubble.get("image"))
        else:
            messages += _plain(bubble.get("text") or "", bubble.get("image"))
    return messages, offer


def page(offer: Offer, start: int) -> tuple[list[Message], Offer]:
    """A further page of the choices offered; the first one where there is no such page."""
    turned = Offer(offer.choices, start if 0 <= start < len(offer.choices) else 0, offer.more)
    return list(_offering(sentence("utter_pilihan_berikut"), turned, None)), turned


def as_text(message: Message) -> Message | None:
    """A message that Meta refused, as a plain text with numbered choices; None when it was one already."""
    if message["type"] == "image":
        caption = message["image"].get("caption")
        return _text(caption) if caption else None
    if message["type"] != "interactive":
        return None
    interactive = message["interactive"]
    action = interactive["action"]
    titles = [button["reply"]["title"] for button in action.get("buttons", [])]
    titles += [row.get("description") or row["title"] for rows in action.get("sections", []) for row in rows["rows"]]
    numbered = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, start=1))
    return _text(f"{interactive['body']['text']}\n\n{numbered}")


def template(name: str, language: str, text: str) -> Message:
    """An approved template whose only parameter is the text, in one line."""
    parameter = cut(re.sub(r"[*_~`]", "", text), LONGEST_PARAMETER)
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": parameter}]}],
        },
    }


def split(text: str, longest: int) -> list[str]:
    """A text in pieces of at most `longest` characters, cut where it reads best; nothing but white space is lost."""
    pieces = []
    rest = text.strip()
    while len(rest) > longest:
        end, begin = _best_cut(rest, longest)
        pieces.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [*pieces, rest] if rest else pieces


def _best_cut(text: str, longest: int) -> tuple[int, int]:
    for cuts in _CUTS:
        # A cut in the first third would leave a scrap.
        fitting = [gap for gap in cuts.finditer(text, longest // 3, longest + 1) if gap.start() <= longest]
        if fitting:
            return fitting[-1].start(), fitting[-1].end()
    return longest, longest


def _with_pictures(bubbles: Sequence[Bubble]) -> Iterator[dict[str, Any]]:
    """The bubbles, each picture joined with the text before it, or else the one after it."""
    waiting: dict[str, Any] = {}
    for bubble in bubbles:
        if not ("text" in bubble or "image" in bubble):
            continue
        alone = waiting and ("text" in waiting) != ("text" in bubble) and ("image" in waiting) != ("image" in bubble)
        if alone and len({**waiting, **bubble}["text"]) <= LONGEST_BODY:
            waiting = {**waiting, **bubble}
        else:
            if waiting:
                yield waiting
            waiting = dict(bubble)
    if waiting:
        yield waiting


def _choices(bubble: Bubble) -> Iterator[Choice]:
    for button in bubble.get("buttons") or []:
        says = str(button.get("payload") or button.get("title") or "").strip()
        if says:
            yield Choice(str(button.get("title") or says).strip(), says)


def _plain(text: str, picture: str | None) -> Iterator[Message]:
    if picture and len(text) <= LONGEST_BODY:
        yield {"type": "image", "image": {"picture": picture, **({"caption": text} if text else {})}}
        return
    if picture:
        yield {"type": "image", "image": {"picture": picture}}
    yield from map(_text, split(text, LONGEST_TEXT))


def _offering(text: str, offer: Offer, picture: str | None) -> Iterator[Message]:
    *before, body = split(text, LONGEST_BODY) or [sentence("utter_pilihan_pengantar")]
    yield from map(_text, before)
    titles = [choice.title for choice in offer.choices]
    if len(titles) <= MOST_BUTTONS and max(map(len, titles)) <= BUTTON_TITLE:
        header = {"header": {"type": "image", "image": {"picture": picture}}} if picture else {}
        yield _interactive("button", header, body, {"buttons": list(_buttons(offer))})
        return
    if picture:
        yield from _plain("", picture)
    opener = cut(sentence("utter_pilihan_buka"), BUTTON_TITLE)
    yield _interactive("list", {}, body, {"button": opener, "sections": [{"rows": list(_rows(offer))}]})


def _interactive(kind: str, header: Message, body: str, action: Message) -> Message:
    return {"type": "interactive", "interactive": {"type": kind, **header, "body": {"text": body}, "action": action}}


def _buttons(offer: Offer) -> Iterator[Message]:
    for index, (choice, label) in enumerate(zip(offer.choices, labels(offer.choices, BUTTON_TITLE))):
        yield {"type": "reply", "reply": {"id": choice_id(index, choice), "title": label}}


def _rows(offer: Offer) -> Iterator[Message]:
    for index, (choice, label) in enumerate(zip(offer.shown, labels(offer.shown, ROW_TITLE)), start=offer.start):
        row = {"id": choice_id(index, choice), "title": label}
        if len(choice.title) > ROW_TITLE:
            row["description"] = cut(choice.title, LONGEST_DESCRIPTION)
        yield row
    if not offer.last_page:
        yield {"id": str(offer.start + PAGE), "title": cut(offer.more, ROW_TITLE)}


def _text(body: str) -> Message:
    return {"type": "text", "text": {"body": body[:LONGEST_TEXT], "preview_url": False}}
