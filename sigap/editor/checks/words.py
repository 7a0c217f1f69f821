"""The word lists in data/bahasa: spelling lexicon, ideas, and the names of intents on buttons."""

from __future__ import annotations

from collections import defaultdict

from sigap.editor.checks.wording import LONGEST_TITLE
from sigap.editor.content import Content
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import meant
from sigap.editor.sources import Tree
from sigap.language.text import fold

LEXICON, IDEAS, NAMES = "data/bahasa/leksikon.yml", "data/bahasa/konsep.yml", "data/bahasa/niat.yml"
# A word of three ideas says nothing any more.
_MOST_IDEAS = 2


def shape(content: Content) -> Findings:
    """Whether the lists have their sections, and these their form. The other checks rely on it."""
    sections = {LEXICON: ("padanan", "kosakata", "emoji"), IDEAS: ("konsep",), NAMES: ("niat",)}
    for name, parts in sections.items():
        tree = content.trees.get(name)
        for part in parts if tree else ():
            if tree is not None and tree.get(part) is None:
                yield Finding(name, tree.line, "bentuk", f"Bagian '{part}' tidak ada.", "Kembalikan bagian itu.")
    for _, line, entries in _section(content, IDEAS, "konsep"):
        if not entries.is_list:
            yield Finding(
                IDEAS, line, "bentuk", "Konsep ini bukan daftar kata.", "Tulis kata-katanya di antara [ dan ]."
            )
    for _, _, group in _section(content, LEXICON, "padanan"):
        for standard, line, typed in group.items():
            if not typed.is_list:
                message = f"Bentuk ketikan untuk '{standard}' bukan daftar."
                yield Finding(LEXICON, line, "bentuk", message, "Tulis bentuknya di antara [ dan ].")
    for intent, line, entry in _section(content, NAMES, "niat"):
        lacking = [field for field in ("tombol", "kalimat") if not entry.text(field)]
        if lacking:
            message = f"'{intent}' belum punya {' dan '.join(lacking)}."
            yield Finding(NAMES, line, "bentuk", message, "Isi seperti baris yang lain.")


def check(content: Content) -> Findings:
    """Every check of this module."""
    yield from _lexicon(content)
    yield from _ideas(content)
    yield from _names(content)


def _section(content: Content, file: str, section: str) -> list[tuple[str, int, Tree]]:
    tree = content.trees.get(file)
    found = tree.get(section) if tree else None
    return list(found.items()) if found else []


def _lexicon(content: Content) -> Findings:
    meanings: dict[str, tuple[str, int]] = {}
    for _, _, group in _section(content, LEXICON, "padanan"):
        for standard, _, typed_forms in group.items():
            for entry in typed_forms.entries():
                typed = fold(str(entry.data))
                meaning, line = meanings.setdefault(typed, (standard, entry.line))
                if meaning != standard:
                    message = f"'{typed}' sudah berarti '{meaning}' (baris {line}), tidak bisa juga '{standard}'."
                    advice = "Satu bentuk hanya boleh punya satu arti; bila lazim dibaca dua cara, hapus keduanya."
                    yield Finding(LEXICON, entry.line, "dua-arti", message, advice)


def _ideas(content: Content) -> Findings:
    ideas: dict[str, list[str]] = defaultdict(list)
    for name, _, entries in _section(content, IDEAS, "konsep"):
        seen: set[str] = set()
        for entry in entries.entries():
            word = str(entry.data)
            if word in seen:
                yield attention(
                    IDEAS, entry.line, "kata-ganda", f"'{word}' dua kali di konsep '{name}'.", "Hapus satu."
                )
                continue
            seen.add(word)
            ideas[word].append(name)
            if len(ideas[word]) == _MOST_IDEAS + 1:
                message = f"'{word}' ada di konsep {', '.join(ideas[word])}."
                yield attention(
                    IDEAS, entry.line, "terlalu-banyak-konsep", message, f"Sisakan paling banyak {_MOST_IDEAS}."
                )


def _names(content: Content) -> Findings:
    for intent, line, entry in _section(content, NAMES, "niat"):
        sentence, title = entry.text("kalimat"), entry.text("tombol")
        if intent not in content.intents:
            advice = f"Perbaiki ejaannya{meant(intent, content.intents)}, atau hapus barisnya."
            yield Finding(NAMES, line, "niat-tak-dikenal", f"Niat '{intent}' tidak ada di domain.yml.", advice)
        elif content.taught.get(sentence) != intent:
            taught = content.taught.get(sentence)
            message = f"Kalimat '{sentence}' " + (f"diajarkan sebagai '{taught}'." if taught else "tidak diajarkan.")
            advice = f"Tambahkan ke data/nlu/tombol.yml di bawah niat '{intent}'."
            yield Finding(NAMES, entry.line_of("kalimat"), "kalimat-tak-diajarkan", message, advice)
        if len(title) > LONGEST_TITLE:
            message = f"Tulisan tombol '{title}' {len(title)} huruf."
            yield Finding(
                NAMES, entry.line_of("tombol"), "tombol-panjang", message, f"Pendekkan sampai {LONGEST_TITLE} huruf."
            )
