"""What Prometheus may read at /metrics. Names of intents, actions and responses only; never what was said."""

from __future__ import annotations

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

from sigap.runtime.workers import COUNTS_FOLDER

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)

TURN_SECONDS = Histogram("sigap_turn_seconds", "From a message to the end of its turn", ["channel"], buckets=_SECONDS)
FAILED_TURNS = Counter("sigap_failed_turns_total", "Turns that ended in an error", ["error"])
TURNS_NOW = Gauge("sigap_turns_in_progress", "Turns being worked on", multiprocess_mode="livesum")
INTENTS = Counter("sigap_messages_total", "Messages, by what was understood (nlu_fallback: nothing)", ["intent"])
ACTIONS = Counter("sigap_actions_total", "Actions run", ["action"])
# A booking is utter_antrean_tiket, a cancellation utter_antrean_dibatalkan, a failure utter_gangguan.
RESPONSES = Counter("sigap_responses_total", "Responses said", ["response"])
_NONE = "none"


def count(events: Iterable[Event]) -> None:
    """Count the new events of a turn."""
    for event in events:
        if isinstance(event, UserUttered):
            INTENTS.labels(event.intent_name or _NONE).inc()
        elif isinstance(event, BotUttered):
            RESPONSES.labels((event.metadata or {}).get("utter_action") or _NONE).inc()
        elif isinstance(event, ActionExecuted):
            ACTIONS.labels(event.action_name or _NONE).inc()


def shown() -> bytes:
    """All that was counted, by all workers of this server, as Prometheus reads it."""
    if COUNTS_FOLDER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def worker_ended(pid: int) -> None:
    """What it counted stays; what it was working on does not."""
    if COUNTS_FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
