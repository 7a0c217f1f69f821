"""The national identity number (NIK) and the other long numbers it is mistaken for.

Structure after Dukcapil: 2 digits province, 2 regency, 2 district, DDMMYY of birth (women DD + 40), 4 digits sequence
from 0001. https://dukcapil.klaten.go.id/arti-16-digit-nomor-induk-kependudukan-nik
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

NIK_LENGTH = 16
APPLICATION_NUMBER_LENGTH = 16
BILLING_CODE_LENGTH = 15
_FEMALE_DAY_OFFSET = 40
# Province codes run from 11 (Aceh) to 9x (Papua). The source lists only part of them, so the first digit alone is
# checked; a code outside the list is no reason to refuse.
_FIRST_DIGITS = frozenset("123456789")
# People write 1179000000012345 or, in groups of at most eight digits, 1179 0000 0001 2345; often with a date or a count
# right after or before it. So a number in one piece goes first, then sixteen grouped digits, then fifteen, then others;
# groups are parted by the same sign throughout, and never begin in the middle of a date (17-08-1990).
_GROUPED = "|".join(
    rf"(?<!\d[./-])(?:(?!\d{{9}})\d{separator}?){{{count}}}(?!\d{{9}})\d"
    for count in ("15", "14", "13,19")
    for separator in (" ", r"\.", "-")
)
_DIGITS = re.compile(
    rf"(?:(?<![\dA-Za-z])|(?<=\bnik)|(?<=\bktp)|(?<=\bno)|(?<=\bnomor))(?:\d{{14,20}}|{_GROUPED})(?![\dA-Za-z])",
    re.IGNORECASE,
)


class NikFault(Enum):
    """Why a number cannot be a NIK."""

    LENGTH = "panjang"
    NOT_DIGITS = "bukan_angka"
    PROVINCE = "provinsi"
    DAY = "tanggal"
    MONTH = "bulan"
    SEQUENCE = "urut"


@dataclass(frozen=True)
class Nik:
    """A well-formed NIK. The century of birth is not recorded, so `birth_day_month_year` has two-digit years."""

    digits: str
    female: bool
    birth_day_month_year: tuple[int, int, int]

    def matches(self, birth: date) -> bool:
        """Whether the birth date fits. A hint only: valid NIKs whose date differs from the KTP do exist."""
        return self.birth_day_month_year == (birth.day, birth.month, birth.year % 100)


def read_nik(text: str) -> Nik | NikFault:
    """Read a NIK, ignoring spaces, dots and hyphens; or say what is impossible about it."""
    digits = re.sub(r"[\s.-]", "", text)
    if not digits.isascii() or not digits.isdigit():
        return NikFault.NOT_DIGITS
    if len(digits) != NIK_LENGTH:
        return NikFault.LENGTH
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    female = day > _FEMALE_DAY_OFFSET
    day -= _FEMALE_DAY_OFFSET * female
    if digits[0] not in _FIRST_DIGITS:
        return NikFault.PROVINCE
    if not 1 <= month <= 12:
        return NikFault.MONTH
    # 29 February is accepted for any year: the century, and so the leap year, is unknown.
    if not 1 <= day <= (29, 31, 30)[0 if month == 2 else 2 if month in {4, 6, 9, 11} else 1]:
        return NikFault.DAY
    if digits[12:] == "0000":
        return NikFault.SEQUENCE
    return Nik(digits, female, (day, month, year))


class NumberKind(Enum):
    """What a long number most likely is."""

    NIK = "nik"
    APPLICATION = "nomor_permohonan"
    BILLING = "kode_billing"
    UNKNOWN = "tidak_dikenal"


@dataclass(frozen=True)
class LongNumber:
    """A run of 14 to 20 digits in a message, without its separators, and what it most likely is."""

    digits: str
    kind: NumberKind
    start: int
    end: int


_SAYS_NIK = re.compile(r"\b(nik|ktp|ktp-?el|e-?ktp|identitas|kependudukan)\b[^\d]{0,25}$", re.IGNORECASE)
_SAYS_APPLICATION = re.compile(
    r"\b(permohonan|pemohon|pengajuan|registrasi|reg|daftar|aplikasi)\b[^\d]{0,25}$", re.IGNORECASE
)


def find_long_numbers(text: str) -> list[LongNumber]:
    """NIKs, application numbers and billing codes of a message, told apart by the word in front, then by structure.

    Sixteen digits without such a word are an application number unless they read as a NIK.
    """
    return [
        LongNumber(digits, _kind(digits, text[: match.start()]), match.start(), match.end())
        for match in _DIGITS.finditer(text)
        for digits in [re.sub(r"\D", "", match.group())]
    ]


def _kind(digits: str, before: str) -> NumberKind:
    if len(digits) == BILLING_CODE_LENGTH:
        return NumberKind.BILLING
    if len(digits) != APPLICATION_NUMBER_LENGTH:
        return NumberKind.UNKNOWN
    if _SAYS_NIK.search(before):
        return NumberKind.NIK
    if _SAYS_APPLICATION.search(before):
        return NumberKind.APPLICATION
    return NumberKind.NIK if isinstance(read_nik(digits), Nik) else NumberKind.APPLICATION
