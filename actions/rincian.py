"""The clarification of a question that lacks a detail."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading
from actions.info import Answer, AppHelp, OfficeInfo, Requirements, SpecialPassport, ask_detail, names
from actions.turn import Turn
from sigap.knowledge import Topic
from sigap.language.ages import find_age

_ANSWERS: dict[str, type[Answer]] = {
    "kelompok": Requirements,
    "kendala": AppHelp,
    "khusus": SpecialPassport,
    "kota": OfficeInfo,
}
_ENTITY = {"kelompok": "kelompok_pemohon", "kendala": "kendala", "kota": "kantor"}

_CORRECTED: dict[str, tuple[type[Answer], str]] = {
    "kantor": (OfficeInfo, OfficeInfo.action_name),
    "kelompok_pemohon": (Requirements, Requirements.action_name),
}


class Detail(Question):
    """The one missing detail."""

    slot = "rincian"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The entity, or the keyword, that the open question waits for."""
        topic = turn.slot("topik")
        if not asked or topic is None:
            return None
        if topic == "khusus":
            topics = turn.services.knowledge.special_topics
            found: Topic | None = next(
                (entry for entry in topics if entry.judul == turn.text or turn.mentions(entry.kata_kunci)), None
            )
            value = found.id if found else None
        elif topic == "kota":
            value = turn.entity("kantor") or _place_name(turn)
        elif topic == "kelompok" and (age := find_age(turn.words, asked=True)) is not None:
            value = turn.services.knowledge.group_of_age(age)
        else:
            value = turn.entity(_ENTITY[topic])
        return Filled({self.slot: value}) if value else None

    def ask(self, turn: Turn) -> Reading:
        """Ask for the detail with buttons."""
        ask_detail(turn, turn.slot("topik"))
        return None


def _place_name(turn: Turn) -> str | None:
    offices = turn.services.knowledge.offices
    return next((name for name in names(turn.words) if offices.place(name)), None)


class ClarificationForm(Form):
    """Waits for the missing detail of a question; any other wish ends it."""

    form = "rincian_form"

    def questions(self, turn: Turn) -> Sequence[Question]:
        """One question only."""
        return (Detail(),)


class AnswerClarified(SigapAction):
    """Answers the question now that the detail is known."""

    action_name = "action_rincian_terjawab"

    def perform(self, turn: Turn) -> Events:
        """Let the answer of the open topic speak."""
        topic = turn.slot("topik")
        if topic:
            _ANSWERS[topic]().answer(turn.completing(turn.slot("konteks") or {}))
        return [SlotSet("topik", None), SlotSet("rincian", None), SlotSet("konteks", None), SlotSet("gagal_isi", None)]


def corrected_question(turn: Turn) -> Events | None:
    """The answer to the question just answered, asked of something else: "eh bukan, yang di Surabaya"."""
    if turn.mentions(turn.cues.correction):
        for entity, (answer, action) in _CORRECTED.items():
            if turn.entity(entity) and turn.previous_action in {action, AnswerClarified.action_name}:
                return answer().perform(turn)
    return None
