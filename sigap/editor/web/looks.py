"""How things look on the pages: marks, confidences, and a response as WhatsApp and the web show it."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from sigap.annotations import plain_text, spans

# https://faq.whatsapp.com: *bold*, _italic_, ~struck~; the sign touches the word.
_STYLES = (("strong", r"\*"), ("em", "_"), ("s", "~"))


def percent(share: float) -> str:
    """ "87 %"."""
    return f"{share * 100:.0f} %"


def plain(annotated: str) -> str:
    """A message without its marks."""
    return plain_text(annotated)


def marked(annotated: str) -> Markup:
    """A message with its marked phrases shown as such."""
    text, shown, done = plain_text(annotated), Markup(), 0
    for span in spans(annotated):
        label = f"{span.entity}: {span.value}" if span.value else span.entity
        shown += escape(text[done : span.start])
        shown += Markup('<mark title="{}" data-jenis="{}">{}</mark>').format(label, span.entity, span.text)
        done = span.end
    return shown + escape(text[done:])


def whatsapp(text: str) -> Markup:
    """A text with WhatsApp's formatting, as the phone and the web chat show it."""
    shown = str(escape(text))
    for tag, sign in _STYLES:
        shown = re.sub(rf"(?<!\w){sign}(?=\S)([^\n]+?)(?<=\S){sign}(?!\w)", rf"<{tag}>\1</{tag}>", shown)
    return Markup(shown.replace("\n", "<br>"))
