"""Opening hours and quotas: the ordinary week of an office becomes places that can be booked, when their time comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sigap.booking import ledger
from sigap.booking.closing import ClosureNews
from sigap.booking.outcomes import PASSPORT
from sigap.booking.waiting import Offers
from sigap.clock import ZONES, Clock
from sigap.store.session import Busy, Store, insert_new, lock
from sigap.store.tables import Closure, Office, Slot, Waiter, WeeklyHour

_WEEK = timedelta(days=7)
_WEEKLY: Any = WeeklyHour


@dataclass(frozen=True)
class WeekPlan:
    """Places of some hours on some weekdays (0 is Monday)."""

    weekdays: tuple[int, ...]
    hours: tuple[time, ...]
    quota: int
    priority_quota: int = 0
    service: str = PASSPORT


@dataclass(frozen=True)
class SlotCount:
    """One hour with what is open and what is taken."""

    service: str
    day: date
    hour: time
    quota: int
    taken: int
    priority_quota: int
    priority_taken: int


@dataclass(frozen=True)
class OfficeSettings:
    """Everything that can be set about an office's queue; see `sigap.store.tables.Office`."""

    id: str
    zone: str
    takes_bookings: bool
    kinds: tuple[str, ...]
    window_days: int
    opens_weekday: int | None
    opens_at: time | None
    max_applicants: int
    move_limit: int
    move_until_days: int
    month_limit: int
    demo: bool
    opened_through: date | None = None


class UnknownOffice(LookupError):
    """No office with this id has been set up."""


