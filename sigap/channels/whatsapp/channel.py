"""WhatsApp Cloud API: the webhook that Meta calls, and what runs beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import Handler, sentence
from sigap.channels.notifier import deliver_news
from sigap.channels.whatsapp.desk import INPUT_CHANNEL, Desk
from sigap.channels.whatsapp.graph import Graph
from sigap.channels.whatsapp.mailbox import Draft, Mailbox
from sigap.channels.whatsapp.protocol import read_delivery
from sigap.channels.whatsapp.render import render, template
from sigap.channels.whatsapp.settings import WhatsAppSettings
from sigap.channels.whatsapp.signature import Signature, challenge, judge
from sigap.channels.whatsapp.worker import Worker
from sigap.clock import Clock, system_clock
from sigap.settings import Settings
from sigap.store.outbox import Notification
from sigap.store.pictures import Pictures
from sigap.store.session import Store

logger = logging.getLogger(__name__)

# Meta delivers at most 3 MB at once.
LARGEST_BODY = 3 * 1024 * 1024


class WhatsAppInput(InputChannel):
    """The webhook at /webhooks/whatsapp/webhook. Without settings it is closed: it has no address at all."""

    def __init__(self, settings: WhatsAppSettings | None, store: Store, clock: Clock = system_clock) -> None:
        # Delivery happens in real time, whatever day SIGAP_NOW pretends it to be.
        self._settings = settings
        self._store = store
        self._clock = clock

    @classmethod
    def name(cls) -> str:
        """Part of conversation ids."""
        return INPUT_CHANNEL

    def url_prefix(self) -> str:
        """Part of the address."""
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WhatsAppInput:
        """Configured by the environment. Raises `SettingsError` for half a configuration."""
        settings = Settings.from_environment()
        whatsapp = WhatsAppSettings.from_environment(settings.production)
        if whatsapp is None:
            logger.warning("WhatsApp is off: no SIGAP_WHATSAPP_… variable is set (docs/whatsapp.md).")
        return cls(whatsapp, Store.open(settings.database_url))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """GET / says that the channel lives; GET /webhook subscribes; POST /webhook takes deliveries."""
        routes = Blueprint("sigap_whatsapp")
        if self._settings is not None:
            _Office(self._settings, self._store, self._clock, on_new_message).open(routes)
        return routes


class _Office:
    """What one server process has of the channel: a mailbox, a worker, and the routes that fill the mailbox."""

    def __init__(self, settings: WhatsAppSettings, store: Store, clock: Clock, handle: Handler) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._handle = handle
        self._mailbox = Mailbox(store, clock, "nobody")
        # Apart from the worker's threads, so that a delivery is acknowledged at once however busy they are.
        self._threads = ThreadPoolExecutor(4, "whatsapp-webhook")
        self._worker: Worker | None = None

    def open(self, routes: Blueprint) -> None:
        """Add the routes, and what runs while the server does."""
        routes.listener("after_server_start")(self._start)
        routes.listener("before_server_stop")(self._stop)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.get("/webhook")
        async def subscribe(request: Request) -> HTTPResponse:
            mode, token, answer = (request.args.get(f"hub.{name}") for name in ("mode", "verify_token", "challenge"))
            echo = challenge(mode, token, answer, self._settings.verify_token)
            return response.text("", status=403) if echo is None else response.text(echo)

        @routes.post("/webhook", stream=True)  # read here, so that nothing too large is ever held in memory
        async def receive(request: Request) -> HTTPResponse:
            body = await _body(request)
            header = request.headers.get("X-Hub-Signature-256")
            return response.text("", status=413 if body is None else await self._receive(body, header))

        deliver_news(routes, self._tell, self._output_for, INPUT_CHANNEL)

    async def _start(self, _app: Any, _loop: Any) -> None:
        # Only now: a server may fork after the blueprint was made, and each process is a worker of its own.
        self._mailbox = Mailbox(self._store, self._clock, secrets.token_hex(8))
        desk = Desk(self._handle, self._settings.max_age)
        pictures = Pictures(self._store, Settings.from_environment().clock)
        graph, max_age = Graph(self._settings), self._settings.max_age
        self._worker = Worker(self._mailbox, graph, desk, pictures.find, self._clock, max_age)
        await asyncio.to_thread(sentence, "utter_gangguan_sistem")  # read now what would hold up the first message
        self._worker.start()

    async def _stop(self, _app: Any, _loop: Any) -> None:
        if self._worker is not None:
            await self._worker.stop()

    async def _receive(self, body: bytes, header: str | None) -> int:
        """Keep what a delivery brings; returns the HTTP status of the answer."""
        signature = judge(body, header, self._settings.app_secret)
        if signature is not Signature.GENUINE:
            logger.warning("a WhatsApp delivery was refused: its signature is %s", signature.value)
            return 401 if signature is Signature.MISSING else 403
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        delivery = read_delivery(content, self._settings.phone_number_id, self._clock())
        if delivery.unreadable:
            logger.warning("%s part(s) of a WhatsApp delivery could not be read", delivery.unreadable)
        if delivery.messages or delivery.changes or delivery.failures:
            try:
                await asyncio.get_running_loop().run_in_executor(self._threads, self._mailbox.receive, delivery)
            except SQLAlchemyError as error:
                # Not kept, so not acknowledged: Meta will deliver it again.
                logger.error("a WhatsApp delivery could not be kept: %s", type(error).__name__)
                return 503
            if self._worker is not None:
                self._worker.wake()
        return 200

    # What SIGAP tells unasked

    async def _output_for(self, news: Notification) -> OutputChannel | None:
        by_template = news.topic in self._settings.templates
        reachable = await asyncio.to_thread(self._mailbox.reachable, news.conversation_id, by_template)
        return Bubbles() if reachable else None

    async def _tell(self, turn: UserMessage) -> None:
        """Let Rasa word the news, and queue it. What fails here is tried again by the notifier."""
        await self._handle(turn)
        bubbles = turn.output_channel.joined()
        messages, offer = render(bubbles)
        drafts = [Draft(message) for message in messages]
        name = self._settings.templates.get(turn.text.lstrip("/"))
        if drafts and name:
            text = "\n".join(bubble["text"] for bubble in bubbles if "text" in bubble)
            drafts[0] = Draft(messages[0], template(name, self._settings.template_language, text))
        await asyncio.to_thread(self._mailbox.post, turn.sender_id, drafts, offer.to_json())
        if self._worker is not None:
            self._worker.wake()


async def _body(request: Request) -> bytes | None:
    """The raw body, or None when it is larger than anything that Meta sends."""
    parts: list[bytes] = []
    size = 0
    while part := await request.stream.read():
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
