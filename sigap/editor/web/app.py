"""The workbench as a web application."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from sigap.editor.access import AccessError, Role
from sigap.editor.web import answers, checking, examples, inbox, training, trying
from sigap.editor.web.desk import Desk, away, field, page

_FILES = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_HEADERS = {
    # Nothing from other hosts, nothing inline: what applicants wrote can never become a script.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_COOKIE = "sigap_editor"
_OPEN = ("/masuk", "/berkas/")
# What is sent there changes nothing.
_FOR_READERS = ("/coba", "/keluar")
_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


def create_app(desk: Desk, name: str = "sigap_editor") -> Sanic:
    """The application; `name` must differ between applications of one process."""
    app = Sanic(name)
    app.config.FALLBACK_ERROR_FORMAT = "html"
    app.config.REQUEST_MAX_SIZE = 1_000_000

    @app.on_request
    async def who(request: Request) -> HTTPResponse | None:
        """Everybody is somebody, and no other site may send anything in their name."""
        request.ctx.logs_in = desk.door is not None
        if desk.door is None:
            # Another site may point a name at this machine; only requests to its own names are answered.
            if (request.host or "").rsplit(":", 1)[0] not in _THIS_MACHINE:
                return page(request, "keliru.html", status=403, message="Buka alat ini lewat alamat localhost.")
            request.ctx.person = desk.owner
        else:
            request.ctx.person = desk.door.person(request.cookies.get(_COOKIE))
            if request.ctx.person is None and not request.path.startswith(_OPEN):
                return redirect("/masuk")
        if request.method == "POST":
            origin = request.headers.get("origin") or request.headers.get("referer") or ""
            if urlsplit(origin).netloc != request.host:
                return page(request, "keliru.html", status=403, message="Permintaan ini datang dari situs lain.")
            needed = Role.PENERBIT if request.path.startswith("/latih/") else Role.PENYUNTING
            person = request.ctx.person
            if (
                not request.path.startswith(_OPEN)
                and request.path not in _FOR_READERS
                and person
                and person.role < needed
            ):
                message = f"Ini hanya boleh dilakukan {needed.name.lower()}."
                return page(request, "keliru.html", status=403, message=message)
        return None

    @app.on_response
    async def protected(_: Request, response: HTTPResponse) -> None:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)

    @app.get("/")
    async def start(_: Request) -> HTTPResponse:
        return redirect("/coba")

    @app.get("/berkas/<name:str>")
    async def asset(request: Request, name: str) -> HTTPResponse:
        path = _FILES / name
        if path.parent != _FILES or path.suffix not in _TYPES or not path.is_file():
            return page(request, "keliru.html", status=404, message="Berkas itu tidak ada.")
        return raw(path.read_bytes(), content_type=_TYPES[path.suffix], headers={"Cache-Control": "max-age=3600"})

    @app.get("/masuk")
    async def login(request: Request) -> HTTPResponse:
        return page(request, "masuk.html", message="")

    @app.post("/masuk")
    async def enter(request: Request) -> HTTPResponse:
        if desk.door is None:
            return redirect("/")
        try:
            token = await away(desk.door.enter, field(request, "nama"), field(request, "sandi"))
        except AccessError as error:
            return page(request, "masuk.html", status=403, message=str(error))
        response = redirect("/")
        response.cookies[_COOKIE] = token
        response.cookies[_COOKIE].update(httponly=True, samesite="Strict", secure=request.scheme == "https")
        return response

    @app.post("/keluar")
    async def leave(request: Request) -> HTTPResponse:
        if desk.door is not None:
            desk.door.leave(request.cookies.get(_COOKIE))
        return redirect("/masuk")

    for part in (trying, examples, answers, inbox, training, checking):
        part.add(app, desk)
    return app
