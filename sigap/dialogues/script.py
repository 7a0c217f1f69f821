"""Dialogues as editors write them: read from YAML, with a helpful sentence for every mistake."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from sigap.clock import WIB
from sigap.dialogues.moments import moment
from sigap.settings import ROOT

# A Sunday: tomorrow is a working day, and officers are not in.
DEFAULT_START = datetime(2026, 11, 22, 10, 0, tzinfo=WIB)
_NO_FORM = "tidak ada"


class ScriptError(ValueError):
    """A dialogue file cannot be used; the message tells the editor, in Indonesian, which line to mend."""


@dataclass(frozen=True)
class Row:
    """What must stand in a table afterwards: `count` rows (at least one if None) with these values."""

    table: str
    values: Mapping[str, Any]
    count: int | None


@dataclass(frozen=True)
class Expectation:
    """What must be true after a step. An empty expectation demands nothing beyond what always holds."""

    intent: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    responses: tuple[str, ...] = ()
    responses_absent: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    buttons_absent: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None
    asked: str | None = None
    rows: tuple[Row, ...] = ()
    asks_again: bool = False
    new_words: bool = False


@dataclass(frozen=True)
class Step:
    """One thing that happens: the applicant says, presses or sends something, or the world changes.

    `kind` is one of the keys of `_KINDS`; `value` what stood there. `line` counts from 1.
    """

    kind: str
    value: str
    line: int
    expected: Expectation = field(default_factory=Expectation)
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def speaks(self) -> bool:
        """Whether the applicant does something that must be answered."""
        return self.kind in _SPEAKING


@dataclass(frozen=True)
class Dialogue:
    """A conversation from its first message to its last."""

    name: str
    file: Path
    line: int
    steps: tuple[Step, ...]
    start: datetime = DEFAULT_START
    prepared: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    channels: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """ "koreksi/tanggal.yml::Tanggal dibetulkan", unique among all dialogues."""
        return f"{self.place}::{self.name}"

    @property
    def place(self) -> str:
        """The file as shown to people."""
        for base in (ROOT / "tests" / "conversations", ROOT, Path.cwd()):
            if self.file.is_relative_to(base):
                return str(self.file.relative_to(base))
        return str(self.file)


_SPEAKING = ("kata", "tekan", "kirim")
_KINDS = (*_SPEAKING, "waktu", "gangguan", "pulih", "siapkan")
_EXPECTED = {
    "niat": "intent",
    "entitas": "entities",
    "jawaban": "responses",
    "jawaban_tanpa": "responses_absent",
    "jawab_memuat": "contains",
    "jawab_tanpa": "lacks",
    "tombol": "buttons",
    "tombol_tanpa": "buttons_absent",
    "slot": "slots",
    "formulir": "form",
    "ditanya": "asked",
    "data": "rows",
    "bertanya_lagi": "asks_again",
    "kata_baru": "new_words",
}
_DIALOGUE_KEYS = ("nama", "mulai", "siapkan", "kanal", "rahasia", "langkah")
_STEP_KEYS = (*_KINDS, *_EXPECTED, "ragam", "kali")


@dataclass(frozen=True)
class Vocabulary:
    """The names that a dialogue may use."""

    intents: frozenset[str]
    entities: frozenset[str]
    responses: frozenset[str]
    slots: frozenset[str]
    forms: frozenset[str]
    # Columns by table.
    tables: Mapping[str, frozenset[str]]
    circumstances: Mapping[str, Callable[..., None]]
    faults: frozenset[str]
    channels: frozenset[str]


@lru_cache(maxsize=1)
def domain(path: Path = ROOT / "domain.yml") -> Mapping[str, Any]:
    """domain.yml as it stands."""
    content: Mapping[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The names of domain.yml and of the registries."""
    from sigap.dialogues.circumstances import CIRCUMSTANCES
    from sigap.dialogues.faults import FAULTS
    from sigap.dialogues.records import TABLES
    from sigap.dialogues.renderers import RENDERERS

    known = domain()
    return Vocabulary(
        intents=frozenset([*known["intents"], "nlu_fallback"]),
        entities=frozenset(known["entities"]),
        responses=frozenset(known["responses"]),
        slots=frozenset(known["slots"]),
        forms=frozenset(known["forms"]),
        tables={name: frozenset(table.columns) for name, table in TABLES.items()},
        circumstances=CIRCUMSTANCES,
        faults=frozenset(FAULTS),
        channels=frozenset(RENDERERS),
    )


def find(paths: Iterable[Path]) -> list[Path]:
    """The dialogue files under these paths, sorted. Raises `ScriptError` for a path that does not exist."""
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise ScriptError(f"{path}: berkas atau folder ini tidak ada.")
        found |= {file.resolve() for file in path.rglob("*.yml")} if path.is_dir() else {path.resolve()}
    return sorted(found)


