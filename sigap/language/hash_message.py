"""The one-message booking of 2017: `#NAMA#TGLLahir#TglKedatangan`.

People type it sloppily: without the first #, with commas or spaces for the others, with spaces, dashes or slashes in
dates, with the letter O for a zero, with two-digit years, with a word in front ("#daftar#…"). Format and example after
https://v4.alinear.id/id/read/layanan-antrean-permohonan-paspor-kini-bisa-melalui-whatsapp
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Generic, TypeVar

from sigap.language.dates import DateFound, Problem, Purpose, read_date
from sigap.language.names import read_name

ValueT = TypeVar("ValueT")

_PARTS = 3
# DDMMYY and DDMMYYYY.
_WHOLE = (6, 8)
# The full-width sign of Asian keyboards and its small form.
_SIGN = "[#＃﹟]"
_BETWEEN = re.compile(rf"{_SIGN}+")
_LIST_SIGN = re.compile(r"[,;|]")
_DIGIT_LOOKALIKES = str.maketrans("oOlI０１２３４５６７８９", "00110123456789")
_SIGNS_IN_DATES = re.compile(r"[\s.\-/–]")
# Nothing but figures, what is typed for figures, and the signs between them; five figures or more.
_FIGURES = re.compile(r"(?=(?:\D*\d){3})[\doOlI](?:[\s.\-/–]{0,2}[\doOlI]){4,9}")
_HASH_AND_REST = re.compile(rf"\s*{_SIGN}\s*([^\W\d_][^\d,;|]*?)\s+(\d\S*)\s+(\d\S*)\s*")
# What people put in front of the format, or leave standing of the template.
_COMMAND_WORDS = frozenset("daftar daftarkan antri antre antrian antrean booking paspor pasport".split())
_TEMPLATE_WORD = re.compile(r"n[ao]ma|t(?:g?l|anggal).*|.*(?:lahir|datang|kedatangan|kunjungan).*|[dhmtby]{6,8}", re.I)
_CANCEL = re.compile(rf"\s*{_SIGN}\s*batal(?:kan)?\b", re.IGNORECASE)


class Part(Enum):
    """The parts of the format."""

    NAME = "nama"
    BIRTH = "lahir"
    ARRIVAL = "datang"


class Fault(Enum):
    """Why a part cannot be used."""

    MISSING = "kosong"
    UNREADABLE = "tidak_terbaca"
    LENGTH = "jumlah_angka"
    """A date of digits alone that are neither six nor eight."""
    IMPOSSIBLE = "mustahil"
    RANGE = "bukan_satu_hari"
    FUTURE = "belum_terjadi"
    PAST = "sudah_lewat"


@dataclass(frozen=True)
class PartRead(Generic[ValueT]):
    """One part: as typed, its span in the message, and either its value or its fault."""

    part: Part
    typed: str
    start: int
    end: int
    value: ValueT | None
    fault: Fault | None


@dataclass(frozen=True)
class HashMessage:
    """A message in the format."""

    name: PartRead[str]
    birth: PartRead[date]
    arrival: PartRead[date]

    @property
    def parts(self) -> tuple[PartRead[str], PartRead[date], PartRead[date]]:
        """The three parts in the order of the format."""
        return self.name, self.birth, self.arrival

    @property
    def broken(self) -> tuple[PartRead[str] | PartRead[date], ...]:
        """The parts that cannot be used."""
        return tuple(part for part in self.parts if part.fault)


@dataclass(frozen=True)
class _Field:
    text: str
    start: int
    end: int


_NOWHERE = _Field("", 0, 0)


def read_hash_message(text: str, today: date) -> HashMessage | None:
    """Read a message of the format, or None when it has another form. `today` completes and judges dates."""
    fields = _fields(text, today)
    if fields is None:
        return None
    name, birth, arrival = fields
    return HashMessage(_name(name), _birth(birth, today), _arrival(arrival, today))


def is_hash_cancel(text: str) -> bool:
    """Whether this is the format's `#batal`, whatever follows it."""
    return bool(_CANCEL.match(text))


def hash_example(name: str, birth: date, arrival: date) -> str:
    """A message of the format, as it is meant to be typed."""
    return f"#{name.upper()}#{birth:%d%m%Y}#{arrival:%d%m%Y}"


def _fields(text: str, today: date) -> tuple[_Field, _Field, _Field] | None:
    if not re.search(_SIGN, text):
        return None
    fields = _split(text, _BETWEEN)
    if len(fields) == 1:
        fields = _without_inner_signs(text)
    if len(fields) > 1 and fields[0].text.lower() in _COMMAND_WORDS:
        fields = fields[1:]
    if len(fields) == _PARTS - 1:
        return _placed(fields[0], fields[1], today)
    if len(fields) > _PARTS and not all(_FIGURES.fullmatch(field.text) for field in fields[1:_PARTS]):
        return None
    if len(fields) < _PARTS or not any(_looks_meant(field.text) for field in fields[1:_PARTS]):
        return None
    return fields[0], fields[1], fields[2]


