"""Coba: type a message, see what was understood and answered, keep it as a test dialogue."""

from __future__ import annotations

from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.editor import edits
from sigap.editor.trial import State, Tried
from sigap.editor.web.desk import Desk, away, edited, field, page

KEPT_IN = "tests/conversations/dari_penyunting.yml"
_HEADER = "# Dialog yang disimpan dari halaman Coba. Cara menulisnya: docs/panduan-uji.md.\n"


def add(app: Sanic, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/coba")
    async def start(request: Request) -> HTTPResponse:
        return page(request, "coba.html", trial=desk.trial, turns=[], message="")

    @app.get("/coba/keadaan")
    async def state(request: Request) -> HTTPResponse:
        return page(request, "coba_keadaan.html", trial=desk.trial)

    @app.post("/coba")
    async def ask(request: Request) -> HTTPResponse:
        said = [text for text in [*_earlier(request), field(request, "kata").strip()] if text]
        turns, message = await _played(desk, said)
        name = "coba_isi.html" if request.headers.get("hx-request") else "coba.html"
        return page(request, name, trial=desk.trial, turns=turns, message=message)

    @app.post("/coba/simpan")
    async def keep(request: Request) -> HTTPResponse:
        name = field(request, "nama").strip()
        if not name:
            return page(request, "keliru.html", status=422, message="Beri dialog ini nama, misalnya kalimat singkat.")
        turns, message = await _played(desk, _earlier(request))
        if not turns:
            return page(request, "keliru.html", status=422, message=message or "Belum ada yang dapat disimpan.")
        dialogue = {"nama": name, "langkah": [_step(turn) for turn in turns]}
        if not (desk.root / KEPT_IN).exists():
            text = edits.append_first(_HEADER, dialogue)
            await away(desk.files.create, request.ctx.person.name, f"Dialog uji: {name}", KEPT_IN, text)
            return page(request, "berhasil.html", message=f"Tersimpan di {KEPT_IN}.")
        failed = await edited(
            request, desk, f"Dialog uji: {name}", {KEPT_IN: lambda text: edits.append_item(text, dialogue)}
        )
        return failed or page(request, "berhasil.html", message=f"Tersimpan di {KEPT_IN}.")


def _earlier(request: Request) -> list[str]:
    return list(request.form.getlist("sudah", [])) if request.form else []


async def _played(desk: Desk, said: list[str]) -> tuple[list[Tried], str]:
    if desk.trial.state is State.LOADING and not desk.trial.model:
        return [], "Model masih dimuat. Coba lagi sebentar."
    try:
        return await away(desk.trial.ask, said), ""
    except RuntimeError as error:
        return [], str(error)


def _step(turn: Tried) -> dict[str, Any]:
    """The turn as it went, as what must be true from now on."""
    step: dict[str, Any] = {"kata": turn.text}
    if turn.ranking:
        step["niat"] = turn.ranking[0][0]
    if turn.responses:
        step["jawaban"] = list(dict.fromkeys(turn.responses))
    return step
