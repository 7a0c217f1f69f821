"""How well the trained model understands messages that it has never seen."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sigap.annotations import plain_text, spans

FALLBACK = "nlu_fallback"
_KIND_ALONE = frozenset({"tanggal"})
Understood = dict[str, Any]


@dataclass(frozen=True)
class Labelled:
    """A message with what a careful reader says of it.

    `intents` are all acceptable labels, the best first; `entities` are (entity, value) pairs, None when the message was
    not annotated.
    """

    text: str
    intents: tuple[str, ...]
    style: str
    entities: frozenset[tuple[str, str]] | None


@dataclass
class Report:
    """Counts over a set of messages."""

    right: int = 0
    total: int = 0
    fallbacks: int = 0
    by_intent: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    by_style: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    entities: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def accuracy(self) -> float:
        """Share of messages whose intent is one of the acceptable ones."""
        return self.right / self.total

    def f1(self, entity: str | None = None) -> float:
        """Micro-averaged F1 of (entity, value) pairs, over all entities or one."""
        chosen = [self.entities[entity]] if entity else self.entities.values()
        hits, extra, missed = (sum(count[kind] for count in chosen) for kind in ("hit", "extra", "missed"))
        return 2 * hits / max(1, 2 * hits + extra + missed)

    def lines(self) -> Iterator[str]:
        """The report as text."""
        yield f"messages {self.total}   intent right {self.accuracy:.1%}   sent to fallback {self.fallbacks}"
        yield "style    " + "  ".join(f"{name} {_share(hits)}" for name, hits in sorted(self.by_style.items()))
        weak = sorted(self.by_intent.items(), key=lambda item: sum(item[1]) / len(item[1]))
        yield "weakest  " + "  ".join(f"{name} {_share(hits)}" for name, hits in weak[:8])
        yield "confused " + "  ".join(f"{a}->{b} {n}" for (a, b), n in self.confusions.most_common(8))
        if self.entities:
            yield f"entities F1 {self.f1():.3f}  " + "  ".join(
                f"{name} {self.f1(name):.2f}" for name in sorted(self.entities)
            )


def evaluate(messages: Iterable[Labelled], understand: Callable[[str], Understood]) -> Report:
    """Compare what was understood with the labels."""
    report = Report()
    for message in messages:
        understood = understand(message.text)
        guess = understood["intent"]["name"]
        right = guess in message.intents
        report.total += 1
        report.right += right
        report.fallbacks += guess == FALLBACK
        report.by_intent[message.intents[0]].append(right)
        report.by_style[message.style].append(right)
        if not right:
            report.confusions[message.intents[0], guess] += 1
        if message.entities is not None:
            _count_entities(report, message.entities, understood["entities"])
    return report


def read_rasa_file(path: Path) -> Iterator[Labelled]:
    """Messages of a file in Rasa's format; `metadata.gaya` names the style, `metadata.juga` further intents."""
    for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
        style = (block.get("metadata") or {}).get("gaya", "")
        for text, also in _examples(block["examples"]):
            yield Labelled(plain_text(text), (block["intent"], *also), style, _entities(text))


def read_jsonl(path: Path) -> Iterator[Labelled]:
    """Messages as JSON lines {"text", "intent": [...], "entities": {kind: value or [values]}}."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        told = entry.get("entities")
        entities = None if told is None else _told(told)
        yield Labelled(entry["text"], tuple(entry["intent"]), entry.get("source", ""), entities)


def _told(entities: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset(
        _pair(entity, str(value))
        for entity, values in entities.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _examples(examples: str | Sequence[dict[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(examples, str):
        yield from ((line[2:].strip(), ()) for line in examples.splitlines() if line.startswith("- "))
    else:
        for entry in examples or ():
            text = entry["text"].strip().removeprefix("- ")
            yield text, tuple((entry.get("metadata") or {}).get("juga", ()))


def _entities(annotated: str) -> frozenset[tuple[str, str]]:
    return frozenset(_pair(span.entity, span.value or span.text) for span in spans(annotated))


def _pair(entity: str, value: str) -> tuple[str, str]:
    # The value of a date depends on the day of reading, so it only counts that there is one.
    return entity, "" if entity in _KIND_ALONE else _comparable(value)


def _count_entities(report: Report, expected: frozenset[tuple[str, str]], found: list[dict[str, Any]]) -> None:
    seen = {_pair(entity["entity"], entity["value"]) for entity in found}
    for kind, pairs in (("hit", seen & expected), ("extra", seen - expected), ("missed", expected - seen)):
        for entity, _ in pairs:
            report.entities[entity][kind] += 1


def _comparable(value: str) -> str:
    return "".join(char for char in value.lower() if char.isalnum() or char == "_")


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.0%}"
