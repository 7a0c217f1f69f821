"""`sigap db …`."""

from __future__ import annotations

import click

from sigap.settings import KNOWLEDGE, Settings


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring both databases (SIGAP_DATABASE_URL, SIGAP_CONVERSATIONS_URL) to the current schema."""
    from sigap.store import schema
    from sigap.store.conversations import Conversations
    from sigap.store.session import Store

    settings = Settings.from_environment()
    schema.upgrade(Store.open(settings.database_url))
    Conversations.open(settings.conversations_url).upgrade()


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Records that the older schema cannot hold will be lost. Is there a backup?")
def downgrade(revision: str) -> None:
    """Take the database back to an older schema, for an older version of SIGAP; "base" removes everything.

    REVISION is the beginning of a file name in sigap/store/migrations/versions. What is lost stands in the files after
    it.
    """
    from sigap.store import schema
    from sigap.store.session import Store

    schema.downgrade(Store.open(Settings.from_environment().database_url), revision)


@db.command()
def demo() -> None:
    """Add demonstration records, marked as such. Refused in production."""
    from sigap.knowledge.store import load_once
    from sigap.store import demo as demonstration
    from sigap.store.session import Store

    settings = Settings.from_environment()
    if settings.production:
        raise click.ClickException("Demonstration records do not belong into a production database.")
    store = Store.open(settings.database_url)
    demonstration.fill(store, settings.clock, load_once(KNOWLEDGE).working_days.is_working)


@db.command("draft-migration")
@click.argument("message")
def draft_migration(message: str) -> None:
    """Write a migration from the difference between the database and the tables."""
    from sigap.store import schema
    from sigap.store.session import Store

    schema.draft_migration(Store.open(Settings.from_environment().database_url), message)
