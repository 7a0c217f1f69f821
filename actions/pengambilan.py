"""A place in the queue for collecting a finished passport."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading, Stop, Unavailable, Wrong
from actions.info import CLARIFICATION_FORM, Answer, close_clarification
from actions.status import JOURNEY, ApplicationNumber, BirthDate, remember
from actions.tickets import office_name, show_ticket, ticket_variables
from actions.turn import Button, Turn
from actions.waktu import DayQuestion, HourQuestion, Wish
from actions.wording import hour_text, minutes_left, weekday_date
from sigap.applications import Found, LockedOut, NotProven
from sigap.booking import PICKUP, AlreadyBooked, Held, HoldLapsed, NotReady, PersonBooked
from sigap.clock import WIB
from sigap.language.names import read_name


class CollectNumber(ApplicationNumber):
    """The number of the application whose passport is ready."""

    slot = "ambil_nomor"


class CollectBirth(BirthDate):
    """The applicant's birth date, the proof, as in the status lookup."""

    slot = "ambil_lahir"

    def verify(self, turn: Turn) -> Reading:
        """The application is theirs and its passport can be collected; the office is remembered in a slot."""
        if turn.slot("ambil_kantor"):
            return None
        entries = turn.draft(JOURNEY)
        if not {"nomor", "lahir"} <= entries.keys():
            return Unavailable("utter_isian_kedaluwarsa", slots={CollectNumber.slot: None})
        found = turn.services.applications.look_up(
            turn.conversation_id, entries["nomor"], date.fromisoformat(entries["lahir"])
        )
        if isinstance(found, LockedOut):
            return Stop("utter_status_terkunci", {"jam": hour_text(found.until.astimezone(WIB))})
        if isinstance(found, NotProven):
            return Unavailable("utter_status_tidak_cocok", slots={CollectNumber.slot: None})
        return _ready(turn, found)


class Collector(Question):
    """Who comes: the applicant, family on the same family card, or somebody else."""

    slot = "ambil_oleh"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """One of the three, by the words of data/bahasa."""
        said = next((who for who, words in turn.cues.collectors.items() if turn.mentions(words)), None)
        if said is None or not (asked or turn.mentions(turn.cues.proxy)):
            return None
        return Filled({self.slot: said})

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_ambil_oleh")
        return None


class CollectorName(Question):
    """The name of whoever comes, kept in the draft."""

    slot = "ambil_nama"
    resets = ("ambil_konfirmasi",)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A name."""
        name = turn.entity("nama") or (read_name(turn.text) if asked else None)
        if name is None:
            return None
        turn.confide("nama", name)
        remember(turn, pengambil=name)
        return Filled({self.slot: "ada"})

    def ask(self, turn: Turn) -> Reading:
        """Say what to bring, and ask."""
        turn.say(f"utter_ambil_dokumen_{turn.slot(Collector.slot)}")
        turn.say("utter_tanya_ambil_nama")
        return None


class CollectWish(Wish):
    """The day and hour of collecting."""

    day_slot = "ambil_tanggal"
    hour_slot = "ambil_waktu"
    resets = ("ambil_konfirmasi",)

    def office_id(self, turn: Turn) -> str:
        """The office that has the passport."""
        return str(turn.slot("ambil_kantor"))

    def places(self, turn: Turn) -> int:
        """One passport, one place."""
        return 1

    def service(self, turn: Turn) -> str:
        """The queue of those who collect."""
        return PICKUP

    def speaks_of_visit(self, turn: Turn) -> bool:
        """Until the proof is given, dates are birth dates."""
        return turn.slot("ambil_kantor") is not None

    def ask_day(self, turn: Turn, buttons: list[Button]) -> None:
        """Ask for the day of collecting."""
        turn.say("utter_tanya_ambil_tanggal", buttons, kantor=self.office_name(turn))

    def none_free(self, turn: Turn) -> Reading:
        """The passport is at this office only."""
        return Stop("utter_ambil_semua_penuh", {"kantor": self.office_name(turn)})


WISH = CollectWish()


class ConfirmCollect(Question):
    """The summary, with the place held while the applicant reads it."""

    slot = "ambil_konfirmasi"
    confirms = True
    resets = ("ambil_tanggal", "ambil_waktu")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Yes; or no, which asks what to change."""
        if not asked:
            return None
        if turn.intent == "setuju":
            return Filled({self.slot: True})
        return Wrong("utter_ambil_ubah_apa") if turn.intent == "tolak" else None

    def ask(self, turn: Turn) -> Reading:
        """Hold the place and show the summary."""
        entries = turn.draft(JOURNEY)
        if not {"nomor", "lahir", "pengambil"} <= entries.keys():
            return Stop("utter_isian_kedaluwarsa")
        turn.confide("nama", entries["pengambil"])
        outcome = turn.services.queue.hold_pickup(
            turn.conversation_id,
            entries["nomor"],
            date.fromisoformat(entries["lahir"]),
            WISH.day(turn),
            WISH.hour(turn),
            entries["pengambil"],
            proxy=turn.slot(Collector.slot) != "sendiri",
        )
        if isinstance(outcome, Held):
            turn.say(
                "utter_ambil_ringkasan",
                kantor=WISH.office_name(turn),
                tanggal=weekday_date(WISH.day(turn)),
                jam=hour_text(WISH.hour(turn)),
                zona=WISH.zone(turn),
                pengambil=entries["pengambil"],
                nomor=f"••••{entries['nomor'][-4:]}",
                menit=minutes_left(outcome.until, turn.services.clock()),
            )
            return None
        return _refused(turn, outcome)