def read(file: Path) -> list[Dialogue]:
    """The dialogues of a file, one for each variant. Raises `ScriptError` naming file and line."""
    try:
        content = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ScriptError(f"{file}:{line}: bukan YAML yang benar ({error.problem}).") from error
    if not isinstance(content, list):
        raise ScriptError(f"{file}:1: isinya harus berupa daftar dialog, masing-masing diawali '- nama:'.")
    dialogues = [variant for entry in content for variant in _variants(_Reader(file, entry))]
    names: set[str] = set()
    for dialogue in dialogues:
        if dialogue.name in names:
            raise ScriptError(f"{file}:{dialogue.line}: nama {dialogue.name!r} dipakai dua kali.")
        names.add(dialogue.name)
    return dialogues


class _Reader:
    """One mapping of a file, with the place where it stands."""

    def __init__(self, file: Path, content: Any, place: str = "dialog") -> None:
        self.file = file
        if not isinstance(content, CommentedMap):
            raise ScriptError(f"{file}: tiap {place} harus ditulis sebagai 'kunci: isi', bukan {content!r}.")
        self.content = content
        self.line: int = content.lc.line + 1

    def error(self, problem: str) -> ScriptError:
        return ScriptError(f"{self.file}:{self.line}: {problem}")

    def only(self, keys: Iterable[str]) -> None:
        for key in self.content:
            self.known(str(key), keys, "kunci")

    def known(self, name: str, names: Iterable[str], what: str) -> str:
        names = list(names)
        if name not in names:
            close = difflib.get_close_matches(name, names, 1)
            hint = f" Mungkin maksudnya {close[0]!r}?" if close else f" Yang ada: {', '.join(sorted(names))}."
            raise self.error(f"{what} {name!r} tidak dikenal.{hint}")
        return name

    def text(self, key: str) -> str:
        value = self.content.get(key)
        if not isinstance(value, str):
            raise self.error(f"{key!r} harus berupa tulisan (beri tanda kutip bila perlu), bukan {value!r}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key)
        values = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(entry, str) for entry in values):
            raise self.error(f"{key!r} harus berupa tulisan atau daftar tulisan.")
        return tuple(str(entry) for entry in values)

    def mapping(self, key: str) -> dict[str, Any]:
        value = self.content.get(key) or {}
        if not isinstance(value, dict):
            raise self.error(f"{key!r} harus berupa 'nama: isi'.")
        return {str(name): _plain(entry) for name, entry in value.items()}

    def parts(self, key: str) -> list[Any]:
        value = self.content.get(key) or []
        if not isinstance(value, list):
            raise self.error(f"{key!r} harus berupa daftar yang diawali '-'.")
        return list(value)


def _variants(reader: _Reader) -> Iterator[Dialogue]:
    """The dialogue as it stands, and once more for each further variant of an utterance."""
    reader.only(_DIALOGUE_KEYS)
    parts = [_Reader(reader.file, part, "langkah") for part in reader.parts("langkah")]
    if not parts:
        raise reader.error("dialog ini belum punya langkah.")
    steps = tuple(_step(part) for part in parts)
    _check_faults(parts, steps)
    names = vocabulary()
    base = Dialogue(
        name=reader.text("nama"),
        file=reader.file,
        line=reader.line,
        steps=steps,
        start=_start(reader),
        prepared=tuple(_circumstance(reader, entry) for entry in reader.parts("siapkan")),
        channels=tuple(reader.known(name, names.channels, "kanal") for name in reader.texts("kanal")),
        secrets=reader.texts("rahasia"),
    )
    yield base
    count = 1
    for position, part in enumerate(parts):
        for wording in part.texts("ragam"):
            count += 1
            varied = replace(steps[position], value=wording)
            yield replace(
                base, name=f"{base.name} [{count}]", steps=(*steps[:position], varied, *steps[position + 1 :])
            )


def _check_faults(parts: Sequence[_Reader], steps: Sequence[Step]) -> None:
    broken: set[str] = set()
    for part, step in zip(parts, steps):
        if step.kind == "gangguan":
            broken.add(step.value)
        elif step.kind == "pulih":
            if step.value not in broken:
                raise part.error(f"{step.value!r} tidak sedang terganggu.")
            broken.remove(step.value)


def _start(reader: _Reader) -> datetime:
    value = reader.content.get("mulai")
    if value is None:
        return DEFAULT_START
    try:
        return moment(str(value), DEFAULT_START)
    except ValueError as error:
        raise reader.error(f"'mulai' {error}") from error


