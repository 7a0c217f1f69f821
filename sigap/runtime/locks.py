"""One message of a conversation at a time, over one process or many.

Rasa's own Redis lock reads, changes and writes back in three steps, so two workers can both believe that they hold it,
and whoever waits looks again only after a second. Here the engine decides: one process needs only memory, several share
Redis or PostgreSQL.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis import asyncio as redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from sigap.store.session import NOTICE_A_DEAD_HOST

logger = logging.getLogger(__name__)

MEMORY = "memory://"


class LocksUnreachable(ConnectionError):
    """The shared engine does not answer."""


@dataclass
class _Turnstile:
    """Lets one turn of this process through at a time, in order of arrival."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class SigapLockStore(LockStore):
    """Locks within this process; the shared ones are built on it, so that a conversation meets them only once."""

    def __new__(cls, endpoint_config: EndpointConfig | None = None) -> Any:
        """The kind of lock for `url` of endpoints.yml: memory://, redis://… or postgresql://…."""
        url = endpoint_config.url if endpoint_config else MEMORY
        if cls is SigapLockStore and url.startswith("redis"):
            cls = RedisLocks
        elif cls is SigapLockStore and url.startswith("postgresql"):
            cls = PostgresLocks
        return super().__new__(cls)

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._turnstiles: dict[str, _Turnstile] = {}

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: float) -> AsyncIterator[None]:
        """Hold a conversation. Without the shared engine a turn goes on with the lock of this process alone.

        What could then go wrong is that two messages sent at the same moment to two workers are read at once; their
        events are kept all the same (sigap.store.conversations), and silence would be worse.
        """
        turnstile = self._turnstiles.setdefault(conversation_id, _Turnstile())
        turnstile.waiting += 1
        try:
            async with turnstile.lock, self._shared_or_not(conversation_id):
                yield
        finally:
            turnstile.waiting -= 1
            if not turnstile.waiting:
                self._turnstiles.pop(conversation_id, None)

    @asynccontextmanager
    async def _shared_or_not(self, conversation_id: str) -> AsyncIterator[None]:
        try:
            held = await self.acquire(conversation_id)
        except LocksUnreachable as error:
            logger.error("conversations are locked in this process only: %s", error)
            yield
            return
        try:
            yield
        finally:
            # A turn that is cancelled must still give its lock back.
            await asyncio.shield(self.release(conversation_id, held))

    async def acquire(self, conversation_id: str) -> object:
        """Wait for the lock shared with other processes. Raises `LocksUnreachable`."""
        return None

    async def release(self, conversation_id: str, held: object) -> None:
        """Give back what `acquire` returned. Never raises."""

    async def ping(self) -> None:
        """Raises `LocksUnreachable` when the shared engine does not answer."""

    async def close(self) -> None:
        """Let go of connections."""


class RedisLocks(SigapLockStore):
    """A key per conversation, set only if absent, with a short life that this process prolongs while the turn lasts.

    So the lock of a worker that dies is free after a few seconds. Waiting turns are woken by a message on a channel.
    """

    _LIFE_MS = 5000
    _RENEW_SECONDS = 1.5
    # Woken earlier by the message; this is for a message that was missed.
    _LOOK_AGAIN_SECONDS = 0.25
    _CHANNEL = "sigap:unlocked"
    _RELEASE = (
        "if redis.call('get', KEYS[1]) == ARGV[1] then "
        "redis.call('del', KEYS[1]); redis.call('publish', ARGV[2], KEYS[1]); return 1 end; return 0"
    )
    _RENEW = (
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end; return 0"
    )

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__()
        self._redis = redis.from_url(endpoint_config.url, socket_timeout=2, socket_connect_timeout=1)
        self._held: dict[str, str] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    async def acquire(self, conversation_id: str) -> object:
        """Wait for the key."""
        key, token = f"sigap:lock:{conversation_id}", secrets.token_hex(8)
        self._start()
        freed = self._waiting.setdefault(key, asyncio.Event())
        try:
            while not await self._redis.set(key, token, nx=True, px=self._LIFE_MS):
                freed.clear()
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(freed.wait(), self._LOOK_AGAIN_SECONDS)
        except (RedisError, OSError) as error:
            raise LocksUnreachable(f"Redis: {type(error).__name__}") from error
        finally:
            self._waiting.pop(key, None)
        self._held[key] = token
        return token

    async def release(self, conversation_id: str, held: object) -> None:
        """Delete the key if it is still ours, and wake who waits."""
        key = f"sigap:lock:{conversation_id}"
        self._held.pop(key, None)
        try:
            await self._redis.eval(self._RELEASE, 1, key, str(held), self._CHANNEL)
        except (RedisError, OSError) as error:
            logger.warning("a lock could not be given back and will lapse: %s", type(error).__name__)

    async def ping(self) -> None:
        """Ask Redis."""
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise LocksUnreachable(f"Redis: {type(error).__name__}") from error

    async def close(self) -> None:
        """Stop listening and disconnect."""
        # The driver may swallow a cancellation while it connects, so the tasks look for themselves too.
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.close()

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._renew()), asyncio.create_task(self._listen())]

    async def _renew(self) -> None:
        while not self._closed:
            await asyncio.sleep(self._RENEW_SECONDS)
            for key, token in list(self._held.items()):
                with suppress(RedisError, OSError):
                    await self._redis.eval(self._RENEW, 1, key, token, self._LIFE_MS)

    async def _listen(self) -> None:
        while not self._closed:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._CHANNEL)
                    while not self._closed:
                        said = await channel.get_message(ignore_subscribe_messages=True, timeout=1)
                        if said and (waiting := self._waiting.get(said["data"].decode())):
                            waiting.set()
            except (RedisError, OSError):
                await asyncio.sleep(self._LOOK_AGAIN_SECONDS)


