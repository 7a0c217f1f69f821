"""The waiting list: joining and leaving it, and what is offered when a place becomes free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.antrean_form import WISH, BookingForm, CountQuestion, KindQuestion, OfficeQuestion
from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading, Wrong
from actions.tickets import office_name, ticket_variables
from actions.turn import Turn
from actions.wording import hour_text, weekday_date
from sigap.booking import AlreadyBooked, AlreadyWaiting, NotWaiting, Offer, Wait, Waiting
from sigap.clock import ZONES
from sigap.language.dates import Purpose, read_date

_NOON, _DAY_ENDS = time(12), time(23, 59)


class WaitingDays(Question):
    """For which days. The slot holds "first/last", with "|pagi" or "|siang" behind it where that was said."""

    slot = "tunggu_hari"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A day, a range, or any day of the booking window."""
        today = WISH.today(turn)
        found = read_date(turn.text, today, Purpose.ARRIVAL, turn.services.knowledge.feasts)
        part = turn.entity("waktu")
        part = f"|{part}" if part in {"pagi", "siang"} else ""
        if found.first and found.last:
            if found.last < today:
                return Wrong("utter_antrean_tanggal_lewat", {"hari_ini": weekday_date(today)})
            return Filled({self.slot: f"{max(found.first, today)}/{found.last}{part}"})
        if asked and turn.mentions(turn.cues.any_day):
            return Filled({self.slot: f"{today}/{today + WISH.window(turn)}{part}"})
        return None

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_tunggu_hari")
        return None


