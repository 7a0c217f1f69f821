"""Turns what people type into standard words, each still pointing at what was typed.

The word lists belong to the content editors (`data/bahasa/leksikon.yml`); this module only applies them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from ruamel.yaml import YAML

from sigap.language.text import Token, fold, tokens

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_REPEATED_BY_NUMBER = re.compile(r"^(\D{2,})2(?:an|nya)?$")
_HALF_REPEATED = re.compile(r"^([^\W\d_]+)-\1(\w*)$")
# Short words have too many neighbours to be corrected safely ("bisa", "bila", "biasa").
_MIN_CORRECTED = 5


@dataclass(frozen=True)
class Word:
    """A standard word and the span of the message it was read from.

    Several words may share a span ("gabisa" gives "tidak", "bisa"). `typed` is the token as typed.
    """

    text: str
    start: int
    end: int
    typed: str


@dataclass(frozen=True)
class Lexicon:
    """The editors' word lists.

    `variants` maps a typed form (folded) to its standard words; `vocabulary` holds the field's own words, to which
    misspellings are corrected; `emoji` maps an emoji to a word.
    """

    variants: Mapping[str, tuple[str, ...]]
    vocabulary: frozenset[str] = frozenset()
    emoji: Mapping[str, str] = field(default_factory=dict)
    _by_length: Mapping[int, tuple[str, ...]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        by_length: dict[int, list[str]] = {}
        for word in sorted(self.vocabulary):
            by_length.setdefault(len(word), []).append(word)
        object.__setattr__(self, "_by_length", {length: tuple(words) for length, words in by_length.items()})

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read `leksikon.yml`. Raises `ValueError` when one typed form is given two standard forms."""
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        variants: dict[str, tuple[str, ...]] = {}
        for group, entries in content["padanan"].items():
            for standard, typed_forms in entries.items():
                for typed in typed_forms:
                    key, words = fold(str(typed)), tuple(str(standard).split())
                    if variants.get(key, words) != words:
                        raise ValueError(
                            f"{path}: '{typed}' ({group}) sudah berarti '{' '.join(variants[key])}'; "
                            f"tidak bisa juga berarti '{standard}'."
                        )
                    variants[key] = words
        return cls(variants, frozenset(map(str, content["kosakata"])), dict(content["emoji"]))

    def near(self, word: str) -> str | None:
        """The only field's word within one edit (two for eight letters or more), or None."""
        allowed = 2 if len(word) >= 8 else 1
        best: list[str] = []
        best_distance = allowed
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for candidate in self._by_length.get(length, ()):
                # People rarely miss the first letter; requiring it keeps "kapan" from becoming "papan".
                if candidate[0] != word[0]:
                    continue
                distance = OSA.distance(word, candidate, score_cutoff=best_distance)
                if distance < best_distance:
                    best, best_distance = [candidate], distance
                elif distance == best_distance:
                    best.append(candidate)
        return best[0] if len(best) == 1 else None


class Normaliser:
    """Applies a lexicon to messages. Safe to share between threads.

    `known` are ordinary words that are spelt correctly and so must never be "corrected" into one of the field's.
    """

    def __init__(self, lexicon: Lexicon, known: frozenset[str] = frozenset()) -> None:
        self._lexicon = lexicon
        self._known = known
        self._standard = lru_cache(maxsize=20_000)(self._standard_words)

    def words(self, message: str) -> list[Word]:
        """The standard words of a message, in order, with offsets into the message."""
        found: list[Word] = []
        for token in tokens(message):
            found.extend(self._read(token))
        return found

    def is_field_word(self, word: str) -> bool:
        """Whether a (lower-case) word belongs to the field's own vocabulary."""
        return word in self._lexicon.vocabulary

    def text(self, message: str) -> str:
        """The message in standard words, separated by single spaces."""
        return " ".join(word.text for word in self.words(message))

    def _read(self, token: Token) -> Iterable[Word]:
        if token.kind == "number":
            return [Word(token.text, token.start, token.end, token.text)]
        if token.kind == "sign":
            meaning = self._lexicon.emoji.get(token.text)
            return [Word(meaning, token.start, token.end, token.text)] if meaning else []
        return [Word(word, token.start, token.end, token.text) for word in self._standard(token.text)]

    def _standard_words(self, typed: str) -> tuple[str, ...]:
        variants, vocabulary = self._lexicon.variants, self._lexicon.vocabulary
        folded = fold(typed)
        shrunk = _STRETCHED.sub(r"\1", folded)
        for form in (folded, shrunk, _STRETCHED.sub(r"\1\1", folded)):
            if form in variants:
                return variants[form]
            if form in vocabulary or form in self._known:
                return (form,)
        if repeated := _REPEATED_BY_NUMBER.match(shrunk) or _HALF_REPEATED.match(shrunk):
            return self._standard_words(repeated.group(1))
        if "-" in shrunk:
            return tuple(word for part in shrunk.split("-") if part for word in self._standard_words(part))
        if len(shrunk) >= _MIN_CORRECTED and (corrected := self._lexicon.near(shrunk)):
            return (corrected,)
        return (shrunk,) if shrunk else ()
