"""The base of all actions: whatever goes wrong, the applicant gets a sentence."""

from __future__ import annotations

import asyncio
import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import current
from actions.turn import Turn

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]


class SigapAction(Action, ABC):
    """An action whose failure is answered with `utter_gangguan` and logged with an incident number only.

    The work runs in a thread, because database calls would stop every other conversation of this process.
    """

    action_name: str = ""

    def name(self) -> str:
        """The name used in domain.yml."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Called by Rasa for each turn that needs this action."""
        return await asyncio.to_thread(self._perform_safely, dispatcher, tracker, domain.get("responses"))

    def _perform_safely(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Mapping[str, Any] | None
    ) -> Events:
        try:
            turn = Turn(dispatcher, tracker, current(), wording)
            if turn.form_lost_to_silence:
                turn.say("utter_isian_kedaluwarsa")
            return self.perform(turn)
        except Exception as error:  # the last line of defence: an applicant must never meet silence
            incident = uuid.uuid4().hex[:8].upper()
            # The exception's text may quote the applicant's data, so only its type and place are logged.
            logger.error("incident %s: %s in %s", incident, _place(error), self.name())
            dispatcher.messages.clear()
            if not _told(tracker):
                dispatcher.utter_message(response="utter_gangguan", insiden=incident)
            return self.after_failure(tracker)

    @abstractmethod
    def perform(self, turn: Turn) -> Events:
        """Do the work of one turn and return the events for the tracker."""

    def after_failure(self, tracker: Tracker) -> Events:
        """Events that keep the conversation usable after a failure; none by default."""
        return []


def _told(tracker: Tracker) -> bool:
    """Whether another action of this turn has said it: one apology and one incident number are enough."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot" and "utter_gangguan" in (event.get("metadata") or {}).values():
            return True
    return False


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return f"{type(error).__name__} at {where}"
