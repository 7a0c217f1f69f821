"""Contoh: the training messages by intent; add, change, move, delete, and mark phrases."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import get_args

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.editor import edits, suspects
from sigap.editor.checks.marks import marks_gone_wrong
from sigap.editor.content import STYLES, Content, Example
from sigap.editor.near import fold, near_ones
from sigap.editor.web.desk import Desk, away, edited, field, page
from sigap.knowledge.models import ApplicantGroup, ApplicationKind

_SHOWN = 60
_NEIGHBOURS = 6
_LIKE = 55
NEW_FILE = "data/nlu/tambahan.yml"


def add(app: Sanic, desk: Desk) -> None:
    """Add the pages."""
    searching: list[subprocess.Popen[bytes]] = []

    @app.get("/contoh")
    async def browse(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        intent, words = field(request, "niat"), field(request, "cari").strip()
        style, start = field(request, "gaya"), int(field(request, "mulai", "0") or 0)
        found = _found(content, intent, style, words)
        name = "contoh_daftar.html" if request.headers.get("hx-target") == "hasil" else "contoh.html"
        return page(
            request,
            name,
            counts=Counter(example.intent for example in content.examples),
            intents=content.intents,
            intent=intent,
            style=style,
            words=words,
            styles=STYLES,
            values=_values(content),
            found=found[start : start + _SHOWN],
            total=len(found),
            start=start,
            step=_SHOWN,
        )

    @app.get("/contoh/tetangga")
    async def neighbours(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        text, intent = field(request, "pesan"), field(request, "niat")
        near = await away(nearest, content, text) if text.strip() else []
        return page(request, "contoh_tetangga.html", near=near, intent=intent, text=text)

    @app.get("/contoh/ubah")
    async def row(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        return page(
            request,
            "contoh_ubah.html",
            example=_named(request),
            intents=content.intents,
            styles=STYLES,
            values=_values(content),
        )

    @app.get("/contoh/baris")
    async def unchanged(request: Request) -> HTTPResponse:
        return page(request, "contoh_baris.html", example=_named(request))

    @app.post("/contoh/tambah")
    async def insert(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        intent, style, text = field(request, "niat"), field(request, "gaya"), field(request, "pesan").strip()
        problem = problem_of(content, intent, style, text)
        if problem:
            return page(request, "keliru.html", status=422, message=problem)
        name = file_of(content, intent)
        failed = await edited(
            request,
            desk,
            f"Contoh {intent}: tambah",
            {name: lambda before: edits.add_example(before, intent, style, text)},
        )
        return failed or page(request, "berhasil.html", message=f"Ditambahkan ke {intent} ({style}), berkas {name}.")

    @app.post("/contoh/ubah")
    async def change(request: Request) -> HTTPResponse:
        content = await away(desk.shelf.content)
        seen, text = _named(request), field(request, "pesan").strip()
        intent, style = field(request, "niat_baru"), field(request, "gaya_baru")
        problem = problem_of(content, intent, style, text, apart_from=seen)
        if problem:
            return page(request, "keliru.html", status=422, message=problem)
        if (intent, style) == (seen.intent, seen.style):
            target = seen.file
            changes = {seen.file: lambda before: edits.change_example(before, intent, style, seen.annotated, text)}
        else:
            target = file_of(content, intent)
            changes = _moving(seen, target, intent, style, text)
        failed = await edited(request, desk, f"Contoh {intent}: ubah", dict(changes))
        return failed or page(
            request, "contoh_baris.html", example=Example(target, 0, intent, style, text), changed=True
        )

    @app.post("/contoh/hapus")
    async def delete(request: Request) -> HTTPResponse:
        seen = _named(request)
        failed = await edited(
            request,
            desk,
            f"Contoh {seen.intent}: hapus",
            {seen.file: lambda before: edits.delete_example(before, seen.intent, seen.style, seen.annotated)},
        )
        return failed or page(request, "contoh_dihapus.html", example=seen)

    @app.get("/contoh/dicurigai")
    async def suspected(request: Request) -> HTTPResponse:
        running = bool(searching) and searching[-1].poll() is None
        content = await away(desk.shelf.content)
        known = {(example.intent, example.annotated) for example in content.examples}
        found = [one for one in suspects.read(desk.root) if (one.intent, one.annotated) in known]
        name = "contoh_dicurigai.html"
        return page(request, name, found=found, running=running, intents=content.intents)

    @app.post("/contoh/dicurigai")
    async def search(request: Request) -> HTTPResponse:
        if not searching or searching[-1].poll() is not None:
            searching[:] = [suspects.search(desk.root)]
        return page(
            request, "berhasil.html", message="Pencarian dimulai; hasilnya muncul di sini dalam satu dua menit."
        )


def _found(content: Content, intent: str, style: str, words: str) -> list[Example]:
    sought = fold(words) if words else ""
    return [
        example
        for example in content.examples
        if (not intent or example.intent == intent)
        and (not style or example.style == style)
        and (not sought or sought in example.folded)
    ]


def nearest(content: Content, text: str) -> list[tuple[Example, float]]:
    """The examples most like a text, with their likeness (0 to 100)."""
    texts = [example.folded for example in content.examples]
    return [(content.examples[at], score) for at, score in near_ones(fold(text), texts, _LIKE, _NEIGHBOURS)]


def _named(request: Request) -> Example:
    """The example that a request speaks of, as the page showed it."""
    return Example(field(request, "berkas"), 0, field(request, "niat"), field(request, "gaya"), field(request, "dulu"))


def problem_of(content: Content, intent: str, style: str, text: str, apart_from: Example | None = None) -> str:
    """Why a message may not be kept; empty when it may."""
    if intent not in content.intents:
        return "Pilih niat dari daftar."
    if style not in STYLES:
        return "Pilih gaya dari daftar."
    example = Example("", 0, intent, style, text)
    if not text:
        return "Contoh tidak boleh kosong."
    if broken := marks_gone_wrong(text):
        return f"Tanda bagian penting keliru di dekat '{broken}'."
    unknown = [span.entity for span in example.spans if span.entity not in content.named("entities")]
    if unknown:
        return f"Jenis '{unknown[0]}' tidak dikenal."
    for other in content.examples:
        if other.folded == example.folded and other.intent != intent:
            if apart_from is not None and (other.annotated, other.intent) == (apart_from.annotated, apart_from.intent):
                continue
            return f"Kalimat ini sudah menjadi contoh '{other.intent}'. Satu kalimat hanya boleh punya satu niat."
    for kept in content.measured:
        if kept.folded == example.folded:
            return "Kalimat ini dipakai untuk mengukur (tests/nlu), jadi tidak boleh dilatih."
    return ""


def _moving(seen: Example, target: str, intent: str, style: str, text: str) -> dict[str, edits.Edit]:
    def take(before: str) -> str:
        return edits.delete_example(before, seen.intent, seen.style, seen.annotated)

    def put(before: str) -> str:
        return edits.add_example(before, intent, style, text)

    if target == seen.file:
        return {target: lambda before: put(take(before))}
    return {target: put, seen.file: take}


def file_of(content: Content, intent: str) -> str:
    """The file that holds most examples of an intent; the sentences of buttons have a file of their own."""
    files = Counter(
        example.file for example in content.examples if example.intent == intent and "tombol" not in example.file
    )
    return files.most_common(1)[0][0] if files else content.examples[-1].file


def _values(content: Content) -> dict[str, list[str]]:
    """The entities that may be marked, with their values; none where the text itself is the value."""
    fixed: dict[str, list[str]] = {
        "kelompok_pemohon": list(get_args(ApplicantGroup)),
        "jenis_permohonan": list(get_args(ApplicationKind)),
        "jenis_paspor": ["biasa", "elektronik"],
        "masa_berlaku": ["5", "10"],
        "kendala": [str(one["kode"]) for one in content.trees["data/knowledge/bantuan_aplikasi.yml"].data["kendala"]],
        "kantor": [str(one["id"]) for one in content.trees["data/knowledge/kantor.yml"].data["kantor"]],
    }
    return {name: fixed.get(name, []) for name in content.named("entities")}
