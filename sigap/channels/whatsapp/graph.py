"""The few calls of the Graph API that the channel makes, and what its errors mean for us."""

from __future__ import annotations

import asyncio
import json
from enum import Enum
from typing import Any

import aiohttp

from sigap.channels.whatsapp.protocol import error_code
from sigap.channels.whatsapp.settings import WhatsAppSettings

_TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)


class Trouble(Enum):
    """What to do about a failed call. The codes are Meta's, from its list of Cloud API error codes."""

    BUSY = "try again later"
    PAIR_LIMIT = "too many messages to this person, about one in six seconds is allowed; try again much later"
    UNCLEAR = "nobody knows whether it was done; try again once at most"
    OPERATOR = "the account or its token needs an operator"
    WINDOW = "more than 24 hours since the person last wrote: only a template may be sent"
    RECIPIENT = "this person cannot be reached"
    CONTENT = "the message itself is wrong"


_PAIR_LIMIT = 131056
_CODES = {
    **dict.fromkeys((4, 80007, 130429, 131016, 131000, 131057, 133016), Trouble.BUSY),
    _PAIR_LIMIT: Trouble.PAIR_LIMIT,
    **dict.fromkeys((0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, *range(200, 300)), Trouble.OPERATOR),
    131047: Trouble.WINDOW,
    **dict.fromkeys((131021, 131026, 131030, 131050, 131062, 130472), Trouble.RECIPIENT),
}


class GraphError(Exception):
    """A call failed. `code` is Meta's, None where there was none. The text holds nothing personal."""

    def __init__(self, trouble: Trouble, code: int | None = None) -> None:
        super().__init__(f"{trouble.name.lower()}, code {code}")
        self.trouble = trouble
        self.code = code


def trouble_of(status: int, code: int | None) -> Trouble:
    """What an answer with this HTTP status and error code (None: none given) means. Unknown codes go by the status."""
    if code in _CODES:
        return _CODES[code]
    if status in {401, 403}:
        return Trouble.OPERATOR
    return Trouble.BUSY if status == 429 or status >= 500 else Trouble.CONTENT


class Graph:
    """A client for one number. Create and close it in the event loop that uses it."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._base = f"{settings.graph_url}/{settings.phone_number_id}"
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {settings.token}"},
            timeout=_TIMEOUT,
            connector=aiohttp.TCPConnector(limit=50),
        )

    async def send(self, message: dict[str, Any]) -> str | None:
        """Send a message; returns its id. None when it was taken but no id could be read. Raises `GraphError`."""
        answer = await self._post("messages", json={"messaging_product": "whatsapp", **message})
        sent = answer.get("messages")
        first = sent[0] if isinstance(sent, list) and sent else None
        return str(first["id"]) if isinstance(first, dict) and first.get("id") else None

    async def show_typing(self, message_id: str) -> None:
        """Mark a message as read and show that an answer is being written, for 25 seconds at most."""
        await self._post(
            "messages",
            json={
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": message_id,
                "typing_indicator": {"type": "text"},
            },
        )

    async def upload(self, picture: bytes, media_type: str) -> str:
        """Upload a JPEG or PNG of at most 5 MB; returns its media id. Raises `GraphError`."""
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", media_type)
        form.add_field("file", picture, filename=f"gambar.{media_type.rpartition('/')[2]}", content_type=media_type)
        answer = await self._post("media", data=form)
        if not isinstance(answer.get("id"), str):
            raise GraphError(Trouble.CONTENT)
        return str(answer["id"])

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _post(self, path: str, **content: Any) -> dict[str, Any]:
        try:
            async with self._session.post(f"{self._base}/{path}", **content) as response:
                status, body = response.status, _read(await response.read())
        except aiohttp.ClientConnectorError as error:
            raise GraphError(Trouble.BUSY) from error  # nothing has reached Meta
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise GraphError(Trouble.UNCLEAR) from error
        if 200 <= status < 300:
            return body
        code = error_code([body.get("error")])
        raise GraphError(trouble_of(status, code), code)


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
