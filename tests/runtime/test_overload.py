"""Too much at once is answered at once, with a sentence."""

from __future__ import annotations

import asyncio

from rasa.core.channels.channel import UserMessage

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import guarded
from sigap.runtime.server import MOST_OF_ONE, Turnstile


class Rasa:
    """Answers when told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def handle(self, message: UserMessage) -> None:
        await self.go.wait()
        await message.output_channel.send_text_message(message.sender_id, "jawaban")


async def nothing(_: str) -> None:
    """There is nothing to forget."""


async def say(turnstile: Turnstile, sender: str) -> str:
    bubbles = Bubbles()
    await guarded(turnstile.handle_message)(UserMessage("halo", bubbles, sender))
    return "".join(bubble["text"] for bubble in bubbles.joined())


async def begin(turnstile: Turnstile, senders: list[str]) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(say(turnstile, sender)) for sender in senders]
    await asyncio.sleep(0)
    return tasks


async def test_when_all_turns_are_taken_the_next_is_told_to_come_back_and_later_ones_are_served() -> None:
    rasa = Rasa()
    turnstile = Turnstile(rasa.handle, nothing, most=3)
    taken = await begin(turnstile, ["a", "b", "c"])
    assert "sangat banyak yang menulis" in await say(turnstile, "d")
    rasa.go.set()
    assert await asyncio.gather(*taken) == ["jawaban"] * 3
    assert await say(turnstile, "d") == "jawaban"


async def test_one_person_cannot_take_all_turns() -> None:
    rasa = Rasa()
    turnstile = Turnstile(rasa.handle, nothing, most=100)
    flood = await begin(turnstile, ["a"] * MOST_OF_ONE)
    assert "masih saya proses" in await say(turnstile, "a")
    other = await begin(turnstile, ["b"])
    rasa.go.set()
    assert await asyncio.gather(*flood, *other) == ["jawaban"] * (MOST_OF_ONE + 1)


async def test_a_turn_that_fails_makes_room() -> None:
    async def fail(_: UserMessage) -> None:
        raise ZeroDivisionError

    turnstile = Turnstile(fail, nothing, most=1)
    assert "terganggu" in await say(turnstile, "a")
    assert "terganggu" in await say(turnstile, "a")
