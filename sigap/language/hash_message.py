"""The one-message booking of 2017: `#NAMA#TGLLahir#TglKedatangan`.

People type it sloppily: without the first #, with spaces or dashes in dates, with the letter O for a zero, with
two-digit years. Format and example after
https://v4.alinear.id/id/read/layanan-antrean-permohonan-paspor-kini-bisa-melalui-whatsapp
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sigap.language.dates import DateFound, Purpose, read_date
from sigap.language.names import read_name

_PARTS = 3
_ZERO_LOOKALIKES = str.maketrans({"o": "0", "O": "0"})


class Part(Enum):
    """The parts of the format."""

    NAME = "nama"
    BIRTH = "tanggal_lahir"
    ARRIVAL = "tanggal_kedatangan"


@dataclass(frozen=True)
class Field:
    """One part as typed, with its span in the message."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class HashMessage:
    """A message in the format. A part that cannot be read is None and named in `wrong`."""

    name: str | None
    birth: date | None
    arrival: date | None
    wrong: tuple[Part, ...]
    fields: tuple[Field, Field, Field]


def read_hash_message(text: str, today: date) -> HashMessage | None:
    """Read a message of the format, or None when it has another form. `today` completes short dates."""
    if "#" not in text:
        return None
    fields = _fields(text)
    if len(fields) != _PARTS or not any(char.isdigit() for char in fields[1].text + fields[2].text):
        return None
    name_field, birth_field, arrival_field = fields
    name = read_name(name_field.text)
    birth = _single(_date(birth_field, today, Purpose.BIRTH))
    arrival = _single(_date(arrival_field, today, Purpose.ARRIVAL))
    read = ((Part.NAME, name), (Part.BIRTH, birth), (Part.ARRIVAL, arrival))
    wrong = tuple(part for part, value in read if value is None)
    return HashMessage(name, birth, arrival, wrong, (name_field, birth_field, arrival_field))


def _fields(text: str) -> list[Field]:
    return [Field(match.group(), match.start(), match.end()) for match in re.finditer(r"[^#\s](?:[^#]*[^#\s])?", text)]


def _date(field: Field, today: date, purpose: Purpose) -> DateFound:
    digits = re.sub(r"[\s.\-/]", "", field.text.translate(_ZERO_LOOKALIKES))
    whole = digits.isdigit() and len(digits) in {6, 8}  # DDMMYY or DDMMYYYY
    return read_date(digits if whole else field.text, today, purpose)


def _single(found: DateFound) -> date | None:
    return found.first if found.first == found.last else None
