"""A conversation without Rasa: the rules that matter here, played by hand, and actions run as rasa_sdk runs them.

Understanding is not tested here, so a test says which intent and which entities a message has. What an action says is
rendered from domain.yml just as Rasa would, so a variable that nobody fills in fails the test.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from ruamel.yaml import YAML

from actions.services import Services
from sigap.applications import Applications
from sigap.booking import Queue
from sigap.clock import Clock
from sigap.feedback import Feedback
from sigap.knowledge.store import load_once
from sigap.language.indonesian import normaliser
from sigap.records import PersonalRecords
from sigap.settings import KNOWLEDGE, LANGUAGE, ROOT
from sigap.store.conversations import Conversations
from sigap.store.drafts import Drafts
from sigap.store.pictures import Pictures
from sigap.store.session import Store

VARIABLE = re.compile(r"{([^{}\n]+)}")
# What Rasa's rules run when a form has all its answers (data/rules).
CLOSING_ACTIONS = {
    "status_form": "action_tampilkan_status",
    "antrean_form": "action_simpan_antrean",
    "ubah_jadwal_form": "action_pindah_jadwal",
    "batal_antrean_form": "action_batalkan_antrean",
    "bukti_antrean_form": "action_antrean_terbukti",
    "tunggu_form": "action_masuk_daftar_tunggu",
    "ambil_form": "action_simpan_ambil",
    "pengaduan_form": "action_simpan_pengaduan",
    "apresiasi_form": "action_simpan_apresiasi",
    "rincian_form": "action_rincian_terjawab",
}


@lru_cache(maxsize=1)
def domain() -> dict[str, Any]:
    """domain.yml."""
    content: dict[str, Any] = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def executor() -> ActionExecutor:
    """Every action of the package, registered the way the action server registers them."""
    registered = ActionExecutor()
    registered.register_package("actions")
    return registered


def build_services(store: Store, clock: Clock) -> Services:
    """The real services on this database and this clock."""
    knowledge = load_once(KNOWLEDGE)
    return Services(
        clock=clock,
        knowledge=knowledge,
        normaliser=normaliser(LANGUAGE, knowledge.offices.words),
        applications=Applications(
            store,
            clock,
            knowledge.working_days,
            key="a key for tests",
            processing_days=knowledge.number("hari_kerja_proses"),
            collection_days=knowledge.number("hari_batas_ambil"),
        ),
        queue=Queue(
            store,
            clock,
            key="a key for tests",
            holidays=knowledge.working_days.closed,
            neighbours=knowledge.offices.neighbours,
        ),
        feedback=Feedback(store, clock),
        drafts=Drafts(store, clock),
        pictures=Pictures(store, clock),
        records=PersonalRecords(store, Conversations.open(str(store.engine.url)), clock),
    )


@dataclass(frozen=True)
class Said:
    """One message of the assistant as the applicant would read it."""

    response: str
    text: str
    buttons: list[dict[str, str]]
    image: str | None = None


@dataclass
class Answer:
    """What one message brought: what was said, and whether a form left the message to the rules."""

    said: list[Said] = field(default_factory=list)
    stepped_aside: bool = False

    @property
    def responses(self) -> list[str]:
        """Names of the responses, in order."""
        return [message.response for message in self.said]

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "\n\n".join(message.text for message in self.said)

    @property
    def images(self) -> list[str]:
        """Addresses of the pictures that were sent."""
        return [message.image for message in self.said if message.image]

    @property
    def buttons(self) -> list[str]:
        """What the buttons say when pressed."""
        return [offered["payload"] for message in self.said for offered in message.buttons]


class Chat:
    """One conversation: slots, events and the open form, kept as Rasa's tracker keeps them."""

    def __init__(self, conversation_id: str, services: Services) -> None:
        self.id = conversation_id
        self.services = services
        self.slots: dict[str, Any] = dict.fromkeys(["requested_slot", *domain()["slots"]])
        self.form: str | None = None
        self.hands_over_to: str | None = None
        self._events: list[dict[str, Any]] = []
        self._message: dict[str, Any] = {}

    def hear(self, text: str, intent: str = "nlu_fallback", **entities: str) -> None:
        """A message arrives; `entities` are those that understanding would find in it."""
        self._message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.99},
            "intent_ranking": [{"name": intent, "confidence": 0.99}],
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        }
        self._events.append({"event": "user", "text": text, "parse_data": self._message})

    def record(self, *events: dict[str, Any]) -> None:
        """Events that Rasa records by itself."""
        self._events += events

    def guess(self, text: str, **ranking: float) -> None:
        """A message arrives that understanding is unsure about; `ranking` are intents and confidences."""
        self.hear(text)
        self._message["intent_ranking"] += [
            {"name": name, "confidence": confidence} for name, confidence in ranking.items()
        ]

    def run(self, action: str) -> Answer:
        """Run one action on the latest message."""
        dispatcher = CollectingDispatcher()
        events = asyncio.run(executor().actions[action](dispatcher, self._tracker(), domain())) or []
        ActionExecutor.validate_events(events, action)
        self._apply(events)
        form = action.removeprefix("validate_") if action.startswith("validate_") else None
        self._events.append({"event": "action", "name": form or action})
        self.hands_over_to = next((event["name"] for event in events if event["event"] == "followup"), None)
        said = [render(message) for message in dispatcher.messages]
        return Answer(said, stepped_aside=form is not None and not events)

    def fill(self, form: str, text: str, intent: str = "nlu_fallback", **entities: str) -> Answer:
        """Say something to a form, which is opened if it is not open; when it ends, its closing action runs."""
        self.hear(text, intent, **entities)
        self.form = form
        answer = self.run(f"validate_{form}")
        if not answer.stepped_aside and self.slots["requested_slot"] is None:
            # Rasa runs the rule's last step when a form is complete, and also when it has given up.
            self.form = None
            answer.said += self.run(CLOSING_ACTIONS[form]).said
        return answer

    def ask_in_between(self, text: str, intent: str, action: str, **entities: str) -> Answer:
        """Ask a question while a form is open: the form steps aside, the question is answered, the form asks again."""
        form = self.form
        self.hear(text, intent, **entities)
        assert form
        answer = self.run(f"validate_{form}")
        assert answer.stepped_aside, answer.responses
        answer.said += self.run(action).said
        answer.said += self.run(f"validate_{form}").said
        return answer

    def tell(self, text: str, intent: str, action: str, **entities: str) -> Answer:
        """A message that one rule answers with one action."""
        self.hear(text, intent, **entities)
        return self.run(action)

    def lead(self, text: str, intent: str, action: str, **entities: str) -> Answer:
        """A message that one rule answers with one action, which may hand over to a form."""
        answer = self.tell(text, intent, action, **entities)
        if form := self.hands_over_to:
            self.form = form
            answer.said += self.run(f"validate_{form}").said
            if self.slots["requested_slot"] is None:
                self.form = None
                answer.said += self.run(CLOSING_ACTIONS[form]).said
        return answer

    def _tracker(self) -> Tracker:
        loop = {"name": self.form} if self.form else {}
        return Tracker(self.id, dict(self.slots), self._message, list(self._events), False, None, loop, "action_listen")

    def _apply(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["event"] == "slot":
                assert event["name"] in self.slots, f"slot {event['name']} is not in domain.yml"
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]


def render(message: Mapping[str, Any]) -> Said:
    """Fill a response of domain.yml as Rasa does. Raises `KeyError` for a variable that was not passed."""
    response = message["response"]
    variation = domain()["responses"][response][0]
    text = VARIABLE.sub(lambda found: str(message[found.group(1)]), variation["text"])
    buttons = [*variation.get("buttons", []), *(message.get("buttons") or [])]
    offered = [{key: str(value) for key, value in entry.items()} for entry in buttons]
    return Said(response, text.strip(), offered, message.get("image"))
