"""The web chat: a page and the calls it makes. A conversation is opened by a token that only the server can issue."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.channels.guard import Handler, greeting, guarded
from sigap.channels.identity import Issuer
from sigap.channels.limits import Limit, network
from sigap.channels.notifier import deliver_news
from sigap.channels.waiting import Bell
from sigap.channels.web_page import FILES, Page
from sigap.channels.web_turns import CHANNEL, Turns
from sigap.clock import Clock
from sigap.settings import Settings
from sigap.store.pictures import Pictures
from sigap.store.session import Store
from sigap.store.transcripts import Begun, Line, Transcripts

logger = logging.getLogger(__name__)

# 4,096 characters, each as long as JSON can write it ("\ud83d\ude00"), and what stands around them.
MAX_BODY = 52_000
# Longer than any title of a button; a typed message is shown as it was typed.
MAX_SHOWN = 4_096
# Nobody writes faster by hand.
MESSAGES_PER_MINUTE = 20
# Many people share one address: a provider's, an office's, a school's.
MESSAGES_PER_MINUTE_AND_ADDRESS = 240
# Proxies commonly cut a silent connection after 30 or 60 seconds.
WAIT_SECONDS = 25.0
# Tabs of one browser that may wait at the same time; a further one is answered at once.
MOST_WAITING = 4

# A ticket belongs to one person: nobody on the way may keep a copy.
_PRIVATE = {"Cache-Control": "private, no-store"}
_TURN = re.compile(r"[A-Za-z0-9_-]{8,64}")
Route = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True)
class Limits:
    """Per address: conversations begun, messages; and messages per conversation."""

    conversations: Limit
    address: Limit
    conversation: Limit

    @classmethod
    def of(cls, new_per_hour: int) -> Limits:
        """The limits of one server process."""
        return cls(
            conversations=Limit(new_per_hour, 3600),
            address=Limit(MESSAGES_PER_MINUTE_AND_ADDRESS, 60),
            conversation=Limit(MESSAGES_PER_MINUTE, 60),
        )


class WebInput(InputChannel):
    """Serves the chat page at /webhooks/web/ and answers its messages."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = Issuer(settings.signing_key)
        self._clock: Clock = settings.clock
        store = Store.open(settings.database_url)
        self._transcripts = Transcripts(store, settings.clock)
        self._pictures = Pictures(store, settings.clock)
        self._limits = Limits.of(settings.web_new_per_hour)
        self._origins = settings.web_origins
        self._page = Page(settings.web_origins, {"hari": str(settings.web_kept_days)})

    @classmethod
    def name(cls) -> str:
        """Part of the address and of conversation ids."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Takes everything from the settings."""
        return cls(Settings.from_environment())

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Routes of the page and of its calls; docs/web.md describes them."""
        # The page names its files relative to "/webhooks/web/", so without the last slash it would not find them.
        routes = Blueprint("sigap_web", strict_slashes=True)
        bell = Bell(self._transcripts.newest)
        turns = Turns(self._transcripts, bell, self._clock, guarded(on_new_message))
        deliver_news(routes, on_new_message, turns.output_for, CHANNEL)
        self._add_page(routes)
        self._add_calls(routes, turns, bell)

        @routes.middleware("response")
        async def headers(request: Request, reply: HTTPResponse) -> None:
            for name, value in {**self._page.headers(), **self._for_other_origins(request)}.items():
                reply.headers.setdefault(name, value)
            if bell.closed:
                # The server waits for open connections before it stops.
                request.stream.keep_alive = False

        @routes.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await turns.stop()
            bell.close()

        return routes

    def _add_page(self, routes: Blueprint) -> None:
        @routes.get("")
        async def without_slash(request: Request) -> HTTPResponse:
            return response.redirect(f"{request.path}/")

        @routes.get("/")
        async def page(request: Request) -> HTTPResponse:
            return self._page.file(request, "index.html")

        @routes.get(f"/<name:({'|'.join(map(re.escape, sorted(FILES)))})>")
        async def file(request: Request, name: str) -> HTTPResponse:
            return self._page.file(request, name)

        @routes.get("/tiket/<name:str>")
        async def picture(_: Request, name: str) -> HTTPResponse:
            # An action says where it keeps a picture relative to this page, so the page can show it as it is.
            png = await asyncio.to_thread(self._pictures.find, f"tiket/{name}")
            if png is None:
                return response.text("", status=404, headers=_PRIVATE)
            return response.raw(png, headers=_PRIVATE, content_type="image/png")

        @routes.get("/greeting")
        async def greet(_: Request) -> HTTPResponse:
            return response.json(greeting())

    def _add_calls(self, routes: Blueprint, turns: Turns, bell: Bell) -> None:
        @routes.post("/conversation")
        @_surviving
        async def begin(request: Request) -> HTTPResponse:
            wait = self._limits.conversations.seconds_to_wait(_address(request))
            if wait:
                return _refusal("too many conversations", 429, wait)
            token = self._issuer.issue()
            await asyncio.to_thread(self._transcripts.open, str(self._issuer.conversation(token)))
            return response.json({"token": token})

        @routes.delete("/conversation")
        @_surviving
        async def forget(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            if conversation_id is None:
                return _refusal("unknown conversation", 403)
            # First the transcript: then no further turn begins, and the events that are deleted do not come back.
            await asyncio.to_thread(self._transcripts.forget, conversation_id)
            bell.ring(conversation_id)
            await request.app.ctx.agent.forget(conversation_id)
            return response.empty()

        @routes.post("/message", stream=True)
        @_surviving
        async def message(request: Request) -> HTTPResponse:
            body = await _json(request)
            conversation_id = self._conversation(request)
            if conversation_id is None:
                return _refusal("unknown conversation", 403)
            wait = self._limits.conversation.seconds_to_wait(conversation_id) or self._limits.address.seconds_to_wait(
                _address(request)
            )
            if wait:
                return _refusal("too many messages", 429, wait)
            turn, text, shown = body.get("turn"), body.get("text"), body.get("shown", body.get("text"))
            if not (
                isinstance(turn, str) and _TURN.fullmatch(turn) and isinstance(text, str) and isinstance(shown, str)
            ):
                return _refusal("turn, text or shown is missing or malformed", 400)
            lines = await turns.lines(conversation_id, turn, text, shown[:MAX_SHOWN])
            if lines is Begun.UNKNOWN_CONVERSATION:
                return _refusal("unknown conversation", 403)
            if isinstance(lines, Begun):
                return _refusal("still being answered", 503)
            return response.json([_shown(line) for line in lines])

        @routes.get("/messages")
        @_surviving
        async def messages(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            after = str(request.args.get("after", "0"))
            if conversation_id is None or not after.isdecimal():
                return _refusal("unknown conversation", 403)
            lines = await asyncio.to_thread(self._transcripts.lines_after, conversation_id, int(after[:9]))
            if lines == [] and "wait" in request.args and bell.count(conversation_id) < MOST_WAITING:
                await bell.wait(conversation_id, int(after[:9]), WAIT_SECONDS)
                lines = await asyncio.to_thread(self._transcripts.lines_after, conversation_id, int(after[:9]))
            if lines is None:
                return _refusal("unknown conversation", 403)
            return response.json([_shown(line) for line in lines])

        async def preflight(_: Request) -> HTTPResponse:
            return response.empty()

        for path in ("conversation", "message", "messages", "greeting"):
            routes.add_route(preflight, f"/{path}", methods=["OPTIONS"], name=f"preflight_{path}")

    def _conversation(self, request: Request) -> str | None:
        return self._issuer.conversation(request.token or "")

    def _for_other_origins(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        if origin not in self._origins:
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": "600",
        }


def _surviving(route: Route) -> Route:
    """A failure becomes an answer that tells the page to try again, and nothing more."""

    @functools.wraps(route)
    async def survive(request: Request) -> HTTPResponse:
        try:
            return await route(request)
        except (PayloadTooLarge, InvalidUsage) as refused:
            return _refusal(str(refused), refused.status_code)
        except Exception as error:  # a database that is down; the page sends its message again
            logger.error("the web chat failed: %s", type(error).__name__)
            return _refusal("out of order", 503)

    return survive


async def _json(request: Request) -> dict[str, Any]:
    """The body, read no further than allowed."""
    parts: list[bytes] = []
    async for part in request.stream:
        parts.append(part)
        if sum(map(len, parts)) > MAX_BODY:
            raise PayloadTooLarge("the message is too long")
    try:
        body = json.loads(b"".join(parts))
    except (ValueError, RecursionError) as error:
        raise InvalidUsage("this is no JSON") from error
    return body if isinstance(body, dict) else {}


def _address(request: Request) -> str:
    # `remote_addr` is what X-Forwarded-For says, and is empty unless SANIC_PROXIES_COUNT says that a proxy wrote it.
    return network(request.remote_addr or request.ip)


def _refusal(reason: str, status: int, retry_after: int | None = None) -> HTTPResponse:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return response.json({"error": reason}, status=status, headers=headers)


def _shown(line: Line) -> dict[str, Any]:
    who = "own" if line.own else "sigap"
    return {"sequence": line.sequence, "from": who, "turn": line.turn, "at": line.at.isoformat(), **line.content}
