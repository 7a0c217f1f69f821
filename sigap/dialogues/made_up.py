"""Puts something made up where a kept message only has a label for what was personal ("NIK saya [NIK]").

So a kept conversation can be played again, and a kept message can become an example. The record of conversations has
the labels (sigap.privacy.masking); it does not know who was who, so a label's next occurrence is another person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from sigap.store.demo import APPLICATIONS

_NUMBER, _BIRTH, *_ = APPLICATIONS[0]
# The application and the birth date are of one demonstration record, and each NIK bears that birth date.
_MADE_UP: dict[str, tuple[str, ...]] = {
    "nama": ("Budi Santoso", "Siti Aminah", "Agus Wijaya", "Dewi Lestari", "Joko Susilo"),
    "NIK": tuple(f"317101{_BIRTH:%d%m%y}{serial:04}" for serial in range(1, 6)),
    "tanggal lahir": (f"{_BIRTH:%d-%m-%Y}",),
    "nomor permohonan": (_NUMBER,),
    "kode billing": ("820000000000001",),
    "telepon": ("081200000001",),
    "email": ("pemohon@contoh.id",),
    # No booking has it: its check character is wrong.
    "kode booking": ("AAAA-AAA2",),
    "nomor": ("900000000",),
}
_LABEL = re.compile(r"\[(" + "|".join(_MADE_UP) + r")\]")


def filled(messages: Iterable[str]) -> list[str]:
    """The messages of one conversation without labels."""
    seen: Counter[str] = Counter()

    def made_up(label: re.Match[str]) -> str:
        choices = _MADE_UP[label[1]]
        seen[label[1]] += 1
        return choices[(seen[label[1]] - 1) % len(choices)]

    return [_LABEL.sub(made_up, message) for message in messages]
