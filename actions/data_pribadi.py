"""What becomes of the applicant's own data: the answer, and erasure on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.base import Events, SigapAction
from actions.turn import Turn
from sigap.language.cues import Cues
from sigap.records import StillBooked


class PersonalData(SigapAction):
    """Answers questions about data; erases what was said here when that is wished, after asking once."""

    action_name = "action_data_pribadi"

    def perform(self, turn: Turn) -> Events:
        """Answer, ask, or erase."""
        if turn.mentions(turn.cues.erasure_confirmed):
            return erase(turn)
        if "?" not in turn.text and _agrees(turn.cues, turn.words) and erasure_was_asked(turn):
            return erase(turn)
        turn.say("utter_hapus_data" if _wishes_erasure(turn.cues, turn.mentions) else "utter_keamanan_data")
        return []


def erasure_was_asked(turn: Turn) -> bool:
    """Whether the applicant has just been asked whether everything is to be erased."""
    return (
        _wishes_erasure(turn.cues, turn.mentioned_before)
        and turn.previous_action == PersonalData.action_name
        and not _agrees(turn.cues, turn.words_before)
    )


def _wishes_erasure(cues: Cues, mentions: Callable[[Any], bool]) -> bool:
    return mentions(cues.erasure) and mentions(cues.erasable)


def _agrees(cues: Cues, words: list[str]) -> bool:
    """Whether a message is a yes to erasing everything, and nothing else: it cannot be taken back."""
    known = {*cues.may, *cues.erasure, *cues.erasure_all}
    return bool(words) and words[0] in cues.may and known.issuperset(words) and not set(cues.erasure).isdisjoint(words)


def erase(turn: Turn) -> Events:
    """Erase what is kept about this conversation, and say so; or that a place in the queue still needs it."""
    outcome = turn.services.records.erase(turn.conversation_id)
    turn.say("utter_hapus_data_masih_antre" if isinstance(outcome, StillBooked) else "utter_data_dihapus")
    return []
