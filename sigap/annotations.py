"""The inline annotation of training phrasing: `[text](entity)` and `[text](entity:value)`, as Rasa reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>[a-z_]+)(?::(?P<value>[^)]*))?\)")


@dataclass(frozen=True)
class Span:
    """An annotated phrase and its place in the plain text; `value` is None where the text itself is the value."""

    text: str
    entity: str
    value: str | None
    start: int
    end: int


def plain_text(annotated: str) -> str:
    """The message without its annotations."""
    return _ANNOTATION.sub(lambda match: match["text"], annotated)


def spans(annotated: str) -> list[Span]:
    """The annotated phrases, in order."""
    found, removed = [], 0
    for match in _ANNOTATION.finditer(annotated):
        start = match.start() - removed
        found.append(Span(match["text"], match["entity"], match["value"], start, start + len(match["text"])))
        removed += len(match.group()) - len(match["text"])
    return found
