"""Works through the mailbox while the server runs: answers messages, sends letters, repeats what failed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from sigap.channels.whatsapp.choices import Offer
from sigap.channels.whatsapp.desk import Desk
from sigap.channels.whatsapp.graph import Graph, GraphError, Trouble
from sigap.channels.whatsapp.mailbox import LEASE, MOST_UNCLEAR, Letter, Mailbox, Step, Waiting
from sigap.channels.whatsapp.protocol import Sender
from sigap.channels.whatsapp.render import as_text
from sigap.clock import Clock

logger = logging.getLogger(__name__)

# Conversations attended to at once by one process. Most of a turn is waiting for the action server.
MOST_AT_ONCE = 16
# How often to look for what another process has left; what this one receives wakes it at once.
PAUSE_SECONDS = 1.0
RENEW_SECONDS = LEASE.total_seconds() / 4
PURGE_SECONDS = 3600.0
# A turn may take sigap.channels.guard.TURN_SECONDS; at the end of the server there is no more time than this.
DRAIN_SECONDS = 10.0
LONGEST_PAUSE = timedelta(minutes=5)

T = TypeVar("T")
FindPicture = Callable[[str], "bytes | None"]
"""The PNG at an address that an action has named."""


class Worker:
    """One per process. `wake` after something has been put into the mailbox.

    What cannot be sent within `max_age` is given up: then it would come as an answer to nothing.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        graph: Graph,
        desk: Desk,
        find_picture: FindPicture,
        clock: Clock,
        max_age: timedelta,
    ) -> None:
        self._mailbox = mailbox
        self._graph = graph
        self._desk = desk
        self._find_picture = find_picture
        self._clock = clock
        self._max_age = max_age
        # Threads of its own: the webhook's must always be free for the next acknowledgement.
        self._threads = ThreadPoolExecutor(4, "whatsapp")
        self._woken = asyncio.Event()
        self._attending: dict[asyncio.Task[None], str] = {}
        self._typing: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._loops = [
            asyncio.create_task(self._look_for_work()),
            asyncio.create_task(self._every(RENEW_SECONDS, self._renew)),
            asyncio.create_task(self._every(PURGE_SECONDS, self._mailbox.purge)),
        ]

    def wake(self) -> None:
        """Look for work at once."""
        self._woken.set()

    async def stop(self) -> None:
        """Finish what is at hand, within limits, and leave the rest to others."""
        self._stopping = True
        self.wake()
        if self._attending:
            await asyncio.wait(self._attending, timeout=DRAIN_SECONDS)
        for task in [*self._attending, *self._typing, *self._loops]:
            task.cancel()
        await asyncio.gather(*self._attending, *self._typing, *self._loops, return_exceptions=True)
        await self._do(self._mailbox.release)
        await self._graph.close()
        self._threads.shutdown(wait=False)

    async def _look_for_work(self) -> None:
        while not self._stopping:
            steps: list[Step] = []
            room = MOST_AT_ONCE - len(self._attending)
            try:
                steps = await self._do(self._mailbox.claim, room, list(self._attending.values())) if room else []
            except Exception as error:  # a database that is down comes back; everything waits in it
                logger.error("looking for WhatsApp messages failed: %s", type(error).__name__)
            for step in steps:
                task = asyncio.create_task(self._attend(step))
                self._attending[task] = step.conversation_id
                task.add_done_callback(self._attended)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), PAUSE_SECONDS)
            self._woken.clear()

    def _attended(self, task: asyncio.Task[None]) -> None:
        del self._attending[task]
        if not task.cancelled() and (error := task.exception()):
            # The lease runs out and the conversation is taken up again. An exception's text may quote the applicant.
            logger.error("attending to a WhatsApp conversation failed: %s", type(error).__name__)
        if len(self._attending) == MOST_AT_ONCE - 1:
            self.wake()  # others have waited for room

    async def _every(self, seconds: float, work: Callable[[], None]) -> None:
        while True:
            try:
                await self._do(work)
            except Exception as error:
                logger.error("WhatsApp %s failed: %s", work.__name__, type(error).__name__)
            await asyncio.sleep(seconds)

    def _renew(self) -> None:
        attended = list(self._attending.values())
        if attended:
            self._mailbox.renew(attended)

    async def _attend(self, first: Step) -> None:
        step: Step | None = first
        while step is not None:
            step = await (self._answer(step) if isinstance(step, Waiting) else self._send(step))

    # Answering

    async def _answer(self, message: Waiting) -> Step | None:
        if message.attempts > 1:
            logger.warning("WhatsApp message %s is answered again: a worker was stopped in the middle", message.id)
        typing = asyncio.create_task(self._show_typing(message.message_id))
        self._typing.add(typing)
        typing.add_done_callback(self._typing.discard)
        answer = await self._desk.answer(message, Offer.from_json(message.choices), self._clock())
        return await self._do(
            self._mailbox.answered, message, list(answer.messages), answer.offer.to_json(), answer.state
        )

    async def _show_typing(self, message_id: str) -> None:
        with contextlib.suppress(GraphError):  # a courtesy; the answer itself is what counts
            await self._graph.show_typing(message_id)

    # Sending

    async def _send(self, letter: Letter) -> Step | None:
        if not letter.to:
            return await self._do(self._mailbox.failed, letter, None)
        try:
            content = await self._with_media(letter.content)
            sent_as = await self._graph.send({**_recipient(letter.to), **content})
        except GraphError as error:
            return await self._settle(letter, error)
        return await self._do(self._mailbox.sent, letter, sent_as)

    async def _settle(self, letter: Letter, error: GraphError) -> Step | None:
        """Decide what becomes of a letter that was not sent."""
        trouble, box = error.trouble, self._mailbox
        logger.log(
            logging.ERROR if trouble is Trouble.OPERATOR else logging.WARNING,
            "WhatsApp letter %s, try %s: %s",
            letter.id,
            letter.attempts,
            error,
        )
        pause = _pause(trouble, letter.attempts)
        if trouble is Trouble.UNCLEAR and letter.unclear < MOST_UNCLEAR:
            return await self._do(box.retry, letter, error.code, timedelta(seconds=1), True)
        if pause is not None and letter.created_at > self._clock() - self._max_age:
            return await self._do(box.retry, letter, error.code, pause)
        if trouble is Trouble.WINDOW:
            return await self._do(box.refused_as_late, letter, error.code)
        if trouble is Trouble.CONTENT and (plain := as_text(letter.content)):
            return await self._do(box.retry, letter, error.code, timedelta(), False, plain)
        logger.error("WhatsApp letter %s is given up: %s", letter.id, error)
        return await self._do(box.failed, letter, error.code)

    async def _with_media(self, content: dict[str, Any]) -> dict[str, Any]:
        """The message with Meta's media id in the place of a picture's address."""
        image = content.get("image") or content.get("interactive", {}).get("header", {}).get("image")
        if image is None:
            return content
        picture = await self._do(self._find_picture, image["picture"])
        if picture is None:
            raise GraphError(Trouble.CONTENT)  # expired meanwhile: the text goes without it
        # By what it shows: an address is known to its owner alone, and the same ticket has many.
        key = hashlib.sha256(picture).hexdigest()
        media_id = await self._do(self._mailbox.media, key)
        if media_id is None:
            media_id = await self._graph.upload(picture, "image/png")
            await self._do(self._mailbox.remember_media, key, media_id)
        return _with_media_id(content, media_id)

    def _do(self, work: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _pause(trouble: Trouble, attempts: int) -> timedelta | None:
    """How long to wait before the next try; None where trying again is no use."""
    if trouble is Trouble.BUSY:
        return min(timedelta(seconds=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)
    if trouble is Trouble.PAIR_LIMIT:  # as Meta asks for
        return min(timedelta(seconds=4 ** min(attempts, 10)), LONGEST_PAUSE)
    return LONGEST_PAUSE if trouble is Trouble.OPERATOR else None


def _recipient(to: Sender) -> dict[str, str]:
    """The number where it is known. A user id in `to` would be dropped without a word, so it goes into `recipient`."""
    who = {"to": to.phone} if to.phone else {"recipient": str(to.user_id)}
    return {"recipient_type": "individual", **who}


def _with_media_id(content: dict[str, Any], media_id: str) -> dict[str, Any]:
    if content["type"] == "image":
        caption = {key: value for key, value in content["image"].items() if key != "picture"}
        return {**content, "image": {**caption, "id": media_id}}
    header = {"type": "image", "image": {"id": media_id}}
    return {**content, "interactive": {**content["interactive"], "header": header}}
