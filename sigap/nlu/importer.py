"""Reads the training phrasing quickly.

Rasa's own reader hashes every message several times over; with thirty thousand of them that is half of the training
time. Here a message is hashed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from sigap.annotations import plain_text, spans


class Phrase(Message):
    """A training message whose identity is what the editor wrote."""

    @cached_property
    def _identity(self) -> str:
        return sha256(repr((self.get(TEXT), self.get(INTENT), self.get(ENTITIES))).encode()).hexdigest()

    def fingerprint(self) -> str:
        """The same for the same phrase, whatever components add to the message later."""
        return self._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    def __deepcopy__(self, _memo: dict[int, object]) -> Phrase:
        # Rasa copies all training data each time it merges an importer's with another's. What the editor wrote is never
        # changed in place, and components put what they find beside it, so a copy of the shelf is enough.
        return Phrase(dict(self.data))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and self._identity == other._identity


class PhrasingImporter(RasaFileImporter):
    """Rasa's file importer with a quick reader for data/nlu."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All phrases of the NLU files."""
        return TrainingData([phrase for path in self._nlu_files for phrase in _phrases(Path(path))])


def _phrases(path: Path) -> Iterator[Phrase]:
    for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                yield _phrase(line[2:].strip(), block["intent"])


def _phrase(annotated: str, intent: str) -> Phrase:
    entities = [
        {"entity": span.entity, "value": span.value or span.text, "start": span.start, "end": span.end}
        for span in spans(annotated)
    ]
    return Phrase({TEXT: plain_text(annotated), INTENT: intent, **({ENTITIES: entities} if entities else {})})
