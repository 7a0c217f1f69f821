"""Hiding personal numbers in what an applicant is shown again of their own conversation (the web chat's page).

Unlike the record that others read (sigap.privacy.masking), it keeps what the applicant needs to recognise: the last
digits of a number, days of a visit, names. The table is removed with the conversation.
"""

from __future__ import annotations

import re
from datetime import date

# Digits, perhaps in groups: "1179 0000 0001 2345", "3171-0157-0890-0001".
_NUMBER = re.compile(r"\d+(?:(?P<sign>[ .-])\d+(?:(?P=sign)\d+)*)?")
_YEAR = r"(?P<year>(?:19|20)?\d\d)"
_DATES = (
    re.compile(rf"(?<!\d)\d{{1,2}}\s?(?P<sign>[-/. ])\s?\d{{1,2}}\s?(?P=sign)\s?{_YEAR}(?![\d])"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}(?!\d)"),
    re.compile(r"(?i)(?<!\d)\d{1,2}[\s-]+[^\W\d_]{3,10}[\s-]+(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(
        r"(?i)(?<!\d)\d{1,2}[\s-]*(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|ags|aug|sep|okt|oct|nov|nop|des|dec)"
        rf"[a-z]*[\s-]*'?{_YEAR}(?!\d)"
    ),
)
# What an applicant writes: the shortest telephone numbers have nine digits; amounts are shorter.
_SHORTEST = 9
# What SIGAP writes: telephone numbers of offices stay; a NIK and an application number have 16, a billing code 15.
_SHORTEST_IN_ANSWERS = 13
# Six or eight digits in a row may be a birth date (DDMMYY, DDMMYYYY), of which nothing may stay.
_MAYBE_A_DATE = re.compile(r"\d{6}")
_OF_BIRTH = re.compile(r"(?i)\blahir\b")
_EXAMPLE = re.compile(r"(?i)misal|contoh")
_HIDDEN = "••••"


def mask_message(text: str, today: date) -> str:
    """What an applicant wrote, without NIK, application, billing or telephone numbers and without birth dates.

    Long numbers keep their last four digits, so that the applicant recognises them. Dates of this year and later are
    days of a visit and stay; any other date may be a birth date.
    """
    return _NUMBER.sub(_shortened, _mask_dates(text, today))


def mask_answer(text: str, today: date) -> str:
    """An answer without long numbers, and without dates where it speaks of a birth (but for its own examples)."""
    text = _NUMBER.sub(lambda number: _last_four(number.group(), _SHORTEST_IN_ANSWERS), text)
    return "\n".join(
        _mask_dates(line, today) if _OF_BIRTH.search(line) and not _EXAMPLE.search(line) else line
        for line in text.split("\n")
    )


def _shortened(number: re.Match[str]) -> str:
    kept = _last_four(number.group(), _SHORTEST)
    return _HIDDEN if _MAYBE_A_DATE.search(kept) else kept


def _last_four(number: str, shortest: int) -> str:
    digits = re.sub(r"\D", "", number)
    return _HIDDEN + digits[-4:] if len(digits) >= shortest else number


def _mask_dates(text: str, today: date) -> str:
    for pattern in _DATES:
        text = pattern.sub(lambda found: found.group() if _to_come(found["year"], today) else _HIDDEN, text)
    return text


def _to_come(year: str, today: date) -> bool:
    if len(year) == 2:
        return 0 <= int(year) - today.year % 100 <= 1
    return int(year) >= today.year
