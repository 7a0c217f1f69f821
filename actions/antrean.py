"""Confirming a booking, and looking at free places."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.antrean_form import BookingForm, offices_text
from actions.antrean_pemohon import JOURNEY
from actions.base import Events, SigapAction
from actions.tickets import office_name, show_ticket
from actions.turn import Turn
from actions.waktu import hours_text, opening_text
from actions.wording import bullets, weekday_date
from sigap.booking import HoldLapsed, OfficeQueue

_LISTED = 5


class SaveBooking(SigapAction):
    """Turns the hold into a booking and shows the ticket."""

    action_name = "action_simpan_antrean"

    def perform(self, turn: Turn) -> Events:
        """Confirm; a hold that has run out sends the applicant back to the choice of a day."""
        form = BookingForm()
        slots = (*(question.slot for question in form.questions(turn)), *form.also_forgets)
        cleared: Events = [SlotSet(slot, None) for slot in slots]
        if not turn.slot("antrean_konfirmasi"):
            return cleared
        outcome = turn.services.queue.confirm(turn.conversation_id)
        turn.forget_draft(JOURNEY)
        if isinstance(outcome, HoldLapsed):
            turn.say("utter_antrean_waktu_habis")
            return cleared
        show_ticket(turn, outcome, "utter_antrean_tiket")
        return cleared


class FreePlaces(SigapAction):
    """Which days still have places."""

    action_name = "action_cek_slot"

    def perform(self, turn: Turn) -> Events:
        """Free days of the named office; when there are none, what is near; for others, how quotas open."""
        named = turn.entity("kantor") or turn.slot("antrean_kantor")
        office = turn.office(named) if named else None
        if office is None or not office.takes_bookings:
            offices = offices_text(turn)
            turn.say("utter_cek_slot_umum" if offices else "utter_antrean_resmi", daftar=offices)
            return []
        if office.demo:
            turn.say("utter_data_demo")
        free = turn.services.queue.free_days(office.office_id)
        if free:
            lines = [
                f"{weekday_date(day)}: {hours_text(turn.services.queue.free_hours(office.office_id, day))}"
                for day in free[:_LISTED]
            ]
            name = office_name(turn, office.office_id)
            turn.say(
                "utter_cek_slot",
                [turn.offer("ambil_di", nama=name)],
                kantor=name,
                daftar=bullets(lines),
                zona=office.zone,
                buka=opening_text(turn, office),
            )
        else:
            _say_what_is_near(turn, office)
        return []


def _say_what_is_near(turn: Turn, office: OfficeQueue) -> None:
    """The office is full: neighbouring ones with places, and the waiting list."""
    today = turn.services.clock().date()
    near = turn.services.queue.alternatives(office.office_id, today).offices
    name = office_name(turn, office.office_id)
    turn.say(
        "utter_cek_slot_penuh",
        [
            *(turn.offer("antre_di", nama=office_name(turn, place.office_id)) for place in near),
            turn.offer("tunggu", nama=name),
        ],
        kantor=name,
        buka=opening_text(turn, office),
    )
