"""The Indonesian word lists in use: the editors' own, and the general ones that spaCy publishes."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sigap.language.normaliser import Lexicon, Normaliser


@lru_cache(maxsize=1)
def lemmas() -> dict[str, str]:
    """Word form -> lemma, from spacy-lookups-data (MIT). Read directly: importing spaCy would import TensorFlow."""
    raw = files("spacy_lookups_data").joinpath("data").joinpath("id_lemma_lookup.json.gz").read_bytes()
    table: dict[str, str] = json.loads(gzip.decompress(raw))
    return table


@lru_cache(maxsize=4)
def lexicon(folder: Path) -> Lexicon:
    """The editors' word lists, `leksikon.yml` in `folder`."""
    return Lexicon.load(folder / "leksikon.yml")


@lru_cache(maxsize=4)
def known_words(folder: Path) -> frozenset[str]:
    """Words that are no misspelt names: ordinary Indonesian, and all that the editors' lexicon in `folder` knows."""
    table, words = lemmas(), lexicon(folder)
    return frozenset(table) | frozenset(table.values()) | words.vocabulary | frozenset(words.variants)


@lru_cache(maxsize=4)
def normaliser(folder: Path, names: frozenset[str] = frozenset()) -> Normaliser:
    """The normaliser built from `leksikon.yml` in `folder` (data/bahasa).

    `names` are words, such as place names, that must be left as they are.
    """
    table = lemmas()
    known = frozenset(table) | frozenset(table.values()) | names
    return Normaliser(lexicon(folder), known)
