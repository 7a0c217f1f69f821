"""Demonstration records, all marked as such: a few applications, and offices that take bookings for two weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from sigap.clock import WIB, ZONES, Clock
from sigap.store.session import Store
from sigap.store.tables import Application, Office, Slot

_DAYS_OPEN = 14
_HOURS = tuple(time(hour) for hour in (8, 9, 10, 11, 13, 14))
_QUOTA = 6
OFFICES: Mapping[str, str] = {
    "jakarta_pusat": "WIB",
    "jakarta_selatan": "WIB",
    "bogor": "WIB",
    "surabaya": "WIB",
    "makassar": "WITA",
    "jayapura": "WIT",
}
# Number, birth date, kind, stage, days since the stage began, and which dates the stage knows (days from today).
APPLICATIONS: tuple[tuple[str, date, str, str, int, dict[str, int]], ...] = (
    ("1179000000012345", date(1990, 8, 17), "baru", "adjudikasi", 1, {"interviewed_on": -2}),
    ("1179000000023456", date(1987, 1, 25), "penggantian", "siap_diambil", 3, {"interviewed_on": -8, "ready_on": -3}),
    ("1179000000034567", date(2015, 3, 9), "baru", "terjadwal", 1, {"scheduled_for": 3}),
    ("1179000000045678", date(1978, 12, 2), "penggantian", "menunggu_pembayaran", 0, {}),
    ("1179000000056789", date(1995, 5, 21), "baru", "berkas_kurang", 2, {"interviewed_on": -4}),
    ("1179000000067890", date(2001, 10, 30), "penggantian", "cetak", 1, {"interviewed_on": -3}),
)


def fill(store: Store, clock: Clock, is_working: Callable[[date], bool]) -> None:
    """Add or refresh the demonstration records. Safe to repeat: bookings and their places stay."""
    now = clock()
    today = now.astimezone(WIB).date()
    with store.work() as session:
        for number, birth_date, kind, stage, age, dates in APPLICATIONS:
            known = {name: today + timedelta(days=days) for name, days in dates.items()}
            if "scheduled_for" in known:
                day = known["scheduled_for"]
                while not is_working(day):
                    day += timedelta(days=1)
                known["scheduled_for"] = datetime.combine(day, time(9), WIB)
            session.merge(
                Application(
                    number=number,
                    birth_date=birth_date,
                    office_id="jakarta_pusat",
                    kind=kind,
                    stage=stage,
                    stage_since=now - timedelta(days=age),
                    demo=True,
                    **known,
                )
            )
        for office_id, zone in OFFICES.items():
            real = session.get(Office, office_id)
            if real is not None and not real.demo:
                continue
            session.merge(
                Office(
                    id=office_id, zone=zone, takes_bookings=True, window_days=_DAYS_OPEN, max_applicants=5, demo=True
                )
            )
            session.flush()
            first = now.astimezone(ZONES[zone]).date()
            existing = set(session.execute(select(Slot.day, Slot.hour).filter_by(office_id=office_id)).all())
            session.add_all(
                Slot(office_id=office_id, day=day, hour=hour, quota=_QUOTA)
                for day in (first + timedelta(days=offset) for offset in range(_DAYS_OPEN + 1))
                for hour in _HOURS
                if is_working(day) and (day, hour) not in existing
            )
        session.commit()
