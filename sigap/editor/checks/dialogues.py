"""The dialogues in tests/conversations: their form, and that what they name exists."""

from __future__ import annotations

from collections.abc import Iterator

from sigap.editor.content import Content
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import meant
from sigap.editor.sources import Tree

FOLDER = "tests/conversations"
FALLBACK = "nlu_fallback"
# What a step may say, and what its names refer to. docs/panduan-uji.md explains each.
_EVENTS = ("kata", "tekan", "kirim", "kabar", "waktu", "gangguan", "pulih", "siapkan")
_REFERENCES = {
    "niat": "intents",
    "entitas": "entities",
    "jawaban": "responses",
    "jawaban_tanpa": "responses",
    "slot": "slots",
    "formulir": "forms",
    "ditanya": "slots",
}
_OTHERS = (
    "jawab_memuat",
    "jawab_tanpa",
    "tombol",
    "tombol_tanpa",
    "data",
    "bertanya_lagi",
    "kata_baru",
    "ragam",
    "kali",
)
_STEP_FIELDS = (*_EVENTS, *_REFERENCES, *_OTHERS)
_DIALOGUE_FIELDS = ("nama", "belum", "mulai", "siapkan", "kanal", "rahasia", "langkah")
_NOTHING = "tidak ada"
_WORDS = {"intents": "Niat", "entities": "Entitas", "responses": "Jawaban", "slots": "Slot", "forms": "Formulir"}


def shape(content: Content) -> Findings:
    """Whether every dialogue has a name and steps, and every step an event. The other checks rely on it."""
    for name, tree in content.of(FOLDER):
        if not tree.is_list:
            yield Finding(
                name, tree.line, "bentuk", "Berkas ini bukan daftar dialog.", "Awali tiap dialog dengan '- nama: …'."
            )
        for dialogue in tree.entries():
            yield from _fields(name, dialogue, _DIALOGUE_FIELDS)
            if not dialogue.text("nama").strip():
                yield Finding(name, dialogue.line, "bentuk", "Dialog ini belum punya nama.", "Tambahkan 'nama: …'.")
            steps = list(_steps(dialogue))
            if not steps:
                message = f"Dialog '{dialogue.text('nama')}' tidak punya langkah."
                yield Finding(
                    name, dialogue.line, "bentuk", message, "Tambahkan 'langkah:' dan paling sedikit satu '- kata: …'."
                )
            for step in steps:
                yield from _fields(name, step, _STEP_FIELDS)
                if step.is_mapping and not any(step.get(event) for event in _EVENTS):
                    yield Finding(
                        name, step.line, "bentuk", "Langkah ini tanpa kata pemohon.", "Awali dengan '- kata: …'."
                    )


def check(content: Content) -> Findings:
    """Every check of this module."""
    seen: dict[tuple[str, str], int] = {}
    for name, tree in content.of(FOLDER):
        for dialogue in tree.entries():
            called = dialogue.text("nama")
            if (name, called) in seen:
                message = f"Dialog '{called}' sudah ada di baris {seen[name, called]}."
                yield attention(name, dialogue.line, "nama-kembar", message, "Beri nama lain.")
            seen.setdefault((name, called), dialogue.line)
            for step in _steps(dialogue):
                yield from _references(content, name, step)


def _references(content: Content, name: str, step: Tree) -> Findings:
    for field, section in _REFERENCES.items():
        value = step.get(field)
        known = {*content.named(section), FALLBACK, _NOTHING, "requested_slot"}
        for line, written in _named(value) if value else ():
            for choice in written.split("|"):
                if choice not in known:
                    message = f"{_WORDS[section]} '{choice}' tidak ada di domain.yml."
                    yield Finding(name, line, "rujukan-dialog", message, f"Perbaiki namanya{meant(choice, known)}.")
    for line, title in step.strings("tombol"):
        if len(title) > 24:
            yield Finding(
                name, line, "rujukan-dialog", f"Tombol '{title}' tidak mungkin ada.", "Tombol paling panjang 24 huruf."
            )


def _named(value: Tree) -> Iterator[tuple[int, str]]:
    """The names in a text, a list of texts, or the keys of a mapping."""
    if value.is_mapping:
        yield from ((line, key) for key, line, _ in value.items())
    elif value.is_list:
        yield from ((entry.line, str(entry.data)) for entry in value.entries())
    elif value.data is not None:
        yield value.line, str(value.data)


def _steps(dialogue: Tree) -> Iterator[Tree]:
    steps = dialogue.get("langkah")
    yield from steps.entries() if steps else ()


def _fields(name: str, tree: Tree, known: tuple[str, ...]) -> Findings:
    if not tree.is_mapping:
        yield Finding(name, tree.line, "bentuk", "Ini bukan kumpulan isian.", "Tulis sebagai 'nama: isi'.")
    for field, line, value in tree.items():
        if field not in known:
            yield Finding(
                name, line, "bentuk", f"Isian '{field}' tidak dikenal.", f"Perbaiki ejaannya{meant(field, known)}."
            )
        elif value.data in (None, ""):
            yield Finding(name, line, "bentuk", f"Isian '{field}' kosong.", "Isi, atau hapus barisnya.")
