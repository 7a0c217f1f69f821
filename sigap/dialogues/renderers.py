"""How a turn looks on a channel. A new channel adds its renderer to `RENDERERS`. Heavy imports happen inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from sigap.dialogues.played import Bubble, Button

if TYPE_CHECKING:
    from rasa.core.channels.channel import OutputChannel


class Renderer(ABC):
    """One channel: what collects a turn, what it looks like, and what may be sent besides text."""

    # As in conversation ids and as Rasa's input channel.
    prefix: ClassVar[str]
    # What an applicant can send that is no text, and the text that the channel hands to Rasa for it.
    sendable: ClassVar[Mapping[str, str]]

    @abstractmethod
    def collector(self) -> OutputChannel:
        """A new output channel for one turn."""

    @abstractmethod
    def shown(self, collected: OutputChannel) -> list[Bubble]:
        """What a collector's messages look like."""


class WebRenderer(Renderer):
    """The web chat."""

    prefix = "web"
    sendable: ClassVar[Mapping[str, str]] = {"pesan kosong": ""}

    def collector(self) -> OutputChannel:
        """Collects as the web channel does."""
        from sigap.channels.bubbles import Bubbles

        return Bubbles()

    def shown(self, collected: OutputChannel) -> list[Bubble]:
        """One bubble for each joined message."""
        return [
            Bubble(
                message.get("text", ""),
                tuple(Button(entry["title"], entry["payload"]) for entry in message.get("buttons") or ()),
                message.get("image"),
            )
            for message in collected.joined()
        ]


DEFAULT = "web"
RENDERERS: Mapping[str, Renderer] = {DEFAULT: WebRenderer()}
