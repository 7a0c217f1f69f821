"""The whole life of bookings against a model that is simple enough to be believed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bogor import EIGHT, NINE
from databases import Databases
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from settable_clock import SettableClock
from size import FULL_SIZE
from sqlalchemy import func, select

from sigap.booking import (
    AlreadyBooked,
    Applicant,
    Cancelled,
    CheckedIn,
    Closed,
    Full,
    Held,
    HoldLapsed,
    MovesUsedUp,
    NoBooking,
    Offer,
    Paused,
    PersonBooked,
    Queue,
    Ticket,
    TooLateToMove,
    Wait,
    WrongDay,
)
from sigap.booking.limits import PAUSES
from sigap.booking.service import HOLD
from sigap.clock import WIB
from sigap.store.session import Store
from sigap.store.tables import Booking, LiveClaim, Office, Slot, Waiter

DAYS = [date(2026, 11, 24), date(2026, 11, 25)]
QUOTAS = {"bogor": 2, "depok": 1}
MOVE_LIMIT = 1
PEOPLE = [Applicant(f"Pemohon {number}", f"327501070895000{number}", date(1995, 8, 7)) for number in range(5)]

WHO = st.sampled_from(["wa:1", "wa:2", "wa:3"])
OFFICE = st.sampled_from(list(QUOTAS))
DAY = st.sampled_from(DAYS)
HOUR = st.sampled_from([EIGHT, NINE])
GROUP = st.lists(st.sampled_from(range(len(PEOPLE))), min_size=1, max_size=2, unique=True)
Hour = tuple[str, date, time]


def open_offices(store: Store) -> None:
    with store.work() as session:
        for office, quota in QUOTAS.items():
            session.add(Office(id=office, zone="WIB", takes_bookings=True, move_limit=MOVE_LIMIT, month_limit=100))
            session.flush()
            session.add_all(
                Slot(office_id=office, day=day, hour=hour, quota=quota) for day in DAYS for hour in (EIGHT, NINE)
            )
        session.commit()


@dataclass
class Place:
    """A hold or a booking in the model."""

    hour: Hour
    people: list[int]
    until: datetime
    code: str = ""
    first: int = 0
    moves: int = 0


@dataclass
class Model:
    """What should be: who holds and has booked which hour, which number is next, who has how many strikes."""

    held: dict[str, Place] = field(default_factory=dict)
    booked: dict[str, Place] = field(default_factory=dict)
    last_number: dict[tuple[str, date], int] = field(default_factory=lambda: defaultdict(int))
    strikes: dict[Any, list[tuple[datetime, timedelta]]] = field(default_factory=lambda: defaultdict(list))

    def free(self, hour: Hour) -> int:
        places = [*self.held.values(), *self.booked.values()]
        return QUOTAS[hour[0]] - sum(len(place.people) for place in places if place.hour == hour)

    def strike(self, now: datetime, remembered: timedelta, *whose: Any) -> None:
        for one in whose:
            self.strikes[one].append((now, remembered))

    def paused_until(self, now: datetime, *whose: Any) -> datetime | None:
        ends = []
        for one in whose:
            recent = [moment for moment, remembered in self.strikes[one] if moment > now - remembered]
            pause = PAUSES.get(min(len(recent), 6))
            if pause and max(recent) + pause > now:
                ends.append(max(recent) + pause)
        return max(ends, default=None)

    def numbers(self, place: Place) -> int:
        key = place.hour[:2]
        first = self.last_number[key] + 1
        self.last_number[key] += len(place.people)
        return first


class Life(RuleBasedStateMachine):
    """Does the same to the queue and to the model, and compares every answer."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self.databases, self.store, self.clock = databases, databases(), SettableClock()
        open_offices(self.store)
        self.queue = Queue(self.store, self.clock, key="model")
        self.model = Model()

    def teardown(self) -> None:
        self.databases.discard(self.store)

    def opens(self, hour: Hour) -> bool:
        return datetime.combine(hour[1], hour[2], WIB) > self.clock()

    @rule(who=WHO, office=OFFICE, day=DAY, hour=HOUR, group=GROUP)
    def hold(self, who: str, office: str, day: date, hour: time, group: list[int]) -> None:
        outcome = self.queue.hold(who, office, day, hour, "baru", [PEOPLE[one] for one in group])
        assert outcome == self.expected_hold(who, (office, day, hour), group)

    def expected_hold(self, who: str, hour: Hour, group: list[int]) -> Any:
        model, now = self.model, self.clock()
        if who in model.booked:
            return AlreadyBooked(self.queue.booking_of(who))  # type: ignore[arg-type]
        model.held.pop(who, None)
        elsewhere = {one for place in [*model.held.values(), *model.booked.values()] for one in place.people}
        if elsewhere & set(group):
            return PersonBooked(tuple(number for number, one in enumerate(group, start=1) if one in elsewhere))
        if until := model.paused_until(now, who, *group):
            return Paused(until)
        if not self.opens(hour):
            return Closed()
        if model.free(hour) < len(group):
            return Full(model.free(hour))
        model.held[who] = Place(hour, group, now + HOLD)
        return Held(now + HOLD)

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        outcome = self.queue.confirm(who)
        place = self.model.held.pop(who, None)
        if place is not None:
            assert isinstance(outcome, Ticket)
            place.code, place.first = outcome.code, self.model.numbers(place)
            self.model.booked[who] = place
        if who in self.model.booked:
            self.same(outcome, self.model.booked[who])
        else:
            assert outcome == HoldLapsed()

    @rule(who=WHO)
    def release(self, who: str) -> None:
        self.queue.release(who)
        self.model.held.pop(who, None)

    @rule(who=WHO)
    def cancel(self, who: str) -> None:
        outcome = self.queue.cancel(who)
        place = self.model.booked.pop(who, None)
        if place is None:
            assert outcome == NoBooking()
        else:
            assert isinstance(outcome, Cancelled)
            self.same(outcome.ticket, place)
            self.model.strike(self.clock(), timedelta(days=30), who, *place.people)

    @rule(who=WHO, office=OFFICE, day=DAY, hour=HOUR)
    def move(self, who: str, office: str, day: date, hour: time) -> None:
        outcome = self.queue.move(who, day, hour, office)
        place, target = self.model.booked.get(who), (office, day, hour)
        if place is None:
            assert outcome == NoBooking()
        elif place.hour == target:
            self.same(outcome, place)
        elif self.clock().date() > place.hour[1] - timedelta(days=1):
            assert outcome == TooLateToMove(place.hour[1] - timedelta(days=1))
        elif place.moves >= MOVE_LIMIT:
            assert outcome == MovesUsedUp(MOVE_LIMIT)
        elif not self.opens(target):
            assert outcome == Closed()
        elif self.model.free(target) < len(place.people):
            assert outcome == Full(self.model.free(target))
        else:
            place.hour, place.moves = target, place.moves + 1
            place.first = self.model.numbers(place)
            self.same(outcome, place)

    @rule(who=WHO, other=WHO)
    def adopt(self, who: str, other: str) -> None:
        place = self.model.booked.get(other)
        if place is None:
            return
        outcome = self.queue.adopt(who, place.code, PEOPLE[0].birth_date)
        if who in self.model.booked and who != other:
            assert isinstance(outcome, AlreadyBooked)
            return
        self.same(outcome, place)
        if who != other:
            self.model.held.pop(who, None)
            self.model.booked[who] = self.model.booked.pop(other)

    @rule(who=WHO)
    def arrive(self, who: str) -> None:
        place = self.model.booked.get(who)
        if place is None:
            return
        outcome = self.queue.desk.check_in(place.code)
        if place.hour[1] == self.clock().date():
            assert isinstance(outcome, CheckedIn)
            del self.model.booked[who]
        else:
            assert isinstance(outcome, WrongDay)

    @rule(minutes=st.sampled_from([4, 10, 20, 60]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)
        self.time_has_passed()

    @precondition(lambda self: self.clock().date() < DAYS[-1])
    @rule()
    def sleep(self) -> None:
        self.clock.now = datetime.combine(self.clock().date() + timedelta(days=1), time(7), WIB)
        self.time_has_passed()

    def time_has_passed(self) -> None:
        self.queue.sweep()
        model, now = self.model, self.clock()
        for who, place in list(model.held.items()):
            if place.until <= now:
                del model.held[who]
                model.strike(now, timedelta(days=1), who)
        model.booked = {who: place for who, place in model.booked.items() if place.hour[1] >= now.date()}

    def same(self, outcome: Any, place: Place) -> None:
        assert isinstance(outcome, Ticket)
        assert ((outcome.office_id, outcome.day, outcome.hour), outcome.code) == (place.hour, place.code)
        assert (outcome.first_number, outcome.places, outcome.moves) == (place.first, len(place.people), place.moves)

    @invariant()
    def what_is_free_is_what_the_model_says(self) -> None:
        for office in QUOTAS:
            for day in DAYS:
                expected = {
                    hour: self.model.free((office, day, hour))
                    for hour in (EIGHT, NINE)
                    if self.opens((office, day, hour)) and self.model.free((office, day, hour)) > 0
                }
                assert {one.hour: one.free for one in self.queue.free_hours(office, day)} == expected

    @invariant()
    def everybody_has_what_the_model_says(self) -> None:
        for who in ("wa:1", "wa:2", "wa:3"):
            ticket = self.queue.booking_of(who)
            if who in self.model.booked:
                self.same(ticket, self.model.booked[who])
            else:
                assert ticket == NoBooking()

    @invariant()
    def the_books_balance(self) -> None:
        books_balance(self.store)


def books_balance(store: Store) -> None:
    """Places taken are places of live bookings, and claims belong to live bookings alone."""
    with store.work() as session:
        live = ["held", "offered", "confirmed"]
        counted = dict(
            session.execute(
                select(Booking.slot_id, func.sum(Booking.places))
                .where(Booking.state.in_([*live, "arrived", "no_show"]))
                .group_by(Booking.slot_id)
            ).all()
        )
        taken = dict(session.execute(select(Slot.id, Slot.taken).where(Slot.taken > 0)).all())
        claiming = set(session.scalars(select(LiveClaim.booking_id)))
        alive = set(session.scalars(select(Booking.id).where(Booking.state.in_(live))))
        holding = session.scalars(select(Booking.conversation_id).where(Booking.state.in_(live[:2]))).all()
    assert taken == counted
    assert claiming == alive
    assert len(holding) == len(set(holding))


class Line(RuleBasedStateMachine):
    """Any steps around the waiting list; what must hold afterwards is checked, not predicted."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self.databases, self.store, self.clock = databases, databases(), SettableClock()
        open_offices(self.store)
        self.queue = Queue(self.store, self.clock, key="model")

    def teardown(self) -> None:
        self.databases.discard(self.store)

    @rule(who=WHO, office=OFFICE, first=DAY, last=DAY, places=st.integers(1, 2))
    def join(self, who: str, office: str, first: date, last: date, places: int) -> None:
        self.queue.waiting.join(who, Wait(office, min(first, last), max(first, last), places))

    @rule(who=WHO, step=st.sampled_from(["leave", "accept", "decline"]))
    def answer(self, who: str, step: str) -> None:
        getattr(self.queue.waiting, step)(who)

    @rule(who=WHO, office=OFFICE, day=DAY, hour=HOUR, person=st.sampled_from(range(3)))
    def book(self, who: str, office: str, day: date, hour: time, person: int) -> None:
        if isinstance(self.queue.hold(who, office, day, hour, "baru", [PEOPLE[person]]), Held):
            assert isinstance(self.queue.confirm(who), Ticket)

    @rule(who=WHO)
    def book_what_is_offered(self, who: str) -> None:
        offer = self.queue.waiting.offer_of(who)
        if isinstance(offer, Offer):
            people = [PEOPLE[int(who[-1]) - 1]][: offer.places]
            outcome = self.queue.hold(who, offer.office_id, offer.day, offer.hour, "baru", people)
            assert isinstance(outcome, (Held, PersonBooked, Paused))

    @rule(who=WHO, step=st.sampled_from(["cancel", "release", "confirm"]))
    def end(self, who: str, step: str) -> None:
        getattr(self.queue, step)(who)

    @rule(who=WHO, office=OFFICE, day=DAY, hour=HOUR)
    def move(self, who: str, office: str, day: date, hour: time) -> None:
        self.queue.move(who, day, hour, office)

    @rule(minutes=st.sampled_from([5, 15, 40]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def nobody_waits_for_what_is_free(self) -> None:
        self.queue.sweep()
        with self.store.work() as session:
            waiting = session.scalars(select(Waiter).filter_by(state="waiting")).all()
            busy = set(session.scalars(select(Booking.conversation_id).where(Booking.state.in_(["held", "confirmed"]))))
            refused = {
                waiter.id: session.get(Booking, waiter.booking_id).slot_id for waiter in waiting if waiter.booking_id
            }
            slots = session.scalars(select(Slot)).all()
        for waiter in waiting:
            if waiter.conversation_id not in busy:
                assert not [
                    slot
                    for slot in slots
                    if slot.office_id == waiter.office_id
                    and waiter.first_day <= slot.day <= waiter.last_day
                    and slot.quota - slot.taken >= waiter.places
                    and refused.get(waiter.id) != slot.id
                ]

    @invariant()
    def the_books_balance(self) -> None:
        books_balance(self.store)

    @invariant()
    def an_offer_and_a_place_in_line_belong_together(self) -> None:
        with self.store.work() as session:
            offered = set(session.scalars(select(Booking.id).filter_by(state="offered")))
            expecting = set(session.scalars(select(Waiter.booking_id).filter_by(state="offered")))
        assert offered == expecting


FEW = settings(
    max_examples=20 if FULL_SIZE else 4,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_every_answer_of_the_queue_is_that_of_a_simple_model(new_store: Databases) -> None:
    run_state_machine_as_test(lambda: Life(new_store), settings=FEW)


def test_nobody_waits_in_line_while_a_place_is_free(new_store: Databases) -> None:
    run_state_machine_as_test(lambda: Line(new_store), settings=FEW)
