"""Jawaban dan fakta: change what is said and what is true, and see how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from sigap.editor import edits
from sigap.editor.checks.wording import LONGEST_TEXT, LONGEST_TITLE, LONGEST_WITH_BUTTONS
from sigap.editor.content import Content
from sigap.editor.edits import EditError
from sigap.editor.sources import SourceError, Tree
from sigap.editor.validation import mistakes_of
from sigap.editor.web.desk import Desk, away, edited, field, page

DOMAIN = "domain.yml"
_FOLDER = "data/knowledge"
# What editors change here: file, section, and what the section is called.
_SECTIONS = (
    ("fakta.yml", "fakta", "Fakta"),
    ("tarif.yml", "dasar", "Dasar tarif"),
    ("tarif.yml", "paspor", "Tarif paspor"),
    ("tarif.yml", "tambahan", "Tarif tambahan"),
    ("tarif.yml", "lain", "Tarif lain"),
    ("persyaratan.yml", "persyaratan", "Persyaratan"),
    ("persyaratan.yml", "khusus", "Paspor khusus"),
    ("bantuan_aplikasi.yml", "kendala", "Bantuan aplikasi"),
    ("status.yml", "tahap", "Tahap permohonan"),
    ("luar_layanan.yml", "topik", "Di luar layanan"),
)
_VARIABLE = re.compile(r"{([^{}\n]+)}")
_REQUIRED = ("sumber", "tanggal", "tinjau", "keyakinan")
_CONFIDENCE = ("tinggi", "sedang", "rendah")


def add(app: Sanic, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/jawaban")
    async def browse(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        words = field(request, "cari").strip().lower()
        responses = [
            response
            for response in content.responses.values()
            if words in response.name or any(words in variation.text.lower() for variation in response.variations)
        ]
        facts = [fact for fact in _facts(content) if words in str(fact["data"]).lower() or words in str(fact["key"])]
        return page(request, "jawaban.html", responses=responses, facts=facts, words=words, today=content.today)

    @app.get("/jawaban/<name:str>")
    async def one(request: Request, name: str) -> HTTPResponse:
        content = await away(desk.shelf.content)
        response = content.responses.get(name)
        if response is None:
            return page(request, "keliru.html", status=404, message="Jawaban itu tidak ada.")
        return page(
            request,
            "jawaban_satu.html",
            response=response,
            shown=[_shown(content, variation.text) for variation in response.variations],
            limits=(LONGEST_TEXT, LONGEST_WITH_BUTTONS, LONGEST_TITLE),
            users=_users(content, name),
            variables=sorted(
                {found for variation in response.variations for found in _VARIABLE.findall(variation.text)}
                - content.facts.keys()
            ),
            fact_names=sorted(content.facts),
        )

    @app.post("/jawaban/pratinjau")
    async def preview(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        form = request.form or {}
        titles = [title for title in form.get("judul", "").split("\n") if title] if form else []
        text = _shown(content, field(request, "teks").replace("\r\n", "\n"))
        limit = LONGEST_WITH_BUTTONS if titles else LONGEST_TEXT
        return page(request, "jawaban_pratinjau.html", text=text, titles=titles, limit=limit)

    @app.post("/jawaban/<name:str>/ubah")
    async def change(request: Request, name: str) -> HTTPResponse:
        path = ("responses", name, int(field(request, "urutan")), "text")
        seen, text = _unix(field(request, "dulu")), _unix(field(request, "teks")).strip()
        return await _save(desk, request, DOMAIN, f"Jawaban {name}", lambda old: edits.set_value(old, path, seen, text))

    @app.post("/jawaban/<name:str>/tambah")
    async def insert(request: Request, name: str) -> HTTPResponse:
        text = _unix(field(request, "teks")).strip()
        return await _save(
            desk,
            request,
            DOMAIN,
            f"Jawaban {name}: variasi baru",
            lambda old: edits.insert_item(old, ("responses", name), 10_000, {"text": text}),
        )

    @app.post("/jawaban/<name:str>/tombol")
    async def button(request: Request, name: str) -> HTTPResponse:
        place = ("responses", name, int(field(request, "urutan")))
        new = {"title": field(request, "judul").strip(), "payload": field(request, "kalimat").strip()}
        seen = {"title": field(request, "judul_dulu"), "payload": field(request, "kalimat_dulu")}
        position, work = int(field(request, "posisi", "-1")), field(request, "kerja")

        def edit(old: str) -> str:
            tree = _tree(old).get(*place, "buttons")
            if work == "tambah":
                if tree is None:
                    return edits.set_field(old, place, "buttons", [new])
                return edits.insert_item(old, (*place, "buttons"), 10_000, new)
            if work == "hapus":
                if tree is not None and len(list(tree.entries())) == 1:
                    return edits.delete_field(old, place, "buttons")
                return edits.delete_item(old, (*place, "buttons"), position, seen)
            for key in ("title", "payload"):
                if seen[key] != new[key]:
                    old = edits.set_value(old, (*place, "buttons", position, key), seen[key], new[key])
            return old

        return await _save(desk, request, DOMAIN, f"Jawaban {name}: tombol", edit)

    @app.get("/fakta/<file:str>/<section:str>/<key:str>")
    async def fact(request: Request, file: str, section: str, key: str) -> HTTPResponse:
        content = await away(desk.shelf.content)
        found = next(
            (one for one in _facts(content) if (one["file"], one["section"], one["key"]) == (file, section, key)), None
        )
        if found is None:
            return page(request, "keliru.html", status=404, message="Fakta itu tidak ada.")
        users = _users_of_fact(content, file, key)
        return page(
            request,
            "fakta.html",
            fact=found,
            required=_REQUIRED,
            confidence=_CONFIDENCE,
            users=[(name, _shown(content, content.responses[name].variations[0].text)) for name in users],
        )

    @app.post("/fakta/<file:str>/<section:str>/<key:str>")
    async def save_fact(request: Request, file: str, section: str, key: str) -> HTTPResponse:
        content = await away(desk.shelf.content)
        found = next(
            (one for one in _facts(content) if (one["file"], one["section"], one["key"]) == (file, section, key)), None
        )
        if found is None:
            return page(request, "keliru.html", status=404, message="Fakta itu tidak ada.")
        try:
            changes = list(_changes(request, found["data"]))
        except ValueError as error:
            return page(request, "keliru.html", status=422, message=str(error))

        def edit(old: str) -> str:
            for name, seen, value in changes:
                old = edits.set_value(old, (*found["path"], name), seen, value)
            return old

        return await _save(desk, request, f"{_FOLDER}/{file}", f"Fakta {key}", edit)


async def _save(desk: Desk, request: Request, name: str, what: str, edit: edits.Edit) -> HTTPResponse:
    """Make the change unless it would bring in a mistake; the page is shown anew."""
    content = await away(desk.shelf.content)
    try:
        found = await away(lambda: mistakes_of(content, name, edit(content.texts[name])))
    except (EditError, SourceError):
        found = []  # told by `edited`, with both texts
    if found:
        message = " ".join(f"{finding.message} {finding.advice}" for finding in found[:3])
        return page(request, "keliru.html", status=422, message=message)
    failed = await edited(request, desk, what, {name: edit})
    if failed:
        return failed
    back = request.headers.get("referer") or "/jawaban"
    if request.headers.get("hx-request"):
        return HTTPResponse("", headers={"HX-Refresh": "true"})
    return redirect(back)


def _changes(request: Request, data: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Name, old and new value of each field that was changed. Raises `ValueError` with what to do."""
    for name, old in data.items():
        sent = (request.form or {}).get(name)
        if sent is None:
            continue
        text = _unix(str(sent)).strip()
        value = _read(name, text, old)
        seen = _read(name, _unix(field(request, f"dulu_{name}")).strip(), old)
        if value != seen:
            yield name, seen, value


