"""Finding several people in one message, and which of them a correction means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sigap.language.dates import DateFound, Purpose, find_dates
from sigap.language.names import find_names, read_name
from sigap.language.nik import LongNumber, find_long_numbers

# What stands between two people: a bullet or number, "dan", whose wife or child it is.
_LEAD = re.compile(
    r"^(?:[\W\d_]+|(?:dan|lalu|terus|trus|sama|serta|kemudian|dengan|istri|isteri|suami|anak|ibu|bapak|ayah|mama|papa|"
    r"adik|kakak|pemohon|pertama|kedua|ketiga|keempat|kelima|ke|saya|sy|aku|atas|nama|namanya|a\.?n|untuk|utk)\b)+",
    re.IGNORECASE,
)
_ORDINALS = {"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5}
_NUMBERS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5}
_WHICH = re.compile(
    rf"\b(?:{'|'.join(_ORDINALS)}|terakhir)\b"
    rf"|\b(?:pemohon|orang|nomor|no|ke|yang|yg)[\s.-]*(?:ke[\s-]*)?([1-5]|{'|'.join(_NUMBERS)})\b(?!\s*(?:orang|januari|"
    r"februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|[-/.:]\d))",
    re.IGNORECASE,
)
_NEW_VALUE = re.compile(
    r"\b(?:se)?harusnya\b|\b(?:yang|yg)\s+(?:benar|bener|betul)\b|\b(?:men)?jadi\b|\bganti(?:\s+(?:jadi|dengan|ke))?\b"
    r"|\bmaksud(?:nya|\s+saya)?\b|\bralat(?:nya)?\b",
    re.IGNORECASE,
)
_SHORTEST_NAME_WORD = 3


@dataclass(frozen=True)
class PersonFound:
    """What a message says of one person. The number is not checked; a date may be impossible."""

    name: str | None
    number: LongNumber | None
    birth: DateFound | None


def find_people(text: str, today: date) -> list[PersonFound]:
    """The people of a message that gives numbers or birth dates of several; of one or none, an empty list.

    Each person's name, number and birth date stand together, in any order, the names all before or all after.
    """
    numbers = find_long_numbers(text)
    births = [
        found
        for found in find_dates(text, today, Purpose.BIRTH)
        if not any(found.start < number.end and number.start < found.end for number in numbers)
    ]
    groups = _grouped(sorted([*numbers, *births], key=lambda item: item.start))
    if len(groups) < 2:
        return []
    edges = [0, *(group[-1].end for group in groups)]
    before = [read_name(_LEAD.sub("", text[edge : group[0].start])) for edge, group in zip(edges, groups)]
    starts = [*(group[0].start for group in groups[1:]), len(text)]
    after = [read_name(_LEAD.sub("", text[group[-1].end : start])) for group, start in zip(groups, starts)]
    names = before if before[0] else after
    return [
        PersonFound(
            name,
            next((item for item in group if isinstance(item, LongNumber)), None),
            next((item for item in group if isinstance(item, DateFound)), None),
        )
        for name, group in zip(names, groups)
    ]


def _grouped(items: list[LongNumber | DateFound]) -> list[list[LongNumber | DateFound]]:
    """One group for each person: a second number, or a second date, begins another."""
    groups: list[list[LongNumber | DateFound]] = []
    for item in items:
        if groups and not any(type(item) is type(known) for known in groups[-1]):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def which_person(text: str, names: Sequence[str | None]) -> int | None:
    """The place (from 0) of the one person that a message speaks of: by number ("pemohon ke-2") or by name."""
    if said := _WHICH.search(text):
        word = said.group().lower()
        place = len(names) if word == "terakhir" else _ORDINALS.get(word) or _place(said.group(1).lower())
        return place - 1 if place <= len(names) else None
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    named = [
        place
        for place, name in enumerate(names)
        if any(len(word) >= _SHORTEST_NAME_WORD and word in words for word in (name or "").lower().split())
    ]
    return named[0] if len(named) == 1 else None


def _place(number: str) -> int:
    return int(number) if number.isdigit() else _NUMBERS[number]


def corrected_name(text: str) -> str | None:
    """The new name in "namanya salah, harusnya Siti Aminah", or None."""
    cues = list(_NEW_VALUE.finditer(text))
    if not cues or not re.search(r"\bnama", text, re.IGNORECASE):
        return None
    given = find_names(text[cues[-1].end() :])
    return given[0].text if given else read_name(text[cues[-1].end() :])