class TooManyTaken(ValueError):
    """The quota cannot be lowered below what is taken already."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} places are taken")
        self.taken = taken


class Quotas:
    """What officers decide. `holidays` are the days on which no office is open (data/knowledge/libur.yml)."""

    def __init__(
        self, store: Store, clock: Clock, holidays: Collection[date], offers: Offers, closures: ClosureNews
    ) -> None:
        self._store = store
        self._clock = clock
        self._holidays = holidays
        self._offers = offers
        self._closures = closures

    def offices(self) -> list[OfficeSettings]:
        """All offices that have been set up."""
        with self._store.reading() as session:
            return [_settings(office) for office in session.scalars(select(Office).order_by(Office.id))]

    def office(self, office_id: str) -> OfficeSettings:
        """One office. Raises `UnknownOffice`."""
        with self._store.reading() as session:
            return _settings(_office(session, office_id))

    def set_office(self, office_id: str, **changes: Any) -> OfficeSettings:
        """Set up or change an office; the names are those of `OfficeSettings`. A new one needs its `zone`."""
        with self._store.work() as session:
            lock(session, [_opening_lock(office_id)])
            office = session.get(Office, office_id)
            if office is None:
                office = Office(id=office_id, **changes)
                session.add(office)
            for name, value in changes.items():
                setattr(office, name, list(value) if name == "kinds" else value)
            session.commit()
            return _settings(office)

    def plan(self, office_id: str) -> list[WeekPlan]:
        """The ordinary week, hours of equal quota together."""
        with self._store.reading() as session:
            _office(session, office_id)
            rows = session.scalars(select(WeeklyHour).filter_by(office_id=office_id).order_by(_WEEKLY.hour)).all()
        by_day: dict[tuple[str, int, int, int], list[time]] = {}
        for row in rows:
            by_day.setdefault((row.service, row.weekday, row.quota, row.priority_quota), []).append(row.hour)
        alike: dict[tuple[str, tuple[time, ...], int, int], list[int]] = {}
        for (service, weekday, quota, priority), hours in sorted(by_day.items()):
            alike.setdefault((service, tuple(hours), quota, priority), []).append(weekday)
        return [
            WeekPlan(tuple(weekdays), hours, quota, priority, service)
            for (service, hours, quota, priority), weekdays in alike.items()
        ]

    def set_plan(self, office_id: str, plans: Sequence[WeekPlan], replace: bool = False) -> None:
        """Set hours of the ordinary week; a quota of zero removes the hour. `replace` forgets the whole week first.

        Days that are open already stay as they are.
        """
        with self._store.work() as session:
            office = _office(session, office_id)
            today = ledger.today_at(office, self._clock())
            ahead = select(Slot.id).filter_by(office_id=office_id).where(ledger.SLOT.day >= today)
            if session.scalars(ahead).first() is None:
                office.opened_through = None  # days that were opened before there was a plan are empty: open them again
            if replace:
                session.execute(delete(WeeklyHour).filter_by(office_id=office_id))
            for plan in plans:
                for weekday in plan.weekdays:
                    for hour in plan.hours:
                        key = {"office_id": office_id, "service": plan.service, "weekday": weekday, "hour": hour}
                        session.execute(delete(WeeklyHour).filter_by(**key))
                        if plan.quota or plan.priority_quota:
                            session.add(WeeklyHour(**key, quota=plan.quota, priority_quota=plan.priority_quota))
                        session.flush()
            session.commit()

    def days(self, office_id: str, first: date, last: date) -> list[SlotCount]:
        """Every open hour from `first` to `last` with what is taken."""
        with self._store.reading() as session:
            _office(session, office_id)
            slots = session.scalars(
                select(Slot)
                .filter_by(office_id=office_id)
                .where(ledger.SLOT.day >= first, ledger.SLOT.day <= last)
                .order_by(Slot.day, Slot.service, Slot.hour)
            )
            return [
                SlotCount(
                    slot.service,
                    slot.day,
                    slot.hour,
                    slot.quota,
                    slot.taken,
                    slot.priority_quota,
                    slot.priority_taken,
                )
                for slot in slots
            ]

    def set_hour(
        self,
        office_id: str,
        day: date,
        hour: time,
        quota: int | None = None,
        priority_quota: int | None = None,
        service: str = PASSPORT,
    ) -> SlotCount:
        """Change or add one hour of one day; more places go to those who wait first.

        Raises `TooManyTaken` when fewer places are wished for than are taken.
        """
        key = {"office_id": office_id, "service": service, "day": day, "hour": hour}
        with self._store.work() as session:
            _office(session, office_id)
            insert_new(session, Slot, [key | {"quota": 0, "taken": 0, "priority_quota": 0, "priority_taken": 0}])
            slot = session.scalars(select(Slot).filter_by(**key).with_for_update()).one()
            wished = (
                slot.quota if quota is None else quota,
                slot.priority_quota if priority_quota is None else priority_quota,
            )
            if wished[0] < slot.taken or wished[1] < slot.priority_taken:
                raise TooManyTaken(slot.taken if wished[0] < slot.taken else slot.priority_taken)
            slot.quota, slot.priority_quota = wished
            session.flush()
            self._offers.offer(session, [slot.id])
            session.commit()
            return SlotCount(service, day, hour, slot.quota, slot.taken, slot.priority_quota, slot.priority_taken)

    def closures(self, office_id: str, first: date) -> list[tuple[date, str]]:
        """Closed days from `first` on, with their reasons."""
        with self._store.reading() as session:
            _office(session, office_id)
            rows = session.execute(
                select(Closure.day, Closure.reason).filter_by(office_id=office_id).order_by(Closure.day)
            ).all()
            return [(day, reason) for day, reason in rows if day >= first]

    def close(self, office_id: str, first: date, last: date, reason: str) -> dict[date, int]:
        """Close days: nothing more can be booked, and whoever has a booking is told.

        Returns how many confirmed bookings stand on each of the days that have any; they stay until they are moved or
        cancelled.
        """
        with self._store.work() as session:
            _office(session, office_id)
            day = first
            while day <= last:
                session.merge(Closure(office_id=office_id, day=day, reason=reason))
                day += timedelta(days=1)
            session.commit()
        self._tell()
        with self._store.reading() as session:
            booked = session.execute(
                select(ledger.BOOKING.day, func.count())
                .filter_by(office_id=office_id, state="confirmed")
                .where(ledger.BOOKING.day.between(first, last))
                .group_by(ledger.BOOKING.day)
                .order_by(ledger.BOOKING.day)
            )
            return dict(booked.all())

    def reopen(self, office_id: str, first: date, last: date) -> None:
        """Take back the closure of days; whoever still has a booking there is told that it holds."""
        with self._store.work() as session:
            _office(session, office_id)
            session.execute(
                delete(Closure)
                .filter_by(office_id=office_id)
                .where(ledger.CLOSURE.day.between(first, last))
                .execution_options(synchronize_session=False)
            )
            session.commit()
        self._tell()

    def _tell(self) -> None:
        """The change stands already; whoever is busy now is told with the next sweep."""
        with suppress(Busy):
            self._closures.tell()

    def open_due(self, office_id: str | None = None) -> int:
        """Open every day whose time has come, at one office or at all; returns how many hours were opened.

        Safe to call at any moment and from many processes.
        """
        now = self._clock()
        with self._store.reading() as session:
            offices = session.scalars(select(Office) if office_id is None else select(Office).filter_by(id=office_id))
            due = [office.id for office in offices if is_due(office, now)]
        return sum(self.open_through(one) for one in due)

    def open_through(self, office_id: str, through: date | None = None) -> int:
        """Open an office's days up to `through`, by default up to where its rule says; returns the number of hours."""
        now = self._clock()
        with self._store.work() as session:
            lock(session, [_opening_lock(office_id)])
            office = _office(session, office_id)
            session.refresh(office)
            today = ledger.today_at(office, now)
            last = through or last_open_day(office, now)
            first = max(today, office.opened_through + timedelta(days=1)) if office.opened_through else today
            week = session.scalars(select(WeeklyHour).filter_by(office_id=office_id)).all()
            rows = [
                {
                    "office_id": office_id,
                    "service": hour.service,
                    "day": day,
                    "hour": hour.hour,
                    "quota": hour.quota,
                    "taken": 0,
                    "priority_quota": hour.priority_quota,
                    "priority_taken": 0,
                }
                for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1))
                if day not in self._holidays
                for hour in week
                if hour.weekday == day.weekday()
            ]
            insert_new(session, Slot, rows)
            office.opened_through = max(last, office.opened_through or last)
            session.flush()
            opened = session.scalars(
                select(Slot.id).filter_by(office_id=office_id).where(ledger.SLOT.day.between(first, last))
            ).all()
            self._offers.offer(session, opened if _somebody_waits(session, office_id) else [])
            session.commit()
            return len(rows)


