"""The beginning of a session."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted

from actions.base import Events, SigapAction
from actions.turn import Turn

_BEGINNING: Events = [SessionStarted(), ActionExecuted("action_listen")]


class BeginSession(SigapAction):
    """Begins a new session, and says so to whoever was filling something in when the last one ended.

    Without this a form is gone after an hour, and its next answer meets "that is not about passports". Rasa hides what
    was said inside a form from itself, so the hour counts from the message that opened it.
    """

    action_name = "action_session_start"

    def perform(self, turn: Turn) -> Events:
        """No slot is carried over (domain.yml), so nothing that was filled in survives."""
        if turn.active_form is not None:
            turn.say("utter_isian_kedaluwarsa")
        return _BEGINNING

    def after_failure(self, tracker: Tracker) -> Events:
        """The session begins all the same."""
        return _BEGINNING
