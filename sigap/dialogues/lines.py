"""The lines on which an applicant talks to SIGAP: one kind for each channel. A new channel adds its own to `LINES`.

Heavy imports happen inside.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sigap.clock import Clock
from sigap.dialogues.played import Bubble, Button

if TYPE_CHECKING:
    from sigap.channels.bubbles import Bubbles
    from sigap.channels.guard import Handler
    from sigap.channels.whatsapp.protocol import Content
    from sigap.channels.whatsapp.render import Message


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

    async def _collect(self, handle: Handler, text: str, metadata: dict[str, object] | None = None) -> Bubbles:
        from rasa.core.channels.channel import UserMessage

        from sigap.channels.bubbles import Bubbles

        bubbles = Bubbles()
        await handle(UserMessage(text, bubbles, self._conversation_id, input_channel=self.prefix, metadata=metadata))
        return bubbles

    async def _news(self, topic: str) -> Bubbles:
        """As the notifier begins a turn: past the guard, with an intent for a text."""
        return await self._collect(self._handle, f"/{topic}", {"kabar": {}})


class WebLine(Line):
    """The web chat."""

    prefix = "web"
    sendable = ("pesan kosong",)

    async def say(self, text: str) -> list[Bubble]:
        """As the web channel does with a message."""
        from sigap.channels.guard import guarded

        return _web_bubbles(await self._collect(guarded(self._handle), text))

    async def receive(self, topic: str) -> list[Bubble]:
        """News comes like an answer."""
        return _web_bubbles(await self._news(topic))

    async def send(self, kind: str) -> list[Bubble]:
        """The web chat can send nothing but an empty message."""
        return await self.say("")


class WhatsAppLine(Line):
    """WhatsApp, from what Meta delivers to what is handed to Meta."""

    prefix = "wa"
    sendable = ("gambar", "suara", "video", "dokumen", "stiker", "kontak", "lokasi", "reaksi", "tidak didukung")

    def __init__(self, handle: Handler, conversation_id: str, clock: Clock) -> None:
        super().__init__(handle, conversation_id, clock)
        from sigap.channels.whatsapp.choices import Offer

        self._offer = Offer(())
        self._count = 0

    async def say(self, text: str) -> list[Bubble]:
        """A number or a title may stand for a button, as on the channel."""
        from sigap.channels.whatsapp.protocol import Content, Kind

        return await self._deliver(Content(Kind.TEXT, text))

    async def press(self, button: Button) -> list[Bubble]:
        """A reply button or the row of a list, by its id."""
        from sigap.channels.whatsapp.protocol import Content, Kind

        return await self._deliver(Content(Kind.REPLY, button.says, button.title))

    async def send(self, kind: str) -> list[Bubble]:
        """Something without text; a location is in the middle of Jakarta."""
        from sigap.channels.whatsapp.protocol import Content, Kind

        kinds = dict(zip(self.sendable, (
            Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.DOCUMENT, Kind.STICKER, Kind.CONTACTS, Kind.LOCATION,
            Kind.REACTION, Kind.UNKNOWN,
        )))  # fmt: skip
        return await self._deliver(Content(kinds[kind], "geo:-6.18,106.83" if kind == "lokasi" else ""))

    async def receive(self, topic: str) -> list[Bubble]:
        """News that may be chosen from like an answer."""
        from sigap.channels.whatsapp.render import render

        messages, self._offer = render((await self._news(topic)).joined())
        return [_whatsapp_bubble(message) for message in messages]

    async def _deliver(self, content: Content) -> list[Bubble]:
        from sigap.channels.whatsapp.desk import Desk
        from sigap.channels.whatsapp.mailbox import Waiting

        self._count += 1
        now = self._clock()
        waiting = Waiting(self._count, self._conversation_id, f"wamid.{self._count}", now, content, attempts=1)
        answer = await Desk(self._handle, timedelta(hours=1)).answer(waiting, self._offer, now)
        self._offer = answer.offer
        return [_whatsapp_bubble(message) for message in answer.messages]


def _web_bubbles(bubbles: Bubbles) -> list[Bubble]:
    return [
        Bubble(
            message.get("text", ""),
            tuple(Button(entry["title"], entry["payload"]) for entry in message.get("buttons") or ()),
            message.get("image"),
        )
        for message in bubbles.joined()
    ]


def _whatsapp_bubble(message: Message) -> Bubble:
    """A message of the Cloud API as it looks on a telephone."""
    if message["type"] == "text":
        return Bubble(message["text"]["body"])
    if message["type"] == "image":
        return Bubble(message["image"].get("caption", ""), image=message["image"]["picture"])
    interactive: dict[str, Any] = message["interactive"]
    replies = [button["reply"] for button in interactive["action"].get("buttons", ())]
    replies += [row for section in interactive["action"].get("sections", ()) for row in section["rows"]]
    picture = interactive.get("header", {}).get("image", {}).get("picture")
    # A title that had to be cut stands whole below it.
    offered = tuple(Button(one.get("description") or one["title"], one["id"]) for one in replies)
    return Bubble(interactive["body"]["text"], offered, picture)


DEFAULT = "web"
LINES: Mapping[str, type[Line]] = {DEFAULT: WebLine, "whatsapp": WhatsAppLine}