def is_due(office: Office, now: datetime) -> bool:
    """Whether days of this office wait to be opened."""
    return office.opened_through is None or office.opened_through < last_open_day(office, now)


def last_open_day(office: Office, now: datetime) -> date:
    """The last day that may be booked by the office's rule.

    With a weekly opening: the Sunday of the week after the latest opening moment. Otherwise: the end of the window.
    """
    if office.opens_weekday is None:
        return ledger.today_at(office, now) + timedelta(days=office.window_days)
    zone = ZONES[office.zone]
    today = now.astimezone(zone).date()
    opening = today - timedelta(days=(today.weekday() - office.opens_weekday) % 7)
    if datetime.combine(opening, office.opens_at or time(0), zone) > now:
        opening -= _WEEK
    return opening + timedelta(days=6 - opening.weekday()) + _WEEK


def _somebody_waits(session: Session, office_id: str) -> bool:
    return session.scalars(select(Waiter.id).filter_by(office_id=office_id, state="waiting")).first() is not None


def _opening_lock(office_id: str) -> str:
    return f"opening:{office_id}"


def _office(session: Session, office_id: str) -> Office:
    office: Office | None = session.get(Office, office_id)
    if office is None:
        raise UnknownOffice(office_id)
    return office


def _settings(office: Office) -> OfficeSettings:
    return OfficeSettings(
        id=office.id,
        zone=office.zone,
        takes_bookings=office.takes_bookings,
        kinds=tuple(office.kinds),
        window_days=office.window_days,
        opens_weekday=office.opens_weekday,
        opens_at=office.opens_at,
        max_applicants=office.max_applicants,
        move_limit=office.move_limit,
        move_until_days=office.move_until_days,
        month_limit=office.month_limit,
        demo=office.demo,
        opened_through=office.opened_through,
    )
