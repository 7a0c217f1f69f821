"""Looking for a place: which offices take bookings, which days and hours are free, what is near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from sigap.booking import ledger
from sigap.booking.due import Due
from sigap.booking.outcomes import PASSPORT, Alternatives, HourPlaces, OfficePlaces, OfficeQueue
from sigap.clock import ZONES, Clock
from sigap.store.session import Store
from sigap.store.tables import Closure, Office

_SHOWN = 3
_NEIGHBOURS_ASKED = 12


class Places:
    """What is free. `neighbours` gives the ids of other offices, nearest first."""

    def __init__(self, store: Store, clock: Clock, due: Due, neighbours: Callable[[str], Sequence[str]]) -> None:
        self._store = store
        self._clock = clock
        self._due = due
        self._neighbours = neighbours

    def office(self, office_id: str) -> OfficeQueue | None:
        """How this office takes bookings; None when it has never been set up."""
        with self._store.reading() as session:
            office = session.get(Office, office_id)
            return office and ledger.office_queue(office)

    def offices(self, kind: str | None = None) -> list[str]:
        """Ids of the offices that take bookings, of any kind or of this one."""
        with self._store.reading() as session:
            rows = session.execute(select(Office.id, Office.kinds).where(Office.takes_bookings).order_by(Office.id))
            return [office_id for office_id, kinds in rows if kind is None or kind in kinds]

    def free_days(
        self,
        office_id: str,
        places: int = 1,
        conversation_id: str | None = None,
        *,
        priority: bool = False,
        service: str = PASSPORT,
    ) -> list[date]:
        """Days of the booking window on which some hour has at least `places` free, earliest first.

        What `conversation_id` itself holds counts as free: it may keep those places. `priority` counts the places for
        priority groups too.
        """
        hours = self._open_hours(office_id, conversation_id, priority, service)
        return sorted({day for day, hour in hours if hour.free >= places})

    def free_hours(
        self,
        office_id: str,
        day: date,
        places: int = 1,
        conversation_id: str | None = None,
        *,
        priority: bool = False,
        service: str = PASSPORT,
    ) -> list[HourPlaces]:
        """Hours of `day` with at least `places` free, earliest first; the other arguments as for `free_days`."""
        hours = self._open_hours(office_id, conversation_id, priority, service, only=day)
        return [hour for _, hour in hours if hour.free >= places]

    def alternatives(
        self,
        office_id: str,
        day: date,
        hour: time | None = None,
        places: int = 1,
        conversation_id: str | None = None,
        *,
        priority: bool = False,
        service: str = PASSPORT,
    ) -> Alternatives:
        """What is free near a wish that cannot be met: at most three hours, days and offices each, nearest first."""
        free = [
            (free_day, places_then)
            for free_day, places_then in self._open_hours(office_id, conversation_id, priority, service)
            if places_then.free >= places
        ]
        wished = _minutes(hour or time(0))
        hours = [then for free_day, then in free if free_day == day and then.hour != hour]
        days = {free_day for free_day, _ in free} - {day}
        return Alternatives(
            hours=tuple(sorted(hours, key=lambda then: (abs(_minutes(then.hour) - wished), then.hour))[:_SHOWN]),
            days=tuple(sorted(days, key=lambda other: (abs((other - day).days), other))[:_SHOWN]),
            offices=self._offices_near(office_id, places, priority, service),
        )

    def _open_hours(
        self, office_id: str, conversation_id: str | None, priority: bool, service: str, only: date | None = None
    ) -> list[tuple[date, HourPlaces]]:
        self._due.settle(office_id)
        now = self._clock()
        with self._store.reading() as session:
            office = session.get(Office, office_id)
            if office is None or not office.takes_bookings:
                return []
            today = ledger.today_at(office, now)
            mine = ledger.mine(session, conversation_id) if conversation_id else []
            own = {held.slot_id: held for held in mine if held.state in ledger.UNCONFIRMED}
            closed = select(Closure.day).filter_by(office_id=office_id)
            slot = ledger.SLOT
            window = (
                select(slot.id, slot.day, slot.hour, slot.quota - slot.taken, slot.priority_quota - slot.priority_taken)
                .filter_by(office_id=office_id, service=service)
                .where(slot.day >= today, slot.day <= today + timedelta(days=office.window_days))
                .where(slot.day.not_in(closed))
                .order_by(slot.day, slot.hour)
            )
            if only is not None:
                window = window.where(slot.day == only)
            rows = session.execute(window).all()
        hours = []
        for slot_id, day, hour, free, priority_free in rows:
            if datetime.combine(day, hour, ZONES[office.zone]) <= now:
                continue
            if held := own.get(slot_id):
                free += 0 if held.priority else held.places
                priority_free += held.places if held.priority else 0
            hours.append((day, HourPlaces(hour, max(free, priority_free) if priority else free)))
        return hours

    def _offices_near(self, office_id: str, places: int, priority: bool, service: str) -> tuple[OfficePlaces, ...]:
        taking = set(self.offices())
        near = [other for other in self._neighbours(office_id) if other in taking][:_NEIGHBOURS_ASKED]
        found: list[OfficePlaces] = []
        for other in near:
            days = self.free_days(other, places, priority=priority, service=service)
            if days:
                found.append(OfficePlaces(other, days[0]))
            if len(found) == _SHOWN:
                break
        return tuple(found)


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute
