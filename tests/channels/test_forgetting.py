"""A conversation is removed from Rasa's own memory, wherever it keeps it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from settable_clock import SettableClock

from sigap.channels.forgetting import forget_events
from sigap.cli import main
from sigap.store.session import Store
from sigap.store.transcripts import Transcripts

DOMAIN = Domain.empty()


def sql(folder: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, db=str(folder / "conversations.db"))


async def said(store: TrackerStore, conversation_id: str) -> None:
    tracker = DialogueStateTracker(conversation_id, [])
    tracker.update(UserUttered("rahasia"))
    await store.save(tracker)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("kind", ["sql", "memory"])
async def test_every_event_of_one_conversation_goes_and_no_other(tmp_path: Path, kind: str, wrapped: bool) -> None:
    store: TrackerStore = sql(tmp_path) if kind == "sql" else InMemoryTrackerStore(DOMAIN)
    if wrapped:
        store = FailSafeTrackerStore(AwaitableTrackerStore(store))
    agent = SimpleNamespace(tracker_store=store, lock_store=InMemoryLockStore())
    await said(store, "web:one")
    await said(store, "web:two")
    await forget_events(agent, "web:one")
    assert await store.retrieve("web:one") is None
    assert await store.retrieve("web:two") is not None


async def test_a_turn_that_is_underway_ends_first(tmp_path: Path) -> None:
    agent = SimpleNamespace(tracker_store=sql(tmp_path), lock_store=InMemoryLockStore())
    async with agent.lock_store.lock("web:one"):
        forgetting = asyncio.create_task(forget_events(agent, "web:one"))
        await asyncio.sleep(0)
        await said(agent.tracker_store, "web:one")
    await forgetting
    assert await agent.tracker_store.retrieve("web:one") is None


async def test_a_store_that_cannot_forget_is_not_passed_over_in_silence() -> None:
    agent = SimpleNamespace(tracker_store=TrackerStore(DOMAIN), lock_store=InMemoryLockStore())
    with pytest.raises(NotImplementedError, match="TrackerStore"):
        await forget_events(agent, "web:one")


def test_the_purge_removes_what_is_old_in_both_memories(
    tmp_path: Path, store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcripts, events = Transcripts(store, clock), sql(tmp_path)
    for conversation_id in ("web:old", "web:new"):
        transcripts.open(conversation_id)
        transcripts.say(conversation_id, [{"text": "halo"}])
        asyncio.run(said(events, conversation_id))
        clock.advance(days=20)
    monkeypatch.setenv("SIGAP_NOW", clock().isoformat())
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("SIGAP_CONVERSATIONS_DB", str(tmp_path / "conversations.db"))
    result = CliRunner().invoke(main, ["web", "purge"], catch_exceptions=False)
    assert result.output == "Removed 1 conversations.\n"
    assert transcripts.lines_after("web:old", 0) is None
    assert transcripts.lines_after("web:new", 0)
    assert set(asyncio.run(events.keys())) == {"web:new"}
    assert CliRunner().invoke(main, ["web", "purge", "--older-than", "5"]).output == "Removed 1 conversations.\n"
