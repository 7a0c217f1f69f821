"""Words of one idea, so that a word never seen in training still counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

_LONGEST_PHRASE = 3


class Concepts:
    """The editors' concept lexicon (`data/bahasa/konsep.yml`)."""

    def __init__(self, phrases_by_concept: dict[str, Iterable[str]]) -> None:
        self._concepts_of: dict[str, list[str]] = {}
        for concept, phrases in phrases_by_concept.items():
            for phrase in phrases:
                self._concepts_of.setdefault(str(phrase), []).append(concept)

    @classmethod
    def load(cls, path: Path) -> Concepts:
        """Read konsep.yml."""
        return cls(YAML(typ="safe").load(path.read_text(encoding="utf-8"))["konsep"])

    def of(self, words: list[str]) -> list[str]:
        """The concepts that a message's standard words touch, in order, each as often as it is touched."""
        return [
            concept
            for size in range(1, _LONGEST_PHRASE + 1)
            for start in range(len(words) - size + 1)
            for concept in self._concepts_of.get(" ".join(words[start : start + size]), ())
        ]


@lru_cache(maxsize=4)
def concepts(folder: Path) -> Concepts:
    """The concepts in `folder` (data/bahasa), read once per process."""
    return Concepts.load(folder / "konsep.yml")
