"""What every channel does with every message before and after Rasa sees it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from ruamel.yaml import YAML

from sigap.language.text import clean
from sigap.settings import ROOT

logger = logging.getLogger(__name__)

# Rasa waits five minutes for an action server; an applicant does not.
TURN_SECONDS = 20.0
# WhatsApp's own limit for a text message.
MAX_TEXT = 4096

# What Rasa would execute: an intent's name, perhaps with entities. People who type it expect a command; there is none.
_COMMAND = re.compile(r"/+\w+\s*(\{.*)?$", re.DOTALL)


# What is said when a turn is not begun: because very many people write, or because one writes very much.
MANY_WRITE, WRITES_MUCH = "utter_sedang_ramai", "utter_pesan_beruntun"


class Overloaded(Exception):
    """A turn was not begun, because too many are being worked on; `response` tells the applicant so."""

    def __init__(self, response: str) -> None:
        super().__init__(response)
        self.response = response


# Until a model is taken while the server runs, domain.yml says what the model says.
_of_the_model: Mapping[str, Any] | None = None

Handler = Callable[[UserMessage], Awaitable[None]]


def defuse(text: str | None) -> str:
    """Typed text that Rasa will never take for a command.

    A text starting with "/" would be executed as an intent (`/intent{"entity": ...}`). SIGAP's buttons say plain
    sentences, so nothing that comes in may be a command.
    """
    # Signs and spaces together: "/ /restart" hides a second command behind the first. Only then is the length judged.
    return clean(text or "").lstrip(" /\\").rstrip()[: MAX_TEXT + 1]


def guarded(handle: Handler) -> Handler:
    """Wrap Rasa's handler: texts are defused, and a turn that fails or says nothing still gets a sentence."""

    async def answer(message: UserMessage) -> None:
        channel = message.output_channel
        if _COMMAND.match((message.text or "").strip()):
            await channel.send_text_message(message.sender_id, sentence("utter_bukan_perintah"))
            return
        message.text = defuse(message.text)
        try:
            if len(message.text) > MAX_TEXT:
                await channel.send_text_message(message.sender_id, sentence("utter_pesan_panjang"))
                return
            await asyncio.wait_for(handle(message), TURN_SECONDS)
        except asyncio.CancelledError:
            raise
        except Overloaded as overloaded:
            await channel.send_text_message(message.sender_id, sentence(overloaded.response))
        except Exception as error:  # whatever broke, the applicant is told; the text itself is never logged
            logger.error("a turn failed: %s", type(error).__name__)
        if isinstance(channel, CollectingOutputChannel) and not channel.messages:
            await channel.send_text_message(message.sender_id, sentence("utter_gangguan_sistem"))

    return answer


def sentence(name: str) -> str:
    """A response that needs no variables, for when Rasa cannot say it."""
    return str((_of_the_model or _responses())[name][0]["text"]).strip()


def speak_as(responses: Mapping[str, Any]) -> None:
    """From now on take sentences and greeting from these responses: those of the model that answers."""
    global _of_the_model
    _of_the_model = responses


def greeting() -> dict[str, Any]:
    """How SIGAP greets whoever opens a chat page: {"text", "buttons"}."""
    found = (_of_the_model or _responses())["utter_sapa"][0]
    return {"text": str(found["text"]).strip(), "buttons": found.get("buttons", [])}


@lru_cache(maxsize=1)
def _responses(domain: Path = ROOT / "domain.yml") -> Mapping[str, Any]:
    """All responses; reading them takes a second, so it is done once."""
    responses: Mapping[str, Any] = YAML(typ="safe").load(domain.read_text(encoding="utf-8"))["responses"]
    return responses
