"""Learns from the editors' annotations which phrases are entities: a conditional random field over standard words.

The intent is a feature: whoever reports a payment gone wrong has the trouble `pembayaran` whatever the words are.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pycrfsuite

from sigap.language.indonesian import lemmas

MessageT = TypeVar("MessageT")

_FILE = "phrases.crfsuite"
_OUTSIDE = "O"
_TRAINING = {"c1": 0.05, "c2": 0.05, "max_iterations": 30, "feature.minfreq": 2}
# Annotators overlook more phrases than they invent, so a word counts as part of one unless the model is this sure that
# it is not. Chosen on the development set: docs/benchmark.md.
_SURE_OUTSIDE = 0.75
# Messages without a phrase teach little each; this share of them keeps training short at no measurable loss.
_KEPT_WITHOUT_PHRASE = 0.15
_SEED = 20170807


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


@dataclass(frozen=True)
class Annotated:
    """A message to learn from."""

    units: Sequence[Unit]
    intent: str
    phrases: Sequence[Phrase]


class PhraseModel:
    """Tags the phrases of a message."""

    def __init__(self, path: Path) -> None:
        # Read into memory: a model is unpacked into a folder that may be gone a moment later. The tagger only borrows
        # the bytes, so they must live as long as it does.
        self._content = path.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._content)
        self._inside = [label for label in self._tagger.labels() if label != _OUTSIDE]

    @classmethod
    def train(cls, messages: Iterable[Annotated], folder: Path) -> PhraseModel:
        """Fit on annotated messages and store the model in `folder`."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(_TRAINING)
        for message in messages:
            trainer.append(_features(message.units, message.intent), _labels(message.units, message.phrases))
        trainer.train(str(folder / _FILE))
        return cls(folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> PhraseModel:
        """Read what `train` stored."""
        return cls(folder / _FILE)

    def find(self, units: Sequence[Unit], intent: str) -> list[Phrase]:
        """The phrases of a message, in order."""
        if not units:
            return []
        phrases: list[Phrase] = []
        open_label = ""
        for unit, tag in zip(units, self._tags(units, intent)):
            position, _, label = tag.partition("-")
            if position == "I" and label == open_label and phrases:
                phrases[-1] = Phrase(phrases[-1].entity, phrases[-1].value, phrases[-1].start, unit.end)
            elif label:
                entity, _, value = label.partition("=")
                phrases.append(Phrase(entity, value or None, unit.start, unit.end))
            open_label = label
        return phrases

    def _tags(self, units: Sequence[Unit], intent: str) -> list[str]:
        tags: list[str] = self._tagger.tag(_features(units, intent))
        for index, tag in enumerate(tags):
            if tag == _OUTSIDE and self._tagger.marginal(_OUTSIDE, index) < _SURE_OUTSIDE:
                tags[index] = max(self._inside, key=lambda label: float(self._tagger.marginal(label, index)))
        return tags


def worth_learning_from(messages: Iterable[MessageT], has_phrase: Callable[[MessageT], bool]) -> list[MessageT]:
    """The messages with a phrase and a fixed random share of the others."""
    chance = random.Random(_SEED)
    return [message for message in messages if has_phrase(message) or chance.random() < _KEPT_WITHOUT_PHRASE]


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


def _features(units: Sequence[Unit], intent: str) -> list[list[str]]:
    own = [_word_features(unit) for unit in units]
    rows = []
    for index, unit in enumerate(units):
        lemma = lemmas().get(unit.text, unit.text)
        row = ["bias", f"intent={intent}", f"intent={intent} lemma={lemma}", *own[index]]
        row += [f"intent={intent} concept={concept}" for concept in unit.concepts]
        for offset in (-2, -1, 1, 2):
            neighbour = index + offset
            if 0 <= neighbour < len(units):
                # The nearest words with all they are, those beyond only as words.
                row += [f"{offset}:{feature}" for feature in own[neighbour][: None if abs(offset) == 1 else 2]]
            else:
                row.append(f"{offset}:none")
        rows.append(row)
    return rows


def _word_features(unit: Unit) -> list[str]:
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
    if unit.typed[:1].isupper():
        features.append("capital")
    return features
