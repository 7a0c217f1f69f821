"""Forms: what Rasa's own forms lack.

A form here fills whatever a message offers, in any order; takes corrections; explains itself after the second failure
and offers to stop after the third; steps aside for a question and asks again afterwards. Rasa runs `validate_<form>` at
every step of a form, so one action per form is enough: it reads the message, says what was wrong and asks for the next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import Events, SigapAction
from actions.turn import FALLBACK, Turn

EXPLAIN_AFTER = 2
OFFER_STOP_AFTER = 3
_BRIEF = 3

# A clear question of one of these kinds, of more than a few words, is a digression even if it names something that the
# form asks for ("kuota surabaya masih ada?").
DIGRESSIONS = frozenset(
    "syarat_paspor biaya_paspor cara_bayar alur_paspor jenis_paspor masa_berlaku lama_proses cara_ambil_paspor "
    "cek_status cek_slot cek_antrean".split()
)
_CLEAR = 0.8
_UNCLEAR = 0.5


@dataclass(frozen=True)
class Filled:
    """The message answered: these slots get these values."""

    slots: dict[str, Any]


@dataclass(frozen=True)
class Wrong:
    """The message tried to answer, but the answer cannot be used: `response` says why."""

    response: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """The form cannot go on: `response` says why and what to do instead."""

    response: str
    variables: dict[str, Any] = field(default_factory=dict)


Reading = Filled | Wrong | Stop | None


class Question(ABC):
    """One slot of a form: how to ask for it and how to read an answer."""

    slot: str
    # What else must be asked again when this answer changes.
    resets: tuple[str, ...] = ()
    # Whether the answer confirms what was said before, so that a change in the same message comes first.
    confirms: bool = False

    @abstractmethod
    def read(self, turn: Turn, asked: bool) -> Reading:
        """Read an answer to this question from a message; `asked` when it was the question asked last."""

    def verify(self, turn: Turn) -> Reading:
        """Check a filled slot against what is known by now; `Filled` may make it more exact. Default: it stands."""
        return None

    @abstractmethod
    def ask(self, turn: Turn) -> Reading:
        """Ask. May return `Wrong` or `Stop` instead when the ground has moved (the last place is gone)."""

    def explain(self, turn: Turn) -> None:
        """Explain, after a second failure, what is being asked for and why."""
        turn.say(f"utter_jelaskan_{self.slot}")


class Form(SigapAction):
    """A form made of questions."""

    form: str
    # Intents that, inside this form, are failed answers rather than other wishes.
    own_intents: frozenset[str] = frozenset()

    def name(self) -> str:
        """The action that Rasa calls to validate the form."""
        return f"validate_{self.form}"

    @abstractmethod
    def questions(self, turn: Turn) -> Sequence[Question]:
        """The questions, in the order in which they are asked."""

    def perform(self, turn: Turn) -> Events:
        """Read the message, then ask the next question. No events at all leave the message to the rules."""
        # When one form replaces another, the requested slot is still the other's.
        requested = turn.slot("requested_slot")
        asked = requested if requested in {question.slot for question in self.questions(turn)} else None
        if turn.returned_to(self.form):
            return self._ask_next(turn, {})
        if int(turn.slot("gagal_isi") or 0) >= OFFER_STOP_AFTER and turn.words == ["lanjutkan"]:
            return self._ask_next(turn, {"gagal_isi": None})
        if asked is None:
            self.begin(turn)
        if asked is not None and self._digresses(turn):
            return []
        reading = self.read_message(turn, asked)
        if isinstance(reading, Stop):
            return self._stop(turn, reading)
        if reading is None and asked is not None:
            if not self._is_failed_answer(turn):
                return []
            reading = self._failed(turn, asked, None)
        return self._ask_next(turn, reading or {})

    def after_failure(self, tracker: Tracker) -> Events:
        """Keep the form where it is, so that the applicant can simply try again."""
        return [SlotSet(name, tracker.get_slot(name)) for name in ("gagal_isi", "requested_slot")]

    def begin(self, turn: Turn) -> None:
        """Called when the form starts, before the message is read. Default: nothing."""

    def forget(self, turn: Turn) -> None:
        """Give up what the form keeps outside the slots. Default: nothing."""

    def closing_events(self, turn: Turn) -> Events:
        """End the form and forget its answers."""
        self.forget(turn)
        forgotten = [question.slot for question in self.questions(turn)]
        return [ActiveLoop(None), *(SlotSet(name, None) for name in ("requested_slot", "gagal_isi", *forgotten))]

    def _digresses(self, turn: Turn) -> bool:
        asks = turn.intent in DIGRESSIONS - self.own_intents and turn.confidence >= _CLEAR
        return asks and len(turn.words) > _BRIEF

    def read_message(self, turn: Turn, asked: str | None) -> dict[str, Any] | Stop | None:
        """The slots that the message fills; None when it answers nothing."""
        slots: dict[str, Any] = {}
        # A form that is started anew, and a summary that is answered with other data, take them as corrections.
        questions = self.questions(turn)
        confirming = any(question.confirms for question in questions if question.slot == asked)
        corrects = asked is None or confirming or turn.mentions(turn.cues.correction)
        for question in questions:
            if question.confirms and slots:
                continue
            before = turn.slot(question.slot)
            if before is not None and question.slot != asked and not corrects:
                continue
            reading = question.read(turn, asked=question.slot == asked)
            if isinstance(reading, Stop):
                return reading
            if isinstance(reading, Wrong):
                return self._failed(turn, question.slot, reading)
            if reading and (before is None or reading.slots.get(question.slot) != before):
                slots |= dict.fromkeys(question.resets if before is not None else ()) | reading.slots
        return slots | {"gagal_isi": None} if slots else None

    def _is_failed_answer(self, turn: Turn) -> bool:
        # A message without a word (a number, a date) can only be meant as an answer.
        speaks = any(word.isalpha() for word in turn.words)
        # A word or two that look off-topic, or like anything else but not clearly so, are an answer that was not
        # recognised ("sungguh tidak tahu").
        unclear = turn.intent == "di_luar_topik" or turn.confidence < _UNCLEAR
        brief = unclear and len(turn.words) <= _BRIEF
        return not speaks or brief or turn.intent in {FALLBACK, "setuju", "tolak", "sapa"} | self.own_intents

    def _failed(self, turn: Turn, slot: str, wrong: Wrong | None) -> dict[str, Any]:
        """Say what was wrong; from the second failure on explain, from the third on offer to stop."""
        failures = int(turn.slot("gagal_isi") or 0) + 1
        question = next(question for question in self.questions(turn) if question.slot == slot)
        if wrong:
            turn.say(wrong.response, **wrong.variables)
        elif failures < EXPLAIN_AFTER:
            turn.say("utter_belum_paham")
        if failures == EXPLAIN_AFTER:
            question.explain(turn)
        if failures >= OFFER_STOP_AFTER:
            turn.say("utter_tawar_berhenti")
        return {"gagal_isi": failures, slot: None}

    def _stop(self, turn: Turn, stop: Stop) -> Events:
        turn.say(stop.response, **stop.variables)
        return self.closing_events(turn)

    def _ask_next(self, turn: Turn, slots: dict[str, Any]) -> Events:
        """Verify what is filled, in order, and ask the first question that is open."""
        for question in self.questions(turn):
            later = turn.with_slots(slots)
            if later.slot(question.slot) is not None:
                verdict = question.verify(later)
                if isinstance(verdict, Filled):
                    slots = slots | verdict.slots
                if not isinstance(verdict, (Wrong, Stop)):
                    continue
            else:
                verdict = question.ask(later)
                if not isinstance(verdict, (Wrong, Stop)):
                    return _events(slots, question.slot)
            if isinstance(verdict, Stop):
                return self._stop(turn, verdict)
            slots = slots | dict.fromkeys(question.resets) | self._failed(later, question.slot, verdict)
            return self._ask_next(turn, slots)
        return _events(slots, None)


def _events(slots: dict[str, Any], requested: str | None) -> Events:
    return [*(SlotSet(name, value) for name, value in slots.items()), SlotSet("requested_slot", requested)]
