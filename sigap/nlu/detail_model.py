"""Learns from the editors' annotations which details a message has: kind of application, group, trouble and the like.

Whether somebody's trouble is the payment is said by the whole message, not by one phrase, so each value of the
catalogue has a linear model over the words, pairs and triples of words, and concepts of a message, each also together
with the intent. The words that speak most for the value are its place in the message.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from sigap.language.indonesian import lemmas
from sigap.nlu.units import Annotated, Phrase, Unit

DETAILS = frozenset({"kelompok_pemohon", "jenis_permohonan", "jenis_paspor", "masa_berlaku", "kendala"})

_FILE = "details"
_REGULARISATION = 2.0
# Liblinear's default tolerance of 1e-4 takes half as long again for the same result.
_TOLERANCE = 0.01
_SEEN_AT_LEAST = 2
# Messages without a detail teach little each; this share of them keeps training short.
_KEPT_WITHOUT_DETAIL = 0.5
_SEED = 20170807
# Chosen by cross-validation on the training phrasing and on the development set.
_LIKELY = 0.35
# A full or a lost book is replaced too: what makes the application special is the detail that counts.
_COMMON = ("jenis_permohonan", "penggantian")
_SPECIAL = frozenset(("jenis_permohonan", value) for value in ("hilang", "rusak", "penuh"))
# Longest place of a detail, and what a word must add to be part of it, as a share of the best word's.
_LONGEST_PLACE = 5
_SHARE_OF_BEST = 0.35
_SHORTEST_MISTYPED = 4
_VOWELS = frozenset("aeiou")

Feature = tuple[str, tuple[int, ...]]
FloatArray = NDArray[np.float32]


class DetailModel:
    """Finds the details of a message. `weights` has a row per feature and a column per detail."""

    def __init__(
        self, features: list[str], details: list[tuple[str, str]], weights: FloatArray, bias: FloatArray
    ) -> None:
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._details = details
        self._weights = weights
        self._bias = bias

    @classmethod
    def train(cls, messages: Iterable[Annotated]) -> DetailModel:
        """Fit on annotated messages; the same messages always give the same model."""
        chance = random.Random(_SEED)
        chosen = [
            message
            for message in messages
            if any(phrase.entity in DETAILS for phrase in message.phrases) or chance.random() < _KEPT_WITHOUT_DETAIL
        ]
        seen = [{feature for feature, _ in _features(message.units, message.intent)} for message in chosen]
        counts = Counter(feature for features in seen for feature in sorted(features))
        rows = {feature: row for row, feature in enumerate(f for f, n in counts.items() if n >= _SEEN_AT_LEAST)}
        columns = [sorted(rows[feature] for feature in features if feature in rows) for features in seen]
        matrix = csr_matrix(
            (
                np.ones(sum(map(len, columns))),
                np.concatenate([np.asarray(column, dtype=np.int32) for column in columns]),
                np.cumsum([0, *map(len, columns)]),
            ),
            shape=(len(chosen), len(rows)),
        )
        told = [{(phrase.entity, phrase.value or "") for phrase in message.phrases} for message in chosen]
        details = sorted({detail for said in told for detail in said if detail[0] in DETAILS})
        # Liblinear lets other threads run.
        models = Parallel(n_jobs=-1, prefer="threads")(
            delayed(_learn)(matrix, [detail in said for said in told]) for detail in details
        )
        return cls(
            list(rows),
            details,
            np.column_stack([model.coef_[0] for model in models]).astype(np.float32),
            np.array([model.intercept_[0] for model in models], dtype=np.float32),
        )

    def find(self, units: Sequence[Unit], intent: str) -> list[Phrase]:
        """The details of a message, each once, with the words that speak most for it."""
        features = [
            (row, places)
            for feature, places in dict(_features(units, intent)).items()
            if (row := self._rows.get(feature)) is not None
        ]
        if not features or not units:
            return []
        likely = expit(self._weights[[row for row, _ in features]].sum(axis=0) + self._bias)
        found = {detail: column for column, detail in enumerate(self._details) if likely[column] > _LIKELY}
        if not found.keys().isdisjoint(_SPECIAL):
            found.pop(_COMMON, None)
        return [self._placed(detail, column, features, units) for detail, column in found.items()]

    def _placed(
        self, detail: tuple[str, str], column: int, features: list[tuple[int, tuple[int, ...]]], units: Sequence[Unit]
    ) -> Phrase:
        support = np.zeros(len(units))
        for row, places in features:
            for place in places:
                support[place] += self._weights[row, column] / len(places)
        # What a reader of fixed formats has taken is no part of a detail, if anything else is left.
        if not all(unit.found for unit in units):
            support[[bool(unit.found) for unit in units]] = -np.inf
        first = last = int(np.argmax(support))
        enough = support[first] * _SHARE_OF_BEST
        while last - first + 1 < _LONGEST_PLACE and last + 1 < len(units) and support[last + 1] > enough:
            last += 1
        while last - first + 1 < _LONGEST_PLACE and first > 0 and support[first - 1] > enough:
            first -= 1
        return Phrase(*detail, units[first].start, units[last].end)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON: nothing that could run code when it is read back."""
        content = {"features": list(self._rows), "details": self._details}
        (folder / f"{_FILE}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / f"{_FILE}.npz", weights=self._weights.astype(np.float16), bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> DetailModel:
        """Read what `save` wrote."""
        content = json.loads((folder / f"{_FILE}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{_FILE}.npz", allow_pickle=False) as arrays:
            details = [(entity, value) for entity, value in content["details"]]
            return cls(content["features"], details, arrays["weights"].astype(np.float32), arrays["bias"])


def _learn(matrix: csr_matrix, told: list[bool]) -> LogisticRegression:
    model = LogisticRegression(C=_REGULARISATION, solver="liblinear", tol=_TOLERANCE, random_state=_SEED)
    return model.fit(matrix, told)


def _features(units: Sequence[Unit], intent: str) -> Iterator[Feature]:
    """The features of a message, each with the places of its words."""
    yield f"intent={intent}", ()
    words = [lemmas().get(unit.text, unit.text) for unit in units]
    for index, (unit, word) in enumerate(zip(units, words)):
        here = (index,)
        for feature in (f"word={word}", *(f"concept={concept}" for concept in unit.concepts)):
            yield feature, here
            yield f"intent={intent} {feature}", here
        if index > 0:
            yield f"pair={words[index - 1]} {word}", (index - 1, index)
        if index > 1:
            yield f"triple={words[index - 2]} {words[index - 1]} {word}", (index - 2, index - 1, index)
        if word.isalpha() and len(word) >= _SHORTEST_MISTYPED:
            # Swapped letters leave the letters; left-out vowels leave the consonants.
            yield f"letters={''.join(sorted(unit.text))}", here
            yield f"consonants={_consonants(unit.text)}", here


def _consonants(word: str) -> str:
    return word[0] + "".join(char for before, char in pairwise(word) if char not in _VOWELS and char != before)
