"""Pictures on their way to applicants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("address_hash", sa.String(64), primary_key=True),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_pictures_expires_at", "pictures", ["expires_at"])


def downgrade() -> None:
    op.drop_table("pictures")
