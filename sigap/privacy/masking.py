"""Finding what is personal in a text, and putting labels in its place.

What counts is decided by the readers of `sigap.language`, so that whatever SIGAP can read as a NIK, a birth date or a
name is also what it blots out. Reading too much is the right side to err on: a masked text is kept only to see what was
asked and how it was understood. UU 27/2022 (perlindungan data pribadi), pasal 16 ayat 2 huruf b and e.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import chain

from sigap.language.dates import Problem, Purpose, find_dates
from sigap.language.hash_message import read_hash_message
from sigap.language.names import find_names, read_name
from sigap.language.nik import NumberKind, find_long_numbers


class Asked(Enum):
    """What the assistant had asked for when the message came."""

    NOTHING_PERSONAL = "nothing personal"
    BIRTH_DATE = "birth date"
    PERSON = "name, NIK and birth date"


@dataclass(frozen=True)
class Secret:
    """A personal value that is known as such, and what it is called ("nama")."""

    kind: str
    value: str


@dataclass(frozen=True)
class Span:
    """A personal part of a text, by character offsets."""

    start: int
    end: int
    kind: str

    @property
    def label(self) -> str:
        """What stands in its place: "[NIK]"."""
        return f"[{self.kind}]"


_KINDS = {
    NumberKind.NIK: "NIK",
    NumberKind.APPLICATION: "nomor permohonan",
    NumberKind.BILLING: "kode billing",
    NumberKind.UNKNOWN: "nomor",
}
# Indonesian mobile numbers: 08… or +62 8…, nine to thirteen digits.
_PHONE = re.compile(r"(?<![\d])(?:\+?\s?62[\s.-]?|0)8\d(?:[\s.-]?\d){6,11}(?!\d)")
# What is left of long numbers: mistyped NIKs, account numbers, other countries' phones.
_NUMBER = re.compile(r"(?<!\d)(?:\d{9,}|\d{3,4}(?:[ .-]\d{3,4}){2,})(?!\d)")
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]{2,}")
# Booking codes as they are shown (sigap.booking.codes): two groups of four, at least one letter and one digit.
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]{4}[\s-]?[A-Za-z0-9]{4}(?![A-Za-z0-9-])"
)
# SIGAP itself always shows the hyphen; without it, eight signs may be the number of an incident.
_CODE_AS_SHOWN = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Za-z0-9-])"
)
_BIRTH_CUE = re.compile(r"\b(?:lahir\w*|lahr|lhr|kelahiran|ttl|tgllahir|born|birth|dob)\b", re.IGNORECASE)


def personal_spans(
    text: str, today: date, asked: Asked = Asked.NOTHING_PERSONAL, secrets: Iterable[Secret] = ()
) -> list[Span]:
    """The personal parts of a text, without overlaps, in order.

    `today` decides which dates lie in the past. `secrets` are values known to be personal, found wherever they stand.
    """
    return _without_overlaps(_claims(text, today, asked, secrets))


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with each span replaced by its label."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + span.label + text[span.end :]
    return text


def mask_own_words(text: str, secrets: Iterable[Secret] = ()) -> str:
    """What SIGAP itself said or noted, without `secrets`, long numbers, addresses and booking codes.

    Dates stay: those of visits and stages are no secret, and the personal ones are among the `secrets`.
    """
    secret_spans = (span for secret in secrets for span in _occurrences(text, secret))
    return mask(text, _without_overlaps(chain(secret_spans, _numbers(text, _CODE_AS_SHOWN))))


def _without_overlaps(claims: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in claims:
        if span.start < span.end and not any(span.start < old.end and old.start < span.end for old in found):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def _claims(text: str, today: date, asked: Asked, secrets: Iterable[Secret]) -> Iterator[Span]:
    """All personal parts; the first claim on a part of the text wins."""
    for secret in secrets:
        yield from _occurrences(text, secret)
    if hash_message := read_hash_message(text, today):
        for part, kind in ((hash_message.name, "nama"), (hash_message.birth, "tanggal lahir")):
            yield Span(part.start, part.end, kind)
    yield from _numbers(text, _CODE)
    yield from _birth_dates(text, today, asked)
    for found in find_names(text):
        yield Span(found.start, found.end, "nama")
    if asked is Asked.PERSON and (answer := read_name(text)):
        yield from _occurrences(text, Secret("nama", answer))


def _numbers(text: str, code: re.Pattern[str]) -> Iterator[Span]:
    for number in find_long_numbers(text):
        yield Span(number.start, number.end, _KINDS[number.kind])
    for pattern, kind in ((_EMAIL, "email"), (_PHONE, "telepon"), (_NUMBER, "nomor"), (code, "kode booking")):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), kind)


def _birth_dates(text: str, today: date, asked: Asked) -> Iterator[Span]:
    """Days with a year that are past; an incomplete one only where a birth is spoken of or asked for."""
    speaks_of_birth = asked is not Asked.NOTHING_PERSONAL or _BIRTH_CUE.search(text) is not None
    for found in find_dates(text, today, Purpose.BIRTH):
        past = found.first is not None and found.first < today
        if past or (speaks_of_birth and found.problem is not Problem.FUTURE):
            yield Span(found.start, found.end, "tanggal lahir")


def _occurrences(text: str, secret: Secret) -> Iterator[Span]:
    words = secret.value.split()
    if not words:
        return
    pattern = r"\s+".join(re.escape(word) for word in words)
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        yield Span(match.start(), match.end(), secret.kind)