class CollectForm(Form):
    """Books a place for collecting: proof, who comes, day, hour, and a confirmation."""

    form = "ambil_form"
    journey = JOURNEY
    own_intents = frozenset({"cara_ambil_paspor"})
    also_forgets = ("ambil_kantor", "antrean_penuh")

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Proof first."""
        return (
            CollectNumber(),
            CollectBirth(),
            Collector(),
            CollectorName(),
            DayQuestion(WISH),
            HourQuestion(WISH),
            ConfirmCollect(),
        )

    def forget(self, turn: Turn) -> None:
        """Give back the held place and forget the entries."""
        turn.services.queue.release(turn.conversation_id)
        super().forget(turn)


class Collecting(Answer):
    """Tells how a passport is collected, or begins with the place in the queue if that is wished."""

    action_name = "action_ambil_paspor"

    def perform(self, turn: Turn) -> Events:
        """Tell by the words which of these it is; in the middle of another form, only answer."""
        wishes_place = turn.mentions(turn.cues.place_wanted) and not turn.mentions(turn.cues.asking)
        if wishes_place and turn.active_form in {None, CLARIFICATION_FORM}:
            return [*close_clarification(turn), FollowupAction(CollectForm.form)]
        return super().perform(turn)

    def answer(self, turn: Turn) -> str | None:
        """Documents, deadline, and a button for the queue."""
        turn.say("utter_cara_ambil_paspor")
        return None


class SaveCollect(SigapAction):
    """Turns the hold into a booking and shows the ticket."""

    action_name = "action_simpan_ambil"

    def perform(self, turn: Turn) -> Events:
        """Confirm what the form has held."""
        form = CollectForm()
        slots = (*(question.slot for question in form.questions(turn)), *form.also_forgets)
        cleared: Events = [SlotSet(slot, None) for slot in slots]
        if not turn.slot(ConfirmCollect.slot):
            return cleared
        outcome = turn.services.queue.confirm(turn.conversation_id)
        turn.forget_draft(JOURNEY)
        if isinstance(outcome, HoldLapsed):
            turn.say("utter_ambil_waktu_habis")
        else:
            show_ticket(turn, outcome, "utter_ambil_tiket", dokumen=turn.words_of(_documents(turn)))
        return cleared


def _documents(turn: Turn) -> str:
    return f"utter_ambil_dokumen_{turn.slot(Collector.slot)}"


def _ready(turn: Turn, found: Found) -> Reading:
    """Whether the passport waits at an office that takes bookings for collecting."""
    stage = turn.services.knowledge.stages[found.stage]
    if stage.kode != "siap_diambil":
        return Stop("utter_ambil_belum_siap", {"tahap": stage.nama, "berikutnya": stage.berikutnya})
    office = turn.office(found.office_id)
    if office is None or not office.takes_bookings or PICKUP not in office.kinds:
        return Stop("utter_ambil_tanpa_antrean", {"kantor": office_name(turn, found.office_id)})
    return Filled({"ambil_kantor": found.office_id})


def _refused(turn: Turn, outcome: Any) -> Reading:
    """Why the place could not be held, in a sentence."""
    if isinstance(outcome, AlreadyBooked):
        return Stop("utter_antrean_sudah_ada", ticket_variables(turn, outcome.ticket))
    if isinstance(outcome, PersonBooked):
        return Stop("utter_ambil_sudah_ada")
    if isinstance(outcome, NotReady):
        stage = turn.services.knowledge.stages[outcome.stage]
        return Stop("utter_ambil_belum_siap", {"tahap": stage.nama, "berikutnya": stage.berikutnya})
    return Unavailable("utter_antrean_keburu_penuh")
