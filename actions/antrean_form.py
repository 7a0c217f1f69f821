"""The form that books a place in an office's queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.antrean_2017 import take_2017
from actions.antrean_pemohon import JOURNEY, Applicants, ApplicantsQuestion, people_text
from actions.base import Events
from actions.forms import Filled, Form, Question, Reading, Stop, Unavailable, Wrong
from actions.tickets import office_name, ticket_variables
from actions.turn import Turn
from actions.waktu import DayQuestion, HourQuestion, Wish
from actions.wording import bullets, hour_text, minutes_left, moment_text, weekday_date
from sigap.booking import PASSPORT, AlreadyBooked, Held, MonthFull, NamedTwice, Paused, PersonBooked, Ticket
from sigap.language.counts import find_counts
from sigap.language.hash_message import is_hash_cancel, read_hash_message

# M-Paspor's own limit per account, until an office is chosen that sets another.
_MOST_APPLICANTS = 5
# Interviewed separately (BAP) before anything else, so no queue slot is booked for them. Permenkumham 8/2014.
_WALK_IN_KINDS = {"hilang", "rusak", "ubah_data"}
_PRIORITY_GROUPS = {"bayi", "lansia"}
_ABOUT_AN_OFFICE = {"cek_slot", "info_kantor"}
# Longer messages tell of something; a cue word in them ("loketnya lama") is no answer.
_ANSWER_WORDS = 5
_MOST_DIGITS = 3


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

    def priority(self, turn: Turn) -> bool:
        """Elderly people, small children and the disabled, as far as is known of who comes."""
        if turn.slot("antrean_prioritas"):
            return True
        births = [date.fromisoformat(person["lahir"]) for person in Applicants(turn).people if "lahir" in person]
        return any(turn.services.knowledge.group(birth, self.today(turn)) in _PRIORITY_GROUPS for birth in births)

    def none_free(self, turn: Turn) -> Reading:
        """Another office, or the waiting list."""
        office_id = self.office_id(turn)
        return Unavailable(
            "utter_antrean_semua_penuh",
            {"kantor": office_name(turn, office_id)},
            {"antrean_kantor": None, "antrean_penuh": office_id},
        )

    def speaks_of_visit(self, turn: Turn) -> bool:
        """While personal data are asked for, dates are birth dates unless the message says otherwise."""
        if turn.mentions(turn.cues.birth):
            return False
        return turn.slot("requested_slot") != "antrean_pemohon" or turn.mentions(turn.cues.visit)


WISH = BookingWish()


class OfficeQuestion(Question):
    """At which office."""

    slot = "antrean_kantor"
    resets: tuple[str, ...] = ("antrean_tanggal", "antrean_waktu", "antrean_konfirmasi")
    paged = True

    def read(self, turn: Turn, asked: bool) -> Reading:
        """An office that takes bookings by chat; for another, the official way."""
        named = turn.entity("kantor") or (_misspelt_office(turn) if asked else _office_talked_of(turn))
        if named is None:
            return None
        office = turn.office(named)
        if office is not None and office.takes_bookings:
            return Filled({self.slot: named, "antrean_penuh": None})
        known = turn.services.knowledge.offices.get(named)
        return Wrong(
            "utter_antrean_tidak_dilayani", {"kantor": known.nama if known else named, "daftar": offices_text(turn)}
        )

    def ask(self, turn: Turn) -> Reading:
        """Ask, offering the offices that take bookings by chat; after one that is full, those near it and to wait."""
        queue = turn.services.queue
        offices = queue.offices()
        if not offices:
            return Stop("utter_antrean_belum_ada")
        full = turn.slot("antrean_penuh")
        if full in offices:
            places = int(turn.slot("antrean_jumlah") or 1)
            near = queue.alternatives(full, WISH.today(turn), None, places, priority=WISH.priority(turn)).offices
            offices = [place.office_id for place in near]
        buttons = self.page(turn, [turn.offer("kantor", nama=office_name(turn, office)) for office in offices])
        waiting = [turn.offer("tunggu", nama=office_name(turn, full))] if full in queue.offices() else []
        turn.say("utter_tanya_antrean_kantor", [*buttons, *waiting])
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
        if kind is None:
            kind = _kind_by_words(turn, asked)
        if kind in _WALK_IN_KINDS:
            return Stop("utter_antrean_datang_langsung")
        kind = "penggantian" if kind == "penuh" else kind
        office = turn.office(WISH.office_id(turn))
        if kind and office and kind not in office.kinds:
            return Wrong("utter_antrean_jenis_tidak_dilayani", {"kantor": office_name(turn, office.office_id)})
        return Filled({self.slot: kind}) if kind else None

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
        wishes = turn.intent in BookingForm.own_intents
        if said is None and (asked or wishes or len(turn.words) <= _ANSWER_WORDS):
            said = next((str(count.value) for count in find_counts(turn.text)), None)
        if said is None and asked and turn.text.strip().isdigit() and len(turn.text.strip()) <= _MOST_DIGITS:
            said = turn.text.strip()
        if said is None:
            return None
        queue = turn.office(WISH.office_id(turn))
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
        applicants = Applicants(turn)
        people = applicants.all(disabled=turn.slot("antrean_prioritas") == "lain")
        kantor, day, hour = turn.slot("antrean_kantor"), WISH.day(turn), WISH.hour(turn)
        outcome = turn.services.queue.hold(turn.conversation_id, kantor, day, hour, turn.slot("antrean_jenis"), people)
        if not isinstance(outcome, Held):
            return _refused(turn, applicants, outcome)
        turn.say(
            "utter_antrean_ringkasan",
            kantor=office_name(turn, kantor),
            jenis=turn.slot("antrean_jenis"),
            tanggal=weekday_date(day),
            jam=hour_text(hour),
            zona=WISH.zone(turn),
            pemohon=bullets(people_text(people)),
            prioritas=turn.words_of("utter_antrean_prioritas") if outcome.priority else "",
            menit=minutes_left(outcome.until, turn.services.clock()),
        )
        return None


def _refused(turn: Turn, applicants: Applicants, outcome: Any) -> Reading:
    """Why the places could not be held, in a sentence that reveals nothing of anybody else's booking."""
    if isinstance(outcome, AlreadyBooked):
        return Stop("utter_antrean_sudah_ada", ticket_variables(turn, outcome.ticket))
    if isinstance(outcome, Paused):
        return Stop("utter_antrean_jeda", {"sampai": moment_text(outcome.until, WISH.zone(turn))})
    if isinstance(outcome, MonthFull):
        until = moment_text(outcome.until, WISH.zone(turn))
        return Stop("utter_antrean_bulanan", {"batas": outcome.limit, "sampai": until})
    if isinstance(outcome, (PersonBooked, NamedTwice)):
        for position in outcome.positions:
            applicants.clear(position - 1, "nik")
        applicants.keep()
        which = applicants.which(outcome.positions[0] - 1)
        stay = {slot: turn.slot(slot) for slot in Confirmation.resets} | {ApplicantsQuestion.slot: None}
        twice = isinstance(outcome, NamedTwice)
        return Unavailable("utter_nik_ganda" if twice else "utter_nik_sudah_antre", {"pemohon": which}, stay)
    full_day = {"antrean_penuh": str(WISH.day(turn))}
    return Unavailable("utter_antrean_keburu_penuh", slots=full_day)


