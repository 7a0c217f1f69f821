"""Words by which applicants show what they are doing with a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

Phrases = tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """The editors' cue words (`data/bahasa/isyarat.yml`): phrases of standard words, and those of each kind."""

    correction: Phrases
    birth: Phrases
    visit: Phrases
    more: Phrases
    kinds: Mapping[str, Phrases]

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Read isyarat.yml. Raises `KeyError` naming a list that is missing."""
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        lists = {name: tuple(map(str, phrases)) for name, phrases in content["isyarat"].items()}
        return cls(
            correction=lists["ralat"],
            birth=lists["lahir"],
            visit=lists["kunjungan"],
            more=lists["lainnya"],
            kinds={kind: tuple(map(str, phrases)) for kind, phrases in content["jenis_permohonan"].items()},
        )


@lru_cache(maxsize=4)
def cues(folder: Path) -> Cues:
    """The cues in `folder` (data/bahasa), read once per process."""
    return Cues.load(folder / "isyarat.yml")
