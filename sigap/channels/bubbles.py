"""Collecting a turn's answers into as few bubbles as read well."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

# WhatsApp allows 1,024 characters in a message with buttons; one limit for all channels keeps answers alike.
MAX_BUBBLE = 1024
_GAPS = re.compile(r"\n\s*\n\s*\n+")


class Bubbles(CollectingOutputChannel):
    """Keeps a text whole (Rasa's own collector cuts it at blank lines) and joins a turn's texts where they fit."""

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Collect a text as one message."""
        # A response whose optional part is empty leaves a gap behind.
        await self._persist_message(self._message(recipient_id, text=_GAPS.sub("\n\n", text.strip())))

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **_: Any
    ) -> None:
        """Collect a text with buttons as one message."""
        await self._persist_message(self._message(recipient_id, text=_GAPS.sub("\n\n", text.strip()), buttons=buttons))

    def joined(self) -> list[dict[str, Any]]:
        """The turn's messages; a plain text is joined with the text after it while the bubble stays readable."""
        bubbles: list[dict[str, Any]] = []
        for message in self.messages:
            last = bubbles[-1] if bubbles else {}
            plain = last.keys() <= {"recipient_id", "text"} and "text" in last
            if plain and "text" in message and len(last["text"]) + len(message["text"]) + 2 <= MAX_BUBBLE:
                bubbles[-1] = {**message, "text": f"{last['text']}\n\n{message['text']}"}
            else:
                bubbles.append(dict(message))
        return bubbles
