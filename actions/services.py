"""Everything an action may call, put together once per process."""

from __future__ import annotations

from dataclasses import dataclass

from sigap.applications import Applications
from sigap.booking import Queue
from sigap.booking.janitor import Janitor
from sigap.clock import Clock
from sigap.feedback import Feedback
from sigap.knowledge import Knowledge
from sigap.knowledge.store import load_once
from sigap.language.indonesian import normaliser
from sigap.language.normaliser import Normaliser
from sigap.settings import KNOWLEDGE, LANGUAGE, Settings
from sigap.store.drafts import Drafts
from sigap.store.pictures import Pictures
from sigap.store.session import Store


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
        )


_installed: Services | None = None


def install(services: Services | None) -> None:
    """Make actions use these services; None goes back to those of the environment."""
    global _installed
    _installed = services


def current() -> Services:
    """The services in use, built from the environment the first time; from then on the queue keeps itself in order."""
    global _installed
    if _installed is None:
        _installed = Services.build(Settings.from_environment())
        Janitor(_installed.queue).start()
    return _installed
