"""Brings a database to the current schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config

from sigap.store.session import Store, be_patient, migrate_alone

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store, revision: str = "head") -> None:
    """Run the migrations up to `revision` that this database has not had yet. All or nothing."""
    with _connected(store) as config:
        command.upgrade(config, revision)


def downgrade(store: Store, revision: str) -> None:
    """Take back the migrations after `revision`, with "base" all of them. All or nothing.

    What the older schema cannot hold is lost; each migration says in its `downgrade` what that is.
    """
    with _connected(store) as config:
        command.downgrade(config, revision)


def draft_migration(store: Store, message: str) -> None:
    """Write a migration from the difference between a database and the tables; review it before committing."""
    with _connected(store) as config:
        command.revision(config, message, autogenerate=True)


@contextmanager
def _connected(store: Store) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with store.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # SQLite changes a table by copying it and dropping the old one, which would delete what refers to it. The
            # switch works outside a transaction only.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            be_patient(connection)
            migrate_alone(connection)
            config.attributes["connection"] = connection
            yield config
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"the migration left records behind that refer to nothing: {broken[:3]}")
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
