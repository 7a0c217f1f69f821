"""Removing a conversation from Rasa's own memory."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore


async def forget_events(agent: Any, conversation_id: str) -> None:
    """Delete every event of a conversation from the agent's tracker store, between two turns.

    Raises `NotImplementedError` for a kind of store that cannot do it.
    """
    async with agent.lock_store.lock(conversation_id):
        await asyncio.to_thread(delete_events, agent.tracker_store, conversation_id)


def delete_events(store: TrackerStore, conversation_id: str) -> None:
    """Delete every event of a conversation in which nobody is talking. Blocks; raises as `forget_events`."""
    for kept in _stores(store):
        _delete(kept, conversation_id)


def _stores(store: TrackerStore) -> list[TrackerStore]:
    # Rasa wraps the configured store, and writes to memory while it cannot be reached.
    inner = [getattr(store, name, None) for name in ("_tracker_store", "_fallback_tracker_store")]
    found = [deeper for wrapped in inner if wrapped is not None for deeper in _stores(wrapped)]
    return found or [store]


def _delete(store: TrackerStore, conversation_id: str) -> None:
    if isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter_by(sender_id=conversation_id).delete()
            session.commit()
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(conversation_id, None)
    else:
        raise NotImplementedError(f"conversations cannot be deleted from a {type(store).__name__}")
