"""One turn of a conversation, as an action sees it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from actions.wording import button_words, fact_variables, responses, sentence, variables_of
from sigap.booking import OfficeQueue
from sigap.language.cues import Cues, cues
from sigap.settings import LANGUAGE

FALLBACK = "nlu_fallback"
# WhatsApp's limit for a reply button; list rows allow 24.
LONGEST_TITLE = 20
# Travels to Rasa with what is said, where the record of the conversation is kept (sigap.runtime.events).
SECRETS = "pribadi"
Button = dict[str, str]


def button(title: str, says: str | None = None) -> Button:
    """A button. Pressing it sends `says`: a plain sentence that could as well be typed (default: its title)."""
    return {"title": title, "payload": says or title}


class Turn:
    """Reads the applicant's message and the slots; says responses."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        services: Services,
        wording: Mapping[str, Any] | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self.services = services
        # The model that answers may be older or newer than domain.yml; whoever plays the files sends no domain.
        self._wording = wording or responses()
        self.conversation_id: str = tracker.sender_id
        message = tracker.latest_message or {}
        self.text: str = message.get("text") or ""
        self.intent: str = (message.get("intent") or {}).get("name") or FALLBACK
        self.ranking: list[dict[str, Any]] = message.get("intent_ranking") or []
        self.entities: list[dict[str, Any]] = message.get("entities") or []
        # News that SIGAP tells by itself begins with an intent instead of a text (sigap.channels.notifier).
        self.unasked: bool = "kabar" in (message.get("metadata") or {})
        self.active_form: str | None = (tracker.active_loop or {}).get("name")
        self.confidence: float = float((message.get("intent") or {}).get("confidence") or 0.0)
        # Shared by all views of this turn.
        self._secrets: dict[str, str] = {}
        self._drafts: dict[str, dict[str, Any]] = {}
        self._offices: dict[str, OfficeQueue | None] = {}
        self._overlay: Mapping[str, Any] = {}
        self._context: Mapping[str, Any] = {}

    def completing(self, said_earlier: Mapping[str, Any]) -> Turn:
        """The same turn, completing a question in which these entities were said."""
        later = copy.copy(self)
        later._context = said_earlier
        return later

    def with_slots(self, slots: Mapping[str, Any]) -> Turn:
        """The same turn as it will be once these slots are set."""
        later = copy.copy(self)
        later._overlay = {**self._overlay, **slots}
        return later

    def draft(self, journey: str) -> dict[str, Any]:
        """The personal entries so far of an unfinished form."""
        if journey not in self._drafts:
            self._drafts[journey] = self.services.drafts.get(self.conversation_id, journey)
        return self._drafts[journey]

    def keep_draft(self, journey: str, entries: dict[str, Any]) -> None:
        """Replace the personal entries of a form."""
        self.services.drafts.put(self.conversation_id, journey, entries)
        self._drafts[journey] = copy.deepcopy(entries)

    def forget_draft(self, journey: str) -> None:
        """Remove the personal entries of a form."""
        if self.draft(journey):
            self.services.drafts.forget(self.conversation_id, journey)
        self._drafts[journey] = {}

    def office(self, office_id: str) -> OfficeQueue | None:
        """How an office takes bookings; None when it has never been set up."""
        if office_id not in self._offices:
            self._offices[office_id] = self.services.queue.office(office_id)
        return self._offices[office_id]

    @cached_property
    def words(self) -> list[str]:
        """The message in standard words."""
        return [word.text for word in self.services.normaliser.words(self.text)]

    def mentions(self, phrases: Any) -> bool:
        """Whether the message contains one of the (standard-word) phrases as whole words."""
        return _contains(self.words, phrases)

    @cached_property
    def words_before(self) -> list[str]:
        """The applicant's message before this one, as it is kept, in standard words."""
        return [word.text for word in self.services.normaliser.words(self._before.get("text") or "")]

    def mentioned_before(self, phrases: Any) -> bool:
        """Whether that message contains one of the phrases as whole words."""
        return _contains(self.words_before, phrases)

    def entity(self, name: str) -> str | None:
        """The first value of an entity in the message, or in the question that this message completes."""
        said = next((entity["value"] for entity in self.entities if entity["entity"] == name), None)
        earlier = self._context.get(name)
        return str(said or earlier) if said or earlier else None

    def slot(self, name: str) -> Any:
        """A slot's value."""
        return self._overlay[name] if name in self._overlay else self._tracker.get_slot(name)

    @property
    def misunderstood_in_a_row(self) -> int:
        """How many of the applicant's latest messages, this one included, were not understood."""
        count = 0
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                intent = (event.get("parse_data") or {}).get("intent") or {}
                if intent.get("name") != FALLBACK:
                    break
                count += 1
        return count

    @cached_property
    def _before(self) -> dict[str, Any]:
        """What was understood of the applicant's message before this one."""
        said = [event for event in self._tracker.events if event.get("event") == "user"][-2:-1]
        return said[0].get("parse_data") or {} if said else {}

    @property
    def intent_before(self) -> str | None:
        """The intent of the applicant's message before this one, which a short question may still be about."""
        return (self._before.get("intent") or {}).get("name")

    def entity_before(self, name: str) -> str | None:
        """The first value of an entity in the applicant's message before this one."""
        found = (entity["value"] for entity in self._before.get("entities") or [] if entity["entity"] == name)
        return next((str(value) for value in found), None)

    @property
    def previous_action(self) -> str | None:
        """The last action before this message, other than listening."""
        before = False
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                if before:
                    return None
                before = True
            elif before and event.get("event") == "action" and event.get("name") != "action_listen":
                return str(event["name"])
        return None

    @property
    def form_lost_to_silence(self) -> str | None:
        """The form that the last session left open, while the first message of this one waits for its first answer.

        Rasa ends a session, and with it every form, after an hour; of what was said inside a form it counts only the
        message that opened it.
        """
        said = began = False
        for event in reversed(self._tracker.events):
            kind = event.get("event")
            if began:
                if kind == "active_loop":
                    form: str | None = event.get("name")
                    return form
            elif kind == "session_started":
                began = said
            elif (kind == "user" and said) or (kind in {"action", "bot"} and not said):
                return None
            said = said or kind == "user"
        return None

    def returned_to(self, form: str, handed_over_by: frozenset[str] = frozenset()) -> bool:
        """Whether this message has been answered by another action, so that `form` should only ask again.

        Actions of `handed_over_by` answer nothing; they leave the message to the form.
        """
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("event") == "action" and event.get("name") not in {form, "action_listen", *handed_over_by}:
                return True
        return False

    @property
    def cues(self) -> Cues:
        """The words by which applicants show what they are doing with a form."""
        return cues(LANGUAGE)

    def offer(self, name: str, **values: Any) -> Button:
        """A button of data/bahasa/tombol.yml, filled in."""
        title, says = button_words()[name]
        return button(title.format(**values)[:LONGEST_TITLE].strip(), says.format(**values))

    def confide(self, kind: str, *values: str) -> None:
        """Values of this turn that are personal: they are said and understood, but not kept with the conversation."""
        self._secrets |= dict.fromkeys(values, kind)

    def say(
        self, response: str, buttons: list[Button] | None = None, image: str | None = None, **variables: Any
    ) -> None:
        """Say a response of domain.yml. Facts named in its text are filled in; the rest comes as `variables`.

        `image` is the address of a picture, as `sigap.store.pictures` gives it. Raises `KeyError` when the response or
        a fact does not exist: Rasa itself would stay silent.
        """
        values = fact_variables(variables_of(self._wording[response]), self.services.knowledge) | variables
        if self._secrets:
            values[SECRETS] = [[kind, value] for value, kind in self._secrets.items()]
        self._dispatcher.utter_message(response=response, buttons=buttons, image=image, **values)

    def words_of(self, response: str, **variables: Any) -> str:
        """The text of a response, filled in, for where it is written rather than said: on a picture."""
        values = fact_variables(variables_of(self._wording[response]), self.services.knowledge) | variables
        return sentence(self._wording[response], values)


def _contains(words: Sequence[str], phrases: Iterable[str]) -> bool:
    spaced = f" {' '.join(words)} "
    return any(f" {phrase} " in spaced for phrase in phrases)