class WaitingForm(Form):
    """What somebody waits for."""

    form = "tunggu_form"
    own_intents = frozenset({"daftar_tunggu", "daftar_antrean"})
    handed_over_by = frozenset({"action_daftar_tunggu"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Where, what for, for how many, and when."""
        return (OfficeQuestion(), KindQuestion(), CountQuestion(), WaitingDays())

    def begin(self, turn: Turn) -> None:
        """Whoever waits gives back what a booking that was begun still holds."""
        BookingForm().forget(turn)


class JoinWaitingList(SigapAction):
    """Puts the conversation on the waiting list."""

    action_name = "action_masuk_daftar_tunggu"

    def perform(self, turn: Turn) -> Events:
        """Join with what the form has gathered."""
        slots = [question.slot for question in WaitingForm().questions(turn)]
        cleared: Events = [SlotSet(slot, None) for slot in (*slots, "halaman", *BookingForm.also_forgets)]
        if not all(turn.slot(slot) for slot in slots):
            return cleared
        outcome = turn.services.queue.waiting.join(turn.conversation_id, _wish(turn))
        if isinstance(outcome, Waiting):
            turn.say("utter_tunggu_dicatat", **waiting_variables(turn, outcome))
        elif isinstance(outcome, AlreadyWaiting):
            turn.say("utter_tunggu_sudah_ada", **waiting_variables(turn, outcome.waiting))
        elif isinstance(outcome, AlreadyBooked):
            turn.say("utter_antrean_sudah_ada", **ticket_variables(turn, outcome.ticket))
        else:
            turn.say("utter_tunggu_tidak_bisa", kantor=office_name(turn, turn.slot("antrean_kantor")))
        return cleared


class AskedToWait(SigapAction):
    """Whatever concerns the waiting list: joining, seeing, leaving, taking an offer or passing it on."""

    action_name = "action_daftar_tunggu"

    def perform(self, turn: Turn) -> Events:
        """Tell by the words which of these it is."""
        waiting = turn.services.queue.waiting
        if turn.mentions(turn.cues.take_offer):
            return take_offer(turn)
        if turn.mentions(turn.cues.skip_offer):
            return pass_on(turn)
        if turn.mentions(turn.cues.leave_list):
            left = waiting.leave(turn.conversation_id)
            turn.say("utter_tunggu_tidak_ada" if isinstance(left, NotWaiting) else "utter_tunggu_keluar")
            return []
        place = waiting.show(turn.conversation_id)
        if isinstance(place, Waiting):
            turn.say("utter_tunggu_milik_anda", **waiting_variables(turn, place))
        elif turn.mentions(turn.cues.see_list):
            turn.say("utter_tunggu_tidak_ada")
        else:
            return [FollowupAction("tunggu_form")]
        return []


class PlaceFree(SigapAction):
    """Tells somebody who waits that a place is kept for them; a turn that SIGAP begins itself."""

    action_name = "action_kabar_kuota"

    def perform(self, turn: Turn) -> Events:
        """The offer, if it still stands when it is told."""
        offer = turn.services.queue.waiting.offer_of(turn.conversation_id)
        if isinstance(offer, NotWaiting):
            turn.say("utter_tawaran_lewat")
            return [SlotSet("tawaran", None)]
        turn.say("utter_kabar_kuota", **offer_variables(turn, offer))
        return [SlotSet("tawaran", "ada")]


def take_offer(turn: Turn) -> Events:
    """Accept what is offered and go on with the booking form, everything that is known filled in."""
    offer = turn.services.queue.waiting.accept(turn.conversation_id)
    if isinstance(offer, NotWaiting):
        turn.say("utter_tawaran_lewat")
        return [SlotSet("tawaran", None)]
    turn.say("utter_tawaran_diambil", **offer_variables(turn, offer))
    known: dict[str, Any] = {
        "antrean_kantor": offer.office_id,
        "antrean_jenis": offer.kind,
        "antrean_jumlah": offer.places,
        "antrean_tanggal": offer.day.isoformat(),
        "antrean_waktu": offer.hour.strftime("%H:%M"),
        "antrean_pemohon": None,
        "antrean_konfirmasi": None,
        "tawaran": None,
    }
    return [*(SlotSet(slot, value) for slot, value in known.items()), FollowupAction("antrean_form")]


def pass_on(turn: Turn) -> Events:
    """Leave the offer to the next in line, and wait on."""
    place = turn.services.queue.waiting.decline(turn.conversation_id)
    if isinstance(place, NotWaiting):
        turn.say("utter_tawaran_lewat")
    else:
        turn.say("utter_tawaran_dilewatkan", **waiting_variables(turn, place))
    return [SlotSet("tawaran", None)]


def _wish(turn: Turn) -> Wait:
    days, _, part = turn.slot("tunggu_hari").partition("|")
    first, last = (date.fromisoformat(day) for day in days.split("/"))
    hours = {"pagi": (time(0), _NOON), "siang": (_NOON, _DAY_ENDS)}.get(part, (None, None))
    return Wait(
        turn.slot("antrean_kantor"),
        first,
        last,
        places=int(turn.slot("antrean_jumlah")),
        kind=turn.slot("antrean_jenis"),
        first_hour=hours[0],
        last_hour=hours[1],
        priority=WISH.priority(turn),
    )


def waiting_variables(turn: Turn, place: Waiting) -> dict[str, Any]:
    """The variables of a place on the waiting list for a response."""
    wait = place.wait
    same = wait.first_day == wait.last_day
    days = weekday_date(wait.first_day) if same else f"{weekday_date(wait.first_day)} – {weekday_date(wait.last_day)}"
    return {
        "kantor": office_name(turn, wait.office_id),
        "hari": days,
        "jumlah": wait.places,
        "urutan": place.ahead + 1,
    }


def offer_variables(turn: Turn, offer: Offer) -> dict[str, Any]:
    """The variables of an offer for a response."""
    return {
        "kantor": office_name(turn, offer.office_id),
        "tanggal": weekday_date(offer.day),
        "jam": hour_text(offer.hour),
        "zona": offer.zone,
        "jumlah": offer.places,
        "sampai": hour_text(offer.until.astimezone(ZONES[offer.zone])),
    }
