"""Messages that are not about immigration at all."""

from __future__ import annotations

from actions.info import Answer
from actions.turn import Turn
from sigap.language.concepts import concepts
from sigap.settings import LANGUAGE

# The concept of the editors' lexicon that holds swear words.
_ABUSE = "makian"


class OffTopic(Answer):
    """Says kindly what SIGAP is for; abuse is met with an offer to help."""

    action_name = "action_di_luar_topik"

    def answer(self, turn: Turn) -> str | None:
        """One of two responses."""
        abusive = _ABUSE in concepts(LANGUAGE).of(turn.words)
        turn.say("utter_kata_kasar" if abusive else "utter_di_luar_topik")
        return None
