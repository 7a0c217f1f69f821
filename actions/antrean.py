"""Confirming a booking, looking at free places, and looking after one's own booking."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.antrean_form import BookingForm, offices_text
from actions.antrean_pemohon import JOURNEY
from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading, Stop, Wrong
from actions.tickets import office_name, show_ticket, ticket_variables
from actions.turn import Button, Turn
from actions.waktu import DayQuestion, HourQuestion, Wish, hours_text
from actions.wording import bullets, weekday_date
from sigap.booking import Cancelled, HoldLapsed, NoBooking, Ticket

_LISTED = 5


class SaveBooking(SigapAction):
    """Turns the hold into a booking and shows the ticket."""

    action_name = "action_simpan_antrean"

    def perform(self, turn: Turn) -> Events:
        """Confirm; a hold that has run out sends the applicant back to the choice of a day."""
        cleared: Events = [SlotSet(question.slot, None) for question in BookingForm().questions(turn)]
        if not turn.slot("antrean_konfirmasi"):
            return cleared
        outcome = turn.services.queue.confirm(turn.conversation_id)
        turn.services.drafts.forget(turn.conversation_id, JOURNEY)
        if isinstance(outcome, HoldLapsed):
            turn.say("utter_antrean_waktu_habis")
            return cleared
        show_ticket(turn, outcome, "utter_antrean_tiket")
        return cleared


class ShowBooking(SigapAction):
    """Shows this conversation's own booking."""

    action_name = "action_cek_antrean"

    def perform(self, turn: Turn) -> Events:
        """The ticket, or how to find a booking made elsewhere."""
        outcome = turn.services.queue.booking_of(turn.conversation_id)
        if isinstance(outcome, NoBooking):
            turn.say("utter_antrean_tidak_ada")
        else:
            show_ticket(turn, outcome, "utter_antrean_milik_anda")
        return []


class FreePlaces(SigapAction):
    """Which days still have places."""

    action_name = "action_cek_slot"

    def perform(self, turn: Turn) -> Events:
        """Free days of the named office; for others, how quotas open."""
        named = turn.entity("kantor") or turn.slot("antrean_kantor")
        queue = turn.services.queue.office(named) if named else None
        if queue is None or not queue.takes_bookings:
            offices = offices_text(turn)
            turn.say("utter_cek_slot_umum" if offices else "utter_antrean_resmi", daftar=offices)
            return []
        free = turn.services.queue.free_days(named)
        if not free:
            turn.say("utter_antrean_semua_penuh", kantor=office_name(turn, named))
            return []
        lines = [
            f"{weekday_date(day)}: {hours_text(turn.services.queue.free_hours(named, day))}" for day in free[:_LISTED]
        ]
        name = office_name(turn, named)
        turn.say(
            "utter_cek_slot",
            [turn.offer("ambil_di", nama=name)],
            kantor=name,
            daftar=bullets(lines),
            zona=queue.zone,
        )
        if queue.demo:
            turn.say("utter_data_demo")
        return []


class CancelBookingForm(Form):
    """Cancels this conversation's booking after asking once."""

    form = "batal_antrean_form"
    own_intents = frozenset({"batalkan_antrean"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """One question: are you sure."""
        return (ConfirmCancel(),)


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
        outcome = turn.services.queue.booking_of(turn.conversation_id)
        if isinstance(outcome, NoBooking):
            return Stop("utter_pembatalan_resmi")
        turn.say("utter_tanya_batal_antrean", **ticket_variables(turn, outcome))
        return None


class CancelBooking(SigapAction):
    """Cancels, or leaves everything as it was."""

    action_name = "action_batalkan_antrean"

    def perform(self, turn: Turn) -> Events:
        """Act on the answer of the form."""
        confirmed = turn.slot("batal_antrean_konfirmasi")
        cleared: Events = [SlotSet("batal_antrean_konfirmasi", None)]
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


class MoveWish(Wish):
    """The new day and hour of this conversation's booking."""

    day_slot = "jadwal_tanggal"
    hour_slot = "jadwal_waktu"

    def office_id(self, turn: Turn) -> str:
        """The office of the booking."""
        return _own(turn).office_id

    def places(self, turn: Turn) -> int:
        """As many as the booking has."""
        return _own(turn).places

    def ask_day(self, turn: Turn, buttons: list[Button]) -> None:
        """Show the present booking and ask for the new day."""
        turn.say("utter_tanya_jadwal_tanggal", buttons, **ticket_variables(turn, _own(turn)))


def _own(turn: Turn) -> Ticket:
    outcome = turn.services.queue.booking_of(turn.conversation_id)
    if isinstance(outcome, NoBooking):
        raise LookupError("this conversation has no booking to move")
    return outcome


class MoveForm(Form):
    """Moves this conversation's booking."""

    form = "ubah_jadwal_form"
    own_intents = frozenset({"ubah_jadwal"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """The new day and hour."""
        wish = MoveWish()
        return (DayQuestion(wish), HourQuestion(wish))

    def perform(self, turn: Turn) -> Events:
        """As any form; without a booking it explains how official schedules are moved."""
        if isinstance(turn.services.queue.booking_of(turn.conversation_id), NoBooking):
            turn.say("utter_jadwal_ulang_resmi")
            return self.closing_events(turn)
        return super().perform(turn)


class MoveBooking(SigapAction):
    """Moves the booking to the hour that the form has verified."""

    action_name = "action_pindah_jadwal"

    def perform(self, turn: Turn) -> Events:
        """Move; a place that is gone meanwhile is said so."""
        wish = MoveWish()
        cleared: Events = [SlotSet(wish.day_slot, None), SlotSet(wish.hour_slot, None)]
        if not (turn.slot(wish.day_slot) and turn.slot(wish.hour_slot)):
            return cleared
        outcome = turn.services.queue.move(turn.conversation_id, wish.day(turn), wish.hour(turn))
        if isinstance(outcome, Ticket):
            show_ticket(turn, outcome, "utter_jadwal_pindah")
        elif isinstance(outcome, NoBooking):
            turn.say("utter_antrean_tidak_ada")
        else:
            turn.say("utter_jadwal_keburu_penuh")
        return cleared
