"""The queue of an office: holding places for a moment, confirming, moving, giving them back.

Every step is one transaction. A place is taken by a conditional update of its slot's counter, so two applicants can
never be given the same last place, whatever the database; `sigap.booking.ledger` has the rules of locking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sigap.booking import ledger, limits
from sigap.booking.closing import ClosureNews
from sigap.booking.codes import new_code, read_code
from sigap.booking.desk import Desk
from sigap.booking.due import Due
from sigap.booking.outcomes import (
    PASSPORT,
    PICKUP,
    AlreadyBooked,
    Applicant,
    Cancelled,
    Closed,
    DayClosed,
    Full,
    Held,
    HoldLapsed,
    MonthFull,
    MovesUsedUp,
    NamedTwice,
    NoBooking,
    NotReady,
    Paused,
    PersonBooked,
    Swept,
    Ticket,
    TooLateToMove,
)
from sigap.booking.places import Places
from sigap.booking.quotas import Quotas
from sigap.booking.retention import Retention
from sigap.booking.waiting import Offers, WaitingList, set_waiting
from sigap.clock import Clock
from sigap.settings import KEPT_DAYS
from sigap.store.hashing import keyed_hash
from sigap.store.outbox import Outbox
from sigap.store.proofs import LockedOut, NotProven, Proofs
from sigap.store.session import Busy, Store, lock
from sigap.store.tables import BookedApplicant, Booking, Office, Slot

# Long enough to read a summary and answer, short enough that an abandoned chat does not keep a place from others.
HOLD = timedelta(minutes=10)
# Codes are drawn from 2.7e10; a second collision in a row has never been seen, a fifth means that something is broken.
_CODE_TRIES = 5
_READY = "siap_diambil"

Refused = Closed | PersonBooked | NamedTwice | Paused | MonthFull
"""Why these people may not have places."""


class Queue(Places):
    """The booking service.

    `key` makes the hashes that tell a NIK or a code again; `holidays` are the days on which no office is open;
    `neighbours` gives the ids of other offices, nearest first; names and numbers are removed `kept_days` after the
    booked day. `quotas`, `waiting` and `desk` are the officers' side of opening places, the waiting list, and the door.
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
        kept_days: int = KEPT_DAYS,
    ) -> None:
        outbox = Outbox(store, clock)
        closures = ClosureNews(store, clock, outbox)
        self._offers = Offers(clock, outbox)
        self.quotas = Quotas(store, clock, holidays, self._offers, closures)
        self.waiting = WaitingList(store, clock, self._offers)
        self.desk = Desk(store, clock)
        due = Due(store, clock, self.quotas, self._offers, closures, Retention(store, clock, kept_days))
        super().__init__(store, clock, due, neighbours)
        self._make_code = make_code
        self._key = key
        self._proofs = Proofs(clock, key)

    # Holding and confirming

    def hold(
        self, conversation_id: str, office_id: str, day: date, hour: time, kind: str, applicants: Sequence[Applicant]
    ) -> Held | Full | AlreadyBooked | Refused:
        """Keep places for a conversation for `HOLD`; an earlier hold of the same conversation is given back.

        An offer from the waiting list becomes the hold when the places suffice. Whatever limit stands in the way is
        recorded for the officers.
        """
        people = [
            BookedApplicant(
                position=position,
                name=person.name,
                nik=person.nik,
                nik_key=keyed_hash(self._key, person.nik),
                birth_date=person.birth_date,
            )
            for position, person in enumerate(applicants, start=1)
        ]
        wish = Booking(
            conversation_id=conversation_id,
            office_id=office_id,
            service=PASSPORT,
            day=day,
            kind=kind,
            places=len(people),
            applicants=people,
        )
        keys = [f"nik:{person.nik_key}" for person in people]
        return self._hold(wish, hour, keys, ledger.has_priority(applicants, day))

    def hold_pickup(
        self,
        conversation_id: str,
        number: str,
        birth_date: date,
        day: date,
        hour: time,
        collector: str,
        proxy: bool = False,
    ) -> Held | Full | AlreadyBooked | Refused | NotReady | NotProven | LockedOut:
        """Keep a place for collecting the finished passport of application `number`, at the office that has it.

        `birth_date` is the applicant's and proves that the application is theirs, as in the status lookup; `collector`
        is the name of whoever comes, `proxy` says that it is somebody else than the applicant.
        """
        with self._store.work() as session:
            application = self._proofs.application(session, conversation_id, number, birth_date)
            session.commit()
        if isinstance(application, (NotProven, LockedOut)):
            return application
        if application.stage != _READY:
            return NotReady(application.stage)
        wish = Booking(
            conversation_id=conversation_id,
            office_id=application.office_id,
            service=PICKUP,
            day=day,
            kind=PICKUP,
            places=1,
            proxy=proxy,
            applicants=[BookedApplicant(position=1, name=collector, birth_date=birth_date)],
        )
        key = f"permohonan:{keyed_hash(self._key, number)}"
        may_use_priority = not proxy and ledger.has_priority([Applicant(collector, "", birth_date)], day)
        return self._hold(wish, hour, [key], may_use_priority)

    def _hold(
        self, wish: Booking, hour: time, keys: Sequence[str], may_use_priority: bool
    ) -> Held | Full | AlreadyBooked | Refused:
        """Keep the places of a booking that has not been stored yet; `keys` stand for the people, in their order."""
        own_key = ledger.booking_claim(wish.service, wish.conversation_id)
        self._due.settle(wish.office_id, [own_key, *keys])
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(wish.conversation_id), *keys])
            now, mine = self._clock(), ledger.mine(session, wish.conversation_id)
            outcome: Held | Full | AlreadyBooked | Refused | None
            if booked := ledger.live(session, mine, wish.service, now):
                limits.record(session, now, wish.conversation_id, wish.office_id, "percakapan")
                outcome = AlreadyBooked(ledger.ticket(session, booked))
            else:
                self._give_back(session, mine)
                office = session.get(Office, wish.office_id)
                outcome = _refusal(session, wish, office, keys, now)
                if outcome is None:
                    slot = ledger.open_slot(session, office, wish.service, wish.day, hour, now)
                    outcome = self._place(session, wish, slot, mine, [own_key, *keys], may_use_priority, now)
            session.commit()
            return outcome

    def _place(
        self,
        session: Session,
        wish: Booking,
        slot: Slot | None,
        mine: Sequence[Booking],
        keys: Sequence[str],
        may_use_priority: bool,
        now: datetime,
    ) -> Held | Full | Closed:
        """Take the places and store the hold; an offer from the waiting list makes room for it."""
        if slot is None:
            return Closed()
        offered = [booking for booking in mine if booking.state == "offered"]
        priority = self._take(session, slot, wish.places, offered, may_use_priority)
        if priority is None:
            return Full(ledger.left(session, slot.id, may_use_priority))
        wish.slot_id, wish.priority = slot.id, priority
        wish.state, wish.held_until, wish.created_at = "held", now + HOLD, now
        session.add(wish)
        session.flush()
        ledger.claim(session, wish.id, [ledger.hold_claim(wish.conversation_id), *keys])
        self._offers.offer(session, {booking.slot_id for booking in offered} - {slot.id})
        return Held(now + HOLD, priority)

    def _take(
        self, session: Session, slot: Slot, places: int, offered: Sequence[Booking], may_use_priority: bool
    ) -> bool | None:
        """As `ledger.take`, with the places of these offers to draw on; the offers stay where that does not suffice."""
        if not offered:
            return ledger.take(session, slot.id, places, may_use_priority)
        ledger.lock_slots(session, [slot.id, *(booking.slot_id for booking in offered)])
        attempt = session.begin_nested()
        for booking in offered:
            self._offers.withdraw(session, booking, "cancelled")
        priority = ledger.take(session, slot.id, places, may_use_priority)
        if priority is None:
            attempt.rollback()
        else:
            attempt.commit()
        return priority

    def confirm(self, conversation_id: str) -> Ticket | HoldLapsed:
        """Turn this conversation's hold into a booking; asking twice gives the same ticket."""
        self._due.lapse()
        for _ in range(_CODE_TRIES - 1):
            with suppress(IntegrityError):  # another booking has this code; nothing was changed
                return self._confirm(conversation_id)
        return self._confirm(conversation_id)

    def _confirm(self, conversation_id: str) -> Ticket | HoldLapsed:
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now, mine = self._clock(), ledger.mine(session, conversation_id)
            held = next((booking for booking in mine if booking.state == "held"), None)
            if held is None:
                booked = ledger.live(session, mine, None, now)
                return ledger.ticket(session, booked) if booked else HoldLapsed()
            if ledger.closure(session, held):
                self._give_back(session, [held])
                session.commit()
                return HoldLapsed()
            first = ledger.next_numbers(session, held.office_id, held.day, held.places)
            numbered = {"code": self._make_code(), "first_number": first, "confirmed_at": now}
            if not ledger.change_state(session, held, "confirmed", now, **numbered):
                return HoldLapsed()
            ledger.unclaim(session, ledger.hold_claim(conversation_id))
            if held.service == PASSPORT:
                set_waiting(session, conversation_id, "served")
            session.commit()
            return ledger.ticket(session, held)

    def release(self, conversation_id: str) -> None:
        """Give back whatever this conversation holds."""
        with self._store.reading() as session:
            if not ledger.mine(session, conversation_id):
                return
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            self._give_back(session, ledger.mine(session, conversation_id))
            session.commit()

    # Looking after a booking

    def booking_of(self, conversation_id: str, service: str | None = None) -> Ticket | NoBooking:
        """The live booking of this conversation, confirmed and not yet over; the latest of any queue by default."""
        with self._store.reading() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            return ledger.ticket(session, booked) if booked else NoBooking()

    def closed_day(self, conversation_id: str) -> DayClosed | NoBooking:
        """The live booking of this conversation whose day has been closed since, if there is one."""
        with self._store.reading() as session:
            for booking in ledger.mine(session, conversation_id):
                closure = ledger.closure(session, booking)
                if closure and ledger.live(session, [booking], None, self._clock()):
                    return DayClosed(ledger.ticket(session, booking), closure.reason)
            return NoBooking()

    def cancel(self, conversation_id: str, service: str | None = None) -> Cancelled | NoBooking:
        """Cancel the live booking of this conversation; its places are free at once, for those who wait first."""
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            if booked is None:
                return NoBooking()
            ticket = ledger.ticket(session, booked)
            if not self._offers.end(session, booked, "cancelled"):
                return NoBooking()
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

        Its queue numbers are new. The rules are those of the office that has the booking: how often, until when; they
        do not hold for a booking whose day the office has closed, nor does its move count.
        """
        with self._store.reading() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            target = office_id or (booked.office_id if booked else None)
        if target is None:
            return NoBooking()
        self._due.settle(target)
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(conversation_id)])
            now = self._clock()
            booked = ledger.live_booking(session, conversation_id, service, now)
            if booked is None:
                return NoBooking()
            outcome = self._move(session, booked, target, day, hour, now)
            session.commit()
            return outcome

    def _move(
        self, session: Session, booked: Booking, office_id: str, day: date, hour: time, now: datetime
    ) -> Ticket | Full | Closed | MovesUsedUp | TooLateToMove:
        office = session.get(Office, office_id)
        if office is None or booked.kind not in office.kinds or booked.places > office.max_applicants:
            return Closed()
        if (booked.office_id, booked.day, booked.slot.hour) == (office_id, day, hour):
            return ledger.ticket(session, booked)
        if fixed := _fixed(session, booked, now):
            return fixed
        slot = ledger.open_slot(session, office, booked.service, day, hour, now)
        if slot is None:
            return Closed()
        old_slot_id = booked.slot_id
        ledger.lock_slots(session, [slot.id, old_slot_id])
        may_use_priority = booked.priority or ledger.has_priority(ledger.people(booked), day)
        priority = ledger.take(session, slot.id, booked.places, may_use_priority)
        if priority is None:
            return Full(ledger.left(session, slot.id, may_use_priority))
        ledger.free(session, booked)
        first = ledger.next_numbers(session, office_id, day, booked.places)
        moved = {
            "slot_id": slot.id,
            "office_id": office_id,
            "day": day,
            "priority": priority,
            "first_number": first,
            "moves": booked.moves + (ledger.closure(session, booked) is None),
            "closure_told": False,
        }
        if not ledger.change_state(session, booked, "confirmed", now, **moved):
            raise Busy("the booking was changed meanwhile")
        self._offers.offer(session, [old_slot_id])
        return ledger.ticket(session, booked)

    def movable(
        self, conversation_id: str, service: str | None = None
    ) -> Ticket | NoBooking | MovesUsedUp | TooLateToMove:
        """The live booking if its office's rules let it be moved, or the rule that does not."""
        with self._store.reading() as session:
            booked = ledger.live_booking(session, conversation_id, service, self._clock())
            if booked is None:
                return NoBooking()
            return _fixed(session, booked, self._clock()) or ledger.ticket(session, booked)

    # A booking of another conversation

    def find(self, conversation_id: str, code: str, birth_date: date) -> Ticket | NotProven | LockedOut:
        """A live booking of another conversation, for whoever knows its code and the birth date of one of its people.

        A wrong code and a wrong birth date are answered alike, and failures are counted with those of the status
        lookup.
        """
        with self._store.work() as session:
            found = self._proven(session, conversation_id, code, birth_date)
            session.commit()
            return ledger.ticket(session, found) if isinstance(found, Booking) else found

    def adopt(
        self, conversation_id: str, code: str, birth_date: date
    ) -> Ticket | NotProven | LockedOut | AlreadyBooked:
        """As `find`, and the booking belongs to this conversation from now on: it can be moved and cancelled here."""
        with self._store.work() as session:
            found = self._proven(session, conversation_id, code, birth_date)
            session.commit()
        if not isinstance(found, Booking):
            return found
        own_key = ledger.booking_claim(found.service, conversation_id)
        self._due.mark_no_shows([own_key])
        with self._store.work() as session:
            lock(session, [ledger.conversation_lock(owner) for owner in (conversation_id, found.conversation_id)])
            booking, mine = session.get(Booking, found.id), ledger.mine(session, conversation_id)
            own = ledger.live(session, mine, booking.service, self._clock())
            if own is not None and own.id != booking.id:
                return AlreadyBooked(ledger.ticket(session, own))
            if booking.state == "confirmed" and booking.conversation_id == found.conversation_id:
                if own is None:
                    # Who has a booking needs neither a hold nor an offer beside it, and waits no longer.
                    same = [place for place in mine if place.service == booking.service]
                    self._give_back(session, same, ledger.UNCONFIRMED)
                    if booking.service == PASSPORT:
                        set_waiting(session, conversation_id, "served")
                    ledger.unclaim(session, ledger.booking_claim(booking.service, booking.conversation_id))
                    ledger.claim(session, booking.id, [own_key])
                    booking.conversation_id = conversation_id
                session.commit()
                return ledger.ticket(session, booking)
        # It was cancelled or changed hands between the two steps.
        return self.find(conversation_id, code, birth_date)

    def _proven(
        self, session: Session, conversation_id: str, code: str, birth_date: date
    ) -> Booking | NotProven | LockedOut:
        def look() -> Booking | None:
            booking = ledger.by_code(session, code)
            live = ledger.live(session, [booking] if booking else [], None, self._clock())
            return live if live and birth_date in {person.birth_date for person in live.applicants} else None

        return self._proofs.prove(session, conversation_id, read_code(code) or code, look)

    # Keeping house

    def sweep(self) -> Swept:
        """Everything that falls due by itself (`sigap.booking.due`). Safe to run at any time, in several processes."""
        return self._due.sweep()

    def _give_back(
        self, session: Session, mine: Iterable[Booking], states: Collection[str] = frozenset({"held"})
    ) -> None:
        """Give back what a conversation holds; an offer stays unless `states` names it too."""
        holds = [booking for booking in mine if booking.state in states]
        if holds:
            ledger.lock_slots(session, [held.slot_id for held in holds])
        for held in holds:
            self._offers.end(session, held, "cancelled")


