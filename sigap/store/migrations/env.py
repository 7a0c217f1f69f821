"""Alembic's entry: runs the migrations on the connection that sigap.store.schema hands over."""

from typing import Any, Literal

from alembic import context

from sigap.store.tables import Base, UtcDateTime


def plain_types(kind: str, column_type: Any, _: Any) -> str | Literal[False]:
    """Migrations must not depend on code that changes: our own types are written as the columns they are."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(column_type, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain_types,
)
with context.begin_transaction():
    context.run_migrations()
