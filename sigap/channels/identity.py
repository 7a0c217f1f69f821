"""Conversation ids of the web chat: issued and signed by the server, so that nobody can claim another's."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_ID_BYTES = 16


class Issuer:
    """Issues and checks tokens "<id>.<signature>" with a secret key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def issue(self) -> str:
        """A token for a new conversation."""
        new_id = secrets.token_urlsafe(_ID_BYTES)
        return f"{new_id}.{self._signature(new_id)}"

    def conversation(self, token: str) -> str | None:
        """The conversation id "web:<id>" of a token, or None when the signature is not ours."""
        new_id, _, signature = token.partition(".")
        genuine = hmac.compare_digest(_bytes(signature), self._signature(new_id).encode())
        return f"web:{new_id}" if new_id and genuine else None

    def _signature(self, new_id: str) -> str:
        return hmac.new(self._key, _bytes(f"web:{new_id}"), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    # JSON may hold half a surrogate pair, which plain UTF-8 refuses.
    return text.encode("utf-8", "surrogatepass")
