"""What the pipeline reads beside its training data, so that Rasa trains anew when it changes."""

from __future__ import annotations

from functools import lru_cache

from sigap import fingerprint


@lru_cache(maxsize=1)
def reading_fingerprint() -> str:
    """Fingerprint of the word lists, the facts and the code that turn a message into features."""
    return fingerprint.of(("data/bahasa", "data/knowledge", "sigap/language", "sigap/nlu"))
