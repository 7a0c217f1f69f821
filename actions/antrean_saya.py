"""Looking after one's own booking: seeing, moving, cancelling it, and proving that it is one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rasa_sdk.events import FollowupAction, SlotSet

from actions.antrean_form import OfficeQuestion
from actions.antrean_pemohon import LONG_AGO
from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading, Stop, Unavailable, Wrong
from actions.tickets import show_ticket, ticket_variables
from actions.turn import Button, Turn
from actions.waktu import DayQuestion, HourQuestion, Wish
from actions.wording import hour_text, weekday_date
from sigap.booking import (
    PASSPORT,
    PICKUP,
    AlreadyBooked,
    Cancelled,
    DayClosed,
    LockedOut,
    MovesUsedUp,
    NoBooking,
    NotProven,
    Ticket,
    TooLateToMove,
    read_code,
)
from sigap.clock import WIB
from sigap.language.dates import Purpose, find_dates

JOURNEY = "antrean_saya"
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{4}[\s-]?[A-Za-z0-9]{4}(?![A-Za-z0-9])")


# Whose booking it is


class BookingCode(Question):
    """The booking code of a booking made in another conversation. Kept in the draft: it is half of the proof."""

    slot = "antrean_kode"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A code that its own check character confirms."""
        said = turn.entity("kode_booking")
        typed = [said] if said else [match.group() for match in _CODE.finditer(turn.text)] if asked else []
        code = next((code for text in typed if (code := read_code(text))), None)
        if code is None:
            return Wrong("utter_kode_booking_keliru") if typed else None
        _remember(turn, kode=code)
        return Filled({self.slot: "ada"})

    def ask(self, turn: Turn) -> Reading:
        """Ask, unless this conversation is locked out."""
        until = turn.services.applications.locked_until(turn.conversation_id)
        if until:
            return Stop("utter_bukti_terkunci", {"jam": hour_text(until.astimezone(WIB))})
        turn.say("utter_tanya_antrean_kode")
        return None


class BookingBirth(Question):
    """The birth date of one of the booking's applicants, the other half of the proof."""

    slot = "antrean_lahir"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A birth date; out of the blue only one that can be nothing else."""
        today = turn.services.clock().date()
        found = find_dates(turn.text, today, Purpose.BIRTH)
        day = next((reading.first for reading in found if reading.first and reading.first == reading.last), None)
        if day and day <= today and (asked or turn.mentions(turn.cues.birth) or day < today - LONG_AGO):
            _remember(turn, lahir=day.isoformat())
            return Filled({self.slot: "ada"})
        return Wrong("utter_tanggal_lahir_keliru") if asked and found else None

    def verify(self, turn: Turn) -> Reading:
        """Prove: the booking then belongs to this conversation."""
        entries = turn.draft(JOURNEY)
        if not {"kode", "lahir"} <= entries.keys():
            return Unavailable("utter_isian_kedaluwarsa", slots={BookingCode.slot: None})
        outcome = turn.services.queue.adopt(turn.conversation_id, entries["kode"], date.fromisoformat(entries["lahir"]))
        turn.forget_draft(JOURNEY)
        if isinstance(outcome, NotProven):
            return Unavailable("utter_bukti_tidak_cocok", slots={BookingCode.slot: None})
        if isinstance(outcome, LockedOut):
            return Stop("utter_bukti_terkunci", {"jam": hour_text(outcome.until.astimezone(WIB))})
        if isinstance(outcome, AlreadyBooked):
            return Stop("utter_antrean_sudah_ada", ticket_variables(turn, outcome.ticket))
        return None

    def ask(self, turn: Turn) -> Reading:
        """Ask."""
        turn.say("utter_tanya_antrean_lahir")
        return None


def _remember(turn: Turn, **entries: str) -> None:
    turn.keep_draft(JOURNEY, turn.draft(JOURNEY) | entries)


def proof(turn: Turn) -> tuple[Question, ...]:
    """What must be asked before a booking may be touched: nothing in the conversation that made it."""
    return () if isinstance(own(turn), Ticket) else (BookingCode(), BookingBirth())


def own(turn: Turn) -> Ticket | NoBooking:
    """The live booking of this conversation."""
    return turn.services.queue.booking_of(turn.conversation_id)


def _offers_proof(turn: Turn) -> bool:
    """Whether the message, or the question that was asked, is about the code of a booking made elsewhere."""
    asked = turn.slot("requested_slot") in {BookingCode.slot, BookingBirth.slot}
    return asked or turn.entity("kode_booking") is not None or turn.mentions(turn.cues.code)


class ShowBooking(SigapAction):
    """Shows this conversation's own booking."""

    action_name = "action_cek_antrean"

    def perform(self, turn: Turn) -> Events:
        """The ticket; without one, the way to prove a booking made elsewhere, or how to find one."""
        booking = own(turn)
        if isinstance(booking, Ticket):
            show_ticket(turn, booking, "utter_antrean_milik_anda")
            _say_if_closed(turn)
        elif _offers_proof(turn):
            return [FollowupAction("bukti_antrean_form")]
        else:
            turn.say("utter_antrean_tidak_ada")
        return []


