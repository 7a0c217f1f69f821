"""The whole of SIGAP in one process: model, actions, database, clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from actions.services import Services, install
from sigap.clock import standing_in
from sigap.dialogues.actions import PlayedActions
from sigap.dialogues.lines import Line
from sigap.knowledge.store import load_once
from sigap.runtime import rasa_speed
from sigap.settings import KNOWLEDGE, Settings
from sigap.store import demo, schema
from sigap.store.conversations import Conversations
from sigap.store.session import Store
from sigap.training import newest_model

T = TypeVar("T")


class House:
    """Everything that answers an applicant, ready to be moved into by one conversation after another.

    Use `conversation` for each dialogue; inside it the applicant acts on `line`, `advance` lets time pass, and
    `services`, `store`, `clock` and `conversation_id` are those of this conversation.
    """

    def __init__(self, model: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sigap-dialog-"))
        self.database = self.folder / "sigap.db"
        self.store = Store.open(_url(self.database))
        schema.upgrade(self.store)
        # Rasa's part of the record stays in memory; what erases it finds an empty one here.
        record = Conversations.open(_url(self.database))
        record.upgrade()
        record.engine.dispose()
        # Databases with the demonstration records, one for each day on which a dialogue begins.
        self._furnished: dict[datetime, Path] = {}
        self._empty = self.folder / "awal.db"
        _copy(self.database, self._empty)
        self.services = _services(self.database)
        self.actions = PlayedActions()
        self._trackers = _Trackers(Domain.empty())
        self._loop = asyncio.new_event_loop()
        self._agent = _load(model, self._trackers, self.actions)
        self._now: datetime | None = None
        self._conversations = 0
        self.conversation_id = ""

    def close(self) -> None:
        """Give back files and connections."""
        self.store.engine.dispose()
        self._loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def clock(self) -> datetime:
        """The moment at which the conversation stands."""
        assert self._now is not None, "no conversation is going on"
        return self._now

    @contextmanager
    def conversation(self, start: datetime, line: type[Line]) -> Iterator[Line]:
        """A new applicant on a fresh database with the demonstration records, at the moment `start`."""
        self._conversations += 1
        self.conversation_id = f"{line.prefix}:dialog-{self._conversations}"
        self._now = start
        self._trackers.forget()
        install(self.services)
        with standing_in(self.clock):
            self._furnish(start)
            try:
                yield line(self._agent.handle_message, self.conversation_id, self.clock)
            finally:
                install(None)
                self._now = None

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the line's to its end."""
        return self._loop.run_until_complete(work)

    def tracker(self) -> DialogueStateTracker:
        """The conversation's present session as Rasa has recorded it."""
        return self._trackers.latest or DialogueStateTracker(self.conversation_id, self._agent.domain.slots)

    def advance(self, moment: datetime) -> None:
        """Go on to a later moment. For Rasa, whose clock is the machine's, all that was said becomes older instead."""
        passed = (moment - self.clock()).total_seconds()
        tracker = self.tracker()
        for event in tracker.events:
            event.timestamp -= passed
        self._loop.run_until_complete(self._trackers.save(tracker))
        self._now = moment

    @contextmanager
    def using_database(self, path: Path) -> Iterator[None]:
        """Meanwhile actions work on another database."""
        install(_services(path))
        try:
            yield
        finally:
            install(self.services)

    def _furnish(self, start: datetime) -> None:
        if start not in self._furnished:
            _copy(self._empty, self.database)
            demo.fill(self.store, self.clock, load_once(KNOWLEDGE).working_days.is_working)
            self.services.queue.quotas.open_due()
            self._furnished[start] = self.folder / f"{len(self._furnished)}.db"
            _copy(self.database, self._furnished[start])
        else:
            _copy(self._furnished[start], self.database)


class _Trackers(InMemoryTrackerStore):
    """Rasa's store in memory, which reads every conversation anew; `latest` is what was saved last, at no cost."""

    latest: DialogueStateTracker | None = None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save, and keep at hand."""
        self.latest = tracker
        await super().save(tracker)

    def forget(self) -> None:
        """Forget every conversation."""
        self.latest = None
        self.store.clear()


def _load(model: Path, trackers: _Trackers, actions: PlayedActions) -> Agent:
    # Unconfigured, structlog prints debug lines, with the message in them, to standard output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    rasa_speed.install()
    # The pipeline takes its clock from the settings when it is loaded; here it must be the one that can be moved.
    fixed = os.environ.pop("SIGAP_NOW", None)
    try:
        return Agent.load(str(model), tracker_store=trackers, action_endpoint=actions)
    finally:
        if fixed is not None:
            os.environ["SIGAP_NOW"] = fixed


def _services(database: Path) -> Services:
    urls = dict.fromkeys(("SIGAP_DATABASE_URL", "SIGAP_CONVERSATIONS_URL"), _url(database))
    return Services.build(Settings.from_environment(urls))


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


def _copy(source: Path, target: Path) -> None:
    """Replace the content of a database under the connections that others have open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        written.execute("PRAGMA synchronous=OFF")
        read.backup(written)


def load_house() -> House:
    """The house with the newest model. Raises `FileNotFoundError` when none has been trained."""
    model = newest_model()
    if model is None:
        raise FileNotFoundError("Belum ada model. Jalankan `make train` lebih dulu.")
    return house_of(model)


def house_of(model: Path) -> House:
    """The house with this model, for a process that does nothing but play."""
    house = House(model)
    # A model is millions of objects that never change: the collector of garbage need not look at them again and again.
    gc.collect()
    gc.freeze()
    return house
