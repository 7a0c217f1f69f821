"""Turns of the web chat: run once each, whatever happens to the connection that brought the message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import TURN_SECONDS, Handler
from sigap.channels.waiting import Bell
from sigap.clock import Clock
from sigap.privacy.shown_again import mask_answer, mask_message
from sigap.store.outbox import Notification
from sigap.store.transcripts import Begun, Line, Transcripts

CHANNEL = "web"
# A little longer than a turn may take, so that a page learns of a turn that was given up.
ANSWER_SECONDS = TURN_SECONDS + 5
# A page that repeats its message so soon after gets the answer as it was, and not as it is kept.
REPEATED_SECONDS = 120.0
# When the server stops, turns that are underway get this long.
STOP_SECONDS = 5.0


class Turns:
    """Hands messages to Rasa and keeps question and answers in the transcript, masked."""

    def __init__(self, transcripts: Transcripts, bell: Bell, clock: Clock, handle: Handler) -> None:
        self._transcripts = transcripts
        self._bell = bell
        self._clock = clock
        self._handle = handle
        # Answers of the last minutes, whole: what is kept is masked, and an applicant has to check a birth date.
        self._whole: dict[tuple[str, str], list[dict[str, Any]]] = {}
        # The event loop keeps no strong reference to a task; without this set a turn could vanish halfway.
        self._underway: set[asyncio.Task[Begun]] = set()

    async def lines(self, conversation_id: str, turn: str, text: str, shown: str) -> list[Line] | Begun:
        """The message and its answers.

        `turn` is the page's name for the message, `text` what is understood, `shown` what stands in the conversation (a
        button's title). `Begun.UNKNOWN_CONVERSATION` when there is no such conversation, `Begun.REPEATED` when the
        message is still being answered after `ANSWER_SECONDS`.
        """
        # Its own task, because the server ends a request's task when the connection is lost.
        task = asyncio.create_task(self._take(conversation_id, turn, text, shown))
        self._underway.add(task)
        task.add_done_callback(self._done)
        if await asyncio.shield(task) is Begun.UNKNOWN_CONVERSATION:
            return Begun.UNKNOWN_CONVERSATION
        return await self._wait(conversation_id, turn)

    async def output_for(self, news: Notification) -> OutputChannel | None:
        """Where to say a piece of news; None when its conversation was forgotten."""
        if not await asyncio.to_thread(self._transcripts.newest, [news.conversation_id]):
            return None
        return _Unasked(self._transcripts, self._bell, self._clock)

    async def stop(self) -> None:
        """Give turns that are underway a moment to end."""
        if self._underway:
            await asyncio.wait(self._underway, timeout=STOP_SECONDS)

    def _done(self, task: asyncio.Task[Begun]) -> None:
        self._underway.discard(task)
        # Looked at, so that nobody logs the texts in it when the request that waited for it is gone.
        if not task.cancelled():
            task.exception()

    async def _take(self, conversation_id: str, turn: str, text: str, shown: str) -> Begun:
        own = {"text": mask_message(shown, self._clock().date())}
        begun = await asyncio.to_thread(self._transcripts.begin, conversation_id, turn, own)
        if begun is Begun.NEW:
            self._bell.ring(conversation_id)
            await self._run(conversation_id, turn, text)
        return begun

    async def _run(self, conversation_id: str, turn: str, text: str) -> None:
        bubbles = Bubbles()
        await self._handle(UserMessage(text, bubbles, conversation_id, input_channel=CHANNEL, message_id=turn))
        answers = [_content(answer) for answer in _with_pictures(bubbles.joined())]
        self._whole[conversation_id, turn] = answers
        asyncio.get_running_loop().call_later(REPEATED_SECONDS, self._whole.pop, (conversation_id, turn), None)
        kept = [_masked(answer, self._clock) for answer in answers]
        await asyncio.to_thread(self._transcripts.finish, conversation_id, turn, kept)
        self._bell.ring(conversation_id)

    async def _wait(self, conversation_id: str, turn: str) -> list[Line] | Begun:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            # First, so that an answer written after this look rings the bell.
            newest = await asyncio.to_thread(self._transcripts.newest, [conversation_id])
            found = await asyncio.to_thread(self._transcripts.lines_of_turn, conversation_id, turn)
            if found is not None:
                return self._made_whole(conversation_id, turn, found)
            if conversation_id not in newest:
                return Begun.UNKNOWN_CONVERSATION
            remaining = deadline - time.monotonic()
            if not await self._bell.wait(conversation_id, newest[conversation_id], remaining):
                return Begun.REPEATED

    def _made_whole(self, conversation_id: str, turn: str, lines: list[Line]) -> list[Line]:
        whole = iter(self._whole.get((conversation_id, turn), ()))
        return [line if line.own else replace(line, content=next(whole, line.content)) for line in lines]


class _Unasked(Bubbles):
    """Puts each message of a turn that nobody asked for straight into the transcript."""

    def __init__(self, transcripts: Transcripts, bell: Bell, clock: Clock) -> None:
        super().__init__()
        self._transcripts = transcripts
        self._bell = bell
        self._clock = clock

    async def _persist_message(self, message: dict[str, Any]) -> None:
        await super()._persist_message(message)
        conversation_id = message["recipient_id"]
        await asyncio.to_thread(self._transcripts.say, conversation_id, [_masked(_content(message), self._clock)])
        self._bell.ring(conversation_id)


def _with_pictures(answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A picture stands in the bubble of the text that it belongs to, above that text's buttons."""
    bubbles: list[dict[str, Any]] = []
    for answer in answers:
        if "text" not in answer and "image" in answer and bubbles and "image" not in bubbles[-1]:
            bubbles[-1]["image"] = answer["image"]
        else:
            bubbles.append(answer)
    return bubbles


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    """The parts of an answer that a page shows."""
    return {key: answer[key] for key in ("text", "image", "buttons") if answer.get(key)}


def _masked(content: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """An answer as it is kept."""
    return {**content, "text": mask_answer(content["text"], clock().date())} if "text" in content else content
