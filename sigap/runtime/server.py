"""`sigap serve`: Rasa with SIGAP's channels, and nothing of Rasa's own HTTP interface."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import InputChannel, UserMessage, register
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.channels.guard import MANY_WRITE, WRITES_MUCH, Overloaded
from sigap.models import Models
from sigap.runtime import logs, metrics, rasa_speed, workers
from sigap.runtime.action_calls import ActionServers, LocalActions, action_endpoint
from sigap.runtime.cores import keep_to
from sigap.runtime.locks import SigapLockStore
from sigap.runtime.tracker_store import SigapTrackerStore
from sigap.settings import ROOT, Settings, SettingsError
from sigap.swapping import follow, take_newest

logger = logging.getLogger(__name__)

# WhatsApp's largest notification is far below; pictures come by reference.
_MOST_BYTES = 1_000_000
_STOP_SECONDS = 25
_BACKLOG = 100
_PING_SECONDS = 3
_FOLLOW = "follow published models"
# People send a thought in three or four messages; nobody sends ten before the first is answered.
MOST_OF_ONE = 8


class Parts:
    """What a running server is made of, built from endpoints.yml and the settings."""

    def __init__(self, settings: Settings, endpoints: Path = ROOT / "endpoints.yml") -> None:
        os.environ["SIGAP_CONVERSATIONS_URL"] = settings.conversations_url
        os.environ["SIGAP_LOCKS_URL"] = settings.locks_url
        os.environ["SIGAP_ACTION_URL"] = settings.action_urls
        os.environ["SIGAP_EVENTS_URL"] = settings.events_url
        self.endpoints = AvailableEndpoints.read_endpoints(str(endpoints))
        self.actions: LocalActions | ActionServers = action_endpoint(self.endpoints.action.url, settings.action_secret)
        self.locks: SigapLockStore = LockStore.create(self.endpoints.lock_store)
        self.store: SigapTrackerStore = TrackerStore.create(self.endpoints.tracker_store)

    def agent(self, model: Path) -> Agent:
        """Rasa's agent with these parts. Opens no connection. Raises what Rasa raises for a broken model."""
        agent = Agent(
            generator=self.endpoints.nlg,
            tracker_store=self.store,
            lock_store=self.locks,
            action_endpoint=self.actions,
        )
        # Rasa wraps the store in one that goes on in memory, without the conversations so far, when the database fails:
        # an applicant in the middle of a form would be sent back to its beginning. Here the turn fails with a sentence.
        agent.tracker_store = self.store
        agent.load_model(str(model))
        return agent

    async def send_events(self) -> None:
        """From now on pass what is recorded on to where the settings say, if they do."""
        self.store.event_broker = await EventBroker.create(self.endpoints.event_broker, loop=asyncio.get_running_loop())

    async def problems(self) -> dict[str, str]:
        """What does not answer, by name, with the kind of error."""
        found = {}
        pings = {"conversations": self.store.ping, "locks": self.locks.ping, "actions": self.actions.ping}
        for name, ping in pings.items():
            try:
                await asyncio.wait_for(ping(), _PING_SECONDS)
            except Exception as error:
                found[name] = type(error).__name__
        if self.store.event_broker is not None and not self.store.event_broker.is_ready():
            found["events"] = "NotConnected"
        return found

    async def forget(self, conversation_id: str) -> None:
        """Remove what was said in a conversation, once the turn that is being worked on has ended."""
        async with self.locks.lock(conversation_id):
            await self.store.forget(conversation_id)

    async def close(self) -> None:
        """Let go of connections."""
        await self.actions.close()
        await self.locks.close()
        if self.store.event_broker is not None:
            await self.store.event_broker.close()


