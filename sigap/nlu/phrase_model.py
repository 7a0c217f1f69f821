"""Learns from the editors' annotations which words are names, and which dates, hours, counts and offices are meant.

"Kemarin" is the day of an interview in one message and mere background in another; who writes "Sabtu" asks for a place
in the queue or for the opening hours. The readers of fixed formats see all of them alike. A conditional random field
over standard words, with the intent as a feature, tells which of them matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from sigap.language.indonesian import lemmas
from sigap.nlu.units import Annotated, Phrase, Unit

NAME = "nama"
# What a reader of fixed formats finds, but what is not always meant.
DOUBTFUL = frozenset({NAME, "tanggal", "waktu", "jumlah_pemohon", "kantor"})

_FILE = "phrases.crfsuite"
_OUTSIDE = "O"
_TRAINING = {"c1": 0.05, "c2": 0.05, "max_iterations": 40, "feature.minfreq": 2}
# How likely a word must be part of a phrase. What a reader found needs less: the reader itself is a witness.
# Both were chosen by cross-validation on the training phrasing and on the development set.
_LIKELY_NAME, _LIKELY_MEANT = 0.4, 0.25


class PhraseModel:
    """Tags the phrases of a message."""

    def __init__(self, path: Path) -> None:
        # Read into memory: a model is unpacked into a folder that may be gone a moment later. The tagger only borrows
        # the bytes, so they must live as long as it does.
        self._content = path.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._content)
        self._labels = frozenset(self._tagger.labels())

    @classmethod
    def train(cls, messages: Iterable[Annotated], folder: Path) -> PhraseModel:
        """Fit on annotated messages and store the model in `folder`."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(_TRAINING)
        for message in messages:
            trainer.append(_features(message.units, message.intent), _tags(message.units, message.phrases))
        trainer.train(str(folder / _FILE))
        return cls(folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> PhraseModel:
        """Read what `train` stored."""
        return cls(folder / _FILE)

    def find(self, units: Sequence[Unit], intent: str) -> list[Phrase]:
        """The names, and the parts of other doubtful phrases that are meant, in order."""
        if not units:
            return []
        self._tagger.set(_features(units, intent))
        phrases: list[Phrase] = []
        last = ""
        for index, unit in enumerate(units):
            label = self._label(unit, index)
            if label and label == last:
                phrases[-1] = Phrase(label, None, phrases[-1].start, unit.end)
            elif label:
                phrases.append(Phrase(label, None, unit.start, unit.end))
            last = label
        return phrases

    def _label(self, unit: Unit, index: int) -> str:
        if unit.found in DOUBTFUL and self._likelihood(unit.found, index) >= _LIKELY_MEANT:
            return unit.found
        return NAME if not unit.found and self._likelihood(NAME, index) >= _LIKELY_NAME else ""

    def _likelihood(self, label: str, index: int) -> float:
        return float(self._tagger.marginal(label, index)) if label in self._labels else 0.0


def _tags(units: Sequence[Unit], phrases: Sequence[Phrase]) -> list[str]:
    return [
        next((phrase.entity for phrase in phrases if unit.start < phrase.end and unit.end > phrase.start), _OUTSIDE)
        for unit in units
    ]


def _features(units: Sequence[Unit], intent: str) -> list[list[str]]:
    own = [_word_features(unit, index == 0) for index, unit in enumerate(units)]
    rows = []
    for index, unit in enumerate(units):
        row = ["bias", f"intent={intent}", f"intent={intent} found={unit.found}", *own[index]]
        for offset in (-2, -1, 1, 2):
            neighbour = index + offset
            if 0 <= neighbour < len(units):
                # The nearest words with all they are, those beyond only as words.
                row += [f"{offset}:{feature}" for feature in own[neighbour][: None if abs(offset) == 1 else 2]]
            else:
                row.append(f"{offset}:none")
        rows.append(row)
    return rows


def _word_features(unit: Unit, first: bool) -> list[str]:
    word = unit.text
    features = [
        f"word={word}",
        f"lemma={lemmas().get(word, word)}",
        f"starts={word[:4]}",
        f"found={unit.found}",
        *(f"concept={concept}" for concept in unit.concepts),
    ]
    if word.isdigit():
        features.append(f"digits={len(word)}")
    elif not unit.known:
        features.append("unknown")
    if unit.typed[:1].isupper():
        features.append("shouted" if unit.typed.isupper() else "first capital" if first else "capital")
    return features
