"""Pages that wait for the next line of their conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

logger = logging.getLogger(__name__)

# Lines that another process has written are seen at the next look; a page notices no second.
LOOK_SECONDS = 1.0


class Bell:
    """Wakes whoever waits for a conversation when its last sequence number changes.

    `newest` returns the last sequence number of each conversation that exists; it is called in a thread, once a look
    for all who wait. Used within one event loop.
    """

    def __init__(self, newest: Callable[[Sequence[str]], dict[str, int]]) -> None:
        self._newest = newest
        self._waiting: dict[str, list[tuple[int, asyncio.Future[None]]]] = {}
        self._rung: set[str] = set()
        self._ringing: asyncio.Event | None = None
        self._looking: asyncio.Task[None] | None = None
        self.closed = False

    async def wait(self, conversation_id: str, after: int, seconds: float) -> bool:
        """Whether the conversation moved on from sequence number `after`, or ended, before the time was over."""
        if self.closed:
            return False
        waiting = self._waiting.setdefault(conversation_id, [])
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append((after, woken))
        if self._looking is None or self._looking.done():
            self._ringing = asyncio.Event()
            self._looking = asyncio.create_task(self._look())
        # What was written before this wait began must not be overlooked.
        self.ring(conversation_id)
        try:
            await asyncio.wait_for(woken, seconds)
            return not self.closed
        except asyncio.TimeoutError:
            return False
        finally:
            waiting.remove((after, woken))
            if not waiting and self._waiting.get(conversation_id) is waiting:
                del self._waiting[conversation_id]

    def count(self, conversation_id: str) -> int:
        """How many wait for this conversation."""
        return len(self._waiting.get(conversation_id, []))

    def ring(self, conversation_id: str) -> None:
        """Look at this conversation now: something was written in it."""
        self._rung.add(conversation_id)
        if self._ringing is not None:
            self._ringing.set()

    def close(self) -> None:
        """Let everybody go, because the server stops."""
        self.closed = True
        for _, woken in [pair for waiting in self._waiting.values() for pair in waiting]:
            _wake(woken)

    async def _look(self) -> None:
        assert self._ringing is not None
        while self._waiting:
            try:
                await asyncio.wait_for(self._ringing.wait(), LOOK_SECONDS)
                wanted = self._rung & self._waiting.keys()
            except asyncio.TimeoutError:
                wanted = set(self._waiting)
            self._ringing.clear()
            self._rung.clear()
            if wanted:
                await self._wake_those_with_news(wanted)

    async def _wake_those_with_news(self, wanted: set[str]) -> None:
        try:
            newest = await asyncio.to_thread(self._newest, sorted(wanted))
        except Exception as error:  # a database that is down now may be up at the next look
            logger.error("cannot look for new messages: %s", type(error).__name__)
            return
        for conversation_id in wanted:
            for after, woken in self._waiting.get(conversation_id, []):
                if newest.get(conversation_id) != after:
                    _wake(woken)


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)
