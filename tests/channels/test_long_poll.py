"""Pages that wait for the next line of their conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from sigap.channels import waiting
from sigap.channels.waiting import Bell


class Kept:
    """The last sequence numbers, as a database has them."""

    def __init__(self, **newest: int) -> None:
        self.newest = newest
        self.asked: list[list[str]] = []
        self.down = False
        self.failures = 0

    def __call__(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        if self.down:
            self.failures += 1
            raise OSError("database is down")
        self.asked.append(list(conversation_ids))
        return {key: self.newest[key] for key in conversation_ids if key in self.newest}


async def test_who_waits_hears_at_once_of_a_line_written_here() -> None:
    kept = Kept(a=1)
    bell = Bell(kept)
    waiter = asyncio.create_task(bell.wait("a", 1, 30))
    while not kept.asked:
        await asyncio.sleep(0)
    kept.newest["a"] = 2
    bell.ring("a")
    assert await asyncio.wait_for(waiter, 0.9)


async def test_who_waits_hears_of_a_line_written_by_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.01)
    kept = Kept(a=1)
    waiter = asyncio.create_task(Bell(kept).wait("a", 1, 30))
    while not kept.asked:
        await asyncio.sleep(0)
    kept.newest["a"] = 2
    assert await asyncio.wait_for(waiter, 10)


async def test_a_line_written_just_before_is_not_overlooked() -> None:
    assert await asyncio.wait_for(Bell(Kept(a=5)).wait("a", 4, 30), 0.9)


async def test_who_waits_for_a_conversation_that_is_deleted_is_let_go() -> None:
    assert await asyncio.wait_for(Bell(Kept()).wait("a", 4, 30), 0.9)


async def test_waiting_ends_when_its_time_is_over_and_leaves_nothing() -> None:
    bell = Bell(Kept(a=1))
    assert not await bell.wait("a", 1, 0.05)
    assert bell.count("a") == 0


async def test_news_of_one_conversation_wakes_nobody_else() -> None:
    kept = Kept(a=1, b=1)
    bell = Bell(kept)
    waiters = [asyncio.create_task(bell.wait(name, 1, 0.3)) for name in "ab"]
    while len(kept.asked) < 1:
        await asyncio.sleep(0)
    kept.newest["a"] = 2
    bell.ring("a")
    assert await asyncio.gather(*waiters) == [True, False]


async def test_one_look_serves_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(**{f"c{number}": 1 for number in range(200)})
    bell = Bell(kept)
    waiters = [asyncio.create_task(bell.wait(f"c{number}", 1, 0.2)) for number in range(200)]
    await asyncio.gather(*waiters)
    assert len(kept.asked) <= 3


async def test_a_database_that_is_down_for_a_moment_costs_nobody_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.01)
    kept = Kept(a=1)
    kept.down = True
    waiter = asyncio.create_task(Bell(kept).wait("a", 0, 30))
    while kept.failures < 3:
        await asyncio.sleep(0)
    assert not waiter.done()
    kept.down = False
    assert await asyncio.wait_for(waiter, 10)


async def test_when_the_server_stops_everybody_is_let_go() -> None:
    bell = Bell(Kept(a=1))
    waiter = asyncio.create_task(bell.wait("a", 1, 30))
    await asyncio.sleep(0)
    bell.close()
    assert not await asyncio.wait_for(waiter, 1)
    assert not await bell.wait("a", 0, 30)
