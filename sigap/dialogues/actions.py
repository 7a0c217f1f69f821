"""Calls of actions as a served SIGAP makes them in one process, with the faults that dialogues ask for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from sigap.runtime.action_calls import LocalActions, shorten


class PlayedActions(LocalActions):
    """Runs the actions in this process.

    Calls and answers still pass through JSON, so that nothing works here which could not cross a network. `called`
    collects the names of the actions since it was last emptied.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fault: str | None = None
        self.called: list[str] = []

    async def request(self, *arguments: Any, json: dict[str, Any], **options: Any) -> Any:
        """Run an action, or meet the fault that is going on."""
        if self._fault == "unreachable":
            return await EndpointConfig(_address_where_nobody_listens()).request("post", json=json)
        if self._fault == "failing":
            raise ClientResponseError(500, "Internal Server Error", b"{}")
        self.called.append(json["next_action"])
        shorten(json)
        return loads(dumps(await super().request(json=loads(dumps(json)))))

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Call an address where nobody listens."""
        with self._having("unreachable"):
            yield

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Answer as an action server does whose action raised."""
        with self._having("failing"):
            yield

    @contextmanager
    def _having(self, fault: str) -> Iterator[None]:
        self._fault = fault
        try:
            yield
        finally:
            self._fault = None


def _address_where_nobody_listens() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/webhook"
