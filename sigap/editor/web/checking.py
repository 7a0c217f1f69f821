"""Periksa: the findings of `sigap validate`, as a page."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.editor.validation import errors, validate
from sigap.editor.web.desk import Desk, away, page


def add(app: Sanic, desk: Desk) -> None:
    """Add the page."""

    @app.get("/periksa")
    async def check(request: Request) -> HTTPResponse:
        findings = await away(validate, desk.root, desk.shelf.content().today)
        return page(request, "periksa.html", findings=findings, mistakes=errors(findings))
