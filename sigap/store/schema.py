"""Brings a database to the current schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from sigap.store.session import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Run the migrations that this database has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def draft_migration(store: Store, message: str) -> None:
    """Write a migration from the difference between a database and the tables; review it before committing."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)
