"""Changing a YAML text so that only the lines of the change change: comments, order and line widths stay.

Every edit says what the editor saw; where that is no longer so, somebody else was faster, and `Conflict` bears both
texts. Edits are functions from text to text; `sigap.editor.files` writes them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from ruamel.yaml.nodes import ScalarNode

from sigap.editor.sources import Tree, parse

# The widest line that editors' files have, and the width to which long texts are wrapped.
_WIDEST = 120
_WRAPPED = 110
_EXAMPLE = "    - "
Path = Sequence[str | int]
Edit = Callable[[str], str]


class EditError(ValueError):
    """An edit that cannot be made; the message tells the editor why, in Indonesian."""


class Conflict(EditError):
    """Somebody else changed the same place: `yours` is what the editor saw, `theirs` what stands there now."""

    def __init__(self, yours: str, theirs: str) -> None:
        super().__init__("Bagian ini baru saja diubah orang lain. Periksa isinya yang sekarang, lalu ulangi.")
        self.yours = yours
        self.theirs = theirs


# Examples


def add_example(text: str, intent: str, style: str, annotated: str) -> str:
    """The message as the last of its intent and style; where there is no such block yet, a new one is made."""
    line = f"{_EXAMPLE}{_one_line(annotated)}\n"
    lines = _lines(text)
    block = _block(parse(text), intent, style)
    if block is not None:
        end = _end_of_block(lines, _examples_line(block))
        return "".join([*lines[:end], line, *lines[end:]])
    header = f"- intent: {intent}\n  metadata: {{gaya: {style}}}\n  examples: |\n"
    after = [
        _end_of_block(lines, _examples_line(other)) for other in _blocks(parse(text)) if other.text("intent") == intent
    ]
    end = max(after) if after else len(_lines(text.rstrip("\n") + "\n"))
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines[:end], header, line, *lines[end:]])


def change_example(text: str, intent: str, style: str, seen: str, annotated: str) -> str:
    """Another wording or other marks for a message."""
    lines = _lines(text)
    at = _example_line(text, intent, style, seen)
    lines[at] = f"{_EXAMPLE}{_one_line(annotated)}\n"
    return "".join(lines)


def delete_example(text: str, intent: str, style: str, seen: str) -> str:
    """The text without a message; with its last message a block goes, too. Raises `EditError` for a file's last one."""
    lines = _lines(text)
    at = _example_line(text, intent, style, seen)
    first, last = at, at + 1
    block = next(
        block
        for block in _blocks(parse(text))
        if _examples_line(block) <= at < _end_of_block(lines, _examples_line(block))
    )
    if _end_of_block(lines, _examples_line(block)) - _examples_line(block) == 1:
        if len(list(_blocks(parse(text)))) == 1:
            raise EditError("Ini contoh terakhir di berkas; tulis dulu contoh yang lain.")
        first = block.line - 1
    return "".join(lines[:first] + lines[last:])


# Values


def set_value(text: str, path: Path, seen: Any, value: Any) -> str:
    """Another value at a place: text, whole number, day, or list of texts.

    Raises `Conflict` where the value is no longer the one that was seen, `EditError` where the place is gone.
    """
    tree = parse(text)
    found = tree.get(*path)
    if found is None:
        raise EditError(f"Bagian '{_shown(path)}' tidak ada lagi.")
    if found.data != seen:
        raise Conflict(_as_text(seen), _as_text(found.data))
    if isinstance(value, list):
        return _set_list(text, path, found, value)
    return _checked(_replace(text, tree, path, found, value), path, value)


def insert_item(text: str, path: Path, position: int, item: Any) -> str:
    """A new entry in a block list; `item` is a text or a mapping of texts (and lists of mappings of texts)."""
    found = parse(text).get(*path)
    if found is None or not found.is_list or not list(found.entries()):
        raise EditError(f"Daftar '{_shown(path)}' tidak ada lagi.")
    entries, lines = list(found.entries()), _lines(text)
    indent = _dash_column(lines, entries[0])
    at = (
        _entry_start(lines, entries[position]) if position < len(entries) else _end_of_entry(lines, entries[-1], indent)
    )
    return "".join([*lines[:at], *_item_lines(item, indent), *lines[at:]])


def delete_item(text: str, path: Path, position: int, seen: Any) -> str:
    """The text without an entry of a block list. Raises `Conflict` where it is not the one seen."""
    found = parse(text).get(*path)
    entries = list(found.entries()) if found else []
    if position >= len(entries):
        raise EditError(f"Daftar '{_shown(path)}' sudah lebih pendek.")
    if entries[position].data != seen:
        raise Conflict(_as_text(seen), _as_text(entries[position].data))
    if len(entries) == 1:
        raise EditError("Ini yang terakhir; daftar tidak boleh kosong.")
    lines = _lines(text)
    start = _entry_start(lines, entries[position])
    return "".join(
        lines[:start] + lines[_end_of_entry(lines, entries[position], _dash_column(lines, entries[position])) :]
    )


