"""Who may speak to the webhook: the subscription handshake and the signature of a delivery. Pure functions."""

from __future__ import annotations

import hashlib
import hmac
from enum import Enum

_PREFIX = "sha256="


class Signature(Enum):
    """What the header `X-Hub-Signature-256` turned out to be."""

    GENUINE = "genuine"
    MISSING = "missing"
    WRONG = "wrong"


def signed(body: bytes, secret: str) -> str:
    """The header's value for a raw body: HMAC-SHA256 with the app secret."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def judge(body: bytes, header: str | None, secret: str) -> Signature:
    """Check the header against the raw bytes as they arrived, in constant time."""
    if not header:
        return Signature.MISSING
    genuine = hmac.compare_digest(header.encode("utf-8", "surrogatepass"), signed(body, secret).encode())
    return Signature.GENUINE if genuine else Signature.WRONG


def challenge(mode: str | None, token: str | None, answer: str | None, verify_token: str) -> str | None:
    """What to echo to Meta when a webhook is subscribed, or None when it is not our subscription."""
    same = hmac.compare_digest((token or "").encode("utf-8", "surrogatepass"), verify_token.encode())
    return answer if mode == "subscribe" and same else None
