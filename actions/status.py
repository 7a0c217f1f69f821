"""The status of an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading, Stop, Wrong
from actions.tickets import office_name
from actions.turn import Turn
from actions.wording import hour_text, weekday_date
from sigap.applications import Found, LockedOut
from sigap.clock import WIB, ZONES
from sigap.language.ages import find_age
from sigap.language.dates import Purpose, find_dates
from sigap.language.nik import NumberKind, find_long_numbers

JOURNEY = "status"
_READY = "siap_diambil"


class ApplicationNumber(Question):
    """The 16-digit application number, told from NIK and billing code."""

    slot = "status_nomor"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The number is kept in the draft; the slot only says that it is there."""
        numbers = find_long_numbers(turn.text)
        if not numbers:
            return None
        number = next((found for found in numbers if found.kind is NumberKind.APPLICATION), numbers[0])
        # Some application numbers happen to read as a NIK; whoever repeats the number means it.
        repeated = turn.draft(JOURNEY).get("diragukan") == number.digits
        if number.kind is NumberKind.APPLICATION or (asked and repeated):
            remember(turn, nomor=number.digits)
            return Filled({self.slot: "ada"})
        if number.kind is NumberKind.NIK and turn.slot(self.slot) is None:
            remember(turn, diragukan=number.digits)
        # Whoever begins with a NIK is told at once that it is not what is needed.
        begins = turn.slot(self.slot) is None and number.kind is NumberKind.NIK
        if not asked and not begins:
            return None
        return Wrong(f"utter_status_{number.kind.value}", {"panjang": len(number.digits)})

    def ask(self, turn: Turn) -> Reading:
        """Ask, unless this conversation is locked out."""
        until = turn.services.applications.locked_until(turn.conversation_id)
        if until:
            return Stop("utter_status_terkunci", {"jam": hour_text(until.astimezone(WIB))})
        turn.say("utter_tanya_status_nomor")
        return None


class BirthDate(Question):
    """The applicant's date of birth, the proof that the asker may see the status."""

    slot = "status_lahir"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The date is kept in the draft; the slot only says that it is there."""
        today = turn.services.clock().date()
        found = find_dates(turn.text, today, Purpose.BIRTH)
        days = [reading.first for reading in found if reading.first and reading.first == reading.last]
        # "26 januari 1987 eh maksudnya 25 januari 1987"
        day = days[-1 if turn.mentions(turn.cues.correction) else 0] if days else None
        if day and day <= today:
            remember(turn, lahir=day.isoformat())
            return Filled({self.slot: "ada"})
        tries = asked and (found or find_age(turn.words, asked=True) is not None)
        return Wrong("utter_tanggal_lahir_keliru") if tries else None

    def ask(self, turn: Turn) -> Reading:
        """Ask."""
        turn.say("utter_tanya_status_lahir")
        return None


def remember(turn: Turn, **entries: Any) -> None:
    """Add personal entries to this conversation's draft."""
    turn.keep_draft(JOURNEY, turn.draft(JOURNEY) | entries)


class StatusForm(Form):
    """Asks for number and birth date, in one message or two."""

    form = "status_form"
    journey = JOURNEY
    own_intents = frozenset({"cek_status"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Number first, then proof."""
        return (ApplicationNumber(), BirthDate())


class ShowStatus(SigapAction):
    """Shows the status to whoever has proved it theirs."""

    action_name = "action_tampilkan_status"

    def perform(self, turn: Turn) -> Events:
        """Look up with the draft's entries and forget them."""
        services = turn.services
        entries = turn.draft(JOURNEY)
        turn.forget_draft(JOURNEY)
        cleared: Events = [SlotSet("status_nomor", None), SlotSet("status_lahir", None)]
        if not (turn.slot("status_nomor") and turn.slot("status_lahir")):
            return cleared  # the form was ended before it was complete
        if not {"nomor", "lahir"} <= entries.keys():
            turn.say("utter_status_ulangi")
            return cleared
        outcome = services.applications.look_up(
            turn.conversation_id, entries["nomor"], date.fromisoformat(entries["lahir"])
        )
        if isinstance(outcome, Found):
            _show(turn, outcome, entries["nomor"])
        elif isinstance(outcome, LockedOut):
            turn.say("utter_status_terkunci", jam=hour_text(outcome.until.astimezone(WIB)))
        else:
            turn.say("utter_status_tidak_cocok")
        return cleared


def _show(turn: Turn, found: Found, number: str) -> None:
    knowledge = turn.services.knowledge
    stage = knowledge.stages[found.stage]
    office = knowledge.offices.get(found.office_id)
    zone = ZONES[office.zona] if office else WIB
    turn.say(
        "utter_status",
        nomor=f"••••{number[-4:]}",
        tahap=stage.nama,
        kantor=office_name(turn, found.office_id),
        sejak=weekday_date(found.stage_since.astimezone(zone)),
        arti=stage.arti,
        berikutnya=stage.berikutnya,
        tindakan=stage.tindakan,
    )
    if found.scheduled_for:
        local = found.scheduled_for.astimezone(zone)
        zone_name = office.zona if office else "WIB"
        turn.say("utter_status_jadwal", nilai=f"{weekday_date(local)} pukul {hour_text(local)} {zone_name}")
    # Only the normal course has an expected day; a refused or suspended application has none.
    if found.expected_on and stage.urutan is not None:
        overdue = found.expected_on < turn.services.clock().astimezone(zone).date()
        if overdue:
            turn.say("utter_status_lewat_perkiraan", nilai=weekday_date(found.expected_on))
        else:
            turn.say("utter_status_perkiraan_selesai", nilai=weekday_date(found.expected_on))
    if found.collect_by and stage.kode == _READY:
        turn.say("utter_status_batas_ambil", nilai=weekday_date(found.collect_by))
    if stage.kode == _READY:
        turn.say("utter_status_tawaran")
    if found.demo:
        turn.say("utter_data_demo")
