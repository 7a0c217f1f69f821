"""Demonstration records, all marked as such: a few applications, and offices that take bookings for two weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product

from sigap.clock import WIB, Clock
from sigap.store.session import Store
from sigap.store.tables import Application, Office, WeeklyHour

_WORKDAYS = range(5)
# Queue, hours, places for all, places for priority groups: the same on every working day.
WEEK: tuple[tuple[str, tuple[int, ...], int, int], ...] = (
    ("paspor", (8, 9, 10, 11, 13, 14), 6, 1),
    ("ambil", (10, 13, 14), 4, 1),
)
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
    """Add or refresh the demonstration records. Safe to repeat: bookings and their places stay.

    The queue itself opens the two weeks that can be booked.
    """
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
                    id=office_id,
                    zone=zone,
                    takes_bookings=True,
                    move_limit=3,
                    move_until_days=0,  # so that a booking for today can be moved while one tries it out
                    demo=True,
                )
            )
            for service, hours, quota, priority_quota in WEEK:
                for weekday, hour in product(_WORKDAYS, hours):
                    key = {"office_id": office_id, "service": service, "weekday": weekday, "hour": time(hour)}
                    session.merge(WeeklyHour(**key, quota=quota, priority_quota=priority_quota))
        session.commit()
