"""A tracker store for Rasa that keeps everything, reads only the end, and keeps nothing personal.

What an applicant types is known within the turn that it comes in; what is kept is masked (sigap.runtime.events). A form
that needs a value later has it in the table `drafts`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from sigap.runtime import metrics
from sigap.runtime.events import from_json, masked
from sigap.store.conversations import Conversations, Ending, as_json

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Rules look at the last turn, memoised stories at five steps (config.yml), the count of misunderstandings at three
# turns. So many turns are read again; the cut is made now and then, not every time.
KEPT_TURNS = 3
_CUT_AFTER_TURNS = 6
# Seconds to wait before trying again. An applicant waits no longer than twenty seconds for a turn (channels.guard).
_BACK_OFF = (0.1, 0.4, 1.0)
_THREADS = 8


class RecordedTracker(DialogueStateTracker):
    """A tracker that knows which of its events are kept already: `numbers` of those read, `kept` in all."""

    numbers: tuple[int, ...] = ()
    kept: int = 0


class SigapTrackerStore(TrackerStore):
    """Named in endpoints.yml with `url`, an SQLAlchemy URL of SQLite or PostgreSQL."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        record: Conversations | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self.record = record or Conversations.open(str(host))
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="tracker")

    def init_tracker(self, sender_id: str) -> RecordedTracker:
        """A tracker without events."""
        return RecordedTracker(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> RecordedTracker | None:
        """The conversation since its latest session began, or its last few turns with the state before them."""
        ending = await self._in_thread(lambda: self.record.ending(sender_id))
        return self._rebuilt(sender_id, ending) if ending else None

    async def retrieve_full_tracker(self, conversation_id: str) -> RecordedTracker | None:
        """All that was ever said."""
        recorded = await self._in_thread(lambda: self.record.everything(conversation_id))
        return self._rebuilt(conversation_id, Ending([], recorded)) if recorded else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the events that are new. Raises an SQLAlchemy error when the database stays unreachable."""
        kept = tracker.kept if isinstance(tracker, RecordedTracker) else 0
        new = list(islice(tracker.events, kept, None))
        if not new:
            return
        rows = masked(new, islice(tracker.events, kept))
        shorten = self._shortened(tracker) if isinstance(tracker, RecordedTracker) else None
        await self._in_thread(lambda: self.record.append(tracker.sender_id, rows, shorten))
        # What could not be recorded will be said again.
        metrics.count(new)
        if self.event_broker is not None:
            for row in rows:
                self.event_broker.publish({"sender_id": tracker.sender_id, **row.content})
        if isinstance(tracker, RecordedTracker):
            tracker.kept = len(tracker.events)

    async def keys(self) -> Iterable[str]:
        """All conversations."""
        return await self._in_thread(self.record.sender_ids)

    async def forget(self, sender_id: str) -> None:
        """Remove a conversation."""
        await self._in_thread(lambda: self.record.forget(sender_id))

    async def ping(self) -> None:
        """Raises an SQLAlchemy error when the database does not answer."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self.record.ping)

    def _rebuilt(self, sender_id: str, ending: Ending) -> RecordedTracker:
        tracker = self.init_tracker(sender_id)
        for content in (*ending.head, *as_json(ending.events)):
            tracker.update(from_json(content))
        tracker.kept = len(tracker.events)
        tracker.numbers = (*(0 for _ in ending.head), *(one.id for one in ending.events))
        return tracker

    def _shortened(self, tracker: RecordedTracker) -> tuple[int, list[dict[str, Any]]] | None:
        """From which event to read in future, and the state before it; None while the rest is short enough."""
        old = list(islice(tracker.events, len(tracker.numbers)))
        turns = [place for place, event in enumerate(old) if isinstance(event, UserUttered)]
        if len(turns) < _CUT_AFTER_TURNS:
            return None
        cut = turns[-KEPT_TURNS]
        before = DialogueStateTracker.from_events(tracker.sender_id, old[:cut], self.domain.slots)
        return tracker.numbers[cut], [event.as_dict() for event in state_as_events(before)]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run a database call without stopping the other conversations; try again while the database is away."""
        loop = asyncio.get_running_loop()
        for pause in (*_BACK_OFF, None):
            try:
                return await loop.run_in_executor(self._threads, work)
            except (OperationalError, PoolTimeoutError) as error:
                if pause is None:
                    raise
                logger.warning("the record of conversations does not answer (%s); trying again", type(error).__name__)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")


def state_as_events(tracker: DialogueStateTracker) -> list[Event]:
    """The fewest events that bring a fresh tracker into the state of this one, which waits for a message."""
    moment = tracker.events[-1].timestamp
    form = tracker.active_loop_name
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    if form:
        events += [ActionExecuted(form), ActiveLoop(form)]
    events += [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value != slot.initial_value]
    if tracker.is_active_loop_interrupted:
        events.append(LoopInterrupted(True))
    if tracker.is_active_loop_rejected:
        events.append(ActionExecutionRejected(form))
    if tracker.is_paused():
        events.append(ConversationPaused())
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in events:
        event.timestamp = moment
    return events
