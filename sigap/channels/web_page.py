"""The files of the chat page, and the headers that keep it to itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

_FILES = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
FILES = frozenset(path.name for path in _FILES.iterdir() if path.suffix in _TYPES)
# The one file that pages of other sites load.
_FOR_OTHER_SITES = "embed.js"


_SELF = "'self'"


class Page:
    """Hands out the files, as they are but for the words in `variables` ("{hari}") of an HTML file.

    `origins` are the sites that may show the page in a frame.
    """

    def __init__(self, origins: tuple[str, ...], variables: Mapping[str, str]) -> None:
        self._variables = variables
        # Nothing from other hosts, nothing inline: a stored message can never become a script.
        self._policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            f"base-uri 'none'; form-action 'none'; frame-ancestors {' '.join((_SELF, *origins))}"
        )

    def file(self, request: Request, name: str) -> HTTPResponse:
        """A file of `FILES`; 304 where the browser already has it."""
        path = _FILES / name
        content = path.read_bytes()
        if path.suffix == ".html":
            for word, value in self._variables.items():
                content = content.replace(f"{{{word}}}".encode(), value.encode())
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {**self.headers(), "ETag": tag}
        if name == _FOR_OTHER_SITES:
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.headers.get("if-none-match") == tag:
            return response.empty(304, headers=headers)
        return response.raw(content, headers=headers, content_type=_TYPES[path.suffix])

    def headers(self) -> dict[str, str]:
        """Of everything that SIGAP serves to a browser."""
        return {
            "Content-Security-Policy": self._policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-cache",
        }