def _split(text: str, separator: re.Pattern[str]) -> list[_Field]:
    fields, position = [], 0
    for end, after in [*((sign.start(), sign.end()) for sign in separator.finditer(text)), (len(text), len(text))]:
        raw = text[position:end]
        if stripped := raw.strip():
            start = position + raw.index(stripped)
            fields.append(_Field(stripped, start, start + len(stripped)))
        position = after
    return fields


def _without_inner_signs(text: str) -> list[_Field]:
    """ "#Budi,25011987,07122026" and "#Budi 25011987 07122026": the first sign only, then commas or spaces."""
    if spaced := _HASH_AND_REST.fullmatch(text):
        return [_Field(spaced.group(group), *spaced.span(group)) for group in range(1, _PARTS + 1)]
    opened = re.match(rf"\s*{_SIGN}", text)
    if not opened:
        return []
    # The sign becomes a space, so that every offset stays true.
    return _split(text[: opened.end() - 1] + " " + text[opened.end() :], _LIST_SIGN)


def _placed(first: _Field, second: _Field, today: date) -> tuple[_Field, _Field, _Field] | None:
    """Two parts: the missing one is the name when both are dates; a single date to come is the day of the visit."""
    if not _FIGURES.fullmatch(second.text):
        return None
    if _FIGURES.fullmatch(first.text):
        return _NOWHERE, first, second
    to_come = _birth(second, today).fault is Fault.FUTURE
    return (first, _NOWHERE, second) if to_come else (first, second, _NOWHERE)


def _looks_meant(part: str) -> bool:
    """A figure, or what somebody left standing of the template ("#NAMA#TGLLahir#TglKedatangan")."""
    return any(char.isdigit() for char in part) or bool(_TEMPLATE_WORD.fullmatch(part))


def _name(field: _Field) -> PartRead[str]:
    if not field.text or re.fullmatch(r"nama.*", field.text, re.IGNORECASE):
        return _read(Part.NAME, field, None, Fault.MISSING)
    name = read_name(field.text)
    return _read(Part.NAME, field, name, None if name else Fault.UNREADABLE)


def _birth(field: _Field, today: date) -> PartRead[date]:
    return _date(Part.BIRTH, field, today, Purpose.BIRTH)


def _arrival(field: _Field, today: date) -> PartRead[date]:
    read = _date(Part.ARRIVAL, field, today, Purpose.ARRIVAL)
    return _read(Part.ARRIVAL, field, None, Fault.PAST) if read.value and read.value < today else read


def _date(part: Part, field: _Field, today: date, purpose: Purpose) -> PartRead[date]:
    if not field.text or (_TEMPLATE_WORD.fullmatch(field.text) and not any(char.isdigit() for char in field.text)):
        return _read(part, field, None, Fault.MISSING)
    figures = [group for group in _SIGNS_IN_DATES.split(field.text.translate(_DIGIT_LOOKALIKES)) if group]
    whole = all(group.isdigit() for group in figures)
    if whole and len(figures) == 1 and len(figures[0]) not in _WHOLE:
        return _read(part, field, None, Fault.LENGTH)
    found = read_date("-".join(figures) if whole else field.text, today, purpose)
    fault = _date_fault(found, today, purpose)
    fault = Fault.IMPOSSIBLE if whole and fault is Fault.UNREADABLE else fault
    return _read(part, field, None if fault else found.first, fault)


def _date_fault(found: DateFound, today: date, purpose: Purpose) -> Fault | None:
    if found.problem in _FAULT_OF:
        return _FAULT_OF[found.problem]
    if found.first is None:
        return Fault.UNREADABLE
    if found.first != found.last:
        return Fault.RANGE
    return Fault.FUTURE if purpose is Purpose.BIRTH and found.first > today else None


_FAULT_OF = {
    Problem.IMPOSSIBLE: Fault.IMPOSSIBLE,
    Problem.FUTURE: Fault.FUTURE,
    Problem.NOT_A_DATE: Fault.UNREADABLE,
    Problem.INCOMPLETE: Fault.RANGE,
    Problem.AMBIGUOUS: Fault.UNREADABLE,
    Problem.UNKNOWN_FEAST: Fault.UNREADABLE,
}


def _read(part: Part, field: _Field, value: ValueT | None, fault: Fault | None) -> PartRead[ValueT]:
    return PartRead(part, field.text, field.start, field.end, value, fault)
