"""Replaces what identifies a person in the messages of one conversation by something made up.

The same always becomes the same, and a NIK still fits its birth date, so that the masked conversation goes on as the
real one did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sigap.language.dates import Purpose, find_dates
from sigap.language.names import find_names, read_name
from sigap.language.nik import Nik, NumberKind, find_long_numbers, read_nik
from sigap.store.demo import APPLICATIONS

_NAMES = ("Budi Santoso", "Siti Aminah", "Agus Wijaya", "Dewi Lestari", "Rangga Wirasena", "Ani Rahayu", "Joko Susilo")
_PHONE = re.compile(r"(?<![\w.])(?:\+?62|0)[ -]?8\d(?:[ -]?\d){7,11}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# "pak Joko", "mbak Rina Wati": written with a capital, or it would be an ordinary word.
_ADDRESSED = re.compile(
    r"\b(?:[Pp]ak|[Bb]u|[Bb]apak|[Ii]bu|[Mm]as|[Mm]bak|[Ss]dr|[Ss]dri)\.? ((?:[A-Z][a-z']+ ?){1,3})"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
# A day longer ago than this, said with its year, is a birth date and not a visit.
_LONG_AGO = timedelta(days=370)
# Everybody becomes this much older: no leap years between hide a day.
_OLDER = timedelta(days=1013)
_DEMO = frozenset(number for number, *_ in APPLICATIONS)
_DEMO_BIRTHS = frozenset(birth for _, birth, *_ in APPLICATIONS)


@dataclass(frozen=True)
class Message:
    """A message of the applicant; `names` are what understanding took for names, `asked_name` if one was asked for."""

    text: str
    day: date
    names: tuple[str, ...] = ()
    asked_name: bool = False


def masked(messages: Iterable[Message]) -> list[str]:
    """The texts of a conversation, masked. Demonstration records stay as they are."""
    conversation = list(messages)
    numbers: dict[str, str] = {}
    people = _people(conversation)
    return [_masked(message, numbers, people) for message in conversation]


def _masked(message: Message, numbers: dict[str, str], people: dict[str, str]) -> str:
    text = _replace_dates(message.text, message.day)
    for found in reversed(find_long_numbers(text)):
        text = text[: found.start] + _number(found.digits, found.kind, numbers) + text[found.end :]
    text = _PHONE.sub(lambda phone: _counted(phone.group(), numbers, "081200000{:03}"), text)
    text = _MAIL.sub(lambda mail: _counted(mail.group(), numbers, "pemohon{}@contoh.id"), text)
    for name in sorted(people, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", people[name], text, flags=re.IGNORECASE)
    return text


def _replace_dates(text: str, today: date) -> str:
    for found in reversed(find_dates(text, today, Purpose.BIRTH)):
        single = found.first if found.first == found.last else None
        if single and single < today - _LONG_AGO and single not in _DEMO_BIRTHS:
            text = f"{text[: found.start]}{single - _OLDER:%d-%m-%Y}{text[found.end :]}"
    return text


def _number(digits: str, kind: NumberKind, numbers: dict[str, str]) -> str:
    if digits in _DEMO:
        return digits
    nik = read_nik(digits)
    if kind is NumberKind.NIK and isinstance(nik, Nik):
        return _counted(digits, numbers, _nik_pattern(nik))
    patterns: dict[NumberKind, str] = {NumberKind.BILLING: "820000000000{:03}"}
    return _counted(digits, numbers, patterns.get(kind, "1179000000099{:03}"))


def _nik_pattern(nik: Nik) -> str:
    day, month, year = nik.birth_day_month_year
    try:
        birth = date(1900 + year, month, day) - _OLDER
    except ValueError:  # 29 February of a year that has none
        birth = date(1900 + year, month, 28) - _OLDER
    return f"317101{birth.day + 40 * nik.female:02}{birth:%m%y}" + "9{:03}"


def _counted(original: str, known: dict[str, str], pattern: str) -> str:
    key = re.sub(r"[ .-]", "", original)
    return known.setdefault(key, pattern.format(len(known) + 1))


def _people(messages: Iterable[Message]) -> dict[str, str]:
    """What each name becomes, whole and word by word."""
    people: dict[str, str] = {}
    for message in messages:
        names = [*message.names, *(found.text for found in find_names(message.text))]
        names += [found[1].strip() for found in _ADDRESSED.finditer(message.text)]
        if message.asked_name and (answer := read_name(message.text)):
            names.append(answer)
        for name in names:
            _add(name, people)
    return people


def _add(name: str, people: dict[str, str]) -> None:
    key = " ".join(name.lower().split())
    if key in people:
        return
    words = _WORD.findall(key)
    known = [people[word] for word in words if word in people]
    people[key] = made_up = known[0] if known else _NAMES[len(set(people.values())) % len(_NAMES)]
    for word in words:
        people.setdefault(word, made_up)
