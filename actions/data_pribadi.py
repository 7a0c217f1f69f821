"""What becomes of the applicant's own data: the answer, and erasure on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.base import Events, SigapAction
from actions.turn import Turn
from sigap.records import StillBooked


class PersonalData(SigapAction):
    """Answers questions about data; erases what was said here when that is wished, after asking once."""

    action_name = "action_data_pribadi"

    def perform(self, turn: Turn) -> Events:
        """Answer, ask, or erase."""
        if turn.mentions(turn.cues.erasure_confirmed) or (_agrees(turn) and erasure_was_asked(turn)):
            return erase(turn)
        turn.say("utter_hapus_data" if _wishes_erasure(turn, turn.mentions) else "utter_keamanan_data")
        return []


def erasure_was_asked(turn: Turn) -> bool:
    """Whether the applicant has just been asked whether everything is to be erased."""
    wished = _wishes_erasure(turn, turn.mentioned_before)
    return (
        wished
        and turn.previous_action == PersonalData.action_name
        and not turn.mentioned_before(turn.cues.erasure_confirmed)
    )


def _agrees(turn: Turn) -> bool:
    """Whether the message is a yes to erasure and nothing else: it cannot be taken back."""
    doubts = "?" in turn.text or turn.mentions(turn.cues.may_not) or turn.mentions(turn.cues.asking)
    return turn.mentions(turn.cues.may) and turn.mentions(turn.cues.erasure) and not doubts


def _wishes_erasure(turn: Turn, mentions: Callable[[Any], bool]) -> bool:
    return mentions(turn.cues.erasure) and mentions(turn.cues.erasable)


def erase(turn: Turn) -> Events:
    """Erase what is kept about this conversation, and say so; or that a place in the queue still needs it."""
    outcome = turn.services.records.erase(turn.conversation_id)
    turn.say("utter_hapus_data_masih_antre" if isinstance(outcome, StillBooked) else "utter_data_dihapus")
    return []
