"""One turn of a conversation at a time: in one process, and between processes over Redis or PostgreSQL.

Two lock stores in one test share nothing but the engine, like two workers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from servers import RedisServer
from sqlalchemy import text

from sigap.runtime.locks import LocksUnreachable, PostgresLocks, RedisLocks, SigapLockStore
from sigap.store.session import Store

WHO = "web:one"
# Far below the second that Rasa's own store sleeps between two looks.
QUICK_SECONDS = 0.5

NewLocks = Callable[[], SigapLockStore]


def make(url: str) -> SigapLockStore:
    return SigapLockStore(EndpointConfig(url))


@pytest.fixture(params=["redis", "postgresql"])
async def new_locks(request: pytest.FixtureRequest) -> AsyncIterator[NewLocks]:
    """Makes lock stores of several workers on one engine."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        url = server.url
    else:
        url = str(request.getfixturevalue("postgres").engine.url)
    made: list[SigapLockStore] = []

    def new() -> SigapLockStore:
        made.append(make(url))
        return made[-1]

    yield new
    for locks in made:
        await locks.close()


async def in_turn(locks: SigapLockStore, seen: list[int], number: int, seconds: float = 0.01) -> None:
    async with locks.lock(WHO):
        seen.append(number)
        await asyncio.sleep(seconds)
        seen.append(number)


def nobody_came_between(seen: list[int]) -> bool:
    return all(first == second for first, second in zip(seen[::2], seen[1::2]))


def test_the_address_decides_the_kind() -> None:
    assert type(make("memory://")) is SigapLockStore
    assert type(make("redis://localhost")) is RedisLocks
    assert type(make("postgresql://localhost/x")) is PostgresLocks


def test_rasa_makes_it_from_endpoints() -> None:
    config = EndpointConfig("memory://", type="sigap.runtime.locks.SigapLockStore")
    assert isinstance(LockStore.create(config), SigapLockStore)


async def test_turns_of_one_process_go_in_the_order_of_their_arrival() -> None:
    locks, seen = make("memory://"), list[int]()
    await asyncio.gather(*(in_turn(locks, seen, number, 0) for number in range(50)))
    assert seen == [number for number in range(50) for _ in range(2)]
    assert not locks._turnstiles


async def test_other_conversations_do_not_wait(new_locks: NewLocks) -> None:
    locks = new_locks()
    async with locks.lock("web:a"):
        await asyncio.wait_for(in_turn(locks, [], 1), QUICK_SECONDS * 4)


async def test_workers_do_not_come_between_each_other(new_locks: NewLocks) -> None:
    workers, seen = [new_locks() for _ in range(3)], list[int]()
    await asyncio.gather(*(in_turn(workers[number % 3], seen, number) for number in range(30)))
    assert len(seen) == 60
    assert nobody_came_between(seen)


async def test_who_waits_is_let_in_at_once(new_locks: NewLocks) -> None:
    one, other = new_locks(), new_locks()
    await in_turn(one, [], 0)
    await in_turn(other, [], 0)
    waited: list[float] = []

    async def wait() -> None:
        async with other.lock(WHO):
            waited.append(time.monotonic())

    async with one.lock(WHO):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.3)
        freed = time.monotonic()
    await waiting
    assert waited[0] - freed < QUICK_SECONDS


async def test_a_turn_that_is_cancelled_or_fails_gives_its_lock_back(new_locks: NewLocks) -> None:
    one, other = new_locks(), new_locks()
    turn = asyncio.create_task(in_turn(one, [], 0, seconds=60))
    await asyncio.sleep(0.2)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    with pytest.raises(ZeroDivisionError):
        async with one.lock(WHO):
            raise ZeroDivisionError
    await asyncio.wait_for(in_turn(other, [], 1), QUICK_SECONDS * 4)


async def test_a_long_turn_keeps_its_lock(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RedisLocks, "_LIFE_MS", 300)
    monkeypatch.setattr(RedisLocks, "_RENEW_SECONDS", 0.1)
    one, other, seen = make(redis_server.url), make(redis_server.url), list[int]()
    await asyncio.gather(in_turn(one, seen, 1, seconds=1), in_turn(other, seen, 2))
    assert nobody_came_between(seen)
    await asyncio.gather(one.close(), other.close())


async def test_the_lock_of_a_worker_that_died_lapses(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RedisLocks, "_LIFE_MS", 300)
    dead, alive = make(redis_server.url), make(redis_server.url)
    await dead.acquire(WHO)
    await dead.close()
    await asyncio.wait_for(in_turn(alive, [], 1), 3)
    await alive.close()


async def test_a_lock_that_lapsed_is_not_taken_from_its_new_holder(redis_server: RedisServer) -> None:
    late, holder, third = (make(redis_server.url) for _ in range(3))
    stale = await late.acquire(WHO)
    await holder._redis.delete(f"sigap:lock:{WHO}")
    async with holder.lock(WHO):
        await late.release(WHO, stale)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(third.acquire(WHO), 0.6)
    for locks in (late, holder, third):
        await locks.close()


async def test_postgresql_frees_the_lock_of_a_connection_that_ends(postgres: Store) -> None:
    url = str(postgres.engine.url)
    dead, alive = make(url), make(url)
    held = await dead.acquire(WHO)
    with postgres.engine.connect() as admin:
        number = held.exec_driver_sql("select pg_backend_pid()").scalar()
        admin.execute(text("select pg_terminate_backend(:pid)"), {"pid": number})
    await asyncio.wait_for(in_turn(alive, [], 1), QUICK_SECONDS * 4)
    await dead.release(WHO, held)
    await asyncio.gather(dead.close(), alive.close())


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "postgresql://nobody@127.0.0.1:1/nothing"])
async def test_without_the_engine_a_turn_goes_on_and_the_check_says_so(url: str) -> None:
    locks, seen = make(url), list[int]()
    await asyncio.gather(*(in_turn(locks, seen, number) for number in range(3)))
    assert len(seen) == 6
    assert nobody_came_between(seen)
    with pytest.raises(LocksUnreachable):
        await locks.ping()
    await locks.close()


async def test_redis_may_go_and_come_back(fragile_redis: RedisServer) -> None:
    one, other, seen = make(fragile_redis.url), make(fragile_redis.url), list[int]()
    await in_turn(one, seen, 1)
    fragile_redis.stop()
    await in_turn(one, seen, 2)
    fragile_redis.start()
    await asyncio.gather(*(in_turn(locks, seen, number) for number, locks in enumerate([one, other] * 5)))
    assert nobody_came_between(seen[4:])
    await asyncio.gather(one.close(), other.close())


async def test_who_gives_up_while_the_lock_is_being_taken_does_not_keep_it(new_locks: NewLocks) -> None:
    mine, other = new_locks(), new_locks()
    for _ in range(5):
        trying = asyncio.create_task(in_turn(mine, [], 1))
        await asyncio.sleep(0)
        trying.cancel()
        await asyncio.wait([trying])
        await asyncio.wait_for(in_turn(other, [], 2), 10 * QUICK_SECONDS)
