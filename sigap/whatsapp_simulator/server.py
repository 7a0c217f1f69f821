"""The simulated Graph API and the page to chat through it, as an aiohttp application."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sigap.whatsapp_simulator.deliveries import Courier, Person
from sigap.whatsapp_simulator.limits import Refused, check, is_phone

_PAGE = Path(__file__).parent / "page"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FILES = {"": "index.html", "page.css": "page.css", "page.js": "page.js", "icon.svg": "icon.svg"}
# Meta: 45 messages to one person at once, paid back with one in six seconds; free text for 24 hours.
BURST, SECONDS_EACH, WINDOW_SECONDS = 45, 6.0, 24 * 3600.0
_LARGEST_PICTURE = 5 * 1024 * 1024
PAIR_LIMIT, WINDOW_CLOSED, NO_ACCESS, NO_PARAMETER, BAD_MEDIA = 131056, 131047, 190, 100, 131053
_STATUS_OF = {190: 401, 4: 429, 80007: 429, 130429: 429, PAIR_LIMIT: 429, 131016: 503, 131000: 500}


@dataclass
class Failure:
    """How the next calls fail: with a code of Meta's, or without any answer, before or after the message was taken."""

    code: int | None = None
    times: int = 1
    taken: bool = False


@dataclass
class Simulation:
    """The number's account. Tests read and set what they need; the page uses the same."""

    courier: Courier
    token: str = "simulator-token"
    templates: frozenset[str] = frozenset()
    clock: Callable[[], float] = time.time
    burst: int = BURST
    check_windows: bool = True
    reports: bool = True
    sent: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    failures: deque[Failure] = field(default_factory=deque)
    people: dict[str, Person] = field(default_factory=dict)
    chat: list[dict[str, Any]] = field(default_factory=list)
    _wrote_at: dict[str, float] = field(default_factory=dict)
    _owed: dict[str, tuple[float, float]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    # The applicants' side

    def person(self, name: str, hides_number: bool = False) -> Person:
        """Somebody by this name, the same at every call."""
        if name not in self.people:
            phone = None if hides_number else f"62811{len(self.people):08d}"
            self.people[name] = Person(f"ID.{secrets.token_hex(10)}", phone, name)
        return self.people[name]

    def write(self, person: Person, kind: str, part: Mapping[str, Any], when: float | None = None) -> dict[str, Any]:
        """A person sends a message; it is delivered in the background. Returns the message."""
        message = person.message(kind, part, when)
        self.note_written(person, self.clock() if when is None else when)
        self._show(person, "out", message)
        self._later(self.courier.envelope([message], [person]))
        return message

    def note_written(self, person: Person, when: float) -> None:
        """Open the 24-hour window of a person from this moment (seconds since 1970)."""
        for key in (person.user_id, person.phone):
            if key:
                self._wrote_at[key] = max(when, self._wrote_at.get(key, 0.0))

    def _later(self, body: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self.courier.deliver(self.session, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def session(self) -> aiohttp.ClientSession:
        """Connections to SIGAP."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
        return self._session

    async def close(self, _app: Any = None) -> None:
        """End what is still under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _show(self, person: Person, direction: str, message: Mapping[str, Any]) -> None:
        self.chat.append({"person": person.name, "direction": direction, "message": dict(message)})

    # SIGAP's side: the Graph API

    def application(self) -> web.Application:
        """The server: Graph API, page, and what the page calls."""
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.add_routes(
            [
                web.post("/{version:v[0-9.]+}/{number}/messages", self._messages),
                web.post("/{version:v[0-9.]+}/{number}/media", self._upload),
                web.get("/{file:(page\\.css|page\\.js|icon\\.svg)?}", self._file),
                web.post("/simulator/say", self._say),
                web.post("/simulator/failure", self._fail_next),
                web.get("/simulator/chat", self._chat),
                web.get("/simulator/media/{id}", self._picture),
            ]
        )
        app.on_cleanup.append(self.close)
        return app

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
            body = await _json(request)
            if body.get("status") == "read":
                self._note_read(body)
                return web.json_response({"success": True})
            failure = self._failing()
            if failure and failure.code:
                raise Refused(failure.code, "asked to fail")
            if failure and not failure.taken:
                return _hang_up(request)
            answer = self._take(body)
        except Refused as refused:
            self.refused.append(refused)
            return _refusal(refused)
        return _hang_up(request) if failure else web.json_response(answer)

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(NO_ACCESS, "Invalid OAuth access token")
        if request.match_info["number"] != self.courier.phone_number_id:
            raise Refused(NO_PARAMETER, "Unsupported post request")

    def _failing(self) -> Failure | None:
        if not self.failures:
            return None
        failure = self.failures[0]
        failure.times -= 1
        if failure.times <= 0:
            self.failures.popleft()
        return failure

    def _note_read(self, body: Mapping[str, Any]) -> None:
        if set(body) - {"messaging_product", "status", "message_id", "typing_indicator"}:
            raise Refused(NO_PARAMETER, "Unexpected key")
        self.read.append(str(body.get("message_id")))

    def _take(self, body: dict[str, Any]) -> dict[str, Any]:
        check(body, self.media, self.templates)
        address = str(body.get("to") or body.get("recipient"))
        person = self._addressee(address)
        if "to" in body and not is_phone(address):
            self.dropped.append(body)
        else:
            self._check_window(address, body)
            self._check_pair_limit(address)
            body["wamid"] = f"wamid.{secrets.token_hex(16)}"
            self.sent.append(body)
            if person:
                self._show(person, "in", {**body, "id": body["wamid"]})
            if self.reports:
                self._later(self.courier.envelope([], [], [_report(body["wamid"], "sent", address)]))
        contact = {"input": address, **({"wa_id": address} if is_phone(address) else {"user_id": address})}
        return {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": body.get("wamid", f"wamid.{secrets.token_hex(16)}")}],
        }

    def _addressee(self, address: str) -> Person | None:
        return next((one for one in self.people.values() if address in {one.phone, one.user_id}), None)

    def _check_window(self, address: str, body: Mapping[str, Any]) -> None:
        open_until = self._wrote_at.get(address, 0.0) + WINDOW_SECONDS
        if self.check_windows and body["type"] != "template" and self.clock() > open_until:
            raise Refused(WINDOW_CLOSED, "Re-engagement message")

    def _check_pair_limit(self, address: str) -> None:
        now = time.monotonic()
        owed, since = self._owed.get(address, (0.0, now))
        owed = max(0.0, owed - (now - since) / SECONDS_EACH)
        if owed + 1 > self.burst:
            raise Refused(PAIR_LIMIT, "(Business Account, Consumer Account) pair rate limit hit")
        self._owed[address] = (owed + 1, now)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
            form = await request.post()
            file = form.get("file")
            if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
                raise Refused(NO_PARAMETER, "messaging_product and file are required")
            content = file.file.read()
            if file.content_type not in {"image/png", "image/jpeg"} or len(content) > _LARGEST_PICTURE:
                raise Refused(BAD_MEDIA, "JPEG or PNG of at most 5 MB")
        except Refused as refused:
            self.refused.append(refused)
            return _refusal(refused)
        media_id = str(10**14 + len(self.media))
        self.media[media_id] = (content, file.content_type)
        return web.json_response({"id": media_id})

    # The page

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / _FILES[request.match_info["file"]]
        return web.FileResponse(path, headers=_HEADERS)

    async def _say(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        person = self.person(str(body.get("person")), bool(body.get("hides_number")))
        message = self.write(person, str(body.get("kind")), dict(body.get("part") or {}))
        return web.json_response({"id": message["id"]})

    async def _fail_next(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        self.failures.append(Failure(body.get("code"), int(body.get("times", 1)), bool(body.get("taken"))))
        return web.json_response({"ok": True})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        """What a person sees from a position on: {"messages": […], "next": position, "read": [ids]}."""
        start, name = int(request.query.get("from", "0")), request.query.get("person")
        lines = [entry for entry in self.chat[start:] if entry["person"] == name]
        return web.json_response({"messages": lines, "next": len(self.chat), "read": self.read[-20:]})

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        found = self.media.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found[0], content_type=found[1], headers=_HEADERS)


def _report(wamid: str, status: str, address: str) -> dict[str, Any]:
    """A delivery report."""
    return {"id": wamid, "status": status, "timestamp": str(int(time.time())), "recipient_id": address}


def _refusal(refused: Refused) -> web.Response:
    error = {
        "message": f"(#{refused.code}) {refused.details}",
        "type": "OAuthException",
        "code": refused.code,
        "error_data": {"messaging_product": "whatsapp", "details": refused.details},
        "fbtrace_id": secrets.token_hex(6),
    }
    return web.json_response({"error": error}, status=_STATUS_OF.get(refused.code, 400))


def _hang_up(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Refused(NO_PARAMETER, "not JSON") from error
    if not isinstance(body, dict):
        raise Refused(NO_PARAMETER, "not an object")
    return body
