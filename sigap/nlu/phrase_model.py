"""Learns from the editors' annotations which phrases are entities: a conditional random field over standard words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from sigap.language.indonesian import lemmas

_FILE = "phrases.crfsuite"
_OUTSIDE = "O"
_TRAINING = {"c1": 0.05, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True}


@dataclass(frozen=True)
class Unit:
    """A standard word with its span in the message and what else is known about it.

    `found` names the entity that a reader of fixed formats (dates, numbers, offices) saw there; `concepts` are the
    word's own.
    """

    text: str
    start: int
    end: int
    typed: str = ""
    found: str = ""
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """An entity: its value is None where the text itself is the value (names)."""

    entity: str
    value: str | None
    start: int
    end: int


class PhraseModel:
    """Tags the phrases of a message."""

    def __init__(self, path: Path) -> None:
        # Read into memory: a model is unpacked into a folder that may be gone a moment later. The tagger only borrows
        # the bytes, so they must live as long as it does.
        self._content = path.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._content)

    @classmethod
    def train(cls, messages: Iterable[tuple[Sequence[Unit], Sequence[Phrase]]], folder: Path) -> PhraseModel:
        """Fit on annotated messages and store the model in `folder`."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(_TRAINING)
        for units, phrases in messages:
            if units:
                trainer.append(_features(units), _labels(units, phrases))
        trainer.train(str(folder / _FILE))
        return cls(folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> PhraseModel:
        """Read what `train` stored."""
        return cls(folder / _FILE)

    def find(self, units: Sequence[Unit]) -> list[Phrase]:
        """The phrases of a message, in order."""
        if not units:
            return []
        phrases: list[Phrase] = []
        open_label = ""
        for unit, tag in zip(units, self._tagger.tag(_features(units))):
            position, _, label = tag.partition("-")
            if position == "I" and label == open_label and phrases:
                phrases[-1] = Phrase(phrases[-1].entity, phrases[-1].value, phrases[-1].start, unit.end)
            elif label:
                entity, _, value = label.partition("=")
                phrases.append(Phrase(entity, value or None, unit.start, unit.end))
            open_label = label
        return phrases


def _labels(units: Sequence[Unit], phrases: Sequence[Phrase]) -> list[str]:
    labels = [_OUTSIDE] * len(units)
    for phrase in phrases:
        label = f"{phrase.entity}={phrase.value}" if phrase.value else phrase.entity
        position = "B"
        for index, unit in enumerate(units):
            if unit.start < phrase.end and unit.end > phrase.start:
                labels[index] = f"{position}-{label}"
                position = "I"
    return labels


def _features(units: Sequence[Unit]) -> list[list[str]]:
    own = [_word_features(unit) for unit in units]
    rows = []
    for index in range(len(units)):
        row = ["bias", *own[index]]
        for offset in (-2, -1, 1, 2):
            neighbour = index + offset
            if 0 <= neighbour < len(units):
                row += [f"{offset}:{feature}" for feature in own[neighbour] if not feature.startswith("ends")]
            else:
                row.append(f"{offset}:none")
        if index:
            row.append(f"pair:{units[index - 1].text} {units[index].text}")
        if index + 1 < len(units):
            row.append(f"pair:{units[index].text}_{units[index + 1].text}")
        rows.append(row)
    return rows


def _word_features(unit: Unit) -> list[str]:
    word = unit.text
    features = [
        f"word={word}",
        f"lemma={lemmas().get(word, word)}",
        f"starts={word[:3]}",
        f"starts={word[:4]}",
        f"ends={word[-3:]}",
        f"found={unit.found}",
        *(f"concept={concept}" for concept in unit.concepts),
    ]
    if word.isdigit():
        features.append(f"digits={len(word)}")
    if unit.typed[:1].isupper():
        features.append("capital")
    return features
