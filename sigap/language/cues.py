"""Words by which applicants show what they are doing with a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

Phrases = tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The editors' cue words (`data/bahasa/isyarat.yml`): phrases of standard words.

    `parts` are those for each part of an applicant's data, `kinds` those for each kind of application.
    """

    correction: Phrases
    birth: Phrases
    visit: Phrases
    more: Phrases
    applicant: Phrases
    parts: Mapping[str, Phrases]
    kinds: Mapping[str, Phrases]

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Read isyarat.yml. Raises `KeyError` naming a list that is missing."""
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        lists = _phrases(content["isyarat"])
        return cls(
            correction=lists["ralat"],
            birth=lists["lahir"],
            visit=lists["kunjungan"],
            more=lists["lainnya"],
            applicant=lists["data_pemohon"],
            parts=_phrases(content["bagian_pemohon"]),
            kinds=_phrases(content["jenis_permohonan"]),
        )


def _phrases(lists: Mapping[str, Iterable[object]]) -> dict[str, Phrases]:
    return {name: tuple(map(str, phrases)) for name, phrases in lists.items()}


@lru_cache(maxsize=4)
def cues(folder: Path) -> Cues:
    """The cues in `folder` (data/bahasa), read once per process."""
    return Cues.load(folder / "isyarat.yml")
