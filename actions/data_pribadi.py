"""What becomes of the applicant's own data: the answer, and erasure on request."""

from __future__ import annotations

from actions.base import Events, SigapAction
from actions.turn import Turn
from sigap.records import StillBooked


class PersonalData(SigapAction):
    """Answers questions about data; erases what was said here when that is wished, after asking once."""

    action_name = "action_data_pribadi"

    def perform(self, turn: Turn) -> Events:
        """Answer, ask, or erase."""
        if turn.mentions(turn.cues.erasure_confirmed):
            outcome = turn.services.records.erase(turn.conversation_id)
            turn.say("utter_hapus_data_masih_antre" if isinstance(outcome, StillBooked) else "utter_data_dihapus")
        else:
            turn.say("utter_hapus_data" if turn.mentions(turn.cues.erasure) else "utter_keamanan_data")
        return []
