"""Reading YAML so that every value knows its line. Quick: libyaml reads all content of SIGAP in half a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_TAG = "tag:yaml.org,2002:"


class SourceError(ValueError):
    """A file that cannot be read as YAML; `line` counts from 1, the message and `advice` are for editors."""

    def __init__(self, line: int, message: str, advice: str) -> None:
        super().__init__(message)
        self.line = line
        self.advice = advice


@dataclass(frozen=True)
class Tree:
    """A value of a YAML file. `line` counts from 1: where the value, or for a block text its sign `|`, stands."""

    node: Node

    @property
    def line(self) -> int:
        """The line on which the value begins."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether it holds named values."""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, SequenceNode)

    @property
    def is_block(self) -> bool:
        """Whether it is a text written with `|`, whose lines are lines of the file."""
        return isinstance(self.node, ScalarNode) and self.node.style == "|"

    def items(self) -> Iterator[tuple[str, int, Tree]]:
        """Name, line of the name, and value of each entry of a mapping; nothing for other values."""
        if isinstance(self.node, MappingNode):
            for key, value in self.node.value:
                yield str(key.value), int(key.start_mark.line) + 1, Tree(value)

    def entries(self) -> Iterator[Tree]:
        """The entries of a list; nothing for other values."""
        if isinstance(self.node, SequenceNode):
            yield from (Tree(node) for node in self.node.value)

    def get(self, *path: str | int) -> Tree | None:
        """The value at the end of a path of names and positions, or None."""
        here: Tree | None = self
        for step in path:
            if here is None:
                return None
            if isinstance(step, int):
                entries = list(here.entries())
                here = entries[step] if step < len(entries) else None
            else:
                here = next((value for name, _, value in here.items() if name == step), None)
        return here

    def line_of(self, *path: str | int) -> int:
        """The line of the last step of a path that exists: of its name in a mapping, of its value in a list."""
        here, line = self, self.line
        for step in path:
            if isinstance(step, int):
                found = here.get(step)
                line = found.line if found else line
            else:
                found = here.get(step)
                line = next((at for name, at, _ in here.items() if name == step), line)
            if found is None:
                break
            here = found
        return line

    def block_lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers and texts of a block text, without their indentation."""
        for offset, text in enumerate(str(self.node.value).splitlines(), start=1):
            yield self.line + offset, text

    @cached_property
    def data(self) -> Any:
        """The value as plain Python: str, int, float, bool, date, None, list or dict."""
        if isinstance(self.node, MappingNode):
            return {name: value.data for name, _, value in self.items()}
        if isinstance(self.node, SequenceNode):
            return [entry.data for entry in self.entries()]
        return _scalar(self.node)

    def text(self, name: str) -> str:
        """The text of an entry; empty where it is missing or no text."""
        found = self.get(name)
        return found.data if found is not None and isinstance(found.data, str) else ""

    def strings(self, name: str) -> list[tuple[int, str]]:
        """Lines and texts of an entry that is a list of texts, or one text."""
        found = self.get(name)
        if found is None:
            return []
        parts = list(found.entries()) if found.is_list else [found]
        return [(part.line, part.data) for part in parts if isinstance(part.data, str)]


def _scalar(node: Node) -> Any:
    kind, written = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return written.lower() == "true"
    if kind == "int":
        return int(written.replace("_", ""), 0 if written.lower().startswith(("0x", "0o")) else 10)
    if kind == "float":
        return float(written)
    return _date(written) if kind == "timestamp" else written


def _date(written: str) -> Any:
    """A day; what no calendar has stays text, so that the check of its field says so at its line."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written


def parse(text: str) -> Tree:
    """Read YAML. Raises `SourceError` with line and advice where it is no YAML, is empty, or names something twice."""
    if "\t" in text:
        line = text[: text.index("\t")].count("\n") + 1
        raise SourceError(line, "Ada tanda tab.", "Ganti tab dengan spasi; YAML hanya mengenal spasi.")
    try:
        node = YAML(typ="safe").compose(text)
    except MarkedYAMLError as error:
        raise _explained(error, text) from error
    except YAMLError as error:
        raise SourceError(1, "Berkas memuat huruf yang tidak boleh ada di YAML.", "Hapus huruf kendali itu.") from error
    if node is None:
        raise SourceError(1, "Berkas kosong.", "Kembalikan isinya, misalnya dari simpanan sebelumnya.")
    _refuse_doubles(node)
    return Tree(node)


def read_text(path: Path) -> str:
    """A file's text. Raises `SourceError` where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(line, "Teks bukan UTF-8.", "Simpan ulang berkas ini sebagai UTF-8.") from error


def _refuse_doubles(node: Node) -> None:
    if isinstance(node, MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if str(key.value) in first:
                raise SourceError(
                    line,
                    f"'{key.value}' tertulis dua kali (pertama di baris {first[str(key.value)]}).",
                    "Hapus atau ganti nama salah satunya; hanya yang terakhir yang akan dipakai.",
                )
            first[str(key.value)] = line
            _refuse_doubles(value)
    elif isinstance(node, SequenceNode):
        for entry in node.value:
            _refuse_doubles(entry)


def _explained(error: MarkedYAMLError, text: str) -> SourceError:
    problem = str(error.problem or "")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    if "end of stream" in problem or "quoted scalar" in str(error.context or ""):
        line = error.context_mark.line + 1 if error.context_mark else line
        return SourceError(line, "Tanda kutip dibuka tetapi tidak ditutup.", "Tambahkan tanda kutip penutup.")
    if "flow" in str(error.context or "") and error.context_mark:
        advice = "Periksa pasangan kurung dan koma di baris ini."
        return SourceError(error.context_mark.line + 1, "Kurung [ atau { tidak ditutup dengan benar.", advice)
    if "mapping values" in problem:
        advice = "Beri tanda kutip pada teks yang memuat titik dua."
        return SourceError(line, "Titik dua di tempat yang tidak semestinya.", advice)
    # A quote left open swallows the next line; the reader stumbles only there.
    for earlier in range(line - 1, max(0, line - 4), -1):
        if earlier <= len(lines) and _open_quote(lines[earlier - 1]):
            return SourceError(earlier, "Tanda kutip dibuka tetapi tidak ditutup.", "Tambahkan tanda kutip penutup.")
    return SourceError(
        min(line, max(1, len(lines))),
        "Penulisan YAML di sini keliru.",
        "Periksa spasi di awal baris, titik dua, tanda hubung, dan kurung, di baris ini dan sebelumnya.",
    )


def _open_quote(line: str) -> bool:
    _, _, value = line.partition(": ")
    value = (value or line).strip().removeprefix("- ")
    return value.startswith('"') and (len(value) == 1 or value.replace('\\"', "").count('"') % 2 == 1)
