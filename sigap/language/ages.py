"""Reads how old somebody is: "umur 4 tahun", "usia 5 bulan"."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = r"(?P<number>\d{1,3})(?: (?P<unit>tahun|bulan|minggu|hari))"
_SAID = re.compile(rf"\b(?:ber)?(?:umur|usia)(?:nya)?(?: (?:baru|sudah|masih|sekitar))? {_NUMBER}?\b")
_BARE = re.compile(rf"\b{_NUMBER}\b")
_OLDEST = 120
# So many years are neither a passport's validity (5 or 10 years) nor how long one has lain expired.
_NOTHING_ELSE = 17


def find_age(words: Sequence[str], asked: bool = False) -> int | None:
    """The age in full years in a message of standard words; months, weeks and days are 0 years.

    Without "umur" or "usia" only what was `asked` for is an age ("10 tahun" may as well be a passport's validity), and
    what can be nothing else ("saya 34 tahun").
    """
    text = " ".join(words)
    found = _SAID.search(text)
    if found is None and (bare := _BARE.search(text)):
        adult = bare["unit"] == "tahun" and int(bare["number"]) >= _NOTHING_ELSE
        found = bare if asked or adult else None
    if found is None or int(found["number"]) > _OLDEST:
        return None
    return int(found["number"]) if found["unit"] in {None, "tahun"} else 0
