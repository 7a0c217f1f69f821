"""Passes what is recorded on to RabbitMQ, for whoever counts or studies conversations. It is masked already.

A broker that is away stops no conversation and no start: events wait in memory, the newest first to be kept. What is
lost here is in the record of conversations all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any
from urllib.parse import unquote, urlsplit

import aio_pika
from rasa.core.brokers.pika import PikaEventBroker
from rasa.utils.endpoints import EndpointConfig

QUEUE = "sigap"
_PORT = 5672
# At about one kilobyte an event.
_MOST_WAITING = 20_000
_AGAIN_SECONDS = 5.0
_CLOSE_SECONDS = 2.0
_FOREVER = 10**9


class RabbitEvents(PikaEventBroker):
    """Named in endpoints.yml with `url`, amqp://user:password@host:port/vhost; without an address there is none."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop, again_seconds: float = _AGAIN_SECONDS) -> None:
        parts = urlsplit(url)
        super().__init__(
            url,
            unquote(parts.username or "guest"),
            unquote(parts.password or "guest"),
            parts.port or _PORT,
            queues=[QUEUE],
            event_loop=loop,
            connection_attempts=_FOREVER,
            retry_delay_in_seconds=again_seconds,
        )
        self._unpublished_events: deque[dict[str, Any]] = deque(maxlen=_MOST_WAITING)
        self._connecting = loop.create_task(self.connect())

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig | None, event_loop: asyncio.AbstractEventLoop | None = None
    ) -> RabbitEvents | None:
        """The broker, which connects in the background."""
        if broker_config is None or not broker_config.url:
            return None
        return cls(broker_config.url, event_loop or asyncio.get_running_loop())

    async def connect(self) -> None:
        """Connect, however long it takes, and send what has waited."""
        await super().connect()
        self._publish_unpublished_messages()

    def publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Send an event, or keep it until that is possible."""
        if self.is_ready() and self._exchange is not None:
            super().publish(event, headers)
        else:
            self._unpublished_events.append(event)

    async def close(self) -> None:
        """Send what is on its way, for a moment; then let go, whether RabbitMQ is there or not."""
        self._connecting.cancel()
        under_way = {*self._background_tasks}
        if under_way:
            await asyncio.wait(under_way, timeout=_CLOSE_SECONDS)
        for task in under_way:
            task.cancel()
        with contextlib.suppress(asyncio.TimeoutError, ConnectionError, aio_pika.exceptions.AMQPError):
            await asyncio.wait_for(super().close(), _CLOSE_SECONDS)
