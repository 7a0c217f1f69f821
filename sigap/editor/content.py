"""All that editors own, read once, each part with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from actions.wording import bullets, long_date, rupiah
from sigap.annotations import Span, plain_text, spans
from sigap.editor.code import Code
from sigap.editor.findings import Finding
from sigap.editor.near import fold
from sigap.editor.sources import SourceError, Tree, parse, read_text
from sigap.knowledge.store import fault_in_words

STYLES = (
    *("formal", "santai", "singkatan", "salah_ketik", "kata_kunci"),
    *("campur_inggris", "daerah", "emoji", "suara", "cerita"),
)


@dataclass(frozen=True)
class Example:
    """A message with its intent and style, as an editor wrote it."""

    file: str
    line: int
    intent: str
    style: str
    annotated: str

    @cached_property
    def plain(self) -> str:
        """The message without annotations."""
        return plain_text(self.annotated)

    @cached_property
    def folded(self) -> str:
        """The message as it is compared with others."""
        return fold(self.plain)

    @cached_property
    def spans(self) -> list[Span]:
        """The annotated phrases."""
        return spans(self.annotated)


@dataclass(frozen=True)
class Button:
    """A button of a response."""

    line: int
    title: str
    payload_line: int
    payload: str


@dataclass(frozen=True)
class Variation:
    """One way to say a response."""

    line: int
    text: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Response:
    """A response of domain.yml."""

    name: str
    line: int
    variations: tuple[Variation, ...]


@dataclass(frozen=True)
class Step:
    """A step of a rule, story or condition: `kind` is intent, action, active_loop or slot_was_set."""

    line: int
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Journey:
    """A rule or a story."""

    file: str
    line: int
    name: str
    is_rule: bool
    conditions: tuple[Step, ...]
    steps: tuple[Step, ...]


class _Strict(BaseModel):
    class Config:
        extra = "forbid"


class _Metadata(_Strict):
    gaya: Literal[STYLES]  # type: ignore[valid-type]


class _Block(_Strict):
    intent: str
    metadata: _Metadata
    examples: str


class _OneMetadata(_Strict):
    juga: tuple[str, ...]


class _One(_Strict):
    text: str
    metadata: _OneMetadata | None = None


class _MeasuredBlock(_Strict):
    intent: str
    metadata: _Metadata
    examples: str | tuple[_One, ...]


class _Button(_Strict):
    title: str
    payload: str


class _Variation(_Strict):
    text: str
    buttons: tuple[_Button, ...] = ()


class _Step(_Strict):
    intent: str | None
    action: str | None
    active_loop: str | None
    slot_was_set: tuple[dict[str, Any], ...] | None


class _Rule(_Strict):
    rule: str
    condition: tuple[_Step, ...] = ()
    steps: tuple[_Step, ...]


class _Story(_Strict):
    story: str
    steps: tuple[_Step, ...]


@dataclass
class Content:
    """The content of SIGAP in the folder `root`; `today` decides what is overdue."""

    root: Path
    today: date
    trees: dict[str, Tree] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _named: dict[str, dict[str, int]] = field(default_factory=dict)
    _examples_of: dict[str, list[Example]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path, today: date, earlier: Content | None = None) -> Content:
        """Read every file. What cannot be read, or has not the shape it should have, is among the `findings`.

        Of files that are as they were in `earlier`, what was read then is used again.
        """
        content = cls(root, today)
        for path in content_files(root):
            name = path.relative_to(root).as_posix()
            try:
                content.texts[name] = read_text(path)
                if earlier and earlier.texts.get(name) == content.texts[name] and name in earlier.trees:
                    content.trees[name] = earlier.trees[name]
                    content._examples_of[name] = earlier._examples_of.get(name, [])
                else:
                    content.trees[name] = parse(content.texts[name])
            except SourceError as error:
                content.findings.append(Finding(name, error.line, "yaml", str(error), error.advice))
        content.findings += [finding for name in content.trees for finding in _shape(name, content.trees[name])]
        return content

    def with_text(self, name: str, text: str) -> Content:
        """The content as it would be with another text of one file. Raises `SourceError` where that is no YAML."""
        changed = Content(self.root, self.today, self.trees | {name: parse(text)}, self.texts | {name: text})
        changed._examples_of = {file: found for file, found in self._examples_of.items() if file != name}
        changed.findings = list(_shape(name, changed.trees[name]))
        changed.__dict__["code"] = self.code
        return changed

    def of(self, folder: str) -> Iterator[tuple[str, Tree]]:
        """Names and trees of the files under a folder."""
        return ((name, tree) for name, tree in self.trees.items() if name.startswith(f"{folder}/"))

    def lines(self, name: str) -> list[str]:
        """The lines of a file as they are written."""
        return self.texts[name].splitlines()

    @property
    def domain(self) -> Tree:
        """domain.yml."""
        return self.trees["domain.yml"]

    @cached_property
    def code(self) -> Code:
        """What the program names of the content."""
        return Code.read(self.root)

    @cached_property
    def examples(self) -> list[Example]:
        """The training messages."""
        return self._in("data/nlu")

    @cached_property
    def measured(self) -> list[Example]:
        """The messages of the development set."""
        return self._in("tests/nlu")

    def _in(self, folder: str) -> list[Example]:
        for name, tree in self.of(folder):
            if not self._examples_of.get(name):
                self._examples_of[name] = list(_examples(name, tree))
        return [example for name, _ in self.of(folder) for example in self._examples_of[name]]

    @cached_property
    def taught(self) -> dict[str, str]:
        """Each training message and its intent."""
        return {example.plain: example.intent for example in self.examples}

    def named(self, section: str) -> dict[str, int]:
        """Names in a list or mapping of domain.yml with their lines, such as "intents" or "slots"."""
        if section not in self._named:
            self._named[section] = self._read_names(section)
        return self._named[section]

    def _read_names(self, section: str) -> dict[str, int]:
        tree = self.domain.get(section)
        if tree is None:
            return {}
        if tree.is_mapping:
            return {name: line for name, line, _ in tree.items()}
        return {str(entry.data): entry.line for entry in tree.entries()}

    @cached_property
    def intents(self) -> dict[str, int]:
        """The intents of the domain and their lines."""
        return self.named("intents")

    @cached_property
    def responses(self) -> dict[str, Response]:
        """The responses of the domain."""
        tree = self.domain.get("responses")
        return {name: _response(name, line, value) for name, line, value in (tree.items() if tree else ())}

    @cached_property
    def journeys(self) -> list[Journey]:
        """Rules and stories."""
        return [
            journey
            for folder, section, kind in (("data/rules", "rules", "rule"), ("data/stories", "stories", "story"))
            for name, tree in self.of(folder)
            for entry in tree.get(section).entries()  # type: ignore[union-attr]  # the shape has been checked
            for journey in [_journey(name, entry, kind)]
        ]

    @cached_property
    def facts(self) -> dict[str, str]:
        """`fakta.<id>`, `tarif.<kode>` and `dasar_tarif`, as responses name them, with the text shown."""
        shown: dict[str, str] = {}
        for name, _, fact in self._knowledge("fakta.yml", "fakta").items():
            isi = fact.data["isi"]
            shown[f"fakta.{name}"] = isi if isinstance(isi, str) else bullets(isi)
        for section in ("paspor", "tambahan", "lain"):
            for fee in self._knowledge("tarif.yml", section).entries():
                shown[f"tarif.{fee.data['kode']}"] = rupiah(fee.data["rupiah"])
        basis = self._knowledge("tarif.yml", "dasar").data
        shown["dasar_tarif"] = f"{basis['nama']}, berlaku sejak {long_date(basis['berlaku'])}"
        return shown

    def _knowledge(self, file: str, section: str) -> Tree:
        found = self.trees[f"data/knowledge/{file}"].get(section)
        if found is None:
            raise LookupError(f"{file} has no {section}")
        return found


def content_files(root: Path) -> Iterator[Path]:
    """Every file that editors own, in a steady order."""
    yield from (root / name for name in ("config.yml", "credentials.yml", "domain.yml", "endpoints.yml"))
    for folder in ("data", "tests/nlu", "tests/conversations"):
        yield from sorted((root / folder).rglob("*.yml"))


def faults(model: type[BaseModel], name: str, tree: Tree) -> Iterator[Finding]:
    """What in a value does not fit its model, each at its line."""
    if not tree.is_mapping:
        yield Finding(name, tree.line, "bentuk", "Entri ini bukan kumpulan isian.", "Tulis sebagai 'nama: isi'.")
        return
    try:
        model.parse_obj(tree.data)
    except ValidationError as error:
        for fault in error.errors():
            line = tree.line_of(*fault["loc"])
            yield Finding(name, line, "bentuk", f"{fault_in_words(fault)}.", _WHAT_TO_DO.get(fault["type"], _AS_OTHERS))


_AS_OTHERS = "Contoh yang benar ada pada entri lain di berkas ini."
_WHAT_TO_DO = {
    "value_error.missing": "Tambahkan isian itu.",
    "type_error.none.not_allowed": "Lengkapi isian itu.",
    "value_error.extra": "Perbaiki ejaannya, atau hapus baris itu.",
}


def _shape(name: str, tree: Tree) -> Iterator[Finding]:
    """Whether a file has the parts that its folder asks for."""
    if name.startswith(("data/nlu/", "tests/nlu/")):
        yield from _phrases_shape(name, tree)
    elif name.startswith("data/rules/"):
        yield from _listed(_Rule, name, tree, "rules")
    elif name.startswith("data/stories/"):
        yield from _listed(_Story, name, tree, "stories")
    elif name == "domain.yml":
        yield from _domain_shape(name, tree)


def _listed(model: type[BaseModel], name: str, tree: Tree, section: str) -> Iterator[Finding]:
    entries = tree.get(section)
    if entries is None or not entries.is_list:
        yield Finding(
            name, tree.line, "bentuk", f"Bagian '{section}' tidak ada atau bukan daftar.", "Kembalikan bagian itu."
        )
        return
    for entry in entries.entries():
        yield from faults(model, name, entry)


def _phrases_shape(name: str, tree: Tree) -> Iterator[Finding]:
    training = name.startswith("data/")
    found = list(_listed(_Block if training else _MeasuredBlock, name, tree, "nlu"))
    yield from found
    for block in () if found else (tree.get("nlu") or tree).entries():
        examples = block.get("examples")
        if examples is None or examples.is_list:
            continue
        if not examples.is_block:
            advice = "Tulis 'examples: |', lalu satu baris '- ...' untuk tiap pesan."
            yield Finding(name, examples.line, "bentuk", "Contoh tidak ditulis dengan tanda '|'.", advice)
            continue
        for line, text in examples.block_lines():
            if not text.startswith("- ") or not text[2:].strip():
                advice = "Awali tiap pesan dengan tanda hubung dan spasi: '- '."
                yield Finding(name, line, "baris-contoh", f"Baris ini bukan contoh: '{_short(text)}'.", advice)


def _domain_shape(name: str, tree: Tree) -> Iterator[Finding]:
    for section in ("intents", "entities", "slots", "forms", "actions", "responses"):
        if tree.get(section) is None:
            yield Finding(name, 1, "bentuk", f"Bagian '{section}' tidak ada.", "Kembalikan bagian itu.")
    for _, line, response in (tree.get("responses") or tree).items() if tree.get("responses") else ():
        variations = list(response.entries())
        if not variations:
            yield Finding(
                name, line, "bentuk", "Jawaban ini tidak punya kata-kata.", "Tambahkan '- text: ...' di bawahnya."
            )
        for variation in variations:
            yield from faults(_Variation, name, variation)


def _examples(name: str, tree: Tree) -> Iterator[Example]:
    for block in (tree.get("nlu") or tree).entries():
        examples, style = block.get("examples"), block.get("metadata", "gaya")
        label = (block.text("intent"), str(style.data) if style else "")
        if examples is None:
            continue
        if examples.is_list:
            for entry in examples.entries():
                text = entry.get("text")
                if text is not None:
                    line = text.line + 1 if text.is_block else text.line
                    yield Example(name, line, *label, str(text.data).strip().removeprefix("- "))
        else:
            yield from (Example(name, line, *label, text[2:].strip()) for line, text in examples.block_lines())


def _response(name: str, line: int, tree: Tree) -> Response:
    return Response(
        name,
        line,
        tuple(
            Variation(
                entry.line_of("text"),
                entry.text("text"),
                tuple(
                    Button(
                        button.line_of("title"), button.text("title"), button.line_of("payload"), button.text("payload")
                    )
                    for button in (entry.get("buttons") or entry).entries()
                ),
            )
            for entry in tree.entries()
        ),
    )


def _journey(file: str, tree: Tree, kind: str) -> Journey:
    return Journey(
        file,
        tree.line,
        tree.text(kind),
        kind == "rule",
        tuple(_steps(tree.get("condition"))),
        tuple(_steps(tree.get("steps"))),
    )


def _steps(tree: Tree | None) -> Iterator[Step]:
    for entry in tree.entries() if tree else ():
        for kind, line, value in entry.items():
            if kind == "slot_was_set":
                yield Step(line, kind, tuple(name for slot in value.entries() for name, _, _ in slot.items()))
            else:
                yield Step(line, kind, () if value.data is None else (str(value.data),))


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
