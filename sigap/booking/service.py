"""The queue of an office: which places are free, holding them for a moment, confirming, moving, giving them back.

Every step is one transaction. A place is taken by a conditional update of its slot's counter, so two applicants can
never be given the same last place, whatever the database; `sigap.booking.ledger` has the rules of locking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sigap.booking import ledger, limits
from sigap.booking.codes import new_code, read_code
from sigap.booking.desk import Desk
from sigap.booking.outcomes import (
    PASSPORT,
    PICKUP,
    AlreadyBooked,
    Alternatives,
    Applicant,
    Cancelled,
    Closed,
    Full,
    Held,
    HoldLapsed,
    HourPlaces,
    LockedOut,
    MonthFull,
    MovesUsedUp,
    NamedTwice,
    NoBooking,
    NotProven,
    NotReady,
    OfficePlaces,
    OfficeQueue,
    Paused,
    PersonBooked,
    Swept,
    Ticket,
    TooLateToMove,
)
from sigap.booking.quotas import Quotas, is_due
from sigap.booking.waiting import Offers, WaitingList
from sigap.clock import ZONES, Clock
from sigap.store.outbox import Outbox
from sigap.store.proofs import Proofs
from sigap.store.session import Store, lock
from sigap.store.tables import Application, BookedApplicant, Booking, Closure, LiveClaim, Office, Slot, Waiter

# Long enough to read a summary and answer, short enough that an abandoned chat does not keep a place from others.
HOLD = timedelta(minutes=10)
# Codes are drawn from 2.7e10; a second collision in a row has never been seen, a fifth means that something is broken.
_CODE_TRIES = 5
_SHOWN = 3
_NEIGHBOURS_ASKED = 12
_READY = "siap_diambil"
_UNCONFIRMED = frozenset({"held", "offered"})
_WAITER: Any = Waiter
_CLAIM: Any = LiveClaim


class Queue:
    """The booking service.

    `key` makes the hashes that tell a NIK again; `holidays` are the days on which no office is open; `neighbours`
    gives the ids of other offices, nearest first. `quotas`, `waiting` and `desk` are the officers' side of opening
    places, the waiting list, and the door.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        make_code: Callable[[], str] = new_code,
        *,
        key: str = "",
        holidays: Collection[date] = (),
        neighbours: Callable[[str], Sequence[str]] = lambda _: (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._make_code = make_code
        self._key = key
        self._neighbours = neighbours
        self._proofs = Proofs(clock)
        self._offers = Offers(clock, Outbox(store, clock))
        self.quotas = Quotas(store, clock, holidays, self._offers)
        self.waiting = WaitingList(store, clock, self._offers)
        self.desk = Desk(store, clock)

    # Looking

    def office(self, office_id: str) -> OfficeQueue | None:
        """How this office takes bookings; None when it has never been set up."""
        with self._store.work() as session:
            office = session.get(Office, office_id)
            return office and OfficeQueue(
                office_id=office.id,
                zone=office.zone,
                takes_bookings=office.takes_bookings,
                max_applicants=office.max_applicants,
                demo=office.demo,
                kinds=tuple(office.kinds),
                opens=None if office.opens_weekday is None else (office.opens_weekday, office.opens_at),
                window_days=office.window_days,
                move_limit=office.move_limit,
                move_until_days=office.move_until_days,
            )

    def offices(self, kind: str | None = None) -> list[str]:
        """Ids of the offices that take bookings, of any kind or of this one."""
        with self._store.work() as session:
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

    def booking_of(self, conversation_id: str, service: str | None = None) -> Ticket | NoBooking:
        """The live booking of this conversation, confirmed and not yet over; the latest of any queue by default."""
        with self._store.work() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            return ledger.ticket(session, booked) if booked else NoBooking()

    # Holding and confirming

    def hold(
        self, conversation_id: str, office_id: str, day: date, hour: time, kind: str, applicants: Sequence[Applicant]
    ) -> Held | Full | Closed | AlreadyBooked | PersonBooked | NamedTwice | Paused | MonthFull:
        """Keep places for a conversation for `HOLD`; an earlier hold of the same conversation is given back.

        An offer from the waiting list becomes the hold when the places suffice. Whatever limit stands in the way is
        recorded for the officers.
        """
        keys = [f"nik:{ledger.person_key(self._key, person.nik)}" for person in applicants]
        self._prepare(office_id, [*keys, ledger.booking_claim(PASSPORT, conversation_id)])
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id), *keys])
            now, mine = self._clock(), ledger.mine(session, conversation_id)
            if booked := ledger.live(session, mine, PASSPORT, now):
                limits.record(session, now, conversation_id, office_id, "percakapan")
                session.commit()
                return AlreadyBooked(ledger.ticket(session, booked))
            self._give_back(session, mine)
            office = session.get(Office, office_id)
            outcome: Any = self._refusal(session, conversation_id, office, kind, applicants, keys)
            if outcome is None:
                people = [
                    BookedApplicant(
                        position=position,
                        name=person.name,
                        nik=person.nik,
                        nik_key=key.removeprefix("nik:"),
                        birth_date=person.birth_date,
                    )
                    for position, (person, key) in enumerate(zip(applicants, keys), start=1)
                ]
                wish = Booking(kind=kind, service=PASSPORT, places=len(people), applicants=people)
                may_use_priority = ledger.has_priority(applicants, day)
                outcome = self._place(session, wish, mine, conversation_id, office, day, hour, keys, may_use_priority)
            session.commit()
            return outcome  # type: ignore[no-any-return]

    def hold_pickup(
        self,
        conversation_id: str,
        number: str,
        birth_date: date,
        day: date,
        hour: time,
        collector: str,
        proxy: bool = False,
    ) -> Held | Full | Closed | AlreadyBooked | PersonBooked | NotReady | NotProven | LockedOut:
        """Keep a place for collecting the finished passport of application `number`, at the office that has it.

        `birth_date` is the applicant's and proves that the application is theirs, as in the status lookup; `collector`
        is the name of whoever comes, `proxy` says that it is somebody else than the applicant.
        """
        key = f"permohonan:{ledger.person_key(self._key, number)}"
        with self._store.work() as session:
            application = self._proven_application(session, conversation_id, number, birth_date)
            session.commit()
        if isinstance(application, (NotProven, LockedOut)):
            return application
        if application.stage != _READY:
            return NotReady(application.stage)
        office_id = application.office_id
        self._prepare(office_id, [key, ledger.booking_claim(PICKUP, conversation_id)])
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id), key])
            mine = ledger.mine(session, conversation_id)
            if booked := ledger.live(session, mine, PICKUP, self._clock()):
                return AlreadyBooked(ledger.ticket(session, booked))
            self._give_back(session, mine)
            office = session.get(Office, office_id)
            outcome: Any
            if office is None or not office.takes_bookings or PICKUP not in office.kinds:
                outcome = Closed()
            elif ledger.claimed(session, [key]):
                outcome = PersonBooked((1,))
            else:
                person = BookedApplicant(position=1, name=collector, birth_date=birth_date)
                wish = Booking(kind=PICKUP, service=PICKUP, places=1, proxy=proxy, applicants=[person])
                elderly = ledger.has_priority([Applicant("", "", birth_date)], day) and not proxy
                outcome = self._place(session, wish, mine, conversation_id, office, day, hour, [key], elderly)
            session.commit()
            return outcome  # type: ignore[no-any-return]

    def confirm(self, conversation_id: str) -> Ticket | HoldLapsed:
        """Turn this conversation's hold into a booking; asking twice gives the same ticket."""
        self._lapse_due()
        for attempt in range(1, _CODE_TRIES + 1):
            try:
                return self._confirm(conversation_id)
            except IntegrityError:  # another booking has this code; nothing was changed
                if attempt == _CODE_TRIES:
                    raise
        raise AssertionError

    def _confirm(self, conversation_id: str) -> Ticket | HoldLapsed:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now, mine = self._clock(), ledger.mine(session, conversation_id)
            held = next((booking for booking in mine if booking.state == "held"), None)
            if held is None:
                booked = ledger.live(session, mine, None, now)
                return ledger.ticket(session, booked) if booked else HoldLapsed()
            first = ledger.next_numbers(session, held.office_id, held.day, held.places)
            numbered = {"code": self._make_code(), "first_number": first, "confirmed_at": now}
            if not ledger.change_state(session, held, "confirmed", now, **numbered):
                return HoldLapsed()
            ledger.unclaim(session, ledger.hold_claim(conversation_id))
            if held.service == PASSPORT:
                self._set_waiting(session, conversation_id, "served")
            session.commit()
            return ledger.ticket(session, held)

    def release(self, conversation_id: str) -> None:
        """Give back whatever this conversation holds."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            self._give_back(session, ledger.mine(session, conversation_id))
            session.commit()

    # Looking after a booking

    def cancel(self, conversation_id: str, service: str | None = None) -> Cancelled | NoBooking:
        """Cancel the live booking of this conversation; its places are free at once, for those who wait first."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            if booked is None:
                return NoBooking()
            ticket = ledger.ticket(session, booked)
            if not ledger.end(session, booked, "cancelled", self._clock()):
                return NoBooking()
            self._offers.offer(session, [booked.slot_id])
            session.commit()
            return Cancelled(ticket)

    def move(
        self,
        conversation_id: str,
        day: date,
        hour: time,
        office_id: str | None = None,
        service: str | None = None,
    ) -> Ticket | Full | Closed | NoBooking | MovesUsedUp | TooLateToMove:
        """Move the live booking to another hour, of the same office or of `office_id`; code and people stay.

        Its queue numbers are new. The rules are those of the office that has the booking: how often, until when.
        """
        with self._store.work() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            target = office_id or (booked.office_id if booked else None)
        if target is None:
            return NoBooking()
        self._prepare(target)
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now = self._clock()
            booked = ledger.live_booking(session, conversation_id, service, now)
            if booked is None:
                return NoBooking()
            outcome = self._move(session, booked, target, day, hour, now)
            session.commit()
            return outcome

    def movable(
        self, conversation_id: str, service: str | None = None
    ) -> Ticket | NoBooking | MovesUsedUp | TooLateToMove:
        """The live booking if its office's rules let it be moved, or the rule that does not."""
        with self._store.work() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            if booked is None:
                return NoBooking()
            return _fixed(session, booked, self._clock()) or ledger.ticket(session, booked)

    def find(self, conversation_id: str, code: str, birth_date: date) -> Ticket | NotProven | LockedOut:
        """A live booking of another conversation, for whoever knows its code and the birth date of one of its people.

        A wrong code and a wrong birth date are answered alike, and failures are counted with those of the status
        lookup.
        """
        with self._store.work() as session:
            found = self._proven_booking(session, conversation_id, code, birth_date)
            session.commit()
            return ledger.ticket(session, found) if isinstance(found, Booking) else found

    def adopt(
        self, conversation_id: str, code: str, birth_date: date
    ) -> Ticket | NotProven | LockedOut | AlreadyBooked:
        """As `find`, and the booking belongs to this conversation from now on: it can be moved and cancelled here."""
        with self._store.work() as session:
            found = self._proven_booking(session, conversation_id, code, birth_date)
            session.commit()
        if not isinstance(found, Booking):
            return found
        self._mark_no_shows([ledger.booking_claim(found.service, conversation_id)])
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(owner) for owner in (conversation_id, found.conversation_id)])
            booking, mine = session.get(Booking, found.id), ledger.mine(session, conversation_id)
            own = ledger.live(session, mine, booking.service, self._clock())
            if own is not None and own.id != booking.id:
                return AlreadyBooked(ledger.ticket(session, own))
            if booking.state == "confirmed" and booking.conversation_id == found.conversation_id:
                if own is None:
                    # Who has a booking needs neither a hold nor an offer beside it, and waits no longer.
                    self._give_back(
                        session, (place for place in mine if place.service == booking.service), _UNCONFIRMED
                    )
                    if booking.service == PASSPORT:
                        self._set_waiting(session, conversation_id, "served")
                    ledger.unclaim(session, ledger.booking_claim(booking.service, booking.conversation_id))
                    ledger.claim(session, booking.id, [ledger.booking_claim(booking.service, conversation_id)])
                    booking.conversation_id = conversation_id
                session.commit()
                return ledger.ticket(session, booking)
        # It was cancelled or changed hands between the two steps.
        return self.find(conversation_id, code, birth_date)

    # Keeping house

    def sweep(self) -> Swept:
        """Everything that falls due by itself: holds and offers that lapse, quotas that open, offers to those who wait,
        bookings whose day has passed. Safe to run at any time, in several processes.
        """
        lapsed = self._lapse_due()
        opened = self.quotas.open_due()
        expired, offered = self._serve_waiters()
        return Swept(lapsed, self._mark_no_shows(), opened, offered, expired)

    def _lapse_due(self) -> int:
        with self._store.work() as session:
            due = self._due(session)
        return sum(self._lapse(booking_id, conversation_id) for booking_id, conversation_id in due)

    def _due(self, session: Session) -> list[tuple[int, str]]:
        """Holds and offers that have run out: id and conversation."""
        due = select(Booking.id, Booking.conversation_id).where(
            ledger.BOOKING.state.in_(["held", "offered"]), ledger.BOOKING.held_until <= self._clock()
        )
        return list(session.execute(due.order_by(ledger.BOOKING.id)).all())

    def _lapse(self, booking_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now, booking = self._clock(), session.get(Booking, booking_id)
            if booking.held_until is None or booking.held_until > now:
                return False
            # An offer that nobody answered is no fault of the one who waits: it counts as no lapse.
            state = "lapsed" if booking.state == "held" else "cancelled"
            done = self._end(session, booking, state)
            session.commit()
            return done

    def _mark_no_shows(self, keys: Collection[str] | None = None) -> int:
        """Mark confirmed bookings whose day is over at their office; only those behind `keys`, if these are given."""
        first_zone_over = self._clock().astimezone(ZONES["WIT"]).date()
        over = select(Booking).filter_by(state="confirmed").where(ledger.BOOKING.day < first_zone_over)
        if keys is not None:
            over = over.where(ledger.BOOKING.id.in_(select(_CLAIM.booking_id).where(_CLAIM.key.in_(keys))))
        with self._store.work() as session:
            rows = session.scalars(over.limit(1000)).all()
            over_ids = [
                (row.id, row.conversation_id)
                for row in rows
                if row.day < ledger.today_at(session.get(Office, row.office_id), self._clock())
            ]
        return sum(self._mark_no_show(booking_id, conversation_id) for booking_id, conversation_id in over_ids)

    def _mark_no_show(self, booking_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            booking = session.get(Booking, booking_id)
            done = booking.state == "confirmed" and ledger.end(session, booking, "no_show", self._clock())
            session.commit()
            return done

    def _serve_waiters(self) -> tuple[int, int]:
        """Let those go whose days are over, and offer whatever is free to those who wait for it."""
        with self._store.work() as session:
            waiters = session.scalars(select(Waiter).filter_by(state="waiting").order_by(_WAITER.id)).all()
            over = [
                (waiter.id, waiter.conversation_id)
                for waiter in waiters
                if waiter.last_day < ledger.today_at(session.get(Office, waiter.office_id), self._clock())
            ]
            wanted = sorted(
                {
                    slot_id
                    for office_id, first, last in {(row.office_id, row.first_day, row.last_day) for row in waiters}
                    for slot_id in session.scalars(_with_places(office_id, first, last))
                }
            )
        expired = sum(self._expire(waiter_id, conversation_id) for waiter_id, conversation_id in over)
        offered = 0
        for slot_id in wanted:
            with self._store.work() as session:
                offered += self._offers.offer(session, [slot_id])
                session.commit()
        return expired, offered

    def _expire(self, waiter_id: int, conversation_id: str) -> bool:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            waiter = session.get(Waiter, waiter_id)
            if waiter.state != "waiting":
                return False
            waiter.state = "expired"
            session.commit()
            return True

    # Inside a step

    def _prepare(self, office_id: str, keys: Collection[str] = ()) -> None:
        """What must have happened before a step: each in a transaction of its own, so that nothing waits for two."""
        with self._store.work() as session:
            lapsed, claimed = self._due(session), ledger.claimed(session, keys)
            office = session.get(Office, office_id)
            opening = office is not None and is_due(office, self._clock())
        for booking_id, owner in lapsed:
            self._lapse(booking_id, owner)
        if opening:
            self.quotas.open_through(office_id)
        if claimed:
            self._mark_no_shows(claimed)

    def _refusal(
        self,
        session: Session,
        conversation_id: str,
        office: Office | None,
        kind: str,
        applicants: Sequence[Applicant],
        keys: Sequence[str],
    ) -> Any:
        """Why these people may not have places, or None."""
        now = self._clock()
        if (
            office is None
            or not office.takes_bookings
            or kind not in office.kinds
            or ledger.service_of(kind) != PASSPORT
            or not 1 <= len(applicants) <= office.max_applicants
        ):
            return Closed()
        twice = [position for position, key in enumerate(keys, start=1) if key in keys[: position - 1]]
        if twice:
            return NamedTwice(tuple(twice))
        taken = ledger.claimed(session, keys)
        if taken:
            limits.record(session, now, conversation_id, office.id, "nik")
            return PersonBooked(tuple(position for position, key in enumerate(keys, start=1) if key in taken))
        people = [key.removeprefix("nik:") for key in keys]
        limit = limits.held_back(session, conversation_id, people, office.month_limit, now)
        if limit is not None:
            name = "bulanan" if isinstance(limit, MonthFull) else "jeda"
            limits.record(session, now, conversation_id, office.id, name, limit.until)
        return limit

    def _place(
        self,
        session: Session,
        wish: Booking,
        mine: Sequence[Booking],
        conversation_id: str,
        office: Office,
        day: date,
        hour: time,
        keys: Sequence[str],
        may_use_priority: bool,
    ) -> Held | Full | Closed:
        """Take the places and store the hold; an offer from the waiting list makes room for it."""
        now = self._clock()
        slot = session.scalars(
            select(Slot).filter_by(office_id=office.id, service=wish.service, day=day, hour=hour)
        ).one_or_none()
        if slot is None or not ledger.is_open(session, slot, office, now):
            return Closed()
        offered = [booking for booking in mine if booking.state == "offered"]
        attempt = session.begin_nested() if offered else None
        if offered:
            ledger.lock_slots(session, [slot.id, *(booking.slot_id for booking in offered)])
        for booking in offered:
            self._end_offer(session, booking)
        priority = ledger.take(session, slot.id, wish.places, may_use_priority)
        if priority is None:
            if attempt:
                attempt.rollback()  # the offer stays
            return Full(ledger.left(session, slot.id, may_use_priority))
        wish.conversation_id, wish.slot_id, wish.office_id, wish.day = conversation_id, slot.id, office.id, day
        wish.priority, wish.state, wish.held_until, wish.created_at = priority, "held", now + HOLD, now
        session.add(wish)
        session.flush()
        ledger.claim(
            session,
            wish.id,
            [ledger.hold_claim(conversation_id), ledger.booking_claim(wish.service, conversation_id), *keys],
        )
        if attempt:
            attempt.commit()
        self._offers.offer(session, {booking.slot_id for booking in offered} - {slot.id})
        return Held(now + HOLD, priority)

    def _move(
        self, session: Session, booked: Booking, office_id: str, day: date, hour: time, now: datetime
    ) -> Ticket | Full | Closed | MovesUsedUp | TooLateToMove:
        office = session.get(Office, office_id)
        if office is None or booked.kind not in office.kinds or booked.places > office.max_applicants:
            return Closed()
        slot = session.scalars(
            select(Slot).filter_by(office_id=office_id, service=booked.service, day=day, hour=hour)
        ).one_or_none()
        if slot is not None and slot.id == booked.slot_id:
            return ledger.ticket(session, booked)
        if fixed := _fixed(session, booked, now):
            return fixed
        if slot is None or not ledger.is_open(session, slot, office, now):
            return Closed()
        old_slot_id = booked.slot_id
        ledger.lock_slots(session, [slot.id, old_slot_id])
        people = [Applicant(person.name, "", person.birth_date) for person in booked.applicants]
        may_use_priority = booked.priority or ledger.has_priority(people, day)
        priority = ledger.take(session, slot.id, booked.places, may_use_priority)
        if priority is None:
            return Full(ledger.left(session, slot.id, may_use_priority))
        ledger.free(session, booked)
        first = ledger.next_numbers(session, office_id, day, booked.places)
        moved = {"slot_id": slot.id, "office_id": office_id, "day": day, "priority": priority, "first_number": first}
        if not ledger.change_state(session, booked, "confirmed", now, moves=booked.moves + 1, **moved):
            raise IntegrityError("a booking changed in spite of its lock", None, None)
        self._offers.offer(session, [old_slot_id])
        return ledger.ticket(session, booked)

    def _give_back(
        self, session: Session, mine: Iterable[Booking], states: Collection[str] = frozenset({"held"})
    ) -> None:
        """Give back what a conversation holds; an offer stays unless `states` names it too."""
        holds = [booking for booking in mine if booking.state in states]
        if holds:
            ledger.lock_slots(session, [held.slot_id for held in holds])
        for held in holds:
            self._end(session, held, "cancelled")

    def _end(self, session: Session, booking: Booking, state: str) -> bool:
        """End a hold or an offer, and offer its places to the next who waits."""
        if booking.state == "offered":
            done = self._end_offer(session, booking)
        else:
            done = ledger.end(session, booking, state, self._clock())
        if done:
            self._offers.offer(session, [booking.slot_id])
        return done

    def _end_offer(self, session: Session, offered: Booking) -> bool:
        """End an offer; whoever had it waits again until a booking is confirmed."""
        self._set_waiting(session, offered.conversation_id, "waiting")
        return ledger.end(session, offered, "cancelled", self._clock())

    def _set_waiting(self, session: Session, conversation_id: str, state: str) -> None:
        session.execute(
            update(Waiter)
            .filter_by(conversation_id=conversation_id)
            .where(_WAITER.state.in_(["waiting", "offered"]))
            .values(state=state)
            .execution_options(synchronize_session=False)
        )

    def _open_hours(
        self, office_id: str, conversation_id: str | None, priority: bool, service: str, only: date | None = None
    ) -> list[tuple[date, HourPlaces]]:
        self._prepare(office_id)
        now = self._clock()
        with self._store.work() as session:
            office = session.get(Office, office_id)
            if office is None or not office.takes_bookings:
                return []
            today = ledger.today_at(office, now)
            own = {
                held.slot_id: held
                for held in (ledger.mine(session, conversation_id) if conversation_id else ())
                if held.state in ("held", "offered")
            }
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
            mine = own.get(slot_id)
            if mine is not None:
                free, priority_free = (
                    free + mine.places * (not mine.priority),
                    priority_free + mine.places * mine.priority,
                )
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

    def _proven_booking(
        self, session: Session, conversation_id: str, code: str, birth_date: date
    ) -> Booking | NotProven | LockedOut:
        if until := self._proofs.locked_until(session, conversation_id):
            return LockedOut(until)
        booking: Booking | None = session.scalars(
            select(Booking).filter_by(code=read_code(code) or code, state="confirmed")
        ).one_or_none()
        if booking is not None:
            over = booking.day < ledger.today_at(session.get(Office, booking.office_id), self._clock())
            if not over and birth_date in {person.birth_date for person in booking.applicants}:
                return booking
        return self._failed_proof(session, conversation_id)

    def _proven_application(
        self, session: Session, conversation_id: str, number: str, birth_date: date
    ) -> Application | NotProven | LockedOut:
        if until := self._proofs.locked_until(session, conversation_id):
            return LockedOut(until)
        application: Application | None = session.get(Application, number)
        if application is not None and application.birth_date == birth_date:
            return application
        return self._failed_proof(session, conversation_id)

    def _failed_proof(self, session: Session, conversation_id: str) -> NotProven | LockedOut:
        left = self._proofs.fail(session, conversation_id)
        until = self._proofs.locked_until(session, conversation_id)
        if until is None:
            return NotProven(left)
        limits.record(session, self._clock(), conversation_id, None, "bukti", until)
        return LockedOut(until)


def _fixed(session: Session, booked: Booking, now: datetime) -> MovesUsedUp | TooLateToMove | None:
    """The rule of its office that keeps a booking where it is, if any."""
    office = session.get(Office, booked.office_id)
    last_day = booked.day - timedelta(days=office.move_until_days)
    if ledger.today_at(office, now) > last_day or ledger.starts_at(office, booked.slot) <= now:
        return TooLateToMove(last_day)
    return MovesUsedUp(office.move_limit) if booked.moves >= office.move_limit else None


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _with_places(office_id: str, first: date, last: date) -> Any:
    """Ids of an office's slots between two days with a free place."""
    slot = ledger.SLOT
    return (
        select(slot.id)
        .filter_by(office_id=office_id, service=PASSPORT)
        .where(slot.day >= first, slot.day <= last)
        .where((slot.taken < slot.quota) | (slot.priority_taken < slot.priority_quota))
    )
