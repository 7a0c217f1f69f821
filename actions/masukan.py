"""Complaints, praise, and asking for an officer."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.base import Events, SigapAction
from actions.forms import Filled, Form, Question, Reading
from actions.turn import FALLBACK, Turn
from sigap.clock import WIB
from sigap.feedback import Category

JOURNEY = "masukan"
# Shorter than this, a message announces a complaint or praise without saying what it is ("mau komplain dong").
_TELLING_WORDS = 6


_LEAVES = {"batal", "minta_menu", "minta_petugas"}
# As what the rest of a complaint's story may be understood; it is rarely about passports itself.
_TELLS = {"beri_pengaduan", "info_penipuan", "di_luar_topik", FALLBACK}


def _wants_something_else(turn: Turn) -> bool:
    """Stopping, the menu, an officer: never the text of a complaint or of praise, although any text would do."""
    return turn.intent in _LEAVES


def _has_words(turn: Turn) -> bool:
    """Pictures and smileys are neither a complaint nor praise that an office could read."""
    return any(sign.isalpha() for sign in turn.text)


class CategoryQuestion(Question):
    """What the complaint is about."""

    slot = "pengaduan_kategori"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The first category whose words the message has, with or without "-nya"."""
        if _wants_something_else(turn):
            return None
        said = f" {' '.join(word.removesuffix('nya') for word in turn.words)} "
        categories = turn.cues.complaints.items()
        found = next((name for name, words in categories if any(f" {word} " in said for word in words)), None)
        return Filled({self.slot: found}) if found else None

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_pengaduan_kategori")
        return None


class ComplaintText(Question):
    """The complaint itself, kept in the draft because it may name people."""

    slot = "pengaduan_isi"
    takes_any_text = True

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The message, when it was asked for or tells enough by itself."""
        if (not asked and len(turn.words) < _TELLING_WORDS) or not _has_words(turn) or _wants_something_else(turn):
            return None
        turn.keep_draft(JOURNEY, {"isi": turn.text})
        return Filled({self.slot: "ada"})

    def ask(self, turn: Turn) -> Reading:
        """Ask."""
        turn.say("utter_tanya_pengaduan_isi")
        return None


class ContactConsent(Question):
    """Whether an officer may write back in this chat."""

    slot = "pengaduan_kontak"

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Yes or no, also before it is asked; "boleh, hubungi saja" sounds like asking for an officer, and is a yes."""
        if turn.mentions(turn.cues.contact_unwanted):
            return Filled({self.slot: False})
        if turn.mentions(turn.cues.contact_wanted):
            return Filled({self.slot: True})
        may, may_not = turn.mentions(turn.cues.may), turn.mentions(turn.cues.may_not)
        answers = {"setuju": True, "tolak": False, "minta_petugas": may and not may_not}
        says_so = turn.intent in {"setuju", "tolak"} or may or may_not
        return Filled({self.slot: answers[turn.intent]}) if asked and says_so and turn.intent in answers else None

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_pengaduan_kontak")
        return None


class ComplaintForm(Form):
    """Takes a complaint."""

    form = "pengaduan_form"
    journey = JOURNEY
    own_intents = frozenset({"beri_pengaduan"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """What it is, what about, and whether to write back."""
        return (ComplaintText(), CategoryQuestion(), ContactConsent())

    def perform(self, turn: Turn) -> Events:
        """People tell what happened in several messages: what comes while consent is asked for is added."""
        if not self._tells_more(turn):
            return super().perform(turn)
        told = turn.draft(JOURNEY).get("isi", "")
        turn.keep_draft(JOURNEY, {"isi": f"{told}\n{turn.text}".strip()})
        turn.say("utter_pengaduan_ditambah")
        # To Rasa, a form that fills nothing has not taken the message.
        return self.ask_next(turn, {ComplaintText.slot: "ada"})

    def _tells_more(self, turn: Turn) -> bool:
        asked = turn.slot("requested_slot") == ContactConsent.slot and not turn.returned_to(self.form)
        tells = turn.intent in _TELLS and not turn.mentions(turn.cues.asking)
        return asked and tells and len(turn.words) >= _TELLING_WORDS


class SaveComplaint(SigapAction):
    """Stores the complaint and gives its ticket number."""

    action_name = "action_simpan_pengaduan"

    def perform(self, turn: Turn) -> Events:
        """Store what the form gathered."""
        text = turn.draft(JOURNEY).get("isi")
        category, consent = turn.slot("pengaduan_kategori"), turn.slot("pengaduan_kontak")
        if text and category and consent is not None:
            ticket = turn.services.feedback.complain(turn.conversation_id, Category(category), text, consent)
            turn.forget_draft(JOURNEY)
            turn.say("utter_pengaduan_dicatat", tiket=ticket)
            turn.say("utter_pengaduan_dihubungi" if consent else "utter_pengaduan_tidak_dihubungi")
        elif category:
            turn.say("utter_isian_kedaluwarsa")
        return [SlotSet(name, None) for name in ("pengaduan_isi", "pengaduan_kategori", "pengaduan_kontak")]


class PraiseText(Question):
    """The praise or suggestion itself."""

    slot = "apresiasi_isi"
    takes_any_text = True

    def read(self, turn: Turn, asked: bool) -> Reading:
        """The message, when it was asked for or says enough by itself."""
        if not _has_words(turn) or (not asked and not self._tells(turn)) or _wants_something_else(turn):
            return None
        turn.keep_draft(JOURNEY, {"isi": turn.text})
        return Filled({self.slot: "ada"})

    def _tells(self, turn: Turn) -> bool:
        return not turn.mentions(turn.cues.announces_praise) or len(turn.words) >= _TELLING_WORDS

    def ask(self, turn: Turn) -> Reading:
        """Ask."""
        turn.say("utter_tanya_apresiasi")
        return None


class PraiseForm(Form):
    """Takes praise and suggestions."""

    form = "apresiasi_form"
    journey = JOURNEY
    own_intents = frozenset({"beri_apresiasi", "terima_kasih"})

    def questions(self, turn: Turn) -> Sequence[Question]:
        """One question."""
        return (PraiseText(),)


class SavePraise(SigapAction):
    """Stores praise."""

    action_name = "action_simpan_apresiasi"

    def perform(self, turn: Turn) -> Events:
        """Store what the form gathered."""
        text = turn.draft(JOURNEY).get("isi")
        if text and turn.slot("apresiasi_isi"):
            turn.services.feedback.praise(turn.conversation_id, text)
            turn.forget_draft(JOURNEY)
            turn.say("utter_apresiasi_dicatat")
        return [SlotSet("apresiasi_isi", None)]


class AskForOfficer(SigapAction):
    """Hands the conversation over to an officer."""

    action_name = "action_minta_petugas"

    def perform(self, turn: Turn) -> Events:
        """Note the wish and say when somebody can answer."""
        turn.services.feedback.ask_for_officer(turn.conversation_id)
        today = turn.services.clock().astimezone(WIB).date()
        works = turn.services.knowledge.working_days.is_working(today)
        turn.say("utter_minta_petugas" if works else "utter_minta_petugas_libur")
        return []
