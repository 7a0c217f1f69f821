"""Deliveries as Meta makes them: built, signed, repeated and reordered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import random
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

# Meta repeats what was not answered with 200, with growing pauses, for days; a simulation is content with minutes.
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
_PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Person:
    """Somebody with WhatsApp. Without a phone number he has a user name and hides it."""

    user_id: str
    phone: str | None
    name: str = "Pemohon"

    def contact(self) -> dict[str, Any]:
        """The entry in a delivery's list of contacts."""
        number = {"wa_id": self.phone} if self.phone else {}
        return {"profile": {"name": self.name}, "user_id": self.user_id, **number}

    def message(self, kind: str, part: Mapping[str, Any], when: float | None = None) -> dict[str, Any]:
        """A message from this person, now or at `when` (seconds since 1970)."""
        number = {"from": self.phone} if self.phone else {}
        return {
            **number,
            "from_user_id": self.user_id,
            "id": f"wamid.{secrets.token_hex(16)}",
            "timestamp": str(int(time.time() if when is None else when)),
            "type": kind,
            kind: dict(part),
        }


@dataclass
class Courier:
    """Delivers to one webhook. `repeat` is the share of deliveries that come twice, `shuffle` lets them overtake.

    `addresses` are tried in turn, as a load balancer before several servers would.
    """

    addresses: Sequence[str]
    secret: str
    phone_number_id: str
    repeat: float = 0.0
    shuffle: float = 0.0
    chance: random.Random = field(default_factory=random.Random)
    seconds: list[float] = field(default_factory=list)

    def envelope(
        self, messages: Sequence[Mapping[str, Any]], people: Sequence[Person], statuses: Sequence[Any] = ()
    ) -> dict[str, Any]:
        """One delivery with these messages and delivery reports."""
        value: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "622100000000", "phone_number_id": self.phone_number_id},
        }
        if messages:
            value |= {"contacts": [person.contact() for person in people], "messages": list(messages)}
        if statuses:
            value["statuses"] = list(statuses)
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "100000000000001", "changes": [change]}]}

    async def deliver(self, session: aiohttp.ClientSession, body: Mapping[str, Any]) -> None:
        """Deliver until it is acknowledged; perhaps late, perhaps once more."""
        raw = json.dumps(body).encode()
        if self.chance.random() < self.shuffle:
            await asyncio.sleep(self.chance.random())
        await self._until_acknowledged(session, raw)
        if self.chance.random() < self.repeat:
            await self._until_acknowledged(session, raw)

    async def _until_acknowledged(self, session: aiohttp.ClientSession, raw: bytes) -> None:
        for attempt, pause in enumerate(_PAUSES, start=self.chance.randrange(len(self.addresses))):
            if await self.post(session, raw, attempt=attempt) == 200:
                return
            await asyncio.sleep(pause)
        logger.warning("a delivery was never acknowledged")

    async def post(
        self, session: aiohttp.ClientSession, raw: bytes, signature: str | None = None, attempt: int = 0
    ) -> int | None:
        """One try; returns the HTTP status, None without one, and remembers how long the acknowledgement took."""
        address = self.addresses[attempt % len(self.addresses)]
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": self.sign(raw) if signature is None else signature,
        }
        began = time.perf_counter()
        try:
            async with session.post(address, data=raw, headers=headers, timeout=_PATIENCE) as response:
                await response.read()
                self.seconds.append(time.perf_counter() - began)
                return response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return None

    def sign(self, raw: bytes) -> str:
        """The value of `X-Hub-Signature-256`."""
        return "sha256=" + hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()
