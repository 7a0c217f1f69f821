"""Recognises offices and places by name, nickname and near miss."""

from __future__ import annotations

from dataclasses import dataclass

import spacy
from spacy.tokens import Doc

from sigap.knowledge.offices import Offices
from sigap.language.text import Token, fold, tokens

# After one of these, an unknown word is probably a place.
_CUES = frozenset(
    [
        "kanim",
        "imigrasi",
        "imigrasinya",
        "kantor",
        "kantornya",
        "ktr",
        "kntr",
        "di",
        "ke",
        "dari",
        "daerah",
        "cabang",
        "kota",
        "wilayah",
        "area",
        "kabupaten",
        "kab",
        "lokasi",
        "domisili",
        "tinggal",
        "jl",
        "jalan",
        "mpp",
        "ulp",
        "ukk",
        "lounge",
        "kanimnya",
        "nang",
        "neng",
        "ning",
        "ring",
        "ing",
        "ka",
        "ti",
    ]
)
_MIN_LENGTH = 5


@dataclass(frozen=True)
class OfficeFound:
    """An office named in a message."""

    office_id: str
    start: int
    end: int


class OfficeFinder:
    """Finds offices with spaCy's entity ruler; misspelt names after a cue word with edit distance.

    `known` are ordinary words that are never a misspelt place.
    """

    def __init__(self, offices: Offices, known: frozenset[str]) -> None:
        self._known = known
        # SIGAP splits text itself (sigap.language.text). spaCy's Indonesian tokenizer would only cost its start: it
        # compiles thousands of exceptions, which takes seconds.
        self._nlp = spacy.blank("xx")
        ruler = self._nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(
            [
                {"label": label, "pattern": _spaced(name), "id": entry_id}
                for label, entry_id, names in (
                    *(("kantor", office.id, office.sebutan) for office in offices.all),
                    # Places without an office are matched so that no shorter office name inside them is.
                    *(("kota", "", place.sebutan) for place in offices.places),
                )
                for name in names
            ]
        )
        self._offices = offices

    def find(self, text: str) -> list[OfficeFound]:
        """The offices named in a message, in order."""
        parts = tokens(text)
        if not parts:
            return []
        # A mere accent folds to nothing, and spaCy takes no empty words.
        words = [fold(part.text) or part.text for part in parts]
        doc = self._nlp.get_pipe("entity_ruler")(Doc(self._nlp.vocab, words=words))
        found = [
            OfficeFound(span.ent_id_, parts[span.start].start, parts[span.end - 1].end)
            for span in doc.ents
            if span.label_ == "kantor"
        ]
        taken = {index for span in doc.ents for index in range(span.start, span.end)}
        return sorted([*found, *self._near_misses(parts, words, taken)], key=lambda office: office.start)

    def _near_misses(self, parts: list[Token], words: list[str], taken: set[int]) -> list[OfficeFound]:
        found = []
        for index, word in enumerate(words):
            cued = index > 0 and words[index - 1] in _CUES
            if index in taken or not cued or len(word) < _MIN_LENGTH or word in self._known or not word.isalpha():
                continue
            if office := self._offices.near_name(word):
                found.append(OfficeFound(office.id, parts[index].start, parts[index].end))
        return found


def _spaced(name: str) -> str:
    """The name as its tokens, which is how a message is matched."""
    return " ".join(fold(token.text) for token in tokens(name))
