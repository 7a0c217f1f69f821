"""The form that books a place in an office's queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.antrean_2017 import take_2017
from actions.antrean_pemohon import JOURNEY, Applicants, ApplicantsQuestion, people_text
from actions.base import Events
from actions.forms import Filled, Form, Question, Reading, Stop, Wrong
from actions.tickets import office_name, ticket_variables
from actions.turn import Turn
from actions.waktu import DayQuestion, HourQuestion, Wish
from actions.wording import bullets, hour_text, weekday_date
from sigap.booking import AlreadyBooked, Closed, Full, Held, Ticket
from sigap.language.hash_message import is_hash_cancel, read_hash_message

# M-Paspor's own limit per account, until an office is chosen that sets another.
_MOST_APPLICANTS = 5
# Interviewed separately (BAP) before anything else, so no queue slot is booked for them. Permenkumham 8/2014.
_WALK_IN_KINDS = {"hilang", "rusak", "ubah_data"}


class BookingWish(Wish):
    """The day and hour wished for in this form."""

    day_slot = "antrean_tanggal"
    hour_slot = "antrean_waktu"
    resets = ("antrean_konfirmasi",)

    def office_id(self, turn: Turn) -> str:
        """The office chosen in the form."""
        return str(turn.slot("antrean_kantor"))

    def places(self, turn: Turn) -> int:
        """One place for each applicant."""
        return int(turn.slot("antrean_jumlah"))

    def speaks_of_visit(self, turn: Turn) -> bool:
        """While personal data are asked for, dates are birth dates unless the message says otherwise."""
        if turn.mentions(turn.cues.birth):
            return False
        return turn.slot("requested_slot") != "antrean_pemohon" or turn.mentions(turn.cues.visit)


WISH = BookingWish()


class OfficeQuestion(Question):
    """At which office."""

    slot = "antrean_kantor"
    resets = ("antrean_tanggal", "antrean_waktu", "antrean_konfirmasi")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """An office that takes bookings by chat; for another, the official way."""
        named = turn.entity("kantor") or (_misspelt_office(turn) if asked else None)
        if named is None:
            return None
        office = turn.services.queue.office(named)
        if office is not None and office.takes_bookings:
            return Filled({self.slot: named})
        known = turn.services.knowledge.offices.get(named)
        return Wrong(
            "utter_antrean_tidak_dilayani", {"kantor": known.nama if known else named, "daftar": offices_text(turn)}
        )

    def ask(self, turn: Turn) -> Reading:
        """Ask, offering the offices that take bookings by chat."""
        offices = turn.services.queue.offices()
        if not offices:
            return Stop("utter_antrean_belum_ada")
        names = [office_name(turn, office) for office in offices]
        turn.say("utter_tanya_antrean_kantor", [turn.offer("kantor", nama=name) for name in names])
        return None


class KindQuestion(Question):
    """For which kind of application."""

    slot = "antrean_jenis"
    resets = ("antrean_konfirmasi",)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """New or replacement; lost, damaged and changed data are interviewed without a booking."""
        kind = turn.entity("jenis_permohonan")
        if kind == "ubah_data" and not asked and turn.slot("antrean_pemohon"):
            return None  # "nama saya salah" at the summary corrects the entry, not the passport
        if kind is None and asked:
            kind = next((kind for kind, words in turn.cues.kinds.items() if turn.mentions(words)), None)
        if kind in _WALK_IN_KINDS:
            return Stop("utter_antrean_datang_langsung")
        return Filled({self.slot: "penggantian" if kind == "penuh" else kind}) if kind else None

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_antrean_jenis")
        return None


class CountQuestion(Question):
    """For how many applicants."""

    slot = "antrean_jumlah"
    resets = ("antrean_waktu", "antrean_pemohon", "antrean_konfirmasi")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A number up to the office's limit."""
        said = turn.entity("jumlah_pemohon")
        if said is None and asked and turn.text.strip().isdigit():
            said = turn.text.strip()
        if said is None:
            return None
        queue = turn.services.queue.office(WISH.office_id(turn))
        limit = queue.max_applicants if queue else _MOST_APPLICANTS
        if not 1 <= int(said) <= limit:
            return Wrong("utter_antrean_jumlah_keliru", {"batas": limit})
        return Filled({self.slot: int(said)})

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_antrean_jumlah")
        return None


