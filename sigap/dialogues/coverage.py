"""What of the assistant no dialogue has met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sigap.dialogues.played import Met
from sigap.dialogues.script import domain
from sigap.settings import DATA

Trace = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Part:
    """One kind of thing: all that there is, and what of it was never met."""

    title: str
    all: tuple[str, ...]
    missed: tuple[str, ...]


def coverage(met: Iterable[Met]) -> list[Part]:
    """Intents, responses, rules, form slots and actions against what the dialogues have met."""
    every = list(met)
    known = domain()
    slots = [slot for form in known["forms"].values() for slot in form["required_slots"]]
    rules = dict(_rules(DATA / "rules"))
    return [
        _part("niat", [*known["intents"], "nlu_fallback"], {name for one in every for name in one.intents}),
        _part("jawaban", known["responses"], {name for one in every for name in one.responses}),
        _part("aturan", rules, {name for name, trace in rules.items() if any(_has(one.trace, trace) for one in every)}),
        _part("isian formulir (ditanyakan)", slots, {name for one in every for name in one.asked}),
        _part("tindakan", known["actions"], {name for one in every for name in one.actions}),
    ]


def report(parts: Sequence[Part]) -> str:
    """The coverage as text, in Indonesian."""
    lines = []
    for part in parts:
        lines.append(f"{part.title}: {len(part.all) - len(part.missed)} dari {len(part.all)} sudah dilalui")
        lines += [f"  belum: {name}" for name in part.missed]
    return "\n".join(lines)


def _part(title: str, known: Iterable[str], met: set[str]) -> Part:
    names = tuple(dict.fromkeys(known))
    return Part(title, names, tuple(name for name in names if name not in met))


def _rules(folder: Path) -> Iterator[tuple[str, Trace]]:
    for file in sorted(folder.glob("*.yml")):
        for rule in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["rules"]:
            yield rule["rule"], [step for part in rule["steps"] for step in _steps(part)]


def _steps(part: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for key, value in part.items():
        if key in {"intent", "action", "active_loop"}:
            yield key, value


def _has(trace: Trace, rule: Trace) -> bool:
    return any(list(trace[start : start + len(rule)]) == list(rule) for start in range(len(trace) - len(rule) + 1))
