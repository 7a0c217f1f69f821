"""Cutting a message into words, digit runs and signs for the readers of dates, hours and counts; and number words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sigap.language.text import MAX_READ, clean, fold

# What holds digits but is never a date, an hour or a count. Tried before words, so that none of it is cut up.
_MASKED = (
    r"https?://\S+|www\.\S+|geo:\S+|[\w.+-]{1,64}@[\w-]{1,64}\S*"  # addresses
    r"|\+62[\d .-]{7,20}\d|(?<!\d)0?8\d{1,2}[ .-]\d{3,4}[ .-]\d{3,5}(?!\d)"  # telephone numbers
    r"|\b[Rr][Pp][. ]{0,2}\d[\d.,]*|(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d/-])"  # amounts of money
    r"|(?<!\d)\d{1,6}(?:[.,]\d+)?(?i:k|[ ]?(?:rb|ribu|jt|juta|persen|mb|kb|gb))\b|\d{1,3}[ ]?%"
    r"|(?<!\d)\d{1,3}\s?[xX]\s?\d{1,3}|(?i:\bv\d+(?:\.\d+)*)"  # 1x24, v2.0
    r"|(?<!\d)\d{1,3}(?:\.\d{1,3}){3,}|\d{9,}|(?<!\d)\d{4}(?:[ .-]\d{4}){2,}(?!\d)"  # addresses, long numbers
)
_CODE = r"(?<![A-Za-z0-9])(?=[A-Za-z-]{0,9}\d)(?=[\d-]{0,9}[A-Za-z])[A-Za-z0-9]{4}-[A-Za-z0-9]{4}(?![A-Za-z0-9])"
_PIECE = re.compile(
    rf"(?P<masked>{_MASKED})|(?P<code>{_CODE})|(?P<word>[^\W\d_]+(?:['’‘`][^\W\d_]+)*)|(?P<number>\d+)|(?P<sign>\S)"
)
_APOSTROPHES = re.compile("['’‘`]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
# The letters O and l typed for the digits 0 and 1: "O7/12/2026".
_MIXED_DIGITS = re.compile(r"(?<![\w])[\dOoIl]{1,8}(?:[/.-][\dOoIl]{1,4}){0,2}(?!\w)")
_AS_DIGIT = str.maketrans("OoIl", "0011")
_LONGEST_NUMBER = 8


@dataclass(frozen=True)
class Piece:
    """A word, a run of digits or a sign of a message, with its span.

    `word` is folded, without apostrophes and stretched letters; `value` is the number of a run of at most eight digits.
    """

    word: str
    start: int
    end: int
    value: int | None = None


END = Piece("", -1, -1)


# The readers of dates, hours and counts look at the same message one after the other.
@lru_cache(maxsize=4)
def pieces(message: str) -> tuple[Piece, ...]:
    """The pieces of the first `MAX_READ` characters. Amounts, codes, addresses and long numbers become a piece `#`."""
    text = _MIXED_DIGITS.sub(_as_digits, clean(message[:MAX_READ]))
    return tuple(_piece(match) for match in _PIECE.finditer(text))


def _as_digits(match: re.Match[str]) -> str:
    typed = match.group()
    digits = sum(char.isdigit() for char in typed)
    letters = sum(char in "OoIl" for char in typed)
    return typed.translate(_AS_DIGIT) if digits >= letters else typed


def _piece(match: re.Match[str]) -> Piece:
    typed, start, end = match.group(), match.start(), match.end()
    if match.lastgroup == "number":
        return Piece(typed, start, end, int(typed) if len(typed) <= _LONGEST_NUMBER else None)
    if match.lastgroup == "word":
        return Piece(_STRETCHED.sub(r"\1", _APOSTROPHES.sub("", fold(typed))), start, end)
    return Piece(typed if match.lastgroup == "sign" else "#", start, end)


def at(row: Sequence[Piece], index: int) -> Piece:
    """The piece at `index`, or `END` outside the message."""
    return row[index] if 0 <= index < len(row) else END


def words(listed: str) -> frozenset[str]:
    """The words of a list written as one text, which is how editors read and extend it most easily."""
    return frozenset(listed.split())


def variants(table: Mapping[str, str]) -> dict[str, str]:
    """Turn "standard word -> its spellings, separated by spaces" into "spelling -> standard word"."""
    return {typed: standard for standard, all_typed in table.items() for typed in (standard, *all_typed.split())}


_UNITS: dict[str, int] = {
    typed: value
    for value, words in enumerate(
        (
            "nol zero",
            "satu siji setunggal hiji ciek one stu sau",
            "dua duo loro kalih two dwa duwa",
            "tiga tigo telu tilu three tga tgia tigaa",
            "empat ampat ampek papat opat four ampa mpat emapt sekawan pat",
            "lima limo limang five limma gangsal lma",
            "enam anam nem enem genep six",
            "tujuh tujuah pitu seven tuju tujhu tjuh pitung",
            "delapan lapan wolu dalapan eight dlapan wolung depalan",
            "sembilan sambilan sanga songo salapan nine smbilan semblan sangang",
        )
    )
    for typed in words.split()
}
_TEENS: dict[str, int] = {
    typed: value
    for value, words in {
        10: "sepuluh sapuluh sapuluah ten spuluh sadasa sepulu",
        11: "sebelas sabelas sewelas eleven sblas",
        12: "twelve rolas",
        15: "limolas fifteen",
        17: "pitulas",
        20: "rongpuluh twenty",
        21: "selikur salikur",
        25: "selawe salawe",
    }.items()
    for typed in words.split()
}
_SCALES: dict[str, int] = {"belas": 10, "welas": 10, "blas": 10, "puluh": 10, "pulu": 10, "plh": 10, "puluah": 10}
_SCALES |= {"ratus": 100, "atus": 100, "ribu": 1000, "ewu": 1000}
_BELAS = frozenset({"belas", "welas", "blas"})
_WHOLE = {"seratus": 100, "seribu": 1000, "saratus": 100, "saribu": 1000}
_GLUED = re.compile(r"^(\w{2,8}?)(belas|puluh|ratus|ribu)$")


def _part(row: Sequence[Piece], index: int) -> tuple[int, int, int, int] | None:
    """One part of a spoken number: its value and scale, the scale the next part must lie below, the next index."""
    word = at(row, index).word
    if word in _WHOLE:
        return _WHOLE[word], _WHOLE[word], _WHOLE[word], index + 1
    if word in _TEENS:
        return _TEENS[word], 10, 10 if _TEENS[word] == 20 else 1, index + 1
    glued = _GLUED.match(word)
    unit, scale_word, after = (
        (glued.group(1), glued.group(2), index + 1) if glued else (word, at(row, index + 1).word, index + 2)
    )
    if unit not in _UNITS:
        return None
    value = _UNITS[unit]
    if scale_word in _BELAS:
        return 10 + value, 10, 1, after
    if value and scale_word in _SCALES:
        scale = _SCALES[scale_word]
        return value * scale, scale, scale, after
    return value, 1, 1, index + 1


def spoken(row: Sequence[Piece], index: int) -> tuple[int, int] | None:
    """The number spelt out in words at `index` and the index after it: "dua puluh lima" is 25, "tujuhbelas" 17."""
    total, limit, position = 0, 10_000, index
    while (part := _part(row, position)) and part[1] < limit:
        total, limit, position = total + part[0], part[2], part[3]
    return (total, position) if position > index else None


def pair(row: Sequence[Piece], index: int) -> tuple[int, int] | None:
    """Two digits said one after the other: "dua lima" is 25, "nol enam" 6."""
    first, second = (_part(row, index + step) for step in (0, 1))
    if first and second and first[1] == second[1] == 1 and at(row, index + 2).word not in _SCALES:
        return first[0] * 10 + second[0], index + 2
    return None


def number(row: Sequence[Piece], index: int) -> tuple[int, int] | None:
    """The number at `index`, in digits or in words, and the index after it."""
    value = at(row, index).value
    return (value, index + 1) if value is not None else spoken(row, index)
