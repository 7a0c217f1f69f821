"""Alembic's entry for the record of conversations, which may share a database with the tables of SIGAP."""

from alembic import context

from sigap.store.conversations import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="conversations_version",
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
