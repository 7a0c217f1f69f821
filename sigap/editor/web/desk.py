"""What the pages share: the content, the model on trial, who is there, and how a page is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sanic.request import Request
from sanic.response import HTTPResponse, html

from sigap.clock import Clock
from sigap.editor.access import Door, Person
from sigap.editor.candidate import Candidates
from sigap.editor.edits import Conflict, Edit, EditError
from sigap.editor.files import Files
from sigap.editor.inbox import Inbox
from sigap.editor.shelf import Shelf
from sigap.editor.trial import Trial
from sigap.editor.web import looks
from sigap.models import Models

T = TypeVar("T")
# Short messages, which htmx puts into a page; without it they are a page of their own.
_PARTS = frozenset({"keliru.html", "bentrok.html", "berhasil.html"})


@dataclass(frozen=True)
class Desk:
    """Everything a page may use. Without a `door` the workbench answers this machine alone, and `owner` is there."""

    root: Path
    shelf: Shelf
    files: Files
    trial: Trial
    models: Models
    candidates: Candidates
    inbox: Inbox
    clock: Clock
    owner: Person
    door: Door | None = None


_pages = Environment(
    loader=PackageLoader("sigap.editor.web", "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {"percent": looks.percent, "marked": looks.marked, "whatsapp": looks.whatsapp, "plain": looks.plain}


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A page, or for htmx a part of one, from its template."""
    whole = name in _PARTS and not request.headers.get("hx-request")
    template = _pages.get_template("pesan.html" if whole else name)
    shown = template.render(
        person=getattr(request.ctx, "person", None),
        logs_in=getattr(request.ctx, "logs_in", False),
        path=request.path,
        part=name,
        **values,
    )
    # What went wrong is told in one place of the page, whatever part of it was asked for.
    headers = {"HX-Retarget": "#kabar", "HX-Reswap": "innerHTML"} if name in _PARTS and status >= 400 else None
    return html(shown, status=status, headers=headers)


async def away(work: Callable[..., T], *arguments: Any) -> T:
    """Do something slow without holding up other requests."""
    return await asyncio.get_running_loop().run_in_executor(None, lambda: work(*arguments))


def field(request: Request, name: str, default: str = "") -> str:
    """A field of a form or of the address."""
    sent = (request.form or {}).get(name) if request.method == "POST" else request.args.get(name)
    return str(sent) if sent is not None else default


async def edited(request: Request, desk: Desk, what: str, edits: dict[str, Edit]) -> HTTPResponse | None:
    """Make a change under the person's name; None when it is made, else what to show instead."""
    try:
        await away(desk.files.change, request.ctx.person.name, what, edits)
    except Conflict as conflict:
        return page(request, "bentrok.html", status=409, conflict=conflict)
    except EditError as error:
        return page(request, "keliru.html", status=422, message=str(error))
    return None
