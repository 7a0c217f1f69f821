"""the queue: weekly hours, closures, priority places, waiting list, limits, one live booking per person"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW_BOOKING_CHECKS = {
    "ck_bookings_state": "state IN ('held', 'offered', 'confirmed', 'arrived', 'no_show', 'cancelled', 'lapsed')",
    "ck_bookings_confirmed": (
        "state NOT IN ('confirmed', 'arrived', 'no_show') OR (code IS NOT NULL AND first_number IS NOT NULL)"
    ),
    "ck_bookings_held": "state NOT IN ('held', 'offered') OR held_until IS NOT NULL",
}
_OLD_BOOKING_CHECKS = {
    "ck_bookings_confirmed": "state <> 'confirmed' OR (code IS NOT NULL AND first_number IS NOT NULL)",
    "ck_bookings_state": "state IN ('held', 'confirmed', 'cancelled', 'lapsed')",
}
_OFFERED_PLACES = (
    "(SELECT COALESCE(SUM(places), 0) FROM bookings WHERE slot_id = slots.id AND state = 'offered' AND {whose})"
)
_TO_THE_OLDER_SCHEMA = (
    f"UPDATE slots SET taken = taken - {_OFFERED_PLACES.format(whose='NOT priority')}, "
    f"priority_taken = priority_taken - {_OFFERED_PLACES.format(whose='priority')}",
    "DELETE FROM booked_applicants WHERE booking_id IN (SELECT id FROM bookings WHERE service <> 'paspor')",
    "DELETE FROM bookings WHERE service <> 'paspor' OR state = 'offered'",
    "DELETE FROM slots WHERE service <> 'paspor'",
    "UPDATE bookings SET state = 'confirmed' WHERE state IN ('arrived', 'no_show')",
    "UPDATE slots SET quota = quota + priority_quota, taken = taken + priority_taken",
)


def upgrade() -> None:
    with op.batch_alter_table("offices") as offices:
        offices.add_column(
            sa.Column("kinds", sa.JSON(), nullable=False, server_default='["baru", "penggantian", "ambil"]')
        )
        offices.add_column(sa.Column("opens_weekday", sa.Integer(), nullable=True))
        offices.add_column(sa.Column("opens_at", sa.Time(), nullable=True))
        offices.add_column(sa.Column("opened_through", sa.Date(), nullable=True))
        offices.add_column(sa.Column("move_limit", sa.Integer(), nullable=False, server_default="1"))
        offices.add_column(sa.Column("move_until_days", sa.Integer(), nullable=False, server_default="1"))
        offices.add_column(sa.Column("month_limit", sa.Integer(), nullable=False, server_default="4"))
        offices.create_check_constraint("ck_offices_opening", "(opens_weekday IS NULL) = (opens_at IS NULL)")
    with op.batch_alter_table("slots") as slots:
        slots.add_column(sa.Column("service", sa.String(length=8), nullable=False, server_default="paspor"))
        slots.add_column(sa.Column("priority_quota", sa.Integer(), nullable=False, server_default="0"))
        slots.add_column(sa.Column("priority_taken", sa.Integer(), nullable=False, server_default="0"))
        slots.drop_constraint("uq_slots_office_day_hour", type_="unique")
        slots.create_unique_constraint("uq_slots_office_service_day_hour", ["office_id", "service", "day", "hour"])
        slots.create_check_constraint(
            "ck_slots_priority_taken", "priority_taken >= 0 AND priority_taken <= priority_quota"
        )
    with op.batch_alter_table("bookings") as bookings:
        bookings.add_column(sa.Column("office_id", sa.String(length=60), nullable=True))
        bookings.add_column(sa.Column("service", sa.String(length=8), nullable=False, server_default="paspor"))
        bookings.add_column(sa.Column("day", sa.Date(), nullable=True))
        bookings.add_column(sa.Column("priority", sa.Boolean(), nullable=False, server_default=sa.false()))
        bookings.add_column(sa.Column("proxy", sa.Boolean(), nullable=False, server_default=sa.false()))
        bookings.add_column(sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
        bookings.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        bookings.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        for name in _OLD_BOOKING_CHECKS:
            bookings.drop_constraint(name, type_="check")
    for column in ("office_id", "day"):
        op.execute(f"UPDATE bookings SET {column} = (SELECT {column} FROM slots WHERE slots.id = bookings.slot_id)")
    op.execute("UPDATE bookings SET confirmed_at = created_at WHERE code IS NOT NULL")
    with op.batch_alter_table("bookings") as bookings:
        bookings.alter_column("office_id", nullable=False, existing_type=sa.String(length=60))
        bookings.alter_column("day", nullable=False, existing_type=sa.Date())
        for name, condition in _NEW_BOOKING_CHECKS.items():
            bookings.create_check_constraint(name, condition)
        bookings.create_unique_constraint("uq_bookings_number", ["office_id", "day", "first_number"])
        bookings.create_index("ix_bookings_state_held_until", ["state", "held_until"])
        bookings.create_index("ix_bookings_state_day", ["state", "day"])
    with op.batch_alter_table("booked_applicants") as applicants:
        applicants.alter_column("nik", nullable=True, existing_type=sa.String(length=16))
        applicants.add_column(sa.Column("nik_key", sa.String(length=64), nullable=True))
        applicants.create_index("ix_booked_applicants_nik_key", ["nik_key"])
    op.create_table(
        "weekly_hours",
        sa.Column("office_id", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("priority_quota", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_weekly_hours_weekday"),
        sa.CheckConstraint("quota >= 0 AND priority_quota >= 0", name="ck_weekly_hours_quota"),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.PrimaryKeyConstraint("office_id", "service", "weekday", "hour"),
    )
    op.create_table(
        "closures",
        sa.Column("office_id", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.PrimaryKeyConstraint("office_id", "day"),
    )
    op.create_table(
        "live_claims",
        sa.Column("key", sa.String(length=240), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_live_claims_booking", "live_claims", ["booking_id"])
    op.create_table(
        "waiters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=160), nullable=False),
        sa.Column("office_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("first_hour", sa.Time(), nullable=True),
        sa.Column("last_hour", sa.Time(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'offered', 'served', 'left', 'expired')", name="ck_waiters_state"),
        sa.CheckConstraint("places >= 1 AND first_day <= last_day", name="ck_waiters_wish"),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_waiters_conversation",
        "waiters",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'offered')"),
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.create_index("ix_waiters_office_state", "waiters", ["office_id", "state"])
    op.create_table(
        "tripped_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.String(length=160), nullable=False),
        sa.Column("office_id", sa.String(length=60), nullable=True),
        sa.Column("limit_kind", sa.String(length=20), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tripped_limits_at", "tripped_limits", ["at"])


def downgrade() -> None:
    """The older schema knows passports and ordinary places only.

    Lost: offers, bookings for collecting with their hours, the waiting list, weekly hours, closures, the claims and
    limits against brokers, the offices' rules. Told otherwise: priority places become ordinary ones, with whoever has
    them; who came or did not come is confirmed as before.
    """
    for table in ("tripped_limits", "waiters", "live_claims", "closures", "weekly_hours"):
        op.drop_table(table)
    for statement in _TO_THE_OLDER_SCHEMA:
        op.execute(statement)
    with op.batch_alter_table("booked_applicants") as applicants:
        applicants.drop_index("ix_booked_applicants_nik_key")
        applicants.drop_column("nik_key")
        applicants.alter_column("nik", nullable=False, existing_type=sa.String(length=16))
    with op.batch_alter_table("bookings") as bookings:
        bookings.drop_index("ix_bookings_state_day")
        bookings.drop_index("ix_bookings_state_held_until")
        bookings.drop_constraint("uq_bookings_number", type_="unique")
        for name in _NEW_BOOKING_CHECKS:
            bookings.drop_constraint(name, type_="check")
        for name, condition in _OLD_BOOKING_CHECKS.items():
            bookings.create_check_constraint(name, condition)
        for column in ("office_id", "service", "day", "priority", "proxy", "moves", "confirmed_at", "ended_at"):
            bookings.drop_column(column)
    with op.batch_alter_table("slots") as slots:
        slots.drop_constraint("ck_slots_priority_taken", type_="check")
        slots.drop_constraint("uq_slots_office_service_day_hour", type_="unique")
        slots.create_unique_constraint("uq_slots_office_day_hour", ["office_id", "day", "hour"])
        for column in ("service", "priority_quota", "priority_taken"):
            slots.drop_column(column)
    with op.batch_alter_table("offices") as offices:
        offices.drop_constraint("ck_offices_opening", type_="check")
        for column in ("kinds", "opens_weekday", "opens_at", "opened_through", "move_limit", "move_until_days"):
            offices.drop_column(column)
        offices.drop_column("month_limit")
