"""News that SIGAP tells unasked: each becomes a turn of the applicant's own conversation.

The turn begins with an intent instead of a text, so its wording stands in domain.yml like any other and the
conversation's record knows what was offered. Nobody can type such a turn: what comes in is defused by the guard, and
this goes to Rasa past it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic import Blueprint

from sigap.channels.guard import TURN_SECONDS, Handler
from sigap.settings import Settings
from sigap.store.outbox import Notification, Outbox
from sigap.store.session import Store

logger = logging.getLogger(__name__)

# A freed place is held for minutes; a few seconds more or less do not matter.
PAUSE_SECONDS = 3.0

OutputFor = Callable[[Notification], Awaitable["OutputChannel | None"]]
"""Where to say a piece of news; None when its conversation cannot be reached now."""


class Notifier:
    """Delivers the news for the conversations of one channel.

    `handle` is Rasa's own handler, not the guarded one. `output_for` says where an answer goes. `input_channel` is the
    channel's name; its conversation ids begin with `prefix`, by default the name and a colon.
    """

    def __init__(
        self, outbox: Outbox, handle: Handler, output_for: OutputFor, input_channel: str, prefix: str | None = None
    ) -> None:
        self._outbox = outbox
        self._handle = handle
        self._output_for = output_for
        self._input_channel = input_channel
        self._prefix = prefix or f"{input_channel}:"
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Deliver until `stop`, looking for news every `pause` seconds and whenever `wake` is called."""
        while not self._stopping:
            try:
                await self.deliver_due()
            except Exception as error:  # a database that is down comes back; the news waits in it
                logger.error("looking for news failed: %s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)
            self._woken.clear()

    def wake(self) -> None:
        """Look for news at once."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` once the news at hand is delivered."""
        self._stopping = True
        self.wake()

    async def deliver_due(self) -> int:
        """Deliver what is due now, one after the other; returns how many were delivered."""
        delivered = 0
        # One at a time: a lease must not run out while others are being delivered.
        while claimed := await asyncio.to_thread(self._outbox.claim, self._prefix, 1):
            delivered += await self._deliver(claimed[0])
        return delivered

    async def _deliver(self, news: Notification) -> bool:
        if news.repeated:
            logger.warning("notification %s may have been delivered before", news.id)
        try:
            output = await self._output_for(news)
            if output is None:
                await asyncio.to_thread(self._outbox.retry, news.id, "not reachable now")
                return False
            await asyncio.wait_for(self._handle(self._turn(news, output)), TURN_SECONDS)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # The exception's text may quote the applicant; its type does not.
            logger.error("notification %s was not delivered: %s", news.id, type(error).__name__)
            await asyncio.to_thread(self._outbox.retry, news.id, type(error).__name__)
            return False
        await asyncio.to_thread(self._outbox.done, news.id)
        return True

    def _turn(self, news: Notification, output: OutputChannel) -> UserMessage:
        return UserMessage(
            f"/{news.topic}",
            output,
            news.conversation_id,
            input_channel=self._input_channel,
            metadata={"kabar": dict(news.data)},
        )


def deliver_news(
    routes: Blueprint, handle: Handler, output_for: OutputFor, input_channel: str, prefix: str | None = None
) -> Notifier:
    """Let a channel's blueprint deliver news while its server runs; arguments as for `Notifier`."""
    settings = Settings.from_environment()
    notifier = Notifier(
        Outbox(Store.open(settings.database_url), settings.clock), handle, output_for, input_channel, prefix
    )
    running: list[asyncio.Task[None]] = []

    @routes.listener("after_server_start")
    async def start(_app: Any, _loop: Any) -> None:
        running.append(asyncio.create_task(notifier.run()))

    @routes.listener("before_server_stop")
    async def finish(_app: Any, _loop: Any) -> None:
        notifier.stop()
        await asyncio.gather(*running)

    return notifier
