"""Everything an action may call, put together once per process."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import lru_cache

from actions import wording
from sigap.applications import Applications
from sigap.booking import Queue
from sigap.booking.janitor import Janitor
from sigap.clock import Clock
from sigap.feedback import Feedback
from sigap.knowledge import Knowledge, KnowledgeError
from sigap.knowledge.store import load_once
from sigap.language.indonesian import normaliser
from sigap.language.normaliser import Normaliser
from sigap.models import Models
from sigap.records import PersonalRecords
from sigap.settings import KNOWLEDGE, LANGUAGE, MODELS, Settings
from sigap.store.conversations import Conversations
from sigap.store.drafts import Drafts
from sigap.store.pictures import Pictures
from sigap.store.session import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """The services, the facts and the clock that actions work with."""

    clock: Clock
    knowledge: Knowledge
    normaliser: Normaliser
    applications: Applications
    queue: Queue
    feedback: Feedback
    drafts: Drafts
    pictures: Pictures
    records: PersonalRecords

    @classmethod
    def build(cls, settings: Settings) -> Services:
        """Connect the real services. The database is opened on first use, not here."""
        store, clock, knowledge = Store.open(settings.database_url), settings.clock, load_once(KNOWLEDGE)
        return cls(
            clock=clock,
            knowledge=knowledge,
            normaliser=normaliser(LANGUAGE, knowledge.offices.words),
            applications=Applications(
                store,
                clock,
                knowledge.working_days,
                key=settings.signing_key,
                processing_days=knowledge.number("hari_kerja_proses"),
                collection_days=knowledge.number("hari_batas_ambil"),
            ),
            queue=Queue(
                store,
                clock,
                key=settings.signing_key,
                holidays=knowledge.working_days.closed,
                neighbours=knowledge.offices.neighbours,
                kept_days=settings.booking_kept_days,
            ),
            feedback=Feedback(store, clock),
            drafts=Drafts(store, clock),
            pictures=Pictures(store, clock),
            records=PersonalRecords(store, Conversations.open(settings.conversations_url), clock),
        )


def read_anew() -> None:
    """Facts and wording are read from their files again by whoever needs them next."""
    load_once.cache_clear()
    wording.read_anew()


_lock = threading.Lock()
_installed: Services | None = None
_janitor: Janitor | None = None
# The model that was in use when the services were built; None for services that somebody installed.
_as_of: tuple[str, int] | None = None


def install(services: Services | None) -> None:
    """Make actions use these services; None goes back to those of the environment."""
    global _installed, _as_of
    with _lock:
        _installed, _as_of = services, None


def current() -> Services:
    """The services in use, built from the environment the first time; from then on the queue keeps itself in order.

    They are built anew when a model is published: what it says may name facts that were not there before.
    """
    with _lock:
        if _installed is None or _as_of not in (None, _published()):
            _build()
        assert _installed is not None
        return _installed


def _build() -> None:
    global _installed, _janitor, _as_of
    earlier = _installed
    _as_of = _published()
    read_anew()
    try:
        _installed = Services.build(Settings.from_environment())
    except KnowledgeError as error:
        if earlier is None:
            raise
        logger.error("the facts stay as they were: %s", error)
        return
    if _janitor is not None:
        _janitor.stop()
    _janitor = Janitor(_installed.queue)
    _janitor.start()


def _published() -> tuple[str, int]:
    return _published_as_of(Models(MODELS), Models(MODELS).changed_at())


@lru_cache(maxsize=1)
def _published_as_of(models: Models, _changed_at: int) -> tuple[str, int]:
    model = models.in_use()
    return (model.name, model.stat().st_mtime_ns) if model else ("", 0)
