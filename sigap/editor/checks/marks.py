"""The marked phrases of messages: well written, of known values, in step with SIGAP's readers and with each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import get_args

from sigap.annotations import Span
from sigap.editor.content import Content, Example
from sigap.editor.findings import Finding, Findings, attention
from sigap.knowledge.models import ApplicantGroup, ApplicationKind
from sigap.language.counts import find_counts
from sigap.language.hours import find_hours
from sigap.language.nik import find_long_numbers
from sigap.language.text import fold, tokens

# A phrase marked this often nearly always the same way has a meaning of its own; the few exceptions want a look.
_ESTABLISHED = 40
_EXCEPTION = 0.02
_FORGOTTEN = 0.025
# A phrase this common and nearly never marked is an ordinary word.
_COMMON = 300
_STRAY = 2
_LONGEST_PHRASE = 3
# Here people speak of other things than their passport, so nothing is marked.
_ELSEWHERE = frozenset({"di_luar_topik", "luar_layanan"})
# What stays when every well-formed mark is taken out: signs of a mark gone wrong.
_MARK = re.compile(r"\[[^\]]+\]\([a-z_]+(?::[^)]*)?\)")
_BROKEN = re.compile(r"\[[^\]]*\]\s*[({]|\[[^\]]{1,40}\([a-z_]+[:)]|\]\([a-z_]+")
_WORD = re.compile(r"\w+")

_VALUES: Mapping[str, frozenset[str]] = {
    "kelompok_pemohon": frozenset(get_args(ApplicantGroup)),
    "jenis_permohonan": frozenset(get_args(ApplicationKind)),
    "jenis_paspor": frozenset({"biasa", "elektronik"}),
    "masa_berlaku": frozenset({"5", "10"}),
}
_BY_THE_READER = frozenset(
    {"kantor", "tanggal", "waktu", "jumlah_pemohon", "nomor_permohonan", "kode_booking", "nik", "nama"}
)


def check(content: Content) -> Findings:
    """Every check of this module."""
    values = {**_VALUES, "kendala": frozenset(_troubles(content))}
    offices = _offices(content)
    for example in [*content.examples, *content.measured]:
        yield from _written(example)
        for span in example.spans:
            yield from _known(content, example, span, values, offices)
            yield from _read_alike(example, span)
    yield from _in_step(content)


def marks_gone_wrong(annotated: str) -> str:
    """The part of a message that was meant as a mark and is none; empty where all is well."""
    left = _MARK.sub(" ", annotated)
    found = _BROKEN.search(left) if "[" in left else None
    return found.group() if found else ""


def _written(example: Example) -> Findings:
    if broken := marks_gone_wrong(example.annotated):
        yield Finding(
            example.file,
            example.line,
            "tanda-keliru",
            f"Tanda bagian penting keliru di dekat '{broken}'.",
            "Tulis [tulisan](jenis:nilai), tanpa spasi di antara kurung, misalnya [anak](kelompok_pemohon:anak).",
        )


def _known(
    content: Content,
    example: Example,
    span: Span,
    values: Mapping[str, frozenset[str]],
    offices: Mapping[str, frozenset[str]],
) -> Findings:
    place = (example.file, example.line)
    if span.entity not in content.named("entities"):
        known = ", ".join(content.named("entities"))
        yield Finding(
            *place, "jenis-tak-dikenal", f"Jenis '{span.entity}' tidak dikenal.", f"Pakai salah satu: {known}."
        )
    elif span.entity in values and (span.value or span.text) not in values[span.entity]:
        written = f"'{span.value}'" if span.value else f"'{span.text}' (nilai tidak ditulis)"
        allowed = ", ".join(sorted(values[span.entity]))
        message = f"Nilai {written} tidak dikenal untuk {span.entity}."
        yield Finding(*place, "nilai-tak-dikenal", message, f"Pakai salah satu: {allowed}.")
    elif span.entity == "kantor":
        yield from _office(place, span, offices)


def _office(place: tuple[str, int], span: Span, offices: Mapping[str, frozenset[str]]) -> Findings:
    if span.value not in offices:
        advice = "Pakai id kantor dari data/knowledge/kantor.yml, misalnya [jaksel](kantor:jakarta_selatan)."
        yield Finding(*place, "kantor-tak-dikenal", f"Kantor '{span.value or span.text}' tidak ada.", advice)
        return
    name = " ".join(fold(token.text) for token in tokens(span.text))
    owner = next((office for office, names in offices.items() if name in names), span.value)
    if owner != span.value:
        advice = f"Ganti nilainya menjadi {owner}, atau perbaiki sebutan di kantor.yml."
        yield Finding(
            *place, "kantor-lain", f"'{span.text}' adalah sebutan kantor {owner}, bukan {span.value}.", advice
        )


def _read_alike(example: Example, span: Span) -> Findings:
    """What SIGAP itself reads at this place; a phrase that it cannot read at all may still be marked."""
    reader = _READERS.get(span.entity)
    if reader is None or example.intent in _ELSEWHERE:
        return
    read = [value for start, end, value in reader(example.plain) if start < span.end and span.start < end]
    expected = span.entity if span.entity in {"nik", "nomor_permohonan"} else span.value
    if read and expected not in read:
        yield attention(
            example.file,
            example.line,
            "beda-dengan-pembaca",
            f"'{span.text}' ditandai {span.entity}:{expected}, tetapi SIGAP membacanya {' atau '.join(read)}.",
            "Betulkan nilainya, atau ikutkan kata penentunya ke dalam tanda, misalnya 'malam'.",
        )


@lru_cache(maxsize=1 << 15)
def _hours(text: str) -> list[tuple[int, int, str]]:
    return [(hour.start, hour.end, hour.value) for hour in find_hours(text)]


@lru_cache(maxsize=1 << 15)
def _counts(text: str) -> list[tuple[int, int, str]]:
    return [(count.start, count.end, str(count.value)) for count in find_counts(text)]


def _numbers(text: str) -> list[tuple[int, int, str]]:
    return [(number.start, number.end, number.kind.value) for number in find_long_numbers(text)]


_READERS: Mapping[str, Callable[[str], list[tuple[int, int, str]]]] = {
    "waktu": _hours,
    "jumlah_pemohon": _counts,
    "nik": _numbers,
    "nomor_permohonan": _numbers,
}


def _in_step(content: Content) -> Findings:
    """The same phrase should be marked the same way wherever it means the same."""
    marked: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    places: dict[tuple[str, tuple[str, str]], list[Example]] = defaultdict(list)
    for example in content.examples:
        for span in example.spans:
            if span.entity not in _BY_THE_READER and span.value:
                label = (span.entity, span.value)
                phrase = _words(span.text)
                marked[phrase][label] += 1
                places[phrase, label].append(example)
    unmarked = _unmarked(content, marked)
    for phrase, labels in marked.items():
        usual, _ = labels.most_common(1)[0]
        total, bare = labels.total(), unmarked[phrase]
        for label, count in labels.items():
            if label != usual and label[0] == usual[0] and total >= _ESTABLISHED and count <= _EXCEPTION * total:
                for example in places[phrase, label]:
                    yield attention(
                        example.file,
                        example.line,
                        "nilai-berbeda",
                        f"'{phrase}' di sini ditandai {_label(label)}, di {labels[usual]} pesan lain {_label(usual)}.",
                        "Betulkan bila keliru; bila memang berbeda, tandai juga kata yang membedakannya.",
                    )
        if total >= _ESTABLISHED and 0 < len(bare) <= _FORGOTTEN * total:
            for example in bare:
                message = f"'{phrase}' tidak ditandai di sini, padahal di {total} pesan lain ditandai {_label(usual)}."
                yield attention(
                    example.file, example.line, "lupa-ditandai", message, "Tandai, atau abaikan bila maknanya lain."
                )
        if len(bare) >= _COMMON and total <= _STRAY:
            for label in labels:
                for example in places[phrase, label]:
                    message = f"'{phrase}' ditandai {_label(label)}, padahal di {len(bare)} pesan lain tidak ditandai."
                    advice = "Tandai frasa yang lebih lengkap, misalnya dengan kata sebelum atau sesudahnya."
                    yield attention(example.file, example.line, "tanda-menyimpang", message, advice)


def _unmarked(content: Content, marked: Mapping[str, object]) -> Mapping[str, list[Example]]:
    """For each marked phrase the messages in which it stands without a mark."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in content.examples:
        if example.intent in _ELSEWHERE:
            continue
        words = [(word.group(), word.start(), word.end()) for word in _WORD.finditer(example.plain.lower())]
        for phrase, start, end in _runs(words):
            if phrase in marked and not any(span.start < end and start < span.end for span in example.spans):
                found[phrase].append(example)
    return found


def _runs(words: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    for first, (word, start, end) in enumerate(words):
        yield word, start, end
        phrase = word
        for following, _, last in words[first + 1 : first + _LONGEST_PHRASE]:
            phrase = f"{phrase} {following}"
            yield phrase, start, last


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _label(label: tuple[str, str]) -> str:
    return ":".join(label)


def _offices(content: Content) -> Mapping[str, frozenset[str]]:
    entries = content.trees["data/knowledge/kantor.yml"].data["kantor"]
    return {str(office["id"]): frozenset(map(str, office["sebutan"])) for office in entries}


def _troubles(content: Content) -> Iterator[str]:
    yield from (str(entry["kode"]) for entry in content.trees["data/knowledge/bantuan_aplikasi.yml"].data["kendala"])
