"""Tokens are standard words; their offsets point at what was typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from sigap.knowledge.store import load_once
from sigap.language.indonesian import lemmas, normaliser
from sigap.nlu.reading import reading_fingerprint
from sigap.settings import KNOWLEDGE, LANGUAGE

TOKENS = TOKENS_NAMES[TEXT]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class IndonesianTokenizer(Tokenizer):
    """Splits a message into the standard words of the editors' lexicon, with lemmas."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where leksikon.yml and kantor.yml lie; the rest are Rasa's own settings for tokenizers."""
        return {
            "lexicon_folder": str(LANGUAGE),
            "knowledge_folder": str(KNOWLEDGE),
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else training depends on; part of the key of Rasa's cache."""
        return reading_fingerprint()

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        names = load_once(Path(config["knowledge_folder"])).offices.words
        self._normaliser = normaliser(Path(config["lexicon_folder"]), names)
        self._lemmas = lemmas()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The standard words of the message."""
        return [
            Token(word.text, word.start, word.end, lemma=self._lemmas.get(word.text, word.text))
            for word in self._normaliser.words(message.get(attribute))
        ]
