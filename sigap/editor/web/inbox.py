"""Kotak masuk: what was probably misunderstood, filed under an intent with one key."""

from __future__ import annotations

import json
from datetime import datetime

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.clock import WIB
from sigap.editor import edits
from sigap.editor.content import Content
from sigap.editor.inbox import Group
from sigap.editor.web.desk import Desk, away, edited, field, page
from sigap.editor.web.examples import file_of, nearest, problem_of

_NOT_OURS = "bukan untuk SIGAP"
_USUAL_STYLE = "santai"
_MOST_FILED = 3


def add(app: Sanic, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/kotak-masuk")
    async def waiting(request: Request) -> HTTPResponse:
        start = int(field(request, "mulai", "0") or 0)
        groups = await away(desk.inbox.groups, start)
        counts = await away(desk.inbox.counts)
        content = await away(desk.shelf.content)
        return page(
            request,
            "kotak.html",
            groups=[_shown(group) for group in groups],
            counts=counts,
            start=start,
            intents=list(content.intents),
        )

    @app.post("/kotak-masuk/<number:int>")
    async def file(request: Request, number: int) -> HTTPResponse:
        group = await away(desk.inbox.group, number)
        if group is None:
            return page(request, "keliru.html", status=409, message="Kelompok ini sudah diurus orang lain.")
        intent = field(request, "niat").strip()
        if intent == _NOT_OURS:
            await away(desk.inbox.settle, number, "bukan", [])
            return page(request, "kotak_selesai.html", group=group, done=_NOT_OURS, refused=[])
        content = await away(desk.shelf.content)
        kept, refused = await away(_examples, content, group, intent)
        if not kept and intent not in content.intents:
            return page(request, "keliru.html", status=422, message=f"Niat '{intent}' tidak dikenal.")
        if kept:
            name = file_of(content, intent)

            def put(before: str) -> str:
                for style, message in kept:
                    before = edits.add_example(before, intent, style, message)
                return before

            failed = await edited(request, desk, f"Contoh {intent}: dari kotak masuk", {name: put})
            if failed:
                return failed
            filed = [json.dumps([name, intent, style, message]) for style, message in kept]
        else:
            filed = []
        await away(desk.inbox.settle, number, "diarsipkan", filed)
        return page(request, "kotak_selesai.html", group=group, done=intent, refused=refused)

    @app.post("/kotak-masuk/<number:int>/urung")
    async def undo(request: Request, number: int) -> HTTPResponse:
        filed = [json.loads(one) for one in await away(desk.inbox.reopen, number)]

        def take(before: str) -> str:
            for _, intent, style, message in filed:
                before = edits.delete_example(before, intent, style, message)
            return before

        if filed:
            failed = await edited(request, desk, "Contoh dari kotak masuk: urung", {filed[0][0]: take})
            if failed:
                return failed
        group = await away(desk.inbox.group, number)
        if group is None:
            return page(request, "keliru.html", status=409, message="Kelompok ini tidak ada lagi.")
        return page(request, "kotak_kelompok.html", group=_shown(group))


def _examples(content: Content, group: Group, intent: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Style and text of the messages of a group that may become examples, and why others may not."""
    kept: list[tuple[str, str]] = []
    refused: list[str] = []
    for message in group.texts[:_MOST_FILED]:
        near = nearest(content, message)
        style = near[0][0].style if near else _USUAL_STYLE
        problem = problem_of(content, intent, style, message)
        if problem:
            refused.append(f"'{message}': {problem}")
        else:
            kept.append((style, message))
    return kept, refused


def _shown(group: Group) -> dict[str, object]:
    return {"group": group, "day": f"{datetime.fromtimestamp(group.latest, WIB):%d-%m-%Y}"}
