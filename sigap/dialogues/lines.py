"""The lines on which an applicant talks to SIGAP: one kind for each channel. A new channel adds its own to `LINES`.

Heavy imports happen inside.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from sigap.clock import Clock
from sigap.dialogues.played import Bubble, Button

if TYPE_CHECKING:
    from sigap.channels.guard import Handler


class Line(ABC):
    """One conversation on one channel: takes what the applicant does, gives back what the applicant then sees.

    `handle` is Rasa's own handler; what the channel does before and after it, the line does too.
    """

    # As in conversation ids and as Rasa's input channel.
    prefix: ClassVar[str]
    # What can be sent besides text, by the names that editors use.
    sendable: ClassVar[tuple[str, ...]]

    def __init__(self, handle: Handler, conversation_id: str, clock: Clock) -> None:
        self._handle = handle
        self._conversation_id = conversation_id
        self._clock = clock

    @abstractmethod
    async def say(self, text: str) -> list[Bubble]:
        """A text is typed."""

    @abstractmethod
    async def send(self, kind: str) -> list[Bubble]:
        """Something of `sendable` is sent."""

    @abstractmethod
    async def receive(self, topic: str) -> list[Bubble]:
        """SIGAP has news and begins a turn by itself; `topic` is the intent of `sigap.channels.notifier`."""

    async def press(self, button: Button) -> list[Bubble]:
        """A button is pressed. Default: its sentence is said."""
        return await self.say(button.says)


class WebLine(Line):
    """The web chat."""

    prefix = "web"
    sendable = ("pesan kosong",)

    async def say(self, text: str) -> list[Bubble]:
        """As the web channel does with a message."""
        from sigap.channels.guard import guarded

        return await self._collect(guarded(self._handle), text)

    async def receive(self, topic: str) -> list[Bubble]:
        """As the notifier begins a turn: past the guard, with an intent for a text."""
        return await self._collect(self._handle, f"/{topic}", {"kabar": {}})

    async def _collect(self, handle: Handler, text: str, metadata: dict[str, object] | None = None) -> list[Bubble]:
        from rasa.core.channels.channel import UserMessage

        from sigap.channels.bubbles import Bubbles

        bubbles = Bubbles()
        await handle(UserMessage(text, bubbles, self._conversation_id, input_channel=self.prefix, metadata=metadata))
        return [
            Bubble(
                message.get("text", ""),
                tuple(Button(entry["title"], entry["payload"]) for entry in message.get("buttons") or ()),
                message.get("image"),
            )
            for message in bubbles.joined()
        ]

    async def send(self, kind: str) -> list[Bubble]:
        """The web chat can send nothing but an empty message."""
        return await self.say("")


DEFAULT = "web"
LINES: Mapping[str, type[Line]] = {DEFAULT: WebLine}