def _read(name: str, text: str, old: Any) -> Any:
    if name in _REQUIRED and not text:
        raise ValueError(f"'{name}' wajib diisi: dari mana fakta ini, dan sejak kapan.")
    if isinstance(old, list):
        return [line.strip() for line in text.split("\n") if line.strip()]
    if isinstance(old, date):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"'{name}' harus tanggal, misalnya 2027-11-30.") from None
    if isinstance(old, int) and not isinstance(old, bool):
        if not text.isdigit():
            raise ValueError(f"'{name}' harus bilangan bulat tanpa titik, misalnya 350000.")
        return int(text)
    return text


def _facts(content: Content) -> Iterator[dict[str, Any]]:
    """Every fact that can be changed here: where it is, its name, and its fields."""
    for file, section, title in _SECTIONS:
        tree = content.trees[f"{_FOLDER}/{file}"].get(section)
        for path, key, entry in _entries(tree, section):
            yield {
                "file": file,
                "section": section,
                "title": title,
                "key": key,
                "path": path,
                "data": entry.data,
                "line": entry.line,
            }


def _entries(tree: Tree | None, section: str) -> Iterator[tuple[Sequence[str | int], str, Tree]]:
    if tree is None:
        return
    if tree.is_list:
        for position, entry in enumerate(tree.entries()):
            yield (section, position), str(entry.data.get("id") or entry.data.get("kode")), entry
    elif tree.get("sumber") is not None:
        yield (section,), section, tree
    else:
        yield from (((section, name), name, value) for name, _, value in tree.items())


def _shown(content: Content, text: str) -> str:
    """A response as applicants see it; what an action fills in is shown by its name."""
    return _VARIABLE.sub(lambda found: content.facts.get(found.group(1), f"‹{found.group(1)}›"), text)


def _users(content: Content, name: str) -> list[str]:
    """Which rules lead to a response of an intent's name."""
    intent = name.removeprefix("utter_")
    return [
        f"{journey.name} ({journey.file}:{journey.line})"
        for journey in content.journeys
        if any(step.kind == "intent" and intent in step.names for step in journey.steps)
    ]


def _users_of_fact(content: Content, file: str, key: str) -> list[str]:
    written = {"fakta.yml": f"{{fakta.{key}}}", "tarif.yml": f"{{tarif.{key}}}"}.get(file, "")
    if key == "dasar":
        written = "{dasar_tarif}"
    return [
        name
        for name, response in content.responses.items()
        if written and any(written in variation.text for variation in response.variations)
    ]


def _tree(text: str) -> Tree:
    from sigap.editor.sources import parse

    return parse(text)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
