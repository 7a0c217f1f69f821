"""Finding nearly equal messages among tens of thousands, in about a second.

MinHash with banding (Broder 1997): messages that share most of their letter triples very probably share a band, so only
those few pairs are compared letter by letter. The hashes are fixed: the same messages always give the same pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

_GRAM = 3
# Two messages of 30 letters that differ in three share over half of their triples: 30 bands of 4 find nearly all such
# pairs and look at a tenth of a percent of all others.
_ROWS, _BANDS = 4, 30
# A longer run of equal bands is a phrase that everybody writes; its members are compared with their neighbours only.
_NEIGHBOURS = 60
_PROBABLY_MEANT = 75
_PUNCTUATION = re.compile(r"[!-\"$-/:-@\[-`{-~]+")


def fold(message: str) -> str:
    """A message without case, spacing and punctuation; emoji and the # of commands stay."""
    return " ".join(_PUNCTUATION.sub(" ", message.lower()).split()) or message


def near_pairs(texts: Sequence[str], likeness: float) -> Iterator[tuple[int, int]]:
    """Positions of nearly equal texts; `likeness` is rapidfuzz's ratio, 0 to 100."""
    if len(texts) < 2:
        return
    seen: set[tuple[int, int]] = set()
    for band in _bands(texts):
        order = np.argsort(band, kind="stable")
        edges = np.concatenate([[0], np.flatnonzero(np.diff(band[order])) + 1, [len(texts)]])
        for group in np.flatnonzero(np.diff(edges) > 1):
            members = sorted(order[edges[group] : edges[group + 1]].tolist())
            for position, first in enumerate(members):
                for second in members[position + 1 : position + 1 + _NEIGHBOURS]:
                    if (first, second) not in seen:
                        seen.add((first, second))
                        if fuzz.ratio(texts[first], texts[second], score_cutoff=likeness):
                            yield first, second


def meant(name: str, known: Iterable[str]) -> str:
    """ " (maksudnya 'cek_status'?)" where one of the known names is close, to be put into a piece of advice."""
    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=_PROBABLY_MEANT)
    return f" (maksudnya '{found[0]}'?)" if found else ""


def near_ones(text: str, others: Sequence[str], likeness: float, count: int) -> list[tuple[int, float]]:
    """Positions and likeness of the `count` texts most like this one, likest first."""
    found = process.extract(text, others, scorer=fuzz.ratio, score_cutoff=likeness, limit=count)
    return [(position, score) for _, score, position in found]


def shared(few: Sequence[str], many: Sequence[str], likeness: float) -> Iterator[tuple[int, int]]:
    """Positions of every pair, one of `few` and one of `many`, that is nearly equal."""
    if few and many:
        scores = process.cdist(few, many, scorer=fuzz.ratio, score_cutoff=likeness, dtype=np.uint8, workers=-1)
        yield from zip(*(found.tolist() for found in np.nonzero(scores)))


def _bands(texts: Sequence[str]) -> Iterator[NDArray[np.uint64]]:
    grams, starts, last = _grams(texts)
    distinct, place = np.unique(grams, return_inverse=True)
    chance = np.random.default_rng(1997)  # a fixed start: a pair is found whatever else there is
    for _ in range(_BANDS):
        band = np.zeros(len(texts), dtype=np.uint64)
        for _ in range(_ROWS):
            values = _mixed(distinct, chance)[place]
            values[last] = np.iinfo(np.uint32).max
            band = band * np.uint64(0x9E3779B97F4A7C15) + np.minimum.reduceat(values, starts)
        yield band


def _mixed(grams: NDArray[Any], chance: np.random.Generator) -> NDArray[Any]:
    """Another random order of the grams: a 32-bit number for each (multiply and shift)."""
    odd, other = (np.uint64(number) | np.uint64(1) for number in chance.integers(1, 1 << 63, size=2))
    mixed = (grams.astype(np.uint64) * odd) ^ (grams.astype(np.uint64) * other >> np.uint64(29))
    return (mixed * odd >> np.uint64(32)).astype(np.uint32)


def _grams(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Every run of three bytes of all texts, where each text begins, and the runs that cross into the next text."""
    encoded = [f" {text} ".encode().ljust(_GRAM) for text in texts]
    lengths = np.array([len(text) for text in encoded])
    joined = np.frombuffer(b"".join(encoded) + b"  ", dtype=np.uint8).astype(np.uint32)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    ends = starts + lengths
    return joined[:-2] | joined[1:-1] << 8 | joined[2:] << 16, starts, np.concatenate([ends - 1, ends - 2])