class PostgresLocks(SigapLockStore):
    """Session-level advisory locks: PostgreSQL itself frees those of a worker that dies, at once."""

    _LOOK_AGAIN_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1)
    _MOST_TURNS = 64

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        super().__init__()
        self._engine = create_engine(
            endpoint_config.url,
            future=True,
            isolation_level="AUTOCOMMIT",
            pool_size=16,
            max_overflow=self._MOST_TURNS - 16,
            pool_timeout=2,
            connect_args={"connect_timeout": 2, "options": "-c statement_timeout=2s", **NOTICE_A_DEAD_HOST},
        )
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="locks")
        # Apart, so that giving back never waits behind those who try.
        self._releasing = ThreadPoolExecutor(2, thread_name_prefix="unlocks")

    async def acquire(self, conversation_id: str) -> object:
        """Try until the lock is ours; the connection is held as long as the lock."""
        loop, number = asyncio.get_running_loop(), _number(conversation_id)
        pauses = iter(self._LOOK_AGAIN_SECONDS)
        while True:
            trying = loop.run_in_executor(self._threads, self._try, number)
            try:
                held = await asyncio.shield(trying)
            except asyncio.CancelledError:
                # Whoever gave up may still get the lock a moment later.
                trying.add_done_callback(lambda done: self._give_back(done, number))
                raise
            if held is not None:
                return held
            await asyncio.sleep(next(pauses, self._LOOK_AGAIN_SECONDS[-1]))

    async def release(self, conversation_id: str, held: object) -> None:
        """Unlock and give the connection back."""
        assert isinstance(held, Connection)
        await asyncio.get_running_loop().run_in_executor(self._releasing, _unlock, held, _number(conversation_id))

    async def ping(self) -> None:
        """Ask PostgreSQL."""
        held = await asyncio.get_running_loop().run_in_executor(self._threads, self._try, None)
        assert isinstance(held, Connection)
        held.close()

    async def close(self) -> None:
        """Disconnect."""
        for threads in (self._threads, self._releasing):
            threads.shutdown(wait=False)
        self._engine.dispose()

    def _give_back(self, done: asyncio.Future[Connection | None], number: int) -> None:
        if not done.cancelled() and done.exception() is None and (held := done.result()) is not None:
            self._releasing.submit(_unlock, held, number)

    def _try(self, number: int | None) -> Connection | None:
        try:
            connection = self._engine.connect()
            try:
                if number is None or connection.execute(select(func.pg_try_advisory_lock(number))).scalar():
                    return connection
            except SQLAlchemyError:
                connection.invalidate()
                raise
            connection.close()
            return None
        except SQLAlchemyError as error:
            raise LocksUnreachable(f"PostgreSQL: {type(error).__name__}") from error


def _unlock(connection: Connection, number: int) -> None:
    try:
        connection.execute(select(func.pg_advisory_unlock(number)))
    except SQLAlchemyError:
        # Closing the session frees the lock as well.
        connection.invalidate()
    finally:
        connection.close()


def _number(conversation_id: str) -> int:
    """PostgreSQL locks 64-bit numbers."""
    return int.from_bytes(hashlib.blake2b(conversation_id.encode(), digest_size=8).digest(), "big", signed=True)