class ProofForm(Form):
    """Takes over a booking that was made in another conversation."""

    form = "bukti_antrean_form"
    journey = JOURNEY
    own_intents = frozenset({"cek_antrean"})
    handed_over_by = frozenset({"action_cek_antrean"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Code and birth date."""
        return (BookingCode(), BookingBirth())


class ShowProven(SigapAction):
    """Shows the booking that has just been proved."""

    action_name = "action_antrean_terbukti"

    def perform(self, turn: Turn) -> Events:
        """The ticket, if the form was completed."""
        proven = turn.slot(BookingCode.slot) and turn.slot(BookingBirth.slot)
        booking = own(turn) if proven else None
        if isinstance(booking, Ticket):
            show_ticket(turn, booking, "utter_antrean_milik_anda")
            _say_if_closed(turn)
        return [SlotSet(BookingCode.slot, None), SlotSet(BookingBirth.slot, None)]


class ClosedDay(SigapAction):
    """Tells somebody that the office has closed the day they booked; a turn that SIGAP begins itself."""

    action_name = "action_kabar_hari_tutup"

    def perform(self, turn: Turn) -> Events:
        """What they can do now; nothing, if they have moved or cancelled before it could be told."""
        _say_if_closed(turn)
        return []


class OpenAgain(SigapAction):
    """Tells somebody that the closed day is open after all; a turn that SIGAP begins itself."""

    action_name = "action_kabar_hari_buka"

    def perform(self, turn: Turn) -> Events:
        """That their booking holds, if they still have it and the office has not changed its mind once more."""
        booking, closed = own(turn), turn.services.queue.closed_day(turn.conversation_id)
        if isinstance(booking, Ticket) and isinstance(closed, NoBooking):
            turn.say("utter_kabar_hari_buka", **ticket_variables(turn, booking))
        return []


def _say_if_closed(turn: Turn) -> None:
    closed = turn.services.queue.closed_day(turn.conversation_id)
    if isinstance(closed, DayClosed):
        turn.say("utter_kabar_hari_tutup", alasan=closed.reason, **ticket_variables(turn, closed.ticket))


# Cancelling


class CancelBookingForm(Form):
    """Cancels a booking after asking once."""

    form = "batal_antrean_form"
    journey = JOURNEY
    own_intents = frozenset({"batalkan_antrean"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Whose it is, where that is not known, and: are you sure."""
        return (*proof(turn), ConfirmCancel())

    def perform(self, turn: Turn) -> Events:
        """As any form; without a booking it explains how official schedules are cancelled."""
        if isinstance(own(turn), NoBooking) and not _offers_proof(turn):
            turn.say("utter_pembatalan_resmi")
            return self.closing_events(turn)
        return super().perform(turn)


class ConfirmCancel(Question):
    """Whether the booking shown is really to be cancelled."""

    slot = "batal_antrean_konfirmasi"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Yes or no."""
        if not asked:
            return None
        if turn.intent == "batal":  # "batal" alone may mean the booking or this question
            return Wrong("utter_jelaskan_batal_antrean_konfirmasi")
        answers = {"setuju": True, "batalkan_antrean": True, "tolak": False}
        return Filled({self.slot: answers[turn.intent]}) if turn.intent in answers else None

    def ask(self, turn: Turn) -> Reading:
        """Show the booking and ask."""
        booking = own(turn)
        if isinstance(booking, NoBooking):
            return Stop("utter_antrean_tidak_ada")
        turn.say("utter_tanya_batal_antrean", **ticket_variables(turn, booking))
        return None


class CancelBooking(SigapAction):
    """Cancels, or leaves everything as it was."""

    action_name = "action_batalkan_antrean"

    def perform(self, turn: Turn) -> Events:
        """Act on the answer of the form."""
        confirmed = turn.slot("batal_antrean_konfirmasi")
        slots = ("batal_antrean_konfirmasi", BookingCode.slot, BookingBirth.slot)
        cleared: Events = [SlotSet(slot, None) for slot in slots]
        if confirmed is None:
            return cleared
        if not confirmed:
            turn.say("utter_antrean_tetap")
            return cleared
        outcome = turn.services.queue.cancel(turn.conversation_id)
        if isinstance(outcome, Cancelled):
            turn.say("utter_antrean_dibatalkan", **ticket_variables(turn, outcome.ticket))
        else:
            turn.say("utter_antrean_tidak_ada")
        return cleared


# Moving


class MoveWish(Wish):
    """The new day and hour of a booking."""

    day_slot = "jadwal_tanggal"
    hour_slot = "jadwal_waktu"

    def office_id(self, turn: Turn) -> str:
        """The office moved to: that of the booking unless another is named."""
        booking = own(turn)
        return str(turn.slot("jadwal_kantor") or (booking.office_id if isinstance(booking, Ticket) else None))

    def places(self, turn: Turn) -> int:
        """As many as the booking has."""
        booking = own(turn)
        return booking.places if isinstance(booking, Ticket) else 1

    def service(self, turn: Turn) -> str:
        """The queue in which the booking stands."""
        booking = own(turn)
        return PICKUP if isinstance(booking, Ticket) and booking.kind == PICKUP else PASSPORT

    def priority(self, turn: Turn) -> bool:
        """Whether the booking has priority places."""
        booking = own(turn)
        return isinstance(booking, Ticket) and booking.priority

    def ask_day(self, turn: Turn, buttons: list[Button]) -> None:
        """Show the present booking and ask for the new day."""
        booking = own(turn)
        if isinstance(booking, Ticket):
            turn.say("utter_tanya_jadwal_tanggal", buttons, **ticket_variables(turn, booking))

    def none_free(self, turn: Turn) -> Reading:
        """The booking stays as it is."""
        return Stop("utter_jadwal_semua_penuh", {"kantor": self.office_name(turn)})


class MoveOffice(OfficeQuestion):
    """To which office; that of the booking unless another is named."""

    slot = "jadwal_kantor"
    resets = ("jadwal_tanggal", "jadwal_waktu")


class MoveForm(Form):
    """Moves a booking to another day or hour, or to another office."""

    form = "ubah_jadwal_form"
    journey = JOURNEY
    own_intents = frozenset({"ubah_jadwal"})
    also_forgets = ("antrean_penuh",)

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Whose it is, where that is not known, then where and when."""
        wish = MoveWish()
        return (*proof(turn), MoveOffice(), DayQuestion(wish), HourQuestion(wish))

    def perform(self, turn: Turn) -> Events:
        """As any form; without a booking it explains how official schedules are moved."""
        if isinstance(own(turn), NoBooking) and not _offers_proof(turn):
            turn.say("utter_jadwal_ulang_resmi")
            return self.closing_events(turn)
        refused = turn.services.queue.movable(turn.conversation_id)
        if isinstance(refused, (MovesUsedUp, TooLateToMove)):
            _refuse(turn, refused)
            return self.closing_events(turn)
        return super().perform(turn)

    def ask_next(self, turn: Turn, slots: dict[str, object], asked: str | None = None) -> Events:
        """The office is that of the booking until another is named."""
        booking = own(turn)
        if turn.with_slots(slots).slot(MoveOffice.slot) is None and isinstance(booking, Ticket):
            slots = slots | {MoveOffice.slot: booking.office_id}
        return super().ask_next(turn, slots, asked)


class MoveBooking(SigapAction):
    """Moves the booking to the hour that the form has verified."""

    action_name = "action_pindah_jadwal"

    def perform(self, turn: Turn) -> Events:
        """Move; whatever forbids it is said, and the booking stays."""
        wish = MoveWish()
        slots = (wish.day_slot, wish.hour_slot, MoveOffice.slot, BookingCode.slot, BookingBirth.slot, "antrean_penuh")
        cleared: Events = [SlotSet(slot, None) for slot in slots]
        if not (turn.slot(wish.day_slot) and turn.slot(wish.hour_slot)):
            return cleared
        outcome = turn.services.queue.move(turn.conversation_id, wish.day(turn), wish.hour(turn), wish.office_id(turn))
        if isinstance(outcome, Ticket):
            show_ticket(turn, outcome, "utter_jadwal_pindah")
        elif isinstance(outcome, NoBooking):
            turn.say("utter_antrean_tidak_ada")
        elif isinstance(outcome, (MovesUsedUp, TooLateToMove)):
            _refuse(turn, outcome)
        else:
            turn.say("utter_jadwal_keburu_penuh")
        return cleared


def _refuse(turn: Turn, refused: MovesUsedUp | TooLateToMove) -> None:
    """Say the office's rule that forbids moving."""
    if isinstance(refused, MovesUsedUp):
        turn.say("utter_jadwal_habis_kali", kali=refused.limit)
    else:
        turn.say("utter_jadwal_terlambat", tanggal=weekday_date(refused.last_day))
