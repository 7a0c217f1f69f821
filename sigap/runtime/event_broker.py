"""Passes what is recorded on to RabbitMQ, for whoever counts or studies conversations. It is masked already.

A broker that is away, or set up otherwise, stops no conversation and no start: events wait in memory, the newest first
to be kept. What is lost here is in the record of conversations all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import aio_pika
from rasa.core.brokers.pika import PikaEventBroker
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)

QUEUE = "sigap"
# At about one kilobyte an event.
_MOST_WAITING = 20_000
_AGAIN_SECONDS = 5.0
_CLOSE_SECONDS = 2.0


class RabbitEvents(PikaEventBroker):
    """Named in endpoints.yml with `url`, amqp://user:password@host:port/vhost; without an address there is none."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop, again_seconds: float = _AGAIN_SECONDS) -> None:
        # Rasa logs the host it is given; the address holds a password.
        super().__init__(urlsplit(url).hostname or "", "", "", queues=[QUEUE], event_loop=loop)
        self._url = url
        self._again_seconds = again_seconds
        self._connection: Any = None
        self._exchange: Any = None
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
        """Connect and declare the queue, however long it takes, and send what has waited."""
        while True:
            try:
                await super().connect()
                break
            except Exception as error:  # refused, cut off, or a queue of this name that is of another kind
                logger.warning("events wait: RabbitMQ could not be used (%s)", type(error).__name__)
                await self._disconnect()
                await asyncio.sleep(self._again_seconds)
        self._publish_unpublished_messages()

    def is_ready(self) -> bool:
        """Whether events can be sent now."""
        return self._exchange is not None and self._connection is not None and self._connection.connected.is_set()

    def publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Send an event, or keep it until that is possible."""
        if self.is_ready():
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
        await self._disconnect()

    async def _connect(self) -> aio_pika.abc.AbstractRobustConnection:
        return await aio_pika.connect_robust(self._url, loop=self._loop)

    async def _disconnect(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError, ConnectionError, aio_pika.exceptions.AMQPError):
            await asyncio.wait_for(super().close(), _CLOSE_SECONDS)
        self._connection = self._exchange = None

    def _publish_unpublished_messages(self, *_: Any, **__: Any) -> None:
        # As many as wait now: what cannot be sent waits on.
        for _number in range(len(self._unpublished_events)):
            self.publish(self._unpublished_events.popleft())

    async def _publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        try:
            await self._exchange.publish(self._message(event, headers), "")
        except Exception as error:
            logger.warning("an event waits: RabbitMQ did not take it (%s)", type(error).__name__)
            self._unpublished_events.append(event)
