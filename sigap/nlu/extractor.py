"""The entity extractor of the pipeline: fixed formats by reading, phrases by learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from sigap.clock import WIB
from sigap.knowledge.store import load_once
from sigap.language.concepts import concepts
from sigap.language.indonesian import known_words
from sigap.language.text import clean
from sigap.nlu.formats import Entity, FormatReader
from sigap.nlu.offices import OfficeFinder
from sigap.nlu.phrase_model import Annotated, Phrase, PhraseModel, Unit, worth_learning_from
from sigap.nlu.reading import reading_fingerprint
from sigap.nlu.tokenizer import TOKENS
from sigap.settings import KNOWLEDGE, LANGUAGE, Settings

LEARNT = frozenset({"kelompok_pemohon", "jenis_permohonan", "jenis_paspor", "masa_berlaku", "kendala", "nama"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class IndonesianEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Extracts the entities of the catalogue with standard values."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the facts and word lists lie."""
        return {"knowledge_folder": str(KNOWLEDGE), "lexicon_folder": str(LANGUAGE)}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else training depends on; part of the key of Rasa's cache."""
        return reading_fingerprint()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, phrases: PhraseModel | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._phrases = phrases
        self._concepts = concepts(Path(config["lexicon_folder"]))
        knowledge = load_once(Path(config["knowledge_folder"]))
        known = known_words(Path(config["lexicon_folder"]))
        self._formats = FormatReader(OfficeFinder(knowledge.offices, known), knowledge.feasts, known)
        self._clock = Settings.from_environment().clock

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IndonesianEntityExtractor:
        """An untrained extractor."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> IndonesianEntityExtractor:
        """The extractor as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, PhraseModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn phrases from the annotated examples."""
        examples = worth_learning_from(
            (example for example in training_data.intent_examples if example.get(TOKENS)),
            lambda example: bool(_phrases(example)),
        )
        with self._storage.write_to(self._resource) as folder:
            self._phrases = PhraseModel.train(
                (
                    Annotated(self._units(example, self._read(example)), example.get(INTENT), _phrases(example))
                    for example in examples
                ),
                folder,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            read = self._read(message)
            text = message.get(TEXT) or ""
            found = [_as_rasa(entity) for entity in read]
            intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY) or ""
            for phrase in self._phrases.find(self._units(message, read), intent) if self._phrases else []:
                if not any(phrase.start < entity.end and entity.start < phrase.end for entity in read):
                    value = phrase.value or " ".join(text[phrase.start : phrase.end].split())
                    found.append(_as_rasa(Entity(phrase.entity, value, phrase.start, phrase.end)))
            found = self.add_extractor_name(sorted(found, key=lambda entity: entity["start"]))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _read(self, message: Message) -> list[Entity]:
        return self._formats.find(clean(message.get(TEXT) or ""), self._clock().astimezone(WIB).date())

    def _units(self, message: Message, read: list[Entity]) -> list[Unit]:
        text = message.get(TEXT) or ""
        return [
            Unit(
                token.text,
                token.start,
                token.end,
                text[token.start : token.end],
                next((entity.entity for entity in read if entity.start <= token.start < entity.end), ""),
                tuple(self._concepts.of([token.text])),
            )
            for token in message.get(TOKENS) or ()
        ]


def _phrases(example: Message) -> list[Phrase]:
    return [
        Phrase(
            entity["entity"],
            None if entity["entity"] == "nama" else str(entity["value"]),
            entity["start"],
            entity["end"],
        )
        for entity in example.get(ENTITIES, [])
        if entity["entity"] in LEARNT
    ]


def _as_rasa(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.entity,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
    }
