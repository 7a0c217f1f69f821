"""The database: units of work, moments in time, migrations, demonstration records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import Databases
from hypothesis import given, settings
from hypothesis import strategies as st
from settable_clock import SettableClock
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from sigap.clock import WIB, WIT
from sigap.store import demo, schema
from sigap.store.drafts import Drafts
from sigap.store.session import Store
from sigap.store.tables import (
    Application,
    Appreciation,
    Base,
    BookedApplicant,
    Booking,
    Handover,
    Office,
    Slot,
    WeeklyHour,
)

MOMENT = datetime(2026, 11, 23, 8, 0, tzinfo=WIB)


def praise(text: str = "terima kasih", created_at: datetime = MOMENT) -> Appreciation:
    return Appreciation(conversation_id="wa:1", text=text, created_at=created_at)


def count(store: Store, table: type) -> int:
    with store.work() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


# Units of work


def test_what_is_not_committed_is_rolled_back(store: Store) -> None:
    with store.work() as session:
        session.add(praise())
        session.flush()
    assert count(store, Appreciation) == 0


def test_what_is_committed_stays(store: Store) -> None:
    with store.work() as session:
        session.add(praise())
        session.commit()
    assert count(store, Appreciation) == 1


def test_a_failure_after_a_commit_takes_back_only_what_came_later(store: Store) -> None:
    def half_done() -> None:
        with store.work() as session:
            session.add(praise("first"))
            session.commit()
            session.add(praise("second"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with store.work() as session:
        assert session.scalars(select(Appreciation.text)).all() == ["first"]


def test_a_failed_unit_of_work_leaves_the_database_free_for_the_next(store: Store) -> None:
    for attempt in range(3):
        with store.work() as session:
            session.add(praise(f"{attempt}"))
            session.flush()
    with store.work() as session:
        session.add(praise())
        session.commit()
    assert count(store, Appreciation) == 1


def test_what_was_read_can_be_used_after_the_unit_of_work(store: Store) -> None:
    with store.work() as session:
        session.add(praise())
        session.commit()
    with store.work() as session:
        found = session.scalars(select(Appreciation)).one()
    assert found.text == "terima kasih"


def test_a_record_that_points_nowhere_is_refused(store: Store) -> None:
    with store.work() as session:
        session.add(Slot(office_id="nowhere", day=date(2026, 12, 1), hour=time(9), quota=1))
        with pytest.raises(IntegrityError):
            session.flush()


@pytest.mark.parametrize(("quota", "taken"), [(4, 5), (4, -1)])
def test_the_database_itself_refuses_more_places_than_there_are(store: Store, quota: int, taken: int) -> None:
    with store.work() as session:
        session.add(Office(id="bogor", zone="WIB"))
        session.flush()
        session.add(Slot(office_id="bogor", day=date(2026, 12, 1), hour=time(9), quota=quota, taken=taken))
        with pytest.raises(IntegrityError, match="ck_slots_taken"):
            session.flush()


# Moments


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with store.work() as session:
        session.add(praise(created_at=datetime(2026, 11, 23, 8, 0)))
        with pytest.raises(StatementError, match="time zone"):
            session.flush()


def test_a_moment_without_a_time_zone_cannot_even_be_asked_for(store: Store) -> None:
    with store.work() as session, pytest.raises(StatementError, match="time zone"):
        session.scalars(select(Appreciation).where(Appreciation.created_at < datetime(2026, 11, 23))).all()


@pytest.mark.parametrize("moment", [MOMENT, MOMENT.astimezone(WIT), MOMENT.astimezone(timezone.utc)])
def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Store, moment: datetime) -> None:
    with store.work() as session:
        session.add(praise(created_at=moment))
        session.commit()
    with store.work() as session:
        stored = session.scalars(select(Appreciation)).one().created_at
    assert stored == MOMENT
    assert stored.utcoffset() == timedelta(0)


def test_moments_of_different_zones_are_compared_as_moments(store: Store) -> None:
    with store.work() as session:
        session.add(praise(created_at=datetime(2026, 11, 23, 9, 30, tzinfo=WIT)))
        session.commit()
    with store.work() as session:
        earlier = select(Appreciation).where(Appreciation.created_at < datetime(2026, 11, 23, 8, 0, tzinfo=WIB))
        assert len(session.scalars(earlier).all()) == 1


def test_a_missing_moment_stays_missing(store: Store) -> None:
    with store.work() as session:
        session.add(Handover(conversation_id="wa:1", asked_at=MOMENT))
        session.commit()
    with store.work() as session:
        assert session.scalars(select(Handover)).one().answered_at is None


# Migrations


def test_the_migrations_give_the_schema_of_the_tables(store: Store) -> None:
    with store.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_booking_of_the_first_schema_keeps_its_place_and_its_people(new_store: Databases) -> None:
    store = new_store.empty()
    schema.upgrade(store, "0001")
    with store.engine.begin() as connection:
        for statement in FIRST_SCHEMA_BOOKING:
            connection.execute(text(statement))
    schema.upgrade(store)
    with store.work() as session:
        booking = session.scalars(select(Booking)).one()
        assert (booking.office_id, booking.day, booking.service) == ("bogor", date(2026, 11, 24), "paspor")
        assert (booking.slot.taken, booking.slot.priority_quota) == (1, 0)
        assert [person.name for person in booking.applicants] == ["Budi"]
        assert session.get(Office, "bogor").kinds == ["baru", "penggantian", "ambil"]
    new_store.discard(store)


FIRST_SCHEMA_BOOKING = (
    "INSERT INTO offices VALUES ('bogor', 'WIB', true, 14, 5, false)",
    "INSERT INTO slots VALUES (7, 'bogor', '2026-11-24', '09:00:00.000000', 6, 1)",
    "INSERT INTO bookings VALUES (3, 'wa:1', 7, 'baru', 1, 'confirmed', NULL, '7KQM-4W2P', 1, '2026-11-23 01:00:00')",
    "INSERT INTO booked_applicants VALUES (3, 1, 'Budi', '3275010708950004', '1995-08-07')",
)


def test_the_migrations_give_every_check_and_key_of_the_tables(store: Store, new_store: Databases) -> None:
    direct = new_store.empty()
    Base.metadata.create_all(direct.engine)
    expected, migrated = described(direct), described(store)
    new_store.discard(direct)
    assert migrated == expected
    assert sum(len(table["checks"]) for table in expected.values()) >= 6


def described(store: Store) -> dict[str, Any]:
    """What compare_metadata leaves out: checks, keys, uniqueness."""
    with store.engine.begin() as connection:
        inspector = inspect(connection)
        return {
            table: {
                "columns": {
                    (entry["name"], str(entry["type"]), entry["nullable"]) for entry in inspector.get_columns(table)
                },
                "primary": inspector.get_pk_constraint(table)["constrained_columns"],
                "checks": {(entry["name"], entry["sqltext"]) for entry in inspector.get_check_constraints(table)},
                "unique": {tuple(entry["column_names"]) for entry in inspector.get_unique_constraints(table)},
                "foreign": {
                    (*entry["constrained_columns"], entry["referred_table"], str(entry["options"]))
                    for entry in inspector.get_foreign_keys(table)
                },
                "indexes": {(entry["name"], *entry["column_names"]) for entry in inspector.get_indexes(table)},
            }
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }


def test_upgrading_twice_changes_nothing_and_keeps_the_records(store: Store) -> None:
    with store.work() as session:
        session.add(praise())
        session.commit()
    before = described(store)
    schema.upgrade(store)
    assert described(store) == before
    assert count(store, Appreciation) == 1


def test_an_untouched_database_gets_every_table(new_store: Databases) -> None:
    fresh = new_store.empty()
    schema.upgrade(fresh)
    with fresh.engine.begin() as connection:
        assert {*inspect(connection).get_table_names()} == {*Base.metadata.tables, "alembic_version"}
    new_store.discard(fresh)


def test_every_migration_can_be_taken_back_and_done_again(new_store: Databases) -> None:
    store = new_store.empty()
    schema.upgrade(store, "0002")
    older = described(store)
    schema.upgrade(store)
    newest = described(store)
    schema.downgrade(store, "0002")
    assert described(store) == older
    schema.downgrade(store, "base")
    assert described(store) == {}
    schema.upgrade(store)
    assert described(store) == newest
    new_store.discard(store)


def test_bookings_that_an_older_schema_can_hold_survive_it(store: Store) -> None:
    with store.work() as session:
        session.add(Office(id="bogor", zone="WIB"))
        hour = {"office_id": "bogor", "day": date(2026, 11, 24), "hour": time(9)}
        passports = Slot(**hour, quota=6, taken=3, priority_quota=2, priority_taken=2)
        pick_ups = Slot(**hour, service="ambil", quota=4, taken=1)
        session.add_all(
            [
                booking_of(passports, "wa:1", 1),
                booking_of(passports, "wa:2", 2, state="arrived"),
                booking_of(passports, "wa:3", 3, priority=True),
                booking_of(passports, "wa:4", None, state="offered", code=None, held_until=MOMENT, applicants=[]),
                booking_of(
                    passports, "wa:5", None, state="offered", code=None, held_until=MOMENT, applicants=[], priority=True
                ),
                booking_of(pick_ups, "wa:6", 4, service="ambil"),
            ]
        )
        session.commit()
    schema.downgrade(store, "0002")
    with store.engine.begin() as connection:
        rows = connection.execute(text("SELECT conversation_id, state FROM bookings ORDER BY conversation_id")).all()
        people = connection.execute(text("SELECT name FROM booked_applicants")).scalars().all()
        slots = connection.execute(text("SELECT quota, taken FROM slots")).all()
    assert rows == [("wa:1", "confirmed"), ("wa:2", "confirmed"), ("wa:3", "confirmed")]
    assert sorted(people) == ["wa:1", "wa:2", "wa:3"]
    assert slots == [(8, 3)]
    schema.upgrade(store)
    with store.work() as session:
        kept = session.scalars(select(Booking).order_by(Booking.id)).all()
    assert [(row.office_id, row.day, row.first_number, row.priority) for row in kept] == [
        ("bogor", date(2026, 11, 24), number, False) for number in (1, 2, 3)
    ]


def booking_of(slot: Slot, who: str, number: int | None, **changes: Any) -> Booking:
    """A confirmed booking of one person, called like the conversation."""
    person = BookedApplicant(position=1, name=who, nik="3275010708950004", birth_date=date(1995, 8, 7))
    values: dict[str, Any] = {
        "conversation_id": who,
        "slot": slot,
        "office_id": "bogor",
        "day": slot.day,
        "kind": "baru",
        "places": 1,
        "state": "confirmed",
        "code": who,
        "first_number": number,
        "applicants": [person],
        "created_at": MOMENT,
    }
    return Booking(**(values | changes))


# Demonstration records


def workdays(day: date) -> bool:
    return day.weekday() < 5


def test_demonstration_records_are_marked_as_such(store: Store, clock: SettableClock) -> None:
    demo.fill(store, clock, workdays)
    with store.work() as session:
        applications, offices = session.scalars(select(Application)).all(), session.scalars(select(Office)).all()
        assert len(applications) == len(demo.APPLICATIONS)
        assert {office.id: office.zone for office in offices} == demo.OFFICES
        assert all(record.demo for record in (*applications, *offices))


def test_demonstration_hours_are_those_of_the_working_week(store: Store, clock: SettableClock) -> None:
    demo.fill(store, clock, workdays)
    with store.work() as session:
        week = session.scalars(select(WeeklyHour).filter_by(office_id="bogor", service="paspor")).all()
    assert {row.weekday for row in week} == {0, 1, 2, 3, 4}
    assert {row.hour for row in week} == {time(hour) for hour in (8, 9, 10, 11, 13, 14)}
    assert {(row.quota, row.priority_quota) for row in week} == {(6, 1)}


def test_a_demonstration_appointment_never_falls_on_a_closed_day(store: Store, clock: SettableClock) -> None:
    # Three days after Wednesday is a Saturday.
    clock.advance(days=2)
    demo.fill(store, clock, workdays)
    with store.work() as session:
        (appointment,) = session.scalars(
            select(Application.scheduled_for).filter(Application.scheduled_for.is_not(None))
        )
    assert appointment == datetime(2026, 11, 30, 9, 0, tzinfo=WIB)


def test_the_demonstration_can_be_filled_twice_without_losing_a_booking(store: Store, clock: SettableClock) -> None:
    demo.fill(store, clock, workdays)
    with store.work() as session:
        slot = Slot(office_id="bogor", day=date(2026, 11, 24), hour=time(9), quota=6, taken=1)
        budi = BookedApplicant(position=1, name="Budi", nik="3275010708950004", birth_date=date(1995, 8, 7))
        booking = Booking(conversation_id="wa:1", slot=slot, office_id="bogor", day=slot.day, kind="baru", places=1)
        booking.state, booking.code, booking.first_number, booking.applicants = "confirmed", "7KQM-4W2P", 1, [budi]
        booking.created_at = clock()
        session.add(booking)
        session.commit()
    demo.fill(store, clock, workdays)
    with store.work() as session:
        booking = session.scalars(select(Booking)).one()
        assert (booking.state, booking.slot.taken, len(booking.applicants)) == ("confirmed", 1, 1)
    assert count(store, Office) == len(demo.OFFICES)
    assert count(store, Application) == len(demo.APPLICATIONS)


# Drafts


def test_a_draft_is_kept_for_an_hour_after_the_last_change(store: Store, clock: SettableClock) -> None:
    drafts = Drafts(store, clock)
    drafts.put("wa:1", "antrean", {"pemohon": [{"nama": "Budi"}]})
    clock.advance(minutes=59)
    drafts.put("wa:1", "antrean", {"pemohon": []})
    clock.advance(minutes=60)
    assert drafts.get("wa:1", "antrean") == {"pemohon": []}
    clock.advance(seconds=1)
    assert drafts.get("wa:1", "antrean") == {}


def test_drafts_of_other_conversations_and_journeys_are_not_mixed_up(store: Store, clock: SettableClock) -> None:
    drafts = Drafts(store, clock)
    drafts.put("wa:1", "antrean", {"nama": "Budi"})
    drafts.put("wa:2", "antrean", {"nama": "Siti"})
    drafts.put("wa:1", "status", {"nomor": "1"})
    drafts.forget("wa:1", "antrean")
    assert drafts.get("wa:1", "antrean") == {}
    assert drafts.get("wa:2", "antrean") == {"nama": "Siti"}
    assert drafts.get("wa:1", "status") == {"nomor": "1"}


def test_expired_drafts_do_not_stay_in_the_database(store: Store, clock: SettableClock) -> None:
    drafts = Drafts(store, clock)
    drafts.put("wa:1", "antrean", {"nik": "3275010708950004"})
    clock.advance(hours=2)
    drafts.put("wa:2", "status", {})
    with store.engine.begin() as connection:
        assert connection.execute(text("SELECT conversation_id FROM drafts")).scalars().all() == ["wa:2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=30)
@given(entries=st.dictionaries(st.text(), JSON, max_size=4))
def test_any_entries_come_back_as_they_were(new_store: Callable[[], Store], entries: dict[str, Any]) -> None:
    drafts = Drafts(new_store(), SettableClock())
    drafts.put("wa:1", "antrean", entries)
    assert drafts.get("wa:1", "antrean") == entries
