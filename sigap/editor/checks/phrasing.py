"""The training messages: intents, styles, repetitions, and the wall between training and measuring."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from sigap.editor.content import STYLES, Content, Example
from sigap.editor.findings import Finding, Findings, attention
from sigap.editor.near import meant, near_pairs, shared

# An intent below this is confused with its neighbours (docs/benchmark.md: accuracy rises steeply up to here).
FEWEST = 60
FEWEST_OF_A_STYLE = 10
MOST_OF_A_STYLE = 0.4
# Two messages of one meaning differ in a letter or two; shorter ones than this differ in what they mean.
NEARLY_SAME = 90
SHORTEST_COMPARED = 12
# The development set keeps a wider distance, or it would measure memory instead of understanding.
TOO_CLOSE_TO_MEASURE = 88
SHORTEST_MEASURED = 6
# A word that one intent uses this often, and the other almost never, tells two similar messages apart.
_TELLING = 3
_TELLING_SHARE = 10
EMPTY = "pesan_kosong"
# Intents of news that SIGAP tells by itself (sigap.channels.notifier): nobody says them.
NEWS = "kabar_"
_STRETCHED = re.compile(r"(.)\1{2,}")


def check(content: Content) -> Findings:
    """Every check of this module."""
    yield from _intents(content)
    yield from _amounts(content)
    yield from _repeated(content)
    yield from _nearly_repeated(content)
    yield from _measured(content)


def _intents(content: Content) -> Findings:
    seen: set[tuple[str, str]] = set()
    for example in [*content.examples, *content.measured]:
        if example.intent not in content.intents and (example.file, example.intent) not in seen:
            seen.add((example.file, example.intent))
            yield Finding(
                example.file,
                _block_line(content, example),
                "niat-tak-dikenal",
                f"Niat '{example.intent}' tidak ada di domain.yml.",
                f"Perbaiki ejaannya{meant(example.intent, content.intents)}, atau daftarkan di domain.yml.",
            )
    for name, tree in content.of("tests/nlu"):
        for block in tree.get("nlu").entries():  # type: ignore[union-attr]  # the shape has been checked
            for entry in (block.get("examples") or block).entries():
                for also in (entry.get("metadata", "juga") or entry).entries():
                    if also.data not in content.intents:
                        advice = f"Perbaiki ejaannya{meant(str(also.data), content.intents)}."
                        yield Finding(name, also.line, "niat-tak-dikenal", f"Niat '{also.data}' tidak dikenal.", advice)


def _amounts(content: Content) -> Findings:
    styles: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Example] = {}
    for example in content.examples:
        styles[example.intent][example.style] += 1
        first.setdefault(example.intent, example)
    for intent, line in content.intents.items():
        count = styles[intent].total()
        if intent == EMPTY or intent.startswith(NEWS):
            continue
        if not count:
            message = f"Niat '{intent}' tidak punya contoh."
            yield Finding(
                "domain.yml", line, "niat-tanpa-contoh", message, "Tulis contohnya di data/nlu, atau hapus niatnya."
            )
            continue
        place = (first[intent].file, _block_line(content, first[intent]))
        if count < FEWEST:
            message = f"Niat '{intent}' baru punya {count} contoh."
            yield attention(*place, "contoh-sedikit", message, f"Tambahkan sampai paling sedikit {FEWEST}.")
            continue
        few = [style for style in STYLES if styles[intent][style] < FEWEST_OF_A_STYLE]
        if few:
            message = f"Niat '{intent}' hampir tanpa contoh gaya {', '.join(few)}."
            advice = f"Tambahkan sampai paling sedikit {FEWEST_OF_A_STYLE} contoh untuk tiap gaya."
            yield attention(*place, "gaya-kurang", message, advice)
        style, most = styles[intent].most_common(1)[0]
        if most > MOST_OF_A_STYLE * count:
            message = f"{most / count:.0%} contoh niat '{intent}' bergaya {style}."
            yield attention(*place, "gaya-berat-sebelah", message, "Tambahkan contoh dalam gaya lain.")


def _repeated(content: Content) -> Findings:
    first: dict[str, Example] = {}
    written: dict[str, Example] = {}
    for example in content.examples:
        earlier = first.setdefault(example.folded, example)
        if earlier.intent != example.intent:
            yield Finding(
                example.file,
                example.line,
                "dua-niat",
                f"'{example.plain}' ({example.intent}) sudah ada di niat '{earlier.intent}' ({_place(earlier)}).",
                "Pilih satu niat, yaitu keinginan utamanya, lalu hapus yang lain.",
            )
        elif example.plain in written:
            message = f"'{example.plain}' sudah tertulis di {_place(written[example.plain])}."
            yield attention(example.file, example.line, "contoh-ganda", message, "Hapus salah satunya.")
        written.setdefault(example.plain, example)


def _nearly_repeated(content: Content) -> Findings:
    examples = [example for example in content.examples if len(example.folded) >= SHORTEST_COMPARED]
    texts = [example.folded for example in examples]
    uses = _uses(content.examples)
    for one, other in near_pairs(texts, NEARLY_SAME):
        first, second = examples[one], examples[other]
        if first.intent == second.intent or texts[one] == texts[other]:
            continue
        if not _told_apart(first, second, uses):
            yield attention(
                second.file,
                second.line,
                "mirip-beda-niat",
                f"'{second.plain}' ({second.intent}) mirip '{first.plain}' ({first.intent}, {_place(first)}).",
                "Bila artinya sama, pindahkan salah satunya; bila berbeda, tulis dengan kata yang lebih jelas bedanya.",
            )


def _measured(content: Content) -> Findings:
    texts = [example.folded for example in content.examples]
    measured = [example for example in content.measured if len(example.folded) >= SHORTEST_MEASURED]
    told: set[int] = set()
    for one, other in shared([example.folded for example in measured], texts, TOO_CLOSE_TO_MEASURE):
        if one not in told:
            told.add(one)
            taught, kept = content.examples[other], measured[one]
            yield Finding(
                taught.file,
                taught.line,
                "ikut-diukur",
                f"'{taught.plain}' (hampir) sama dengan pesan pengukuran '{kept.plain}' ({_place(kept)}).",
                "Hapus contoh latih ini. Pesan pengukuran tidak boleh ikut dilatih, supaya ukurannya jujur.",
            )


def _uses(examples: Iterable[Example]) -> Mapping[str, Counter[str]]:
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        uses[example.intent].update(_words(example))
    return uses


def _told_apart(first: Example, second: Example, uses: Mapping[str, Counter[str]]) -> bool:
    """Whether a word that only one of them has is known to belong to its intent ("wassalamualaikum")."""
    words, others = _words(first), _words(second)
    return any(
        uses[mine][word] >= _TELLING
        and uses[mine][word] >= _TELLING_SHARE * uses[theirs][word]
        and not any(uses[theirs][other] < _TELLING and OSA.distance(word, other) == 1 for other in theirs_alone)
        for mine, alone, theirs, theirs_alone in (
            (first.intent, words - others, second.intent, others - words),
            (second.intent, others - words, first.intent, words - others),
        )
        for word in alone
    )


def _words(example: Example) -> set[str]:
    return set(_STRETCHED.sub(r"\1", example.folded).split())


def _block_line(content: Content, example: Example) -> int:
    """The line that names the intent above an example."""
    blocks = content.trees[example.file].get("nlu")
    lines = [block.line_of("intent") for block in blocks.entries()] if blocks else []
    return max((line for line in lines if line <= example.line), default=example.line)


def _place(example: Example) -> str:
    return f"{example.file}:{example.line}"