class BookingForm(Form):
    """Books a place: office, kind, number of applicants, day, hour, who, and a confirmation."""

    form = "antrean_form"
    journey = JOURNEY
    own_intents = frozenset({"daftar_antrean"})
    gives_way_to = frozenset({"daftar_tunggu"})
    also_forgets = ("antrean_prioritas", "antrean_penuh", "tawaran")

    def perform(self, turn: Turn) -> Events:
        """As any form; whoever has a booking already is told so before being asked for anything."""
        booked = turn.services.queue.booking_of(turn.conversation_id, PASSPORT)
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
            slots = super().read_message(turn, asked)
            return slots if isinstance(slots, Stop) else _with_priority(turn, slots)
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
        super().forget(turn)

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


def _with_priority(turn: Turn, slots: dict[str, Any] | None) -> dict[str, Any] | None:
    """Note who says that somebody elderly, small or disabled comes; held against birth dates when places are held."""
    by_age = turn.entity("kelompok_pemohon") in _PRIORITY_GROUPS
    reason = "lain" if turn.mentions(turn.cues.priority) else "umur" if by_age else None
    if reason is None or (slots is None and turn.slot("requested_slot")):
        return slots
    return (slots or {}) | {"antrean_prioritas": reason}


def _kind_by_words(turn: Turn, asked: bool) -> str | None:
    """The kind named in a brief answer, or in passing with the wish to book: "lama" may be anything there."""
    if asked and len(turn.words) <= _ANSWER_WORDS:
        words_of = turn.cues.kinds
    elif turn.intent in BookingForm.own_intents:
        words_of = turn.cues.kinds_in_passing
    else:
        return None
    return next((kind for kind, words in words_of.items() if turn.mentions(words)), None)


def _office_talked_of(turn: Turn) -> str | None:
    """The office whose places or address were just asked for, when the wish to book follows: "kalau Selasa bisa?"."""
    begins = turn.slot("requested_slot") is None and turn.intent_before in _ABOUT_AN_OFFICE
    named = turn.entity_before("kantor") if begins else None
    office = turn.office(named) if named else None
    return named if office is not None and office.takes_bookings else None


def _misspelt_office(turn: Turn) -> str | None:
    """The office meant by a bare answer such as "surabya"."""
    offices = turn.services.knowledge.offices
    words = [word for word in turn.words if not turn.services.normaliser.is_field_word(word)]
    return next((office.id for word in words if (office := offices.near_name(word))), None)


def offices_text(turn: Turn) -> str:
    """The offices that take bookings by chat, one line each."""
    return bullets(office_name(turn, office) for office in turn.services.queue.offices())
