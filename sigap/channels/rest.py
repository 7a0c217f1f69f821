"""The bare REST channel, for development and tests. Whoever calls it chooses the sender, so it is off in production."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.channels.bubbles import Bubbles
from sigap.channels.guard import Handler, guarded
from sigap.settings import Settings, SettingsError


class RestInput(InputChannel):
    """Speaks the protocol of Rasa's own REST channel at the same address, /webhooks/rest/webhook."""

    @classmethod
    def name(cls) -> str:
        """Part of the address and of conversation ids."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestInput:
        """Raises `SettingsError` in production."""
        if Settings.from_environment().production:
            raise SettingsError("Remove sigap.channels.rest.RestInput from credentials.yml when SIGAP_ENV=production.")
        return cls()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """GET / says that the channel lives; POST /webhook takes {"sender", "message"} and returns the answers."""
        routes = Blueprint("sigap_rest")
        handle = guarded(on_new_message)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            body = request.json if isinstance(request.json, dict) else {}
            sender = f"{self.name()}:{body.get('sender', 'default')}"
            bubbles = Bubbles()
            await handle(UserMessage(str(body.get("message") or ""), bubbles, sender, input_channel=self.name()))
            return response.json(bubbles.joined())

        return routes