class Confirmation(Question):
    """The summary, with the places held while the applicant reads it."""

    slot = "antrean_konfirmasi"
    confirms = True
    # When the last place is gone at the summary, day and hour are asked for again.
    resets = ("antrean_tanggal", "antrean_waktu")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Yes; or no, which asks what to change."""
        if not asked:
            return None
        if turn.intent == "setuju":
            return Filled({self.slot: True})
        return Wrong("utter_antrean_ubah_apa") if turn.intent == "tolak" else None

    def ask(self, turn: Turn) -> Reading:
        """Hold the places and show the summary."""
        people = Applicants(turn).all()
        kantor, day, hour = turn.slot("antrean_kantor"), WISH.day(turn), WISH.hour(turn)
        outcome = turn.services.queue.hold(turn.conversation_id, kantor, day, hour, turn.slot("antrean_jenis"), people)
        if isinstance(outcome, AlreadyBooked):
            return Stop("utter_antrean_sudah_ada", ticket_variables(turn, outcome.ticket))
        if isinstance(outcome, (Full, Closed)):
            return Wrong("utter_antrean_keburu_penuh")
        turn.say(
            "utter_antrean_ringkasan",
            kantor=office_name(turn, kantor),
            jenis=turn.slot("antrean_jenis"),
            tanggal=weekday_date(day),
            jam=hour_text(hour),
            zona=WISH.zone(turn),
            pemohon=bullets(people_text(people)),
            menit=_minutes_left(turn, outcome),
        )
        return None


class BookingForm(Form):
    """Books a place: office, kind, number of applicants, day, hour, who, and a confirmation."""

    form = "antrean_form"
    own_intents = frozenset({"daftar_antrean"})

    def perform(self, turn: Turn) -> Events:
        """As any form; whoever has a booking already is told so before being asked for anything."""
        booked = turn.services.queue.booking_of(turn.conversation_id)
        if isinstance(booked, Ticket):
            turn.say("utter_antrean_sudah_ada", **ticket_variables(turn, booked))
            return self.closing_events(turn)
        return super().perform(turn)

    def read_message(self, turn: Turn, asked: str | None) -> dict[str, Any] | Stop | None:
        """As any form; `#batal` stops, and the format of 2017 answers several questions at once."""
        if is_hash_cancel(turn.text):
            return Stop("utter_dibatalkan")
        today = WISH.today(turn)
        if (message := read_hash_message(turn.text, today)) is None:
            return super().read_message(turn, asked)
        slots = take_2017(turn, message, today)
        for question in (OfficeQuestion(), KindQuestion()):
            reading = question.read(turn, asked=False)
            slots |= reading.slots if isinstance(reading, Filled) else {}
        return slots | {"gagal_isi": None}

    def begin(self, turn: Turn) -> None:
        """A new booking starts with no people of an earlier one."""
        if not turn.slot(ApplicantsQuestion.slot):
            self.forget(turn)

    def forget(self, turn: Turn) -> None:
        """Give back held places and forget the people."""
        turn.services.queue.release(turn.conversation_id)
        turn.services.drafts.forget(turn.conversation_id, JOURNEY)

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Office first: everything else depends on it."""
        return (
            OfficeQuestion(),
            KindQuestion(),
            CountQuestion(),
            DayQuestion(WISH),
            HourQuestion(WISH),
            ApplicantsQuestion(),
            Confirmation(),
        )


def _misspelt_office(turn: Turn) -> str | None:
    """The office meant by a bare answer such as "surabya"."""
    offices = turn.services.knowledge.offices
    return next((office.id for word in turn.words if (office := offices.near_name(word))), None)


def offices_text(turn: Turn) -> str:
    """The offices that take bookings by chat, one line each."""
    return bullets(office_name(turn, office) for office in turn.services.queue.offices())


def _minutes_left(turn: Turn, held: Held) -> int:
    return round((held.until - turn.services.clock()).total_seconds() / 60)
