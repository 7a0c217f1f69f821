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
from actions.turn import FALLBACK, Button, Turn
from sigap.booking import PASSPORT, PICKUP, Ticket

EXPLAIN_AFTER = 2
OFFER_STOP_AFTER = 3
_BRIEF, _FEW, _A_SENTENCE = 3, 6, 8
# Rows of a WhatsApp list.
MOST_BUTTONS = 10

# A clear question of one of these kinds, of more than a few words, is a digression even if it names something that the
# form asks for ("kuota surabaya masih ada?").
DIGRESSIONS = frozenset(
    "syarat_paspor biaya_paspor cara_bayar alur_paspor jenis_paspor masa_berlaku lama_proses cara_ambil_paspor "
    "cek_status cek_slot cek_antrean beri_pengaduan beri_apresiasi minta_petugas kendala_pembayaran kendala_aplikasi "
    "info_penipuan keamanan_data permohonan_ditolak".split()
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
class Unavailable(Wrong):
    """The answer is a good one, but what it asks for is not free: nobody's mistake, so no failure is counted.

    `slots` are set, so that the next question can offer what is nearest to it.
    """

    slots: dict[str, Any] = field(default_factory=dict)


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
    # Whether any text at all answers it, whatever else it might mean.
    takes_any_text: bool = False
    # Whether there may be more choices than fit; "lainnya" then shows the next ones.
    paged: bool = False

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

    def page(self, turn: Turn, choices: Sequence[Button]) -> list[Button]:
        """As many of the choices as fit, and a way to the next ones; after the last ones come the first again."""
        if len(choices) <= MOST_BUTTONS:
            return list(choices)
        size = MOST_BUTTONS - 1
        start = self.shown_page(turn) * size % (-(-len(choices) // size) * size)
        return [*choices[start : start + size], turn.offer("lainnya")]

    def shown_page(self, turn: Turn) -> int:
        """Which of its pages this question shows, counted from 0."""
        slot, _, number = str(turn.slot("halaman") or "").partition(":")
        return int(number) if slot == self.slot else 0


class Form(SigapAction):
    """A form made of questions."""

    form: str
    # Under which name the form keeps what is personal in the drafts; empty where it keeps nothing.
    journey: str = ""
    # Intents that, inside this form, are failed answers rather than other wishes.
    own_intents: frozenset[str] = frozenset()
    # Other wishes to which this form gives way even where the message could be an answer.
    gives_way_to: frozenset[str] = frozenset()
    # Actions that leave their message to this form.
    handed_over_by: frozenset[str] = frozenset()
    # Slots beside those of the questions that end with the form.
    also_forgets: tuple[str, ...] = ()

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
        if turn.returned_to(self.form, self.handed_over_by):
            return self.ask_next(turn, {})
        if turn.unasked:
            return []
        if int(turn.slot("gagal_isi") or 0) >= OFFER_STOP_AFTER and turn.words == ["lanjutkan"]:
            return self.ask_next(turn, {"gagal_isi": None})
        if asked is None:
            self.begin(turn)
        if asked is not None and self._digresses(turn, asked):
            return []
        reading = self.read_message(turn, asked)
        if reading is None and asked is not None and self._gives_up(turn):
            reading = Stop("utter_dibatalkan")
        if reading is None and asked is not None and self._wonders(turn, asked):
            reading = self._failed(turn, asked, None, explains=True)
        if isinstance(reading, Stop):
            return self._stop(turn, reading)
        if reading is None and asked is not None:
            if not self._is_failed_answer(turn):
                return []
            reading = self._failed(turn, asked, None)
        return self.ask_next(turn, reading or {}, asked)

    def after_failure(self, tracker: Tracker) -> Events:
        """Keep the form where it is, so that the applicant can simply try again."""
        return [SlotSet(name, tracker.get_slot(name)) for name in ("gagal_isi", "requested_slot")]

    def begin(self, turn: Turn) -> None:
        """Called when the form starts, before the message is read. Default: nothing."""

    def forget(self, turn: Turn) -> None:
        """Give up what the form keeps outside the slots. Default: the draft of its journey."""
        if self.journey:
            turn.forget_draft(self.journey)

    def closing_events(self, turn: Turn) -> Events:
        """End the form and forget its answers."""
        self.forget(turn)
        forgotten = [*(question.slot for question in self.questions(turn)), *self.also_forgets]
        return [
            ActiveLoop(None),
            *(SlotSet(name, None) for name in ("requested_slot", "gagal_isi", "halaman", *forgotten)),
        ]

    def _gives_up(self, turn: Turn) -> bool:
        """Whether a message that answers nothing is somebody who has had enough: "batalin aja ah", "udah ga usah deh".

        With a booking of their own, they may as well mean that one, so only what is surely about the form counts.
        """
        brief = len(turn.words) <= _FEW and turn.mentions(turn.cues.stop)
        if not brief or turn.intent in self.own_intents | {"batal"}:  # "batal" has a rule of its own
            return False
        queue = turn.services.queue
        return turn.intent != "batalkan_antrean" or not any(
            isinstance(queue.booking_of(turn.conversation_id, service), Ticket) for service in (PASSPORT, PICKUP)
        )

    def _digresses(self, turn: Turn, asked: str) -> bool:
        takes_any_text = any(question.takes_any_text for question in self.questions(turn) if question.slot == asked)
        if turn.confidence < _CLEAR or takes_any_text:
            return False
        asks = turn.intent in DIGRESSIONS - self.own_intents and len(turn.words) > _BRIEF
        return asks or turn.intent in self.gives_way_to

    def read_message(self, turn: Turn, asked: str | None) -> dict[str, Any] | Stop | None:
        """The slots that the message fills; None when it answers nothing."""
        if asked is not None and (further := self._further_choices(turn, asked)):
            return further
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
            # What another answer in this message has reset is filled again, even with what it was.
            now = slots.get(question.slot, before)
            if reading and (now is None or reading.slots.get(question.slot) != now):
                slots |= dict.fromkeys(question.resets if now is not None else ()) | reading.slots
            elif reading and turn.mentions(turn.cues.correction):
                slots |= reading.slots  # what is personal has changed in the draft; the slot only says that it is there
        return slots | {"gagal_isi": None, "halaman": None} if slots else None

    def _question(self, turn: Turn, slot: str) -> Question:
        return next(question for question in self.questions(turn) if question.slot == slot)

    def _wonders(self, turn: Turn, asked: str) -> bool:
        """Whether the message is about what is asked for, instead of telling it: "nomornya lihat di mana ya"."""
        # What is clearly another question ("nomor telepon kantornya berapa"), or "batal", is answered as such.
        clear = turn.confidence >= _CLEAR and turn.intent != "di_luar_topik"
        if clear or turn.intent == "batal" or len(turn.words) > _A_SENTENCE:
            return False
        return turn.mentions(turn.cues.subjects.get(asked, ())) and turn.mentions(turn.cues.wonders)

    def _answers_another(self, turn: Turn, asked: str, reading: dict[str, Any]) -> bool:
        """Whether the message has answered, only not what was asked."""
        # What is personal is kept in the draft; its slot stays empty until nothing is missing.
        slots = {question.slot for question in self.questions(turn)}
        return reading.get("gagal_isi", 0) is None and asked not in reading and not slots.isdisjoint(reading)

    def _further_choices(self, turn: Turn, asked: str) -> dict[str, Any] | None:
        question = self._question(turn, asked)
        if question.paged and len(turn.words) <= _BRIEF and turn.mentions(turn.cues.more):
            return {"halaman": f"{asked}:{question.shown_page(turn) + 1}"}
        return None

    def _is_failed_answer(self, turn: Turn) -> bool:
        # A message without a word (a number, a date) can only be meant as an answer.
        speaks = any(word.isalpha() for word in turn.words)
        # A word or two that look off-topic, or like anything else but not clearly so, are an answer that was not
        # recognised ("sungguh tidak tahu").
        unclear = turn.intent == "di_luar_topik" or turn.confidence < _UNCLEAR
        brief = unclear and len(turn.words) <= _BRIEF
        # Who grumbles about the question has not begun a complaint ("ribet amat sih").
        brief = brief or (turn.intent == "beri_pengaduan" and turn.confidence < _CLEAR and len(turn.words) <= _FEW)
        return not speaks or brief or turn.intent in {FALLBACK, "setuju", "tolak", "sapa"} | self.own_intents

    def _failed(self, turn: Turn, slot: str, wrong: Wrong | None, explains: bool = False) -> dict[str, Any]:
        """Say what was wrong; from the second failure on explain, from the third on offer to stop."""
        if isinstance(wrong, Unavailable):
            turn.say(wrong.response, **wrong.variables)
            return {slot: None} | wrong.slots
        failures = int(turn.slot("gagal_isi") or 0) + 1
        # Who asks instead of answering asks about the question.
        explains = explains or failures == EXPLAIN_AFTER or (wrong is None and turn.mentions(turn.cues.asking))
        if wrong:
            turn.say(wrong.response, **wrong.variables)
        elif failures < EXPLAIN_AFTER and not explains:
            turn.say("utter_belum_paham")
        if explains:
            self._question(turn, slot).explain(turn)
        if failures >= OFFER_STOP_AFTER:
            turn.say("utter_tawar_berhenti")
        return {"gagal_isi": failures, slot: None}

    def _stop(self, turn: Turn, stop: Stop) -> Events:
        turn.say(stop.response, **stop.variables)
        return self.closing_events(turn)

    def ask_next(self, turn: Turn, slots: dict[str, Any], asked: str | None = None) -> Events:
        """Verify what is filled, in order, and ask the first question that is open.

        Where that is once more the one just `asked`, say first that something else has been understood.
        """
        for question in self.questions(turn):
            later = turn.with_slots(slots)
            if later.slot(question.slot) is not None:
                verdict = question.verify(later)
                if isinstance(verdict, Filled):
                    slots = slots | verdict.slots
                if not isinstance(verdict, (Wrong, Stop)):
                    continue
            else:
                if question.slot == asked and not question.confirms and self._answers_another(turn, asked, slots):
                    turn.say("utter_isian_dicatat")
                verdict = question.ask(later)
                if not isinstance(verdict, (Wrong, Stop)):
                    return _events(slots, question.slot)
            if isinstance(verdict, Stop):
                return self._stop(turn, verdict)
            slots = slots | dict.fromkeys(question.resets) | self._failed(later, question.slot, verdict)
            return self.ask_next(turn, slots)
        return _events(slots, None)


def _events(slots: dict[str, Any], requested: str | None) -> Events:
    return [*(SlotSet(name, value) for name, value in slots.items()), SlotSet("requested_slot", requested)]
