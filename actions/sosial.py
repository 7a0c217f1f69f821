"""What is not about passports: stopping, misunderstandings."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from ruamel.yaml import YAML

from actions.antrean_tunggu import pass_on, take_offer
from actions.base import Events, SigapAction
from actions.data_pribadi import erase, erasure_was_asked
from actions.forms import Form
from actions.rincian import corrected_question
from actions.tickets import ticket_variables
from actions.turn import Turn, button
from sigap.booking import NoBooking, Ticket
from sigap.settings import LANGUAGE

# Below this an intent is not worth offering; from the reliability curve in docs/benchmark.md.
WORTH_OFFERING = 0.12
GIVE_UP_AFTER = 3


class StopForm(SigapAction):
    """Leaves whatever is being filled in."""

    action_name = "action_batal"

    def perform(self, turn: Turn) -> Events:
        """Give back held places and forget the entries; outside a form, say what can be cancelled."""
        services = turn.services
        if turn.active_form is None:
            booked = not isinstance(services.queue.booking_of(turn.conversation_id), NoBooking)
            turn.say("utter_batal_antrean_anda" if booked else "utter_tidak_ada_yang_dibatalkan")
            return []
        forms = [form() for form in Form.__subclasses__()]
        for form in forms:
            form.forget(turn)
        turn.say("utter_dibatalkan")
        slots = [question.slot for form in forms for question in form.questions(turn)]
        others = [slot for form in forms for slot in form.also_forgets]
        names = ("requested_slot", "gagal_isi", "halaman", "topik", "konteks", *slots, *others)
        return [ActiveLoop(None), *(SlotSet(name, None) for name in names)]


class Agreed(SigapAction):
    """A "yes" to no question: after a booking, the confirmation said (or delivered) once more."""

    action_name = "action_setuju"

    def perform(self, turn: Turn) -> Events:
        """Take what has just been offered; say that the booking stands; or ask what can be done."""
        if turn.slot("tawaran"):
            return take_offer(turn)
        if erasure_was_asked(turn):
            return erase(turn)
        if (corrected := corrected_question(turn)) is not None:
            return corrected
        just_booked = turn.previous_action == "action_simpan_antrean"
        booking = turn.services.queue.booking_of(turn.conversation_id) if just_booked else None
        if isinstance(booking, Ticket):
            turn.say("utter_antrean_sudah_tercatat", **ticket_variables(turn, booking))
        else:
            turn.say("utter_setuju")
        return []


class Declined(SigapAction):
    """A "no" to no question, or to a place that has just been offered."""

    action_name = "action_tolak"

    def perform(self, turn: Turn) -> Events:
        """Pass the offer on; or ask what can be done."""
        if turn.slot("tawaran"):
            return pass_on(turn)
        if (corrected := corrected_question(turn)) is not None:
            return corrected
        turn.say("utter_tolak")
        return []


class Misunderstood(SigapAction):
    """Asks which of two things was meant; says plainly when nothing was understood."""

    action_name = "action_klarifikasi"

    def perform(self, turn: Turn) -> Events:
        """Offer the likeliest intents, or help, or an officer after several misses in a row."""
        if (corrected := corrected_question(turn)) is not None:
            return corrected
        names = intent_names()
        likely = [
            guess["name"] for guess in turn.ranking if guess["name"] in names and guess["confidence"] >= WORTH_OFFERING
        ][:2]
        if turn.misunderstood_in_a_row >= GIVE_UP_AFTER:
            turn.say("utter_tidak_paham_terus")
        elif turn.mentions(turn.cues.english) and not likely:
            turn.say("utter_bahasa_lain")
        elif likely:
            buttons = [button(names[intent]["tombol"], names[intent]["kalimat"]) for intent in likely]
            turn.say("utter_maksud_anda", [*buttons, turn.offer("bukan_itu")])
        else:
            turn.say("utter_tidak_paham")
        return []


@lru_cache(maxsize=1)
def intent_names(path: Path = LANGUAGE / "niat.yml") -> dict[str, dict[str, Any]]:
    """How each intent is offered on a button, and the sentence that the button says."""
    names: dict[str, dict[str, Any]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["niat"]
    return names
