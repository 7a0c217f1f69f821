"""Booking codes: short, readable aloud, impossible to guess, safe against a slip of the pen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

# No 0/O, 1/I/L: they are confused in print and when read aloud. 31 symbols, a prime, so that the weighted check
# character catches every single wrong symbol and every swap of two neighbours.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 7


def new_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh code such as "7KQM-4W2P": seven random symbols (31^7, 2.7e10) and a check character.

    Every code has a letter and a digit, which tells it from words and from numbers.
    """
    while True:
        body = "".join(choose(ALPHABET) for _ in range(_LENGTH))
        if any(char.isdigit() for char in body) and any(char.isalpha() for char in body):
            code = body + _check_character(body)
            return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str | None:
    """The code in its standard form, or None when `text` is no valid code. Spaces, hyphens and case do not matter."""
    code = re.sub(r"[\s\-.]", "", text).upper()
    if len(code) != _LENGTH + 1 or any(char not in ALPHABET for char in code):
        return None
    return f"{code[:4]}-{code[4:]}" if _check_character(code[:-1]) == code[-1] else None


def _check_character(body: str) -> str:
    weighted = sum((position + 2) * ALPHABET.index(char) for position, char in enumerate(body))
    return ALPHABET[weighted % len(ALPHABET)]