def _refusal(
    session: Session, wish: Booking, office: Office | None, keys: Sequence[str], now: datetime
) -> Refused | None:
    """Why these people may not have places, or None."""
    if (
        office is None
        or not office.takes_bookings
        or wish.kind not in office.kinds
        or ledger.service_of(wish.kind) != wish.service
        or not 1 <= wish.places <= office.max_applicants
    ):
        return Closed()
    if twice := [position for position, key in enumerate(keys, start=1) if key in keys[: position - 1]]:
        return NamedTwice(tuple(twice))
    if taken := ledger.claimed(session, keys):
        limits.record(session, now, wish.conversation_id, office.id, next(iter(taken)).partition(":")[0])
        return PersonBooked(tuple(position for position, key in enumerate(keys, start=1) if key in taken))
    if wish.service == PICKUP:
        return None
    people = [person.nik_key for person in wish.applicants]
    limit = limits.held_back(session, wish.conversation_id, people, office.month_limit, now)
    if limit is not None:
        name = "bulanan" if isinstance(limit, MonthFull) else "jeda"
        limits.record(session, now, wish.conversation_id, office.id, name, limit.until)
    return limit


def _fixed(session: Session, booked: Booking, now: datetime) -> MovesUsedUp | TooLateToMove | None:
    """The rule of its office that keeps a booking where it is, if any. A closed day keeps nobody."""
    if ledger.closure(session, booked):
        return None
    office = session.get(Office, booked.office_id)
    last_day = booked.day - timedelta(days=office.move_until_days)
    if ledger.today_at(office, now) > last_day or ledger.starts_at(office, booked.slot) <= now:
        return TooLateToMove(last_day)
    return MovesUsedUp(office.move_limit) if booked.moves >= office.move_limit else None
