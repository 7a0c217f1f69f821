"""What a client of its own making can send to the web chat."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any
from uuid import uuid4

REPLY_SECONDS = 40


@dataclass(frozen=True)
class Reply:
    """An answer: `body` is its JSON, or None where it has none."""

    status: int
    headers: Message
    body: Any


@dataclass(frozen=True)
class Client:
    """Calls the web chat at `address`, which ends with a slash."""

    address: str

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str) -> Reply:
        """One call. `body` is sent as JSON, or as it is if it is bytes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=REPLY_SECONDS) as answer:
                return Reply(answer.status, answer.headers, _json(answer.read()))
        except urllib.error.HTTPError as refused:
            return Reply(refused.code, refused.headers, _json(refused.read()))

    def begin(self) -> str:
        """The token of a new conversation."""
        reply = self.call("POST", "conversation")
        assert reply.status == 200
        return str(reply.body["token"])

    def say(self, token: str, text: str, turn: str | None = None, **more: Any) -> Reply:
        """Send a message."""
        return self.call("POST", "message", {"turn": turn or uuid4().hex, "text": text, **more}, token)

    def lines(self, token: str, after: int = 0) -> Reply:
        """What was said after a sequence number."""
        return self.call("GET", f"messages?after={after}", None, token)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def texts(reply: Reply) -> list[str]:
    """The texts of the lines in a reply."""
    return [line["text"] for line in reply.body]
