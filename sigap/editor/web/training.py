"""Latih dan bandingkan: train a candidate, compare it with the model in use, publish it or throw it away."""

from __future__ import annotations

import time

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.editor.candidate import STEPS
from sigap.editor.validation import errors, validate
from sigap.editor.web.desk import Desk, away, field, page
from sigap.models import ModelError


def add(app: Sanic, desk: Desk) -> None:
    """Add the pages."""

    def show(request: Request, name: str) -> HTTPResponse:
        progress = desk.candidates.progress()
        return page(
            request,
            name,
            progress=progress,
            steps=STEPS,
            elapsed=int(time.time() - progress.began) if progress else 0,
            in_use=desk.models.in_use(),
            loaded=desk.trial.model,
            servers=desk.models.servers(),
            history=desk.models.history(),
        )

    @app.get("/latih")
    async def overview(request: Request) -> HTTPResponse:
        return show(request, "latih_isi.html" if request.headers.get("hx-request") else "latih.html")

    @app.get("/latih/server")
    async def servers(request: Request) -> HTTPResponse:
        return page(request, "latih_server.html", in_use=desk.models.in_use(), servers=desk.models.servers())

    @app.post("/latih/mulai")
    async def start(request: Request) -> HTTPResponse:
        findings = await away(validate, desk.root, desk.shelf.content().today)
        if mistakes := errors(findings):
            message = f"Ada {mistakes} kesalahan isi. Betulkan dulu; daftarnya di halaman Periksa."
            return page(request, "keliru.html", status=422, message=message)
        await away(desk.candidates.start, desk.models)
        return show(request, "latih_isi.html")

    @app.post("/latih/terbitkan")
    async def publish(request: Request) -> HTTPResponse:
        candidate, now = desk.candidates.file(), desk.models.in_use()
        if candidate is None:
            return page(request, "keliru.html", status=409, message="Calon ini sudah tidak ada.")
        if now is not None:
            await away(desk.models.remember, now, request.ctx.person.name, desk.clock)
        note = field(request, "catatan").strip() or "tanpa catatan"
        await away(desk.models.publish, candidate, request.ctx.person.name, note, desk.clock)
        desk.candidates.discard()
        desk.trial.load()
        return show(request, "latih_isi.html")

    @app.post("/latih/buang")
    async def discard(request: Request) -> HTTPResponse:
        await away(desk.candidates.discard)
        return show(request, "latih_isi.html")

    @app.post("/latih/kembali")
    async def back(request: Request) -> HTTPResponse:
        try:
            await away(desk.models.go_back, request.ctx.person.name, desk.clock)
        except ModelError as error:
            return page(request, "keliru.html", status=409, message=str(error))
        desk.trial.load()
        return show(request, "latih_isi.html")