def set_field(text: str, path: Path, name: str, item: Any) -> str:
    """A new last field of a mapping that is an entry of a block list, such as the buttons of a response."""
    found = parse(text).get(*path)
    if found is None or not found.is_mapping or found.get(name) is not None:
        raise EditError(f"Bagian '{_shown(path)}' sudah berubah.")
    lines = _lines(text)
    dash = _dash_column(lines, found)
    at = _end_of_entry(lines, found, dash)
    return "".join([*lines[:at], *_field_lines(name, item, dash + 2), *lines[at:]])


def delete_field(text: str, path: Path, name: str) -> str:
    """The text without a field of a mapping that is an entry of a block list."""
    found = parse(text).get(*path)
    inside = found.get(name) if found else None
    if found is None or inside is None:
        raise EditError(f"Bagian '{_shown(path)}' sudah berubah.")
    lines = _lines(text)
    first = found.line_of(name) - 1
    column = len(lines[first]) - len(lines[first].lstrip())
    last = _dedent(lines, first + 1, column + 1, dashes=column)
    return "".join(lines[:first] + lines[last:])


def append_item(text: str, item: Any) -> str:
    """A new entry at the end of a file that is a block list, after an empty line."""
    if not parse(text).is_list:
        raise EditError("Berkas ini bukan daftar.")
    return text.rstrip("\n") + "\n\n" + "".join(_item_lines(item, 0))


def append_first(header: str, item: Any) -> str:
    """A new file that is a block list with one entry, below its header of comments."""
    return header + "\n" + "".join(_item_lines(item, 0))


# Inside


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _one_line(text: str) -> str:
    joined = " ".join(text.split())
    if not joined:
        raise EditError("Contoh tidak boleh kosong.")
    return joined


def _blocks(tree: Tree) -> Iterator[Tree]:
    blocks = tree.get("nlu")
    for block in blocks.entries() if blocks else ():
        examples = block.get("examples")
        if examples is not None and examples.is_block:
            yield block


def _block(tree: Tree, intent: str, style: str) -> Tree | None:
    """The last block of an intent and style."""
    found = [block for block in _blocks(tree) if _label(block) == (intent, style)]
    return found[-1] if found else None


def _label(block: Tree) -> tuple[str, str]:
    style = block.get("metadata", "gaya")
    return block.text("intent"), str(style.data) if style else ""


def _examples_line(block: Tree) -> int:
    """The position of the first line below `examples: |`."""
    examples = block.get("examples")
    return examples.line if examples else block.line


def _end_of_block(lines: list[str], first: int) -> int:
    """The position after the last example of a block that begins at `first`."""
    end = first
    while end < len(lines) and lines[end].startswith(_EXAMPLE):
        end += 1
    return end


def _example_line(text: str, intent: str, style: str, seen: str) -> int:
    lines = _lines(text)
    for block in _blocks(parse(text)):
        if _label(block) == (intent, style):
            first = _examples_line(block)
            for position in range(first, _end_of_block(lines, first)):
                if lines[position].removeprefix(_EXAMPLE).strip() == seen:
                    return position
    raise Conflict(seen, "(sudah dihapus, dipindah, atau diubah)")


def _replace(text: str, tree: Tree, path: Path, found: Tree, value: Any) -> str:
    if not isinstance(found.node, ScalarNode):
        raise EditError(f"Bagian '{_shown(path)}' bukan satu isian.")
    lines = _lines(text)
    row, column = int(found.node.start_mark.line), int(found.node.start_mark.column)
    indent = _indent_below(lines, tree, path, row)
    written = _written(value, column, indent, keep_block=found.is_block)
    if found.node.style in {"|", ">"}:
        end = _end_of_text(lines, row, indent - 2)
        before, after = lines[row][:column], ""
    else:
        last, until = int(found.node.end_mark.line), int(found.node.end_mark.column)
        before, after = lines[row][:column], lines[last][until:].rstrip("\n")
        end = last + 1
    if after.strip() and "\n" in written:
        written = json.dumps(value, ensure_ascii=False)
    return "".join([*lines[:row], f"{before}{written}{after}\n", *lines[end:]])


def _indent_below(lines: list[str], tree: Tree, path: Path, row: int) -> int:
    """The indentation of a block text below this place: two more than its name's, or than its dash's."""
    parent = tree.get(*path[:-1])
    if isinstance(path[-1], str) and parent is not None and parent.is_mapping:
        key = next(key for key, _ in parent.node.value if str(key.value) == path[-1])
        return int(key.start_mark.column) + 2
    return len(lines[row]) - len(lines[row].lstrip()) + 2


