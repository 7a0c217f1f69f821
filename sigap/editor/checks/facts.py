"""The facts in data/knowledge: complete, sourced, current, and not against each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import get_args

from sigap.editor.checks.wording import LONGEST_TITLE
from sigap.editor.content import Content, faults
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import fold, near_pairs
from sigap.editor.sources import Tree
from sigap.knowledge.models import ApplicantGroup, ApplicationKind
from sigap.knowledge.store import FILES, KEYS, Layout

FOLDER = "data/knowledge"
_LAYOUTS = {name: section.layout for sections in FILES.values() for name, section in sections.items()}
_MONEY = re.compile(r"Rp\s?(\d[\d.]*)")
_NUMBER = re.compile(r"\d[\d.,]*")
_NEARLY_SAME = 92
_LONG_ENOUGH = 25
# What a fee in a text may be besides a tariff: the price of a duty stamp (UU 10/2020).
_OTHER_MONEY = frozenset({"10000"})
# The sentences that applicants read; titles of neighbours are alike on purpose.
_SENTENCES = frozenset(
    {"isi", "arti", "berikutnya", "tindakan", "langkah", "dokumen", "catatan_pemohon", "surat_pernyataan"}
)


def shape(content: Content) -> Findings:
    """Whether every entry has the fields it needs. The other checks rely on it."""
    for file, sections in FILES.items():
        name = f"{FOLDER}/{file}"
        tree = content.trees.get(name)
        if tree is None:
            if not any(finding.file == name for finding in content.findings):
                yield Finding(name, 1, "berkas-hilang", "Berkas ini tidak ada.", "Kembalikan dari simpanan sebelumnya.")
            continue
        for section, (model, _) in sections.items():
            entries = list(_entries(tree, section))
            if not entries:
                message = f"Bagian '{section}' tidak ada atau kosong."
                yield Finding(name, tree.line, "bentuk", message, "Kembalikan bagian itu.")
            for entry in entries:
                yield from faults(model, name, entry)


def check(content: Content) -> Findings:
    """Every check of this module."""
    for name, tree in content.of(FOLDER):
        yield from _sourced(name, tree, content.today)
        yield from _twice(name, tree)
        yield from _titles(name, tree)
    yield from _combinations(content)
    yield from _holidays(content)
    yield from _tariffs(content)
    yield from _names(content)
    yield from _zones(content)
    yield from _contradictions(content)
    yield from _unused(content)


def _entries(tree: Tree, section: str) -> Iterator[Tree]:
    """The entries of a section: of a list, of a mapping of mappings, or the section itself."""
    found = tree.get(section)
    if found is None:
        return
    if found.is_list:
        yield from found.entries()
    elif _LAYOUTS[section] is Layout.ALONE:
        yield found
    else:
        yield from (value for _, _, value in found.items())


def _sourced(name: str, tree: Tree, today: date) -> Findings:
    """Walk to every entry that bears a source."""
    for _, _, value in tree.items():
        yield from _sourced(name, value, today)
    for entry in tree.entries():
        yield from _sourced(name, entry, today)
    if "sumber" not in (fields := {field for field, _, _ in tree.items()}):
        return
    if len(tree.text("sumber").strip()) < 3:
        advice = "Tulis alamat laman, nama peraturan, atau 'nasihat umum'."
        yield Finding(name, tree.line_of("sumber"), "tanpa-sumber", "Sumbernya kosong.", advice)
    if "tanggal" in fields and len(tree.text("tanggal").strip()) < 2:
        yield Finding(
            name,
            tree.line_of("tanggal"),
            "tanpa-tanggal",
            "Tanggal sumbernya kosong.",
            "Tulis kapan sumber itu terbit.",
        )
    for day in re.findall(r"\d{4}-\d{2}-\d{2}", tree.text("tanggal")):
        if day > today.isoformat():
            message = f"Tanggal sumber {day} belum tiba."
            yield attention(name, tree.line_of("tanggal"), "tanggal-depan", message, "Periksa tahunnya.")
    review = tree.get("tinjau")
    # A warning, never an error: the passing of time alone must not stop anybody's work.
    if review is not None and isinstance(review.data, date) and review.data < today:
        message = f"Fakta ini harus ditinjau sebelum {review.data}."
        advice = "Periksa lagi ke sumbernya, lalu perbarui 'tanggal' dan 'tinjau'."
        yield attention(name, review.line, "lewat-tinjau", message, advice)


def _twice(name: str, tree: Tree) -> Findings:
    for section in FILES.get(name.removeprefix(f"{FOLDER}/"), {}):
        seen: dict[object, int] = {}
        for entry in _entries(tree, section):
            key = next((entry.data[field] for field in KEYS if field in entry.data), None)
            if key is None:
                continue
            if key in seen:
                message = f"'{key}' sudah ada di baris {seen[key]}."
                advice = "Beri nama lain, atau hapus salah satunya."
                yield Finding(
                    name,
                    entry.line_of(*(field for field in KEYS if field in entry.data)),
                    "entri-ganda",
                    message,
                    advice,
                )
            seen.setdefault(key, entry.line)


def _titles(name: str, tree: Tree) -> Findings:
    for section in FILES.get(name.removeprefix(f"{FOLDER}/"), {}):
        for entry in _entries(tree, section):
            if len(title := entry.text("tombol")) > LONGEST_TITLE:
                message = f"Tulisan tombol '{title}' {len(title)} huruf."
                advice = f"Pendekkan sampai {LONGEST_TITLE} huruf."
                yield Finding(name, entry.line_of("tombol"), "tombol-panjang", message, advice)


def _combinations(content: Content) -> Findings:
    name = f"{FOLDER}/persyaratan.yml"
    owners: dict[tuple[str, str], list[Tree]] = defaultdict(list)
    section = content.trees[name].get("persyaratan")
    for entry in section.entries() if section else ():
        for pair in product(entry.data["kelompok"], entry.data["jenis"]):
            owners[pair].append(entry)
    for group, kind in product(get_args(ApplicantGroup), get_args(ApplicationKind)):
        found = owners[group, kind]
        if not found:
            message = f"Belum ada persyaratan untuk kelompok '{group}' dengan jenis '{kind}'."
            line = content.trees[name].line_of("persyaratan")
            yield Finding(name, line, "pasangan-kurang", message, "Tambahkan pasangan itu ke salah satu entri.")
        for extra in found[1:]:
            message = f"Kelompok '{group}' dengan jenis '{kind}' sudah dijawab entri '{found[0].data['id']}'."
            advice = "Hapus pasangan itu dari salah satu entri; tiap pasangan dijawab tepat satu."
            yield Finding(name, extra.line_of("kelompok"), "pasangan-ganda", message, advice)


def _holidays(content: Content) -> Findings:
    name = f"{FOLDER}/libur.yml"
    for year in _entries(content.trees[name], "tahun"):
        seen: dict[date, str] = {}
        for section in ("libur_nasional", "cuti_bersama"):
            for entry in (year.get(section) or year).entries():
                day, called = entry.data["tanggal"], entry.data["nama"]
                if day.year != year.data["tahun"]:
                    message = f"{day} tidak termasuk tahun {year.data['tahun']}."
                    yield Finding(
                        name, entry.line, "libur-salah-tahun", message, "Betulkan tanggalnya, atau pindahkan."
                    )
                if day in seen:
                    message = f"{day} sudah tercatat sebagai '{seen[day]}'."
                    yield Finding(name, entry.line, "libur-ganda", message, "Hapus salah satunya.")
                seen[day] = called


def _tariffs(content: Content) -> Findings:
    name = f"{FOLDER}/tarif.yml"
    books = {
        (entry.data.get("jenis_paspor"), entry.data.get("masa_berlaku")): entry
        for entry in _entries(content.trees[name], "paspor")
    }
    for (kind, years), entry in books.items():
        price = entry.data["rupiah"]
        shorter, plain = books.get((kind, 5)), books.get(("biasa", years))
        for other in (shorter if years == 10 else None, plain if kind == "elektronik" else None):
            if other is not None and price < other.data["rupiah"]:
                message = f"{entry.data['nama']} lebih murah daripada {other.data['nama']}."
                yield attention(name, entry.line_of("rupiah"), "tarif-janggal", message, "Periksa angkanya.")
    known = {
        str(entry.data["rupiah"])
        for part in ("paspor", "tambahan", "lain")
        for entry in _entries(content.trees[name], part)
    }
    for file, line, text in _shown(content):
        for found in _MONEY.finditer(text):
            amount = found.group(1).replace(".", "").rstrip(",")
            if file == name or amount in _OTHER_MONEY:
                continue
            message = f"{found.group()} ditulis di luar tarif.yml" + (
                "." if amount in known else " dan tidak ada di sana."
            )
            advice = "Tarif hanya ditulis di tarif.yml, supaya tidak ada dua angka yang berbeda."
            yield attention(file, line, "tarif-di-luar", message, advice)


def _names(content: Content) -> Findings:
    seen: dict[str, str] = {}
    for file, section in (("kantor.yml", "kantor"), ("kota.yml", "kota")):
        name = f"{FOLDER}/{file}"
        for entry in _entries(content.trees[name], section):
            owner = str(entry.data.get("id") or entry.data["nama"])
            for line, called in entry.strings("sebutan"):
                if called in seen:
                    message = f"Sebutan '{called}' sudah dipakai {seen[called]}."
                    advice = "Satu sebutan hanya boleh ada pada satu kantor atau kota; hapus salah satunya."
                    yield Finding(name, line, "sebutan-ganda", message, advice)
                elif called != " ".join(called.lower().split()) or "-" in called:
                    advice = "Tulis huruf kecil, tanpa tanda hubung dan spasi ganda."
                    yield Finding(name, line, "sebutan-keliru", f"Sebutan '{called}' tidak akan dikenali.", advice)
                seen.setdefault(called, owner)


def _zones(content: Content) -> Findings:
    name = f"{FOLDER}/kantor.yml"
    first: dict[str, Tree] = {}
    for office in _entries(content.trees[name], "kantor"):
        neighbour = first.setdefault(office.data["provinsi"], office)
        if neighbour.data["zona"] != office.data["zona"]:
            message = f"{office.data['zona']} berbeda dengan {neighbour.data['nama']} ({neighbour.data['zona']})."
            yield Finding(
                name,
                office.line_of("zona"),
                "zona-berbeda",
                message,
                "Kantor di satu provinsi memakai satu zona waktu; betulkan salah satunya.",
            )


def _contradictions(content: Content) -> Findings:
    """Two sentences alike but for a number cannot both be true."""
    shown = [
        (file, line, text) for file, line, text in _shown(content) if len(text) >= _LONG_ENOUGH and "kantor" not in file
    ]
    without_numbers = [fold(_NUMBER.sub("#", text)) for _, _, text in shown]
    for one, other in near_pairs(without_numbers, _NEARLY_SAME):
        first, second = shown[one], shown[other]
        numbers, others = _NUMBER.findall(first[2]), _NUMBER.findall(second[2])
        if numbers and others and numbers != others:
            message = f"'{second[2]}' bertentangan dengan '{first[2]}' ({first[0]}:{first[1]})."
            advice = "Tetapkan angka yang benar, dan tulis fakta itu di satu tempat saja."
            yield attention(second[0], second[1], "fakta-bertentangan", message, advice)


def _unused(content: Content) -> Findings:
    name = f"{FOLDER}/fakta.yml"
    spoken = "\n".join(variation.text for response in content.responses.values() for variation in response.variations)
    for fact, line, _ in (content.trees[name].get("fakta") or content.trees[name]).items():
        if f"{{fakta.{fact}}}" not in spoken and not content.code.mentions(fact):
            message = f"Fakta '{fact}' tidak dipakai jawaban mana pun."
            yield attention(
                name, line, "fakta-tak-dipakai", message, f"Sebut {{fakta.{fact}}} di sebuah jawaban, atau hapus."
            )


def _shown(content: Content) -> Iterator[tuple[str, int, str]]:
    """File, line and text of every sentence in the fact files that applicants may read."""
    for name, tree in content.of(FOLDER):
        yield from ((name, line, text) for line, text in _texts(tree))


def _texts(tree: Tree) -> Iterator[tuple[int, str]]:
    for field, _, value in tree.items():
        if field in _SENTENCES and not value.is_mapping:
            yield from tree.strings(field)
        else:
            yield from _texts(value)
    for entry in tree.entries():
        yield from _texts(entry)
