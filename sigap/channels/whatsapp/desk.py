"""Answers one message: what reaches Rasa and what is answered here, whatever the kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rasa.core.channels.channel import UserMessage

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import Handler, guarded, sentence
from sigap.channels.whatsapp.choices import NextPage, Offer
from sigap.channels.whatsapp.mailbox import MOST_ATTEMPTS, WINDOW, Waiting
from sigap.channels.whatsapp.protocol import Kind
from sigap.channels.whatsapp.render import Message, page, render

INPUT_CHANNEL = "wa"
# Kinds that hold nothing to read, and the sentence that says so.
_UNREADABLE = {
    Kind.IMAGE: "utter_pesan_gambar",
    Kind.AUDIO: "utter_pesan_suara",
    Kind.VIDEO: "utter_pesan_video",
    Kind.DOCUMENT: "utter_pesan_dokumen",
    Kind.STICKER: "utter_pesan_stiker",
    Kind.CONTACTS: "utter_pesan_kontak",
    Kind.REACTION: "utter_pesan_reaksi",
    Kind.ORDER: "utter_pesan_belanja",
    Kind.UNKNOWN: "utter_pesan_tidak_didukung",
}


@dataclass(frozen=True)
class Answer:
    """What to send, what it offers to choose from, and how the message is recorded."""

    messages: Sequence[Message]
    offer: Offer
    state: str = "answered"


class Desk:
    """Turns messages into answers with Rasa's handler. A message older than `max_age` is not answered as if new."""

    def __init__(self, handle: Handler, max_age: timedelta) -> None:
        self._handle = guarded(handle)
        self._max_age = max_age

    async def answer(self, message: Waiting, offer: Offer, now: datetime) -> Answer:
        """The answer to a message, given what was last offered in its conversation."""
        if message.attempts > MOST_ATTEMPTS:
            return _said("utter_gangguan_sistem", offer, "given_up")
        if self._late(message.sent_at, now):
            # Of several, the last is apologised for; and after a day nothing may be sent any more.
            silent = message.sent_at < now - WINDOW or self._late(message.next_sent_at or now, now)
            return Answer((), offer, "late") if silent else _said("utter_pesan_terlambat", offer, "late")
        content = message.content
        if content.kind is Kind.REPLY:
            return await self._say(offer.pressed(content.text, content.title), content.title, message, offer)
        if content.kind is Kind.TEXT:
            return await self._say(offer.typed(content.text) or content.text, content.text, message, offer)
        if content.kind is Kind.LOCATION:
            return await self._turn(f"{sentence('utter_lokasi_saya')} ({content.text})", message)
        if content.kind is Kind.REACTION and not (content.text and offer.choices):
            return Answer((), offer)  # a thumbs-up under an answer asks for nothing
        if content.text.strip() and content.kind is not Kind.REACTION:
            return await self._turn(content.text, message, sentence("utter_pesan_keterangan"))
        return _said(_UNREADABLE[content.kind], offer)

    def _late(self, sent_at: datetime, now: datetime) -> bool:
        return sent_at < now - self._max_age

    async def _say(self, said: str | NextPage, typed: str, message: Waiting, offer: Offer) -> Answer:
        if not isinstance(said, NextPage):
            return await self._turn(said, message)
        if offer.choices:
            return Answer(*page(offer, said.start))
        return await self._turn(typed, message)

    async def _turn(self, text: str, message: Waiting, before: str | None = None) -> Answer:
        bubbles = Bubbles()
        await self._handle(
            UserMessage(
                text, bubbles, message.conversation_id, input_channel=INPUT_CHANNEL, message_id=message.message_id
            )
        )
        if before:
            bubbles.messages.insert(0, {"text": before})
        return Answer(*render(bubbles.joined()))


def _said(response: str, offer: Offer, state: str = "answered") -> Answer:
    """A sentence of the channel's own. The question above it stays open."""
    return Answer(render([{"text": sentence(response)}])[0], offer, state)
