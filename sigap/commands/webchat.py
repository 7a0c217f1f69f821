"""`sigap web …`."""

from __future__ import annotations

from datetime import timedelta

import click

from sigap.settings import Settings


@click.group()
def web() -> None:
    """The web chat."""


@web.command()
@click.option("--older-than", "days", type=click.IntRange(min=1), help="Days; default: SIGAP_WEB_KEPT_DAYS.")
def purge(days: int | None) -> None:
    """Remove conversations of the web chat in which nothing was said for so many days. Bookings and complaints stay."""
    from sigap.store.conversations import Conversations
    from sigap.store.session import Store
    from sigap.store.transcripts import Transcripts

    settings = Settings.from_environment()
    record = Conversations.open(settings.conversations_url)
    transcripts = Transcripts(Store.open(settings.database_url), settings.clock)
    old = transcripts.unused_since(settings.clock() - timedelta(days=days or settings.web_kept_days))
    for conversation_id in old:
        # The transcript last: it is what a second run finds the conversation by.
        record.forget(conversation_id)
        transcripts.forget(conversation_id)
    click.echo(f"Removed {len(old)} conversations.")
