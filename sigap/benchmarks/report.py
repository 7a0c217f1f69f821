"""docs/benchmark.md: sections that are measured and replaced one by one."""

from __future__ import annotations

import multiprocessing
import re
import resource
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sigap import evaluation
from sigap.evaluation import Labelled
from sigap.settings import DATA, ROOT

REPORT = ROOT / "docs" / "benchmark.md"
_TITLE = (
    "# Measurements\n\n"
    "Written by `make bench`, section by section; not to be edited. All lines of a table come from one run on one "
    "machine: compare them with each other, not with other machines. Times of the understanding are CPU seconds of all "
    "cores, which a busy machine distorts less than the clock on the wall."
)


@dataclass(frozen=True)
class Messages:
    """What candidates learn from and what they are measured on; `real` are kept outside the repository."""

    training: list[Labelled]
    development: list[Labelled]
    real: list[Labelled]

    @classmethod
    def read(cls, real: Path | None) -> Messages:
        """The messages of data/nlu and tests/nlu, and of a file of real ones."""
        return cls(
            [message for path in sorted((DATA / "nlu").glob("*.yml")) for message in evaluation.read_rasa_file(path)],
            [
                message
                for path in sorted((ROOT / "tests/nlu").glob("*.yml"))
                for message in evaluation.read_rasa_file(path)
            ],
            list(evaluation.read_jsonl(real)) if real else [],
        )

    def __str__(self) -> str:
        real = f"{len(self.real)} real public ones that are not in the repository (`--real FILE`)" if self.real else ""
        return (
            f"{len(self.training)} training messages; measured on {len(self.development)} development messages written "
            f"without sight of them{' and ' + real if real else ''}. Accuracy counts any acceptable intent."
        )


@dataclass(frozen=True)
class Row:
    """One line of a table: accuracies are shares, times are CPU seconds, `parse` is the median for one message."""

    name: str
    development: float
    real: float | None
    training: float
    parse: float
    megabytes: float


def table(rows: list[Row]) -> str:
    """The rows as Markdown, training and parsing also in relation to the first."""
    lines = [
        "| | development | real | training CPU s | against first | parse CPU ms | against first | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        real = f"{row.real:.1%}" if row.real is not None else "-"
        lines.append(
            f"| {row.name} | {row.development:.1%} | {real} "
            f"| {row.training:.1f} | {row.training / rows[0].training:.2f}x "
            f"| {row.parse * 1000:.1f} | {row.parse / rows[0].parse:.2f}x | {row.megabytes:.0f} |"
        )
    return "\n".join(lines)


def replace(heading: str, section: str, report: Path = REPORT) -> None:
    """Put a section under its heading ("## …") in the place of the old one, or at the end."""
    written = report.read_text(encoding="utf-8") if report.exists() else ""
    parts = [part.rstrip() for part in re.split(r"^(?=## )", written, flags=re.MULTILINE)]
    sections = {part.partition("\n")[0]: part for part in parts if part.startswith("## ")}
    sections[heading] = f"{heading}\n\n{section}"
    report.write_text("\n\n".join([_TITLE, *sections.values()]) + "\n", encoding="utf-8")


def in_own_process(measure: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a measurement in a process of its own, where memory begins at nothing."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def peak_megabytes() -> float:
    """The most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_nlu(messages: Iterable[Labelled], file: Path) -> Path:
    """Messages as Rasa reads them, without entities; returns the file."""
    by_intent: dict[str, list[str]] = {}
    for message in messages:
        by_intent.setdefault(message.intents[0], []).append(message.text)
    nlu = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in by_intent.items()]
    with file.open("w", encoding="utf-8") as opened:
        YAML().dump({"version": "3.1", "nlu": nlu}, opened)
    return file
