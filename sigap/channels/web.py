"""The web chat: a page and the calls it makes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import Handler, guarded
from sigap.channels.identity import Issuer
from sigap.settings import Settings
from sigap.store.pictures import Pictures
from sigap.store.session import Store

_FILES = Path(__file__).parent / "static"
# Nothing from other hosts, nothing inline: a stored message can never become a script.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
# A ticket belongs to one person: nobody on the way may keep a copy.
_PRIVATE = _HEADERS | {"Cache-Control": "private, no-store"}
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}


class WebInput(InputChannel):
    """Serves the chat page at /webhooks/web/ and answers its messages."""

    def __init__(self, issuer: Issuer, pictures: Pictures) -> None:
        self._issuer = issuer
        self._pictures = pictures

    @classmethod
    def name(cls) -> str:
        """Part of the address and of conversation ids."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Signs with the key of the settings; pictures come from its database."""
        settings = Settings.from_environment()
        return cls(Issuer(settings.signing_key), Pictures(Store.open(settings.database_url), settings.clock))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """GET page, files and pictures; POST conversation; POST message."""
        # The page names its files relative to "/webhooks/web/", so without the last slash it would not find them.
        routes = Blueprint("sigap_web", strict_slashes=True)
        handle = guarded(on_new_message)

        @routes.get("")
        async def without_slash(request: Request) -> HTTPResponse:
            return response.redirect(f"{request.path}/")

        @routes.get("/")
        async def page(_: Request) -> HTTPResponse:
            return _file("index.html")

        @routes.get("/<name:(chat\\.css|chat\\.js)>")
        async def asset(_: Request, name: str) -> HTTPResponse:
            return _file(name)

        @routes.get("/tiket/<name:str>")
        async def picture(_: Request, name: str) -> HTTPResponse:
            # An action says where it keeps a picture relative to this page, so the page can show it as it is.
            png = await asyncio.to_thread(self._pictures.find, f"tiket/{name}")
            if png is None:
                return response.text("", status=404, headers=_PRIVATE)
            return response.raw(png, headers=_PRIVATE, content_type="image/png")

        @routes.post("/conversation")
        async def conversation(_: Request) -> HTTPResponse:
            return response.json({"token": self._issuer.issue()})

        @routes.post("/message")
        async def message(request: Request) -> HTTPResponse:
            body = request.json if isinstance(request.json, dict) else {}
            sender = self._issuer.conversation(str(body.get("token", "")))
            if sender is None:
                return response.json({"error": "unknown conversation"}, status=403)
            bubbles = Bubbles()
            await handle(UserMessage(str(body.get("text") or ""), bubbles, sender, input_channel=self.name()))
            return response.json([_shown(answer) for answer in bubbles.joined()])

        return routes


def _file(name: str) -> HTTPResponse:
    path = _FILES / name
    return response.raw(path.read_bytes(), headers=_HEADERS, content_type=_TYPES[path.suffix])


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("text", "image", "buttons") if answer.get(key)}
