"""The way from Rasa to the actions: in this process, or over connections that stay open.

Rasa itself opens a connection for each action and sends the whole domain and the whole conversation along.
"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from sigap.settings import LOCAL_ACTIONS

# An applicant waits no longer than twenty seconds for a turn (channels.guard), and a turn may need two actions.
_SECONDS = 9.0
# A server that is alive accepts at once; a busy worker may be late to notice.
_CONNECT_SECONDS = 3.0
# Actions look at the present turn and count misunderstandings in a row (actions.turn).
_TURNS = 4


def action_endpoint(url: str, secret: str) -> EndpointConfig:
    """Where Rasa sends its actions: "local", or the address of an action server (several, parted by commas)."""
    return LocalActions() if url == LOCAL_ACTIONS else ActionServers(url.split(","), secret)


class LocalActions(EndpointConfig):
    """Runs the actions in this process. They work in threads (actions.base), so the server stays responsive."""

    def __init__(self) -> None:
        super().__init__(LOCAL_ACTIONS, selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action that Rasa asks for."""
        shorten(json)
        try:
            return await asyncio.wait_for(self._executor.run(json), _SECONDS)
        except ActionExecutionRejection as rejection:
            body = f'{{"action_name": "{rejection.action_name}"}}'
            raise ClientResponseError(400, "rejected", body) from rejection

    async def ping(self) -> None:
        """Nothing to reach."""

    async def close(self) -> None:
        """Nothing to close."""


class ActionServers(EndpointConfig):
    """Calls action servers, one after the other in turn, and goes on to the next when one cannot be reached."""

    def __init__(self, urls: list[str], secret: str) -> None:
        super().__init__(urls[0], selective_domain=True)
        self._urls = [url.strip() for url in urls]
        self._secret = secret
        self._open: aiohttp.ClientSession | None = None
        self._next = 0

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Send an action. Raises an `aiohttp.ClientError` or `asyncio.TimeoutError`, which Rasa answers for."""
        shorten(json)
        for attempt, url in enumerate(self._rotated(), start=1):
            try:
                async with self._session().post(url, json=json) as reply:
                    if reply.status >= 400:
                        raise ClientResponseError(reply.status, str(reply.reason), await reply.text())
                    return await reply.json()
            except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):
                # The second is what aiohttp calls a connection that takes too long to open; reading has no limit of its
                # own. Only what was certainly not begun may be sent elsewhere: a complaint must not be noted twice.
                if attempt == len(self._urls):
                    raise

    async def ping(self) -> None:
        """Raises an `aiohttp.ClientError` when no server is healthy."""
        for attempt, url in enumerate(self._rotated(), start=1):
            try:
                health = url.removesuffix("/webhook") + "/health"
                async with self._session().get(health, timeout=aiohttp.ClientTimeout(2)) as reply:
                    reply.raise_for_status()
                    return
            except (aiohttp.ClientError, asyncio.TimeoutError):
                if attempt == len(self._urls):
                    raise

    async def close(self) -> None:
        """Close the connections."""
        if self._open is not None:
            await self._open.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            self._open = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._secret}"},
                timeout=aiohttp.ClientTimeout(_SECONDS, sock_connect=_CONNECT_SECONDS),
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=55),
            )
        return self._open

    def _rotated(self) -> list[str]:
        self._next = (self._next + 1) % len(self._urls)
        return self._urls[self._next :] + self._urls[: self._next]


def shorten(call: dict[str, Any]) -> None:
    """Take out of an action call what no action looks at: turns long past."""
    events = call["tracker"]["events"]
    turns = [place for place, event in enumerate(events) if event["event"] == "user"]
    if len(turns) > _TURNS:
        call["tracker"]["events"] = events[turns[-_TURNS] :]
