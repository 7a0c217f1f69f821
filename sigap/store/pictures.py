"""Pictures for applicants, on their way from the action that makes them to the channel that delivers them."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from sigap.clock import Clock
from sigap.store.session import Store
from sigap.store.tables import Picture

# Long enough to open the chat again the next morning; a new picture is a question away ("kapan jadwal antrean saya").
KEPT = timedelta(hours=24)
_TOKEN_BYTES = 32
_ADDRESS = re.compile(r"(?:tiket/)?([\w-]{43})(?:\.png)?")


class Pictures:
    """Keeps PNGs for a day under addresses that cannot be guessed: whoever knows one has been told it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def keep(self, png: bytes) -> str:
        """Keep a picture; returns its address below a channel's own, "tiket/<token>.png". Old pictures are removed."""
        now, token = self._clock(), secrets.token_urlsafe(_TOKEN_BYTES)
        with self._store.work() as session:
            session.execute(delete(Picture).where(Picture.expires_at <= now))
            session.add(Picture(address_hash=_hash(token), png=png, expires_at=now + KEPT))
            session.commit()
        return f"tiket/{token}.png"

    def find(self, address: str) -> bytes | None:
        """The picture at an address that `keep` gave, or at its bare token; None when there is none or no longer."""
        matched = _ADDRESS.fullmatch(address)
        if not matched:
            return None
        with self._store.reading() as session:
            wanted = select(Picture.png).where(
                Picture.address_hash == _hash(matched.group(1)), Picture.expires_at > self._clock()
            )
            png: bytes | None = session.execute(wanted).scalar_one_or_none()
            return png


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
