"""Telling something personal again without keeping it."""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(key: str, text: str) -> str:
    """A hash of 64 characters that only whoever has the key can make; numbers are too few to be safe without one."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
