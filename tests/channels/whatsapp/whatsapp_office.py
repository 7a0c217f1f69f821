"""The channel as it really runs: a web server with its webhook on one side, the simulated Graph API on the other."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sanic.response import text

from sigap.channels.whatsapp import WhatsAppInput
from sigap.channels.whatsapp.settings import WhatsAppSettings
from sigap.clock import Clock, system_clock
from sigap.store.session import Store
from sigap.whatsapp_simulator.deliveries import Courier, Person
from sigap.whatsapp_simulator.server import Simulation

NUMBER, TOKEN, SECRET, VERIFY = "106540352242922", "EAA-test-token", "test-app-secret", "test-verify-token"
WAIT_SECONDS = 20.0
Sanic.test_mode = True


class Rasa:
    """Stands where Rasa does: answers what `replies` says for a text, and otherwise repeats its beginning."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.replies: dict[str, Callable[[UserMessage], Awaitable[None]]] = {}

    async def __call__(self, message: UserMessage) -> None:
        self.asked.append((message.sender_id, message.text))
        if message.text in self.replies:
            await self.replies[message.text](message)
        else:
            await message.output_channel.send_text_message(message.sender_id, f"Jawaban: {message.text[:500]}")

    def offer(self, text: str, body: str, *titles: str | tuple[str, str]) -> None:
        """Answer `text` with buttons; a title says itself unless a sentence stands beside it."""
        pairs = [(title, title) if isinstance(title, str) else title for title in titles]
        buttons = [{"title": title, "payload": says} for title, says in pairs]

        async def reply(message: UserMessage) -> None:
            await message.output_channel.send_text_with_buttons(message.sender_id, body, buttons)

        self.replies[text] = reply

    def show(self, text: str, body: str, picture: str) -> None:
        """Answer `text` with a text and a picture."""

        async def reply(message: UserMessage) -> None:
            await message.output_channel.send_text_message(message.sender_id, body)
            await message.output_channel.send_image_url(message.sender_id, picture)

        self.replies[text] = reply


@dataclass
class Office:
    """A running channel, its stand-in for Rasa, and the simulated Meta."""

    meta: Simulation
    rasa: Rasa
    store: Store
    address: str
    graph: str
    session: aiohttp.ClientSession

    async def deliver(self, body: Any, raw: bytes | None = None, signature: str | None = None) -> int | None:
        """One delivery, signed unless another signature is given; the HTTP status of the answer."""
        return await self.meta.courier.post(self.session, json.dumps(body).encode() if raw is None else raw, signature)

    async def hear(self, person: Person, kind: str, part: dict[str, Any], when: float | None = None) -> dict[str, Any]:
        """Deliver one message of a person and wait for the acknowledgement; returns the message."""
        message = person.message(kind, part, when)
        self.meta.note_written(person, int(message["timestamp"]))
        assert await self.deliver(self.meta.courier.envelope([message], [person])) == 200
        return message

    async def say(self, person: Person, text: str) -> list[dict[str, Any]]:
        """A person types something; what he gets back."""
        return await self.ask(person, "text", {"body": text})

    async def press(self, person: Person, shown: dict[str, Any], position: int) -> list[dict[str, Any]]:
        """A person presses the button or row at this position (from 0) of a message that he was sent."""
        action = shown["interactive"]["action"]
        kind = "list_reply" if "sections" in action else "button_reply"
        rows = action["sections"][0]["rows"] if "sections" in action else [b["reply"] for b in action["buttons"]]
        return await self.ask(person, "interactive", {"type": kind, kind: rows[position]})

    async def ask(
        self, person: Person, kind: str, part: dict[str, Any], when: float | None = None
    ) -> list[dict[str, Any]]:
        """A person sends a message; the messages that come back until nothing more is to be done."""
        before = len(self.meta.sent)
        await self.hear(person, kind, part, when)
        await self.settle()
        return self.meta.sent[before:]

    async def settle(self) -> None:
        """Wait until the mailbox is empty."""
        await until(lambda: not self.waiting())

    def waiting(self) -> int:
        with self.store.engine.connect() as connection:
            return int(
                connection.exec_driver_sql(
                    "SELECT (SELECT count(*) FROM whatsapp_incoming WHERE state = 'waiting') + "
                    "(SELECT count(*) FROM whatsapp_outgoing WHERE state IN ('waiting', 'sending'))"
                ).scalar_one()
            )

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table, in order."""
        with self.store.work() as session:
            return list(session.query(table).order_by(*table.__table__.primary_key.columns).all())


async def until(condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
    """Wait until something is so. Fails when it does not become so in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def settings(graph: str, **changes: Any) -> WhatsAppSettings:
    return WhatsAppSettings(
        **{
            "token": TOKEN,
            "phone_number_id": NUMBER,
            "app_secret": SECRET,
            "verify_token": VERIFY,
            "graph_url": f"{graph}/v23.0",
            **changes,
        }
    )


@asynccontextmanager
async def simulated_meta(*webhooks: str, seed: int = 1) -> AsyncIterator[tuple[Simulation, str]]:
    """A simulated Graph API that delivers to these webhooks; the simulation and its address."""
    meta = Simulation(Courier(list(webhooks), SECRET, NUMBER, chance=random.Random(seed)), token=TOKEN)
    runner = web.AppRunner(meta.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield meta, f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(channel: WhatsAppInput, rasa: Rasa, sock: socket.socket) -> AsyncIterator[None]:
    """The channel's blueprint on a server, as Rasa serves it."""
    app = Sanic(f"test-{uuid4().hex}", configure_logging=False)
    app.add_route(lambda _: text("Hello from Rasa"), "/")
    app.blueprint(channel.blueprint(rasa), url_prefix=f"/webhooks/{channel.url_prefix()}")
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()


def free_socket() -> tuple[socket.socket, str]:
    """A bound socket and the address of the webhook behind it."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock, f"http://127.0.0.1:{sock.getsockname()[1]}/webhooks/whatsapp/webhook"


@asynccontextmanager
async def open_office(store: Store, clock: Clock = system_clock, **changes: Any) -> AsyncIterator[Office]:
    """Everything, started and stopped."""
    sock, webhook = free_socket()
    async with simulated_meta(webhook) as (meta, graph):
        meta.templates = frozenset(changes.get("templates", {}).values())
        meta.reports = False
        meta.clock = lambda: clock().timestamp()
        rasa = Rasa()
        channel = WhatsAppInput(settings(graph, **changes), store, clock)
        async with serving(channel, rasa, sock), aiohttp.ClientSession() as session:
            yield Office(meta, rasa, store, webhook, graph, session)