def _end_of_text(lines: list[str], row: int, key_column: int) -> int:
    """The position after a block text whose sign stands on `row`; empty lines after it are not of it."""
    end = last = row + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > key_column):
        end += 1
        if lines[end - 1].strip():
            last = end
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _written(value: Any, column: int, indent: int, keep_block: bool) -> str:
    """A value as YAML: in one line where it fits, folded or as a block text where it does not."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    quoted = json.dumps(text, ensure_ascii=False)
    margin = " " * indent
    if "\n" in text or (keep_block and len(quoted) + column > _WIDEST):
        tidy = all(line == line.rstrip() for line in text.split("\n")) and not text.startswith((" ", "\n"))
        if tidy and text == text.strip("\n"):
            return "|-\n" + "\n".join(f"{margin}{line}" if line else "" for line in text.split("\n"))
        return quoted
    if len(quoted) + column <= _WIDEST or text != " ".join(text.split()):
        return quoted
    wrapped = textwrap.wrap(text, _WRAPPED - indent, break_long_words=False, break_on_hyphens=False)
    return ">-\n" + "\n".join(f"{margin}{line}" for line in wrapped)


def _checked(text: str, path: Path, value: Any) -> str:
    """The text, once it is sure that the value can be read back."""
    found = parse(text).get(*path)
    if found is None or found.data != value:
        raise EditError("Isi ini tidak dapat disimpan; periksa huruf yang tidak lazim di dalamnya.")
    return text


def _set_list(text: str, path: Path, found: Tree, values: list[Any]) -> str:
    """Change a list item by item, so that items that stay keep their lines."""
    old = [entry.data for entry in found.entries()]
    if not found.is_list or not old or not values:
        raise EditError(f"Daftar '{_shown(path)}' tidak boleh kosong.")
    shared = min(len(old), len(values))
    for position in range(shared):
        if old[position] != values[position]:
            text = set_value(text, [*path, position], old[position], values[position])
    for position in range(len(old) - 1, shared - 1, -1):
        text = delete_item(text, path, position, old[position])
    for position in range(shared, len(values)):
        text = insert_item(text, path, position, values[position])
    return _checked(text, path, values)


def _dash_column(lines: list[str], entry: Tree) -> int:
    """The column of the dash before an entry of a block list."""
    row = _entry_start(lines, entry)
    line = lines[row]
    column = _indent(line)
    if not line[column:].startswith("-"):
        raise EditError("Daftar di antara kurung siku hanya dapat diubah di berkasnya.")
    return column


def _entry_start(lines: list[str], entry: Tree) -> int:
    return int(entry.node.start_mark.line)


def _end_of_entry(lines: list[str], entry: Tree, dash: int) -> int:
    return _dedent(lines, int(entry.node.start_mark.line) + 1, dash + 1)


def _dedent(lines: list[str], start: int, column: int, dashes: int | None = None) -> int:
    """The position after the last line from `start` on that is indented to `column`; trailing empty lines stay outside.

    A list may stand at the column of its name: with `dashes`, lines that begin there with a dash belong to it, too.
    """
    end = last = start
    while end < len(lines):
        line = lines[end]
        listed = dashes is not None and _indent(line) == dashes and line.lstrip().startswith("- ")
        if line.strip() and _indent(line) < column and not listed:
            break
        end += 1
        if line.strip():
            last = end
    return last


def _item_lines(item: Any, indent: int) -> list[str]:
    margin = " " * indent
    if not isinstance(item, dict):
        return [
            f"{line}\n" for line in f"{margin}- {_written(item, indent + 2, indent + 2, keep_block=False)}".split("\n")
        ]
    lines = [line for name, value in item.items() for line in _field_lines(name, value, indent + 2)]
    lines[0] = f"{margin}- {lines[0][indent + 2 :]}"
    return lines


def _field_lines(name: str, value: Any, indent: int) -> list[str]:
    margin = " " * indent
    if isinstance(value, list) and all(not isinstance(entry, dict) for entry in value):
        flow = "[" + ", ".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "]"
        return [f"{margin}{name}: {flow}\n"]
    if isinstance(value, list):
        # As domain.yml does it: a list of mappings stands at the column of its name.
        below = indent if name == "buttons" else indent + 2
        return [f"{margin}{name}:\n", *(line for entry in value for line in _item_lines(entry, below))]
    column = indent + len(name) + 2
    written = _written(value, column, indent + 2, keep_block=False)
    return [f"{line}\n" for line in f"{margin}{name}: {written}".split("\n")]


def _shown(path: Path) -> str:
    return " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)


def _as_text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