def _circumstance(reader: _Reader, entry: Any) -> tuple[str, Mapping[str, Any]]:
    """ "kuota penuh", or "kuota penuh: {kantor: bogor}"."""
    name, arguments = (
        (entry, {}) if isinstance(entry, str) else next(iter(entry.items())) if isinstance(entry, dict) else (None, {})
    )
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise reader.error(f"'siapkan' berisi nama keadaan, misalnya \"kuota penuh\", bukan {entry!r}.")
    reader.known(name, vocabulary().circumstances, "keadaan")
    chosen = {str(key): _plain(value) for key, value in arguments.items()}
    signature = inspect.signature(vocabulary().circumstances[name])
    try:
        signature.bind(None, **chosen)
    except TypeError:
        may = ", ".join(list(signature.parameters)[1:]) or "tanpa pilihan"
        raise reader.error(f"keadaan {name!r} ditulis dengan pilihan: {may}.") from None
    return name, chosen


def _step(reader: _Reader) -> Step:
    reader.only(_STEP_KEYS)
    kinds = [key for key in _KINDS if key in reader.content]
    if len(kinds) != 1:
        raise reader.error(f"satu langkah berisi tepat satu dari: {', '.join(_KINDS)}.")
    (kind,) = kinds
    expecting = [key for key in _EXPECTED if key in reader.content]
    if kind not in _SPEAKING and expecting:
        raise reader.error(f"{expecting[0]!r} hanya berlaku sesudah kata, tekan, atau kirim.")
    if "ragam" in reader.content and kind != "kata":
        raise reader.error("'ragam' hanya berlaku untuk kata.")
    names = vocabulary()
    if kind == "siapkan":
        name, arguments = _circumstance(reader, reader.content[kind])
        return Step(kind, name, reader.line, arguments=arguments)
    value = str(reader.content[kind]) if kind == "waktu" else reader.text(kind)
    if kind in {"gangguan", "pulih"}:
        reader.known(value, names.faults, "gangguan")
    if kind == "waktu":
        try:
            moment(value, DEFAULT_START)
        except ValueError as error:
            raise reader.error(f"'waktu' {error}") from error
    return Step(kind, value * _times(reader), reader.line, _expectation(reader, names))


def _times(reader: _Reader) -> int:
    times = reader.content.get("kali", 1)
    if not isinstance(times, int) or times < 1:
        raise reader.error("'kali' harus berupa bilangan, misalnya 600.")
    return times


def _expectation(reader: _Reader, names: Vocabulary) -> Expectation:
    intent = reader.text("niat") if "niat" in reader.content else None
    form = reader.text("formulir") if "formulir" in reader.content else None
    asked = reader.text("ditanya") if "ditanya" in reader.content else None
    for name, known, what in (
        (intent, names.intents, "niat"),
        (form, names.forms | {_NO_FORM}, "formulir"),
        (asked, names.slots, "slot"),
    ):
        if name is not None:
            reader.known(name, known, what)
    for key in ("jawaban", "jawaban_tanpa"):
        for entry in reader.texts(key):
            for name in entry.split("|"):
                reader.known(name, names.responses, "jawaban")
    for key, known in (("slot", names.slots), ("entitas", names.entities)):
        for name in reader.mapping(key):
            reader.known(name, known, key)
    return Expectation(
        intent=intent,
        entities={name: str(value) for name, value in reader.mapping("entitas").items()},
        responses=reader.texts("jawaban"),
        responses_absent=reader.texts("jawaban_tanpa"),
        contains=reader.texts("jawab_memuat"),
        lacks=reader.texts("jawab_tanpa"),
        buttons=reader.texts("tombol"),
        buttons_absent=reader.texts("tombol_tanpa"),
        slots=reader.mapping("slot"),
        form=form,
        asked=asked,
        rows=tuple(_row(_Reader(reader.file, entry, "data"), names) for entry in reader.parts("data")),
        asks_again=reader.content.get("bertanya_lagi") is True,
        new_words=reader.content.get("kata_baru") is True,
    )


def _row(reader: _Reader, names: Vocabulary) -> Row:
    reader.only(("tabel", "isi", "jumlah"))
    table = reader.known(reader.text("tabel"), names.tables, "tabel")
    values = reader.mapping("isi")
    for column in values:
        reader.known(column, names.tables[table], f"kolom tabel {table}")
    count = reader.content.get("jumlah")
    if count is not None and not isinstance(count, int):
        raise reader.error("'jumlah' harus berupa bilangan.")
    return Row(table, values, count)


def _plain(value: Any) -> Any:
    """A value as rows and slots are compared: dates in ISO form, everything else as it stands."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value
