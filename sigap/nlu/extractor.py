"""The entity extractor of the pipeline: fixed formats by reading, phrases by learning."""

from __future__ import annotations

import random
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
from sigap.nlu.detail_model import DETAILS, DetailModel
from sigap.nlu.formats import Entity, FormatReader
from sigap.nlu.offices import OfficeFinder
from sigap.nlu.phrase_model import DOUBTFUL, NAME, PhraseModel
from sigap.nlu.reading import reading_fingerprint
from sigap.nlu.tokenizer import TOKENS
from sigap.nlu.units import Annotated, Phrase, Unit
from sigap.settings import KNOWLEDGE, LANGUAGE, Settings

# Messages without a doubtful phrase teach the phrase model little each, and must be read for dates and offices first.
_KEPT_WITHOUT_PHRASE = 0.2
_SEED = 20170807
# A message of hardly more than a date or an hour answers a question, so it is meant.
_WORDS_OF_AN_ANSWER = 2


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
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        phrases: PhraseModel | None = None,
        details: DetailModel | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._phrases = phrases
        self._details = details
        self._concepts = concepts(Path(config["lexicon_folder"]))
        knowledge = load_once(Path(config["knowledge_folder"]))
        self._known = known_words(Path(config["lexicon_folder"]))
        self._formats = FormatReader(OfficeFinder(knowledge.offices, self._known), knowledge.feasts, self._known)
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
            return cls(config, model_storage, resource, PhraseModel.load(folder), DetailModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn phrases and details from the annotated examples."""
        examples = [example for example in training_data.intent_examples if example.get(TOKENS)]
        chance = random.Random(_SEED)
        with self._storage.write_to(self._resource) as folder:
            self._details = DetailModel.train(self._annotated(example, []) for example in examples)
            self._details.save(folder)
            self._phrases = PhraseModel.train(
                (
                    self._annotated(example, self._read(example))
                    for example in examples
                    if any(entity["entity"] in DOUBTFUL for entity in example.get(ENTITIES, []))
                    or chance.random() < _KEPT_WITHOUT_PHRASE
                ),
                folder,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            found = self.add_extractor_name([_as_rasa(entity) for entity in self._entities(message)])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _entities(self, message: Message) -> list[Entity]:
        if self._phrases is None or self._details is None:
            return []
        intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY) or ""
        text = message.get(TEXT) or ""
        read = self._read(message)
        units = self._units(message, read)
        phrases = self._phrases.find(units, intent)
        if sum(not unit.found for unit in units) > _WORDS_OF_AN_ANSWER:
            read = [entity for entity in read if entity.entity not in DOUBTFUL or _is_meant(entity, phrases)]
        new = [phrase for phrase in phrases if phrase.entity == NAME and not _overlaps(phrase, read)]
        new += self._details.find(units, intent)
        found = [
            Entity(
                phrase.entity,
                phrase.value or " ".join(text[phrase.start : phrase.end].split()),
                phrase.start,
                phrase.end,
            )
            for phrase in new
        ]
        return sorted(read + found, key=lambda entity: entity.start)

    def _annotated(self, example: Message, read: list[Entity]) -> Annotated:
        phrases = [
            Phrase(entity["entity"], str(entity["value"]), entity["start"], entity["end"])
            for entity in example.get(ENTITIES, [])
            if entity["entity"] in DOUBTFUL | DETAILS
        ]
        return Annotated(self._units(example, read), example.get(INTENT), phrases)

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
                token.text in self._known,
            )
            for token in message.get(TOKENS) or ()
        ]


def _is_meant(entity: Entity, phrases: list[Phrase]) -> bool:
    return any(
        phrase.entity == entity.entity and phrase.start < entity.end and entity.start < phrase.end for phrase in phrases
    )


def _overlaps(phrase: Phrase, read: list[Entity]) -> bool:
    return any(phrase.start < entity.end and entity.start < phrase.end for entity in read)


def _as_rasa(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.entity,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
    }
