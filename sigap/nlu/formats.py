"""Entities with a fixed form: dates, hours, counts, offices, numbers and codes, with standard values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sigap.language.counts import find_counts
from sigap.language.dates import DateFound, Holidays, Purpose, find_dates
from sigap.language.hash_message import read_hash_message
from sigap.language.hours import find_hours
from sigap.language.names import find_names
from sigap.language.nik import NumberKind, find_long_numbers
from sigap.nlu.offices import OfficeFinder

_ENTITY_OF = {NumberKind.NIK: "nik", NumberKind.APPLICATION: "nomor_permohonan"}
# "SG7K-4M2P" or "SG7K4M2P": eight letters and digits, at least one of each.
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])([A-Za-z0-9]{4}-?[A-Za-z0-9]{4})(?![A-Za-z0-9-])"
)
_LONGEST_WISH = timedelta(days=62)
_NOW = ("sekarang", "skr", "skrg", "skg", "saiki", "ayeuna", "now", "sekrang", "sekarng", "kini", "kiwari")
_BIRTH_CUE = re.compile(
    r"\b(?:lahir|lahr|lhr|kelahiran|kelahirn|ttl|tgllahir|tgl\s?lhr|born|birth|dob|lahirnya|lahire)\b[^\d]{0,30}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entity:
    """An entity of the catalogue with its standard value and its span in the message as typed."""

    entity: str
    value: str
    start: int
    end: int


class FormatReader:
    """Reads the entities of fixed form from a message. `known` are ordinary words, which are no names."""

    def __init__(self, offices: OfficeFinder, feasts: Holidays, known: frozenset[str]) -> None:
        self._known = known
        self._offices = offices
        self._feasts = feasts

    def find(self, text: str, today: date) -> list[Entity]:
        """All of them, without overlaps, in order. The more certain kind wins where two claim the same text."""
        found = self._hash_format(text, today)
        for group in (
            self._numbers(text),
            self._codes(text),
            self._dates(text, today),
            [Entity("kantor", office.office_id, office.start, office.end) for office in self._offices.find(text)],
            [Entity("waktu", hour.value, hour.start, hour.end) for hour in find_hours(text)],
            [Entity("jumlah_pemohon", str(count.value), count.start, count.end) for count in find_counts(text)],
            [Entity("nama", name.text, name.start, name.end) for name in find_names(text, self._known)],
        ):
            found += [new for new in group if not any(new.start < old.end and old.start < new.end for old in found)]
        return sorted(found, key=lambda entity: entity.start)

    def _hash_format(self, text: str, today: date) -> list[Entity]:
        message = read_hash_message(text, today)
        if message is None:
            return []
        return [
            Entity("nama" if part is message.name else "tanggal", str(part.value), part.start, part.end)
            for part in message.parts
            if part.value is not None
        ]

    def _numbers(self, text: str) -> list[Entity]:
        return [
            Entity(_ENTITY_OF[number.kind], number.digits, number.start, number.end)
            for number in find_long_numbers(text)
            if number.kind in _ENTITY_OF
        ]

    def _codes(self, text: str) -> list[Entity]:
        return [
            Entity("kode_booking", f"{code[:4]}-{code[-4:]}".upper(), match.start(), match.end())
            for match in _CODE.finditer(text)
            for code in [match.group(1)]
            if _looks_issued(code)
        ]

    def _dates(self, text: str, today: date) -> list[Entity]:
        entities = []
        births: dict[tuple[int, int], DateFound] | None = None
        for found in find_dates(text, today, Purpose.ARRIVAL, self._feasts):
            if _BIRTH_CUE.search(text[: found.start]):
                # A second reading costs as much as the first, so it is made only where somebody's birth is spoken of.
                births = births if births is not None else self._births(text, today)
                found = births.get((found.start, found.end), found)
            if not _is_background(text[found.start : found.end], found, today):
                entities.append(Entity("tanggal", _iso(found), found.start, found.end))
        return entities

    def _births(self, text: str, today: date) -> dict[tuple[int, int], DateFound]:
        return {(birth.start, birth.end): birth for birth in find_dates(text, today, Purpose.BIRTH, self._feasts)}


def _iso(found: DateFound) -> str:
    return str(found.first) if found.first == found.last else f"{found.first}/{found.last}"


def _is_background(typed: str, found: DateFound, today: date) -> bool:
    """Whether the words name no day, or only tell when something happened: "sekarang", "kemarin", "tahun 2011".

    Nobody wishes for such a day; with a day of the month ("13 Maret") it is a date after all.
    """
    if found.first is None or found.last is None or found.last - found.first > _LONGEST_WISH:
        return True
    if any(char.isdigit() for char in typed):
        return False
    return found.last < today or any(typed.lower().startswith(word) for word in _NOW)


def _looks_issued(code: str) -> bool:
    """Upper case or grouped, as codes are shown; a bare lower-case word with digits ("sekalian2") is none."""
    return "-" in code or code.isupper() or sum(char.isdigit() for char in code) >= 2
