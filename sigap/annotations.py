"""The inline annotation of training phrasing: `[text](entity)` and `[text](entity:value)`, as Rasa reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANNOTATION = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>[a-z_]+)(?::(?P<value>[^)]*))?\)")


@dataclass(frozen=True)
class Span:
    """An annotated phrase; `value` is None where the text itself is the value."""

    text: str
    entity: str
    value: str | None


def plain_text(annotated: str) -> str:
    """The message without its annotations."""
    return _ANNOTATION.sub(lambda match: match["text"], annotated)


def spans(annotated: str) -> list[Span]:
    """The annotated phrases, in order."""
    return [Span(match["text"], match["entity"], match["value"]) for match in _ANNOTATION.finditer(annotated)]
