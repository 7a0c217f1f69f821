"""news of closed days, removing personal data, guesses at one number"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

_INDEXES = {"ix_bookings_closure_told": "closure_told", "ix_bookings_not_forgotten": "forgotten_at IS NULL"}


def upgrade() -> None:
    op.add_column("failed_proofs", sa.Column("subject", sa.String(length=64), nullable=True))
    op.create_index("ix_failed_proofs_subject_at", "failed_proofs", ["subject", "at"])
    op.add_column("bookings", sa.Column("closure_told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("bookings", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    for name, condition in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "bookings", ["day"], sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("booked_applicants") as applicants:
        applicants.alter_column("name", nullable=True, existing_type=sa.String(length=120))
        applicants.alter_column("birth_date", nullable=True, existing_type=sa.Date())


def downgrade() -> None:
    """Lost: how many people a booking had whose personal data have been removed, and what was counted per number."""
    op.execute("DELETE FROM booked_applicants WHERE name IS NULL")
    with op.batch_alter_table("booked_applicants") as applicants:
        applicants.alter_column("birth_date", nullable=False, existing_type=sa.Date())
        applicants.alter_column("name", nullable=False, existing_type=sa.String(length=120))
    for name in _INDEXES:
        op.drop_index(name, "bookings")
    op.drop_column("bookings", "forgotten_at")
    op.drop_column("bookings", "closure_told")
    op.drop_index("ix_failed_proofs_subject_at", "failed_proofs")
    op.drop_column("failed_proofs", "subject")
