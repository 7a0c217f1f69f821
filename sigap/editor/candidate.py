"""Training a candidate in a process of its own, and comparing it with the model in use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sigap.models import Models
from sigap.settings import ROOT

_FOLDER = Path(".sigap-editor")
STEPS = ("melatih", "mengukur", "memainkan dialog", "selesai")


@dataclass(frozen=True)
class Difference:
    """A message that the two models understand differently; `intents` are the acceptable ones."""

    text: str
    intents: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """The candidate beside the model in use. Counts by intent are (right before, right after, all)."""

    total: int
    right_before: int
    right_after: int
    newly_right: tuple[Difference, ...]
    newly_wrong: tuple[Difference, ...]
    by_intent: dict[str, tuple[int, int, int]]
    dialogues: int = 0
    dialogues_newly_failed: tuple[str, ...] = ()
    dialogues_newly_passed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a candidate is. `step` is one of `STEPS`, or "gagal" with a `message`; times are seconds since 1970."""

    step: str
    began: float
    pid: int
    message: str = ""
    model: str = ""
    compared_with: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    comparison: Comparison | None = None

    @property
    def running(self) -> bool:
        """Whether its process is still at work."""
        return self.step not in {"selesai", "gagal"} and Path(f"/proc/{self.pid}").exists()


@dataclass(frozen=True)
class Candidates:
    """The candidate of a content folder: at most one."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / _FOLDER / "calon"

    def start(self, models: Models) -> None:
        """Train from the content as it stands, in the background. Does nothing while one is being trained."""
        now = self.progress()
        if now is not None and now.running:
            return
        self.discard()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "sigap.editor.candidate", str(self.root), str(models.folder)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._write(Progress("melatih", time.time(), process.pid))

    def progress(self) -> Progress | None:
        """How far the candidate is, or None where there is none."""
        path = self.folder / "keadaan.json"
        if not path.exists():
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        compared = content.pop("comparison")
        return Progress(**content, comparison=_comparison(compared) if compared else None)

    def file(self) -> Path | None:
        """The trained candidate, once it is compared."""
        now = self.progress()
        path = self.folder / now.model if now and now.step == "selesai" else None
        return path if path is not None and path.exists() else None

    def discard(self) -> None:
        """Throw the candidate away."""
        for path in sorted(self.folder.glob("*")) if self.folder.exists() else []:
            path.unlink()

    def _write(self, progress: Progress) -> None:
        path = self.folder / "keadaan.json"
        temporary = path.with_suffix(".baru")
        temporary.write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, path)


def compare(labelled: Iterable[tuple[str, tuple[str, ...]]], before: list[str], after: list[str]) -> Comparison:
    """Compare two models' intents for the same labelled messages."""
    right: list[Difference] = []
    wrong: list[Difference] = []
    counts: dict[str, tuple[int, int, int]] = {}
    totals: Counter[str] = Counter()
    for (text, intents), old, new in zip(labelled, before, after):
        was, is_now = old in intents, new in intents
        totals.update(total=1, before=was, after=is_now)
        a, b, c = counts.get(intents[0], (0, 0, 0))
        counts[intents[0]] = (a + was, b + is_now, c + 1)
        if was != is_now:
            (right if is_now else wrong).append(Difference(text, intents, old, new))
    return Comparison(totals["total"], totals["before"], totals["after"], tuple(right), tuple(wrong), counts)


def _comparison(content: dict[str, Any]) -> Comparison:
    for name in ("newly_right", "newly_wrong"):
        content[name] = tuple(
            Difference(one["text"], tuple(one["intents"]), one["before"], one["after"]) for one in content[name]
        )
    content["by_intent"] = {name: tuple(counts) for name, counts in content["by_intent"].items()}
    return Comparison(**content)


class _Work:
    """The steps of the background process, each noted as it begins."""

    def __init__(self, root: Path, models: Models) -> None:
        self._candidates = Candidates(root)
        self._root, self._models = root, models
        self._began = time.time()
        self._times: dict[str, float] = {}
        self._known: dict[str, Any] = {}

    def run(self) -> None:
        from sigap.training import train

        live = self._models.in_use()
        model = self._timed("melatih", lambda: train(root=self._root, output=self._candidates.folder))
        self._known = {"model": model.name, "compared_with": live.name if live else ""}
        # Side by side, each model in a process of its own: an editor waits for the slower one only.
        with ProcessPoolExecutor(2, get_context("spawn")) as both:
            pair = (live or model, model)
            comparison = self._timed("mengukur", lambda: self._measured(both, pair))
            comparison = self._timed("memainkan dialog", lambda: self._played(both, pair, comparison))
        self._note("selesai", comparison=comparison)

    def fail(self, error: Exception) -> None:
        traceback.print_exc()
        reason = str(error).splitlines()[-1] if str(error) else type(error).__name__
        self._note("gagal", message=f"{reason} (selengkapnya di {self._candidates.folder / 'log.txt'})")

    def _timed(self, step: str, work: Callable[[], Any]) -> Any:
        self._note(step)
        began = time.monotonic()
        result = work()
        self._times[step] = round(time.monotonic() - began, 1)
        return result

    def _note(self, step: str, **more: Any) -> None:
        self._candidates._write(Progress(step, self._began, os.getpid(), seconds=self._times, **self._known, **more))

    def _measured(self, both: Executor, pair: tuple[Path, Path]) -> Comparison:
        from sigap.evaluation import read_rasa_file

        messages = [
            one for path in sorted((self._root / "tests" / "nlu").glob("*.yml")) for one in read_rasa_file(path)
        ]
        before, after = both.map(_guesses, pair, repeat([one.text for one in messages]))
        return compare([(one.text, one.intents) for one in messages], before, after)

    def _played(self, both: Executor, pair: tuple[Path, Path], comparison: Comparison) -> Comparison:
        before, after = both.map(_failures, pair, repeat(self._root))
        return replace(
            comparison,
            dialogues=len(after),
            dialogues_newly_failed=tuple(sorted(name for name in after if after[name] and not before.get(name))),
            dialogues_newly_passed=tuple(sorted(name for name in after if before.get(name) and not after[name])),
        )


def _guesses(model: Path, texts: list[str]) -> list[str]:
    """The likeliest intent of each text."""
    from sigap.understand import Understanding

    understand = Understanding.of_model(model)
    return [str(understand.of(text)["intent"]["name"]) for text in texts]


def _failures(model: Path, root: Path) -> dict[str, bool]:
    """Which dialogues of a content folder fail with a model."""
    from sigap.dialogues import script
    from sigap.dialogues.house import house_of
    from sigap.dialogues.player import play

    house = house_of(model)
    try:
        files = script.find([root / "tests" / "conversations"])
        dialogues = [dialogue for path in files for dialogue in script.read(path)]
        return {dialogue.name: play(house, dialogue).failed is not None for dialogue in dialogues}
    finally:
        house.close()


if __name__ == "__main__":
    work = _Work(Path(sys.argv[1]), Models(Path(sys.argv[2])))
    try:
        work.run()
    except Exception as error:
        work.fail(error)
        sys.exit(1)
