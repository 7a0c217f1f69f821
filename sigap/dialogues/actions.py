"""The action server without the server: Rasa's calls reach the actions in the same process."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor


class LocalActions(EndpointConfig):
    """What Rasa takes for the address of an action server.

    Calls and answers still pass through JSON, so that nothing works here which could not cross a network. `called`
    collects the names of the actions since it was last emptied.
    """

    def __init__(self) -> None:
        super().__init__(url=_address_where_nobody_listens(), selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._fault: str | None = None
        self.called: list[str] = []

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Run an action, or meet the fault that is going on."""
        if self._fault == "unreachable":
            return await super().request(*arguments, **options)
        if self._fault == "failing":
            raise ClientResponseError(500, "Internal Server Error", b"{}")
        call = json.loads(json.dumps(options["json"]))
        self.called.append(call["next_action"])
        return json.loads(json.dumps(await self._executor.run(call)))

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Call the address for real; nobody listens there."""
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


def validate_answers_quickly() -> None:
    """Let Rasa check answers of actions against a schema that is prepared once.

    Rasa 3.6 checks the schema itself again before every answer, which takes 25 ms: more than all the rest of a turn
    together. (`RemoteAction._validate_action_result` calls `jsonschema.validate`, which calls `check_schema`.)
    """
    schema = RemoteAction.action_response_format_spec()
    prepared = validator_for(schema)(schema)
    prepared.check_schema(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        prepared.validate(result)
        return True

    RemoteAction._validate_action_result = validate