def build(
    settings: Settings,
    parts: Parts,
    agent: Agent,
    models: Models | None = None,
    credentials: Path = ROOT / "credentials.yml",
) -> Sanic:
    """The server around an agent with its parts; with `models` it takes each model that is published there.

    Nothing is connected before it runs, so it may be built once and run in several forks. Raises `SettingsError` when a
    channel refuses its settings.
    """
    app = Sanic("sigap", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _MOST_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = _STOP_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = 60
    register(_channels(credentials), app, route="/webhooks/")

    @app.listener("before_server_start")
    async def begin(app: Sanic, _: Any) -> None:
        workers.end_with_parent(app.stop)
        if models is not None:
            # A worker that is started again begins with what its parent loaded long ago.
            take_newest(agent, models)
        await parts.send_events()
        app.ctx.agent = Turnstile(agent.handle_message, parts.forget, settings.most_turns)
        logger.info("ready with model %s", agent.model_name)
        if models is not None:
            app.add_task(follow(agent, models), name=_FOLLOW)

    @app.listener("before_server_stop")
    async def stay(app: Sanic, _: Any) -> None:
        if models is not None:
            await app.cancel_task(_FOLLOW)

    @app.listener("after_server_stop")
    async def close(_: Sanic, __: Any) -> None:
        if models is not None:
            with suppress(OSError):  # it was not noted either, where nothing may be written
                models.forget_server()
        await parts.close()

    @app.get("/live")
    async def live(_: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.get("/ready")
    async def ready(_: Request) -> HTTPResponse:
        problems = await parts.problems()
        # Without shared locks and without events turns go on (sigap.runtime.locks, event_broker); taking every worker
        # away would end them all.
        status = 503 if problems.keys() - {"locks", "events"} else 200
        return response.json({"status": "ok" if not problems else "problems", "problems": problems}, status=status)

    @app.get("/metrics")
    async def measured(_: Request) -> HTTPResponse:
        return response.raw(metrics.shown(), content_type=CONTENT_TYPE_LATEST)

    return app


def serve(
    settings: Settings, model: Path, models: Models | None, interface: str, port: int, cores: Sequence[int | None]
) -> int:
    """Run until stopped, with a worker for each of `cores`, which keeps to it (None: to none); returns the exit code.

    Turns in progress are finished first. Raises `SettingsError` when a channel refuses its settings or the port cannot
    be had, and `SystemExit` for a model that cannot be loaded, once the log says what to do.
    """
    rasa_speed.install()
    parts = Parts(settings)
    app = build(settings, parts, _loaded(parts, model), models)
    # Not before: who waits for the port waits for a server that answers.
    listening = _listening(interface, port, len(cores))

    def work(number: int) -> None:
        if (core := cores[number]) is not None:
            keep_to(core)
        own = listening.pop(number)
        listen_no_longer()
        app.run(sock=own, access_log=False, motd=False)

    def listen_no_longer() -> None:
        # As long as any process holds a socket, connections wait there, though nobody may take them.
        for held in listening:
            held.close()

    if len(cores) > 1:
        return workers.Workers(len(cores), work, metrics.worker_ended, listen_no_longer).run()
    work(0)
    return 0


def _listening(interface: str, port: int, count: int) -> list[socket.socket]:
    """A socket for each worker. Of a shared one, the worker that wakes first would take all connections that wait."""
    try:
        family, *_, address = socket.getaddrinfo(interface, port, type=socket.SOCK_STREAM)[0]
        alone = socket.create_server(address, family=family, backlog=_BACKLOG)
        if count == 1:
            return [alone]
        # Had alone once, so it is nobody else's; from now on the kernel deals connections out.
        alone.close()
        return [socket.create_server(address, family=family, reuse_port=True, backlog=_BACKLOG) for _ in range(count)]
    except OSError as error:
        raise SettingsError(f"Port {port} of {interface} cannot be had: {error.strerror}.") from error


def _loaded(parts: Parts, model: Path) -> Agent:
    try:
        return parts.agent(model)
    except Exception as error:
        logger.critical(
            "the model %s cannot be loaded (%s); train again: sigap train --force", model.name, type(error).__name__
        )
        raise SystemExit(1) from error


class Turnstile:
    """Lets turns through to Rasa while there is room, measures them, and ties what they log to their conversation.

    Channels find it where Rasa would put its agent; `forget` removes what was said in a conversation.
    """

    def __init__(
        self,
        handle: Callable[[UserMessage], Awaitable[Any]],
        forget: Callable[[str], Awaitable[None]],
        most: int,
    ) -> None:
        self._handle = handle
        self.forget = forget
        self._most = most
        self._now = Counter[str]()

    async def handle_message(self, message: UserMessage) -> None:
        """One turn. Raises `Overloaded` instead of making an applicant wait for what will be too late."""
        sender = message.sender_id
        logs.speaking_of(sender)
        if sum(self._now.values()) >= self._most:
            raise self._shed(MANY_WRITE)
        if self._now[sender] >= MOST_OF_ONE:
            raise self._shed(WRITES_MUCH)
        began = time.perf_counter()
        self._now[sender] += 1
        try:
            with metrics.TURNS_NOW.track_inprogress():
                await self._handle(message)
        except BaseException as error:
            metrics.FAILED_TURNS.labels(type(error).__name__).inc()
            raise
        finally:
            self._now[sender] -= 1
            if not self._now[sender]:
                del self._now[sender]
            metrics.TURN_SECONDS.labels(message.input_channel or "none").observe(time.perf_counter() - began)

    def _shed(self, response: str) -> Overloaded:
        metrics.FAILED_TURNS.labels(Overloaded.__name__).inc()
        return Overloaded(response)


def _channels(credentials: Path) -> list[InputChannel]:
    return [
        class_from_module_path(name).from_credentials(options)
        for name, options in read_config_file(str(credentials)).items()
    ]
