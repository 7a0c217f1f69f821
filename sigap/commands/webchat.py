"""`sigap web …`."""

from __future__ import annotations

import os
from datetime import timedelta

import click

from sigap.settings import ROOT, Settings


@click.group()
def web() -> None:
    """The web chat."""


@web.command()
@click.option("--older-than", "days", type=click.IntRange(min=1), help="Days; default: SIGAP_WEB_KEPT_DAYS.")
def purge(days: int | None) -> None:
    """Remove conversations of the web chat in which nothing was said for so many days. Bookings and complaints stay."""
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.core.domain import Domain

    from sigap.channels.forgetting import delete_events
    from sigap.store.session import Store
    from sigap.store.transcripts import Transcripts

    settings = Settings.from_environment()
    os.environ.setdefault("SIGAP_ACTION_URL", "")
    os.environ.setdefault("SIGAP_CONVERSATIONS_DB", str(ROOT / "conversations.db"))
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    events = TrackerStore.create(endpoints.tracker_store, Domain.empty())
    transcripts = Transcripts(Store.open(settings.database_url), settings.clock)
    old = transcripts.unused_since(settings.clock() - timedelta(days=days or settings.web_kept_days))
    for conversation_id in old:
        # The transcript last: it is what a second run finds the conversation by.
        delete_events(events, conversation_id)
        transcripts.forget(conversation_id)
    click.echo(f"Removed {len(old)} conversations.")
