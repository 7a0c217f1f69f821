"""Choosing a day and an hour: for a new booking, for moving one, for collecting a passport."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, time, timedelta

from actions.antrean_pemohon import LONG_AGO
from actions.forms import Filled, Question, Reading, Unavailable, Wrong
from actions.tickets import office_name
from actions.turn import Button, Turn
from actions.wording import bullets, hour_text, long_date, short_date, weekday_date, weekday_name
from sigap.booking import PASSPORT, Alternatives, HourPlaces, OfficeQueue
from sigap.clock import ZONES
from sigap.language.dates import Problem, Purpose, read_date

_NOON = time(12)
_LISTED_DAYS = 5


class Wish(ABC):
    """Where the day and hour of a form are kept, and which office and how many places they are for."""

    day_slot: str
    hour_slot: str
    resets: tuple[str, ...] = ()

    @abstractmethod
    def office_id(self, turn: Turn) -> str:
        """The office; "None" while it is not chosen."""

    @abstractmethod
    def places(self, turn: Turn) -> int:
        """How many places are needed."""

    @abstractmethod
    def none_free(self, turn: Turn) -> Reading:
        """What to do when the office has no place left on any day."""

    def service(self, turn: Turn) -> str:
        """Which of the office's queues."""
        return PASSPORT

    def priority(self, turn: Turn) -> bool:
        """Whether places for priority groups count too."""
        return False

    def speaks_of_visit(self, turn: Turn) -> bool:
        """Whether a date in the message may be the day of the visit."""
        return True

    def ask_day(self, turn: Turn, buttons: list[Button]) -> None:
        """Ask for the day."""
        turn.say("utter_tanya_antrean_tanggal", buttons)

    def zone(self, turn: Turn) -> str:
        """WIB, WITA or WIT; WIB while no office is chosen."""
        queue = turn.office(self.office_id(turn))
        return queue.zone if queue else "WIB"

    def window(self, turn: Turn) -> timedelta:
        """How far ahead the office takes bookings; two weeks while none is chosen."""
        queue = turn.office(self.office_id(turn))
        return timedelta(days=queue.window_days if queue else 14)

    def office_name(self, turn: Turn) -> str:
        """The name of the office."""
        return office_name(turn, self.office_id(turn))

    def today(self, turn: Turn) -> date:
        """Today at the office."""
        return turn.services.clock().astimezone(ZONES[self.zone(turn)]).date()

    def day(self, turn: Turn) -> date:
        """The verified day."""
        return date.fromisoformat(turn.slot(self.day_slot))

    def hour(self, turn: Turn) -> time:
        """The verified hour."""
        return time.fromisoformat(turn.slot(self.hour_slot))

    def free_days(self, turn: Turn) -> list[date]:
        """Days with enough places."""
        return turn.services.queue.free_days(
            self.office_id(turn),
            self.places(turn),
            turn.conversation_id,
            priority=self.priority(turn),
            service=self.service(turn),
        )

    def free_hours(self, turn: Turn) -> list[HourPlaces]:
        """Hours of the chosen day with enough places."""
        return turn.services.queue.free_hours(
            self.office_id(turn),
            self.day(turn),
            self.places(turn),
            turn.conversation_id,
            priority=self.priority(turn),
            service=self.service(turn),
        )

    def alternatives(self, turn: Turn, day: date) -> Alternatives:
        """What is free near a day that is full."""
        return turn.services.queue.alternatives(
            self.office_id(turn),
            day,
            None,
            self.places(turn),
            turn.conversation_id,
            priority=self.priority(turn),
            service=self.service(turn),
        )


