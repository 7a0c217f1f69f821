"""The responses of domain.yml: variables, buttons, lengths, and whether anybody says them."""

from __future__ import annotations

import re

from sigap.editor.content import Content, Response, Variation
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import meant

FILE = "domain.yml"
# Limits of the WhatsApp Cloud API: a text; the text above buttons or a list; a button's title; the rows of a list.
LONGEST_TEXT = 4096
LONGEST_WITH_BUTTONS = 1024
LONGEST_TITLE = 20
MOST_ROWS = 10
_VARIABLE = re.compile(r"{([^{}\n]*)}")
_MONEY = re.compile(r"Rp\s?\d[\d.]*")
# What a form asks; the form itself understands the short answers on its buttons.
_QUESTION = "utter_tanya_"


def check(content: Content) -> Findings:
    """Every check of this module."""
    for response in content.responses.values():
        for variation in response.variations:
            yield from _variables(content, response, variation)
            yield from _form(variation)
            yield from _buttons(content, response, variation)
            yield from _length(content, variation)
    yield from _said(content)


def _variables(content: Content, response: Response, variation: Variation) -> Findings:
    given = content.code.variables(response.name, content.intents)
    texts = [(variation.line, variation.text)]
    texts += [(button.line, button.title) for button in variation.buttons]
    texts += [(button.payload_line, button.payload) for button in variation.buttons]
    for line, text in texts:
        for found in _VARIABLE.finditer(text):
            name, place = found.group(1), line + _below(content, line, found.group())
            if name in content.facts or name in given:
                continue
            if name.startswith(("fakta.", "tarif.")):
                message = f"Fakta '{{{name}}}' tidak ada di data/knowledge."
                yield Finding(FILE, place, "fakta-tak-ada", message, f"Perbaiki namanya{meant(name, content.facts)}.")
            else:
                known = [*given, "dasar_tarif"]
                message = f"Isian '{{{name}}}' tidak diisi oleh program."
                advice = f"Perbaiki ejaannya{meant(name, known)}, atau pakai {{fakta.…}} dari data/knowledge."
                yield Finding(FILE, place, "isian-tak-dikenal", message, advice)
        if re.search(r"[{}]", _VARIABLE.sub("", text)):
            message = "Kurung kurawal tidak berpasangan."
            yield Finding(FILE, line, "kurung-kurawal", message, "Tulis isian sebagai {nama}, buka dan tutup sekali.")


def _form(variation: Variation) -> Findings:
    if not variation.text.strip():
        yield Finding(FILE, variation.line, "jawaban-kosong", "Jawaban ini kosong.", "Tulis kata-katanya.")
    if "**" in variation.text:
        advice = "Tulis *tebal* dengan satu bintang di tiap sisi."
        yield Finding(FILE, variation.line, "tebal-keliru", "WhatsApp tidak mengenal **dua bintang**.", advice)
    elif any(line.count("*") % 2 for line in variation.text.splitlines()):
        advice = "Buka dan tutup *tebal* di baris yang sama."
        yield Finding(FILE, variation.line, "tebal-keliru", "Tanda bintang untuk tebal tidak berpasangan.", advice)
    if found := _MONEY.search(variation.text):
        message = f"Angka {found.group()} ditulis langsung di jawaban."
        advice = "Tulis {tarif.<kode>}, supaya ikut berubah bersama data/knowledge/tarif.yml."
        yield attention(FILE, variation.line, "tarif-di-jawaban", message, advice)


def _buttons(content: Content, response: Response, variation: Variation) -> Findings:
    titles: set[str] = set()
    for button in variation.buttons:
        if not button.title.strip():
            yield Finding(FILE, button.line, "tombol-kosong", "Tombol ini tanpa tulisan.", "Isi 'title'.")
        elif len(button.title) > LONGEST_TITLE:
            message = f"Tulisan tombol '{button.title}' {len(button.title)} huruf."
            yield Finding(FILE, button.line, "tombol-panjang", message, f"Pendekkan sampai {LONGEST_TITLE} huruf.")
        if button.title in titles:
            advice = "WhatsApp menolak dua tombol bertulisan sama; ganti salah satunya."
            yield Finding(FILE, button.line, "tombol-kembar", f"Tombol '{button.title}' ada dua kali.", advice)
        titles.add(button.title)
        if button.payload.startswith("/"):
            advice = 'Tulis kalimat biasa, misalnya "Berapa biaya membuat paspor?".'
            message = f"Tombol ini mengirim perintah '{button.payload}'."
            yield Finding(FILE, button.payload_line, "tombol-perintah", message, advice)
        elif not _understood(content, response, button.payload):
            message = f"Kalimat tombol '{button.payload}' tidak diajarkan."
            advice = f"Tambahkan ke data/nlu/tombol.yml{meant(button.payload, content.taught)}."
            yield Finding(FILE, button.payload_line, "tombol-tak-diajarkan", message, advice)
    if len(variation.buttons) > MOST_ROWS:
        message = f"Ada {len(variation.buttons)} tombol."
        advice = f"Sisakan paling banyak {MOST_ROWS}; lebih dari itu tidak muat di daftar WhatsApp."
        yield Finding(FILE, variation.buttons[MOST_ROWS].line, "tombol-banyak", message, advice)


def _understood(content: Content, response: Response, payload: str) -> bool:
    return payload in content.taught or (response.name.startswith(_QUESTION) and bool(payload.strip()))


def _length(content: Content, variation: Variation) -> Findings:
    shown = _VARIABLE.sub(lambda found: content.facts.get(found.group(1), found.group()), variation.text)
    limit = LONGEST_WITH_BUTTONS if variation.buttons else LONGEST_TEXT
    if len(shown) > limit:
        message = f"Jawaban ini {len(shown)} huruf setelah faktanya terisi."
        why = "pesan dengan tombol" if variation.buttons else "satu pesan"
        advice = f"Pendekkan: WhatsApp menerima paling banyak {limit} huruf untuk {why}."
        yield Finding(FILE, variation.line, "jawaban-panjang", message, advice)


def _said(content: Content) -> Findings:
    for response in content.responses.values():
        if not content.code.says(response.name, content.intents):
            message = f"Jawaban '{response.name}' tidak pernah diucapkan."
            advice = f"Hapus, atau perbaiki namanya{meant(response.name, content.code.responses)}."
            yield attention(FILE, response.line, "jawaban-tak-dipakai", message, advice)
    section = content.domain.line_of("responses")
    for name in sorted(content.code.responses - content.responses.keys()):
        message = f"Jawaban '{name}' dipakai program tetapi tidak ada."
        advice = f"Kembalikan jawaban itu di bawah 'responses'{meant(name, content.responses)}."
        yield Finding(FILE, section, "jawaban-hilang", message, advice)


def _below(content: Content, line: int, found: str) -> int:
    """How many lines below `line` a piece of text stands."""
    lines = content.lines(FILE)
    return next((offset for offset, text in enumerate(lines[line - 1 : line + 60]) if found in text), 0)