class DayQuestion(Question):
    """On which day. The slot holds a day or, until it is verified, a range: "2026-12-07" or "2026-12-01/2026-12-10".

    The slot `antrean_penuh` holds the day that was wished for and is full: what is near it is offered first.
    """

    paged = True

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self.slot = wish.day_slot
        self.resets = (wish.hour_slot, *wish.resets)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The day or range that the message wishes for."""
        # A bare number answers the question that was asked, be it how many people or which day.
        if not self._wish.speaks_of_visit(turn) or (not asked and turn.text.strip().isdigit()):
            return None
        today = self._wish.today(turn)
        found = read_date(turn.text, today, Purpose.ARRIVAL, turn.services.knowledge.feasts)
        if found.problem is Problem.IMPOSSIBLE:
            return Wrong("utter_antrean_tanggal_mustahil")
        if found.first is None or found.last is None or (not asked and found.last < today - LONG_AGO):
            return None
        same = found.first == found.last
        return Filled({self.slot: str(found.first) if same else f"{found.first}/{found.last}"})

    def verify(self, turn: Turn) -> Reading:
        """A free day; of a range, the only free one; otherwise why not, and which days are free."""
        first, _, last = turn.slot(self.slot).partition("/")
        first_day, last_day = date.fromisoformat(first), date.fromisoformat(last or first)
        free = self._wish.free_days(turn)
        wished = [day for day in free if first_day <= day <= last_day]
        if len(wished) == 1:
            return Filled({self.slot: str(wished[0])})
        if wished:
            return Unavailable("utter_antrean_pilih_tanggal", {"daftar": days_text(wished)})
        if last_day < self._wish.today(turn):
            return Wrong("utter_antrean_tanggal_lewat", {"hari_ini": weekday_date(self._wish.today(turn))})
        calendar = turn.services.knowledge.working_days
        if first_day == last_day and not calendar.is_working(first_day):
            if holiday := calendar.closed.get(first_day):
                return Wrong("utter_antrean_libur", {"tanggal": weekday_date(first_day), "alasan": holiday})
            return Wrong("utter_antrean_akhir_pekan", {"tanggal": weekday_date(first_day)})
        last_open = self._wish.today(turn) + self._wish.window(turn)
        if first_day > last_open:
            return Unavailable("utter_antrean_belum_dibuka", {"sampai": weekday_date(last_open)})
        return Unavailable("utter_antrean_hari_penuh", slots={"antrean_penuh": first})

    def ask(self, turn: Turn) -> Reading:
        """Ask, offering the next free days; after a day that is full, those nearest to it and neighbouring offices."""
        free = self._wish.free_days(turn)
        if not free:
            return self._wish.none_free(turn)
        full_day = _day(turn.slot("antrean_penuh"))
        if full_day and not self.shown_page(turn):
            near = self._wish.alternatives(turn, full_day)
            places = near.offices if self._wish.service(turn) == PASSPORT else ()
            buttons = [
                *(_day_button(turn, day) for day in near.days),
                *(
                    turn.offer("antre_hari", nama=office_name(turn, place.office_id), lengkap=long_date(place.day))
                    for place in places
                ),
            ]
            further = [turn.offer("lainnya")] if len(free) > len(near.days) else []
            self._wish.ask_day(turn, [*buttons, *further])
        else:
            self._wish.ask_day(turn, self.page(turn, [_day_button(turn, day) for day in free]))
        return None


class HourQuestion(Question):
    """At which hour. The slot holds "HH:MM" or, until it is verified, "pagi" or "siang"."""

    paged = True

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self.slot = wish.hour_slot
        self.resets = wish.resets

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The hour, or time of day, of the message."""
        said = turn.entity("waktu")
        return Filled({self.slot: said}) if said else None

    def verify(self, turn: Turn) -> Reading:
        """A free hour; of a time of day, the only free one; otherwise which hours are free."""
        said, free = turn.slot(self.slot), self._wish.free_hours(turn)
        wished = [places for places in free if _matches(places.hour, said)]
        if len(wished) == 1:
            return Filled({self.slot: wished[0].hour.strftime("%H:%M")})
        if wished:
            return Unavailable("utter_antrean_pilih_jam", {"daftar": hours_text(wished)})
        return Unavailable("utter_antrean_jam_penuh", {"daftar": hours_text(free)})

    def ask(self, turn: Turn) -> Reading:
        """Ask, offering the free hours of the day."""
        hours = [places.hour for places in self._wish.free_hours(turn)]
        turn.say(
            "utter_tanya_antrean_waktu",
            self.page(turn, [turn.offer("jam", jam=hour_text(hour)) for hour in hours]),
            tanggal=weekday_date(self._wish.day(turn)),
            zona=self._wish.zone(turn),
        )
        return None


def days_text(days: Sequence[date]) -> str:
    """The first few days, one line each."""
    return bullets(weekday_date(day) for day in days[:_LISTED_DAYS])


def hours_text(hours: Sequence[HourPlaces]) -> str:
    """The hours in one line."""
    return ", ".join(hour_text(places.hour) for places in hours)


def opening_text(turn: Turn, office: OfficeQueue) -> str:
    """When the office's next week opens; nothing where days open one by one."""
    if office.opens is None:
        return ""
    weekday, hour = office.opens
    return turn.words_of("utter_kuota_dibuka", hari=weekday_name(weekday), jam=hour_text(hour), zona=office.zone)


def _day_button(turn: Turn, day: date) -> Button:
    return turn.offer("hari", singkat=short_date(day), lengkap=long_date(day))


def _day(said: object) -> date | None:
    """A day kept in a slot; None for an office's id, which the same slot may hold."""
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _matches(hour: time, said: str) -> bool:
    if said in {"pagi", "siang"}:
        return (hour < _NOON) == (said == "pagi")
    return hour.strftime("%H:%M") == said
