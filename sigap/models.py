"""The models that were published: which is in use, since when, by whom, and whether its file is still the same.

The model in use is the newest file in the folder. Publishing puts one there; going back makes an older one the newest
again. The register beside them holds a checksum for each, which is verified before a model is loaded: a model can run
code, so no other file may take its place. Each running server notes beside them what it answers with.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sigap.clock import Clock

_REGISTER = "terbit.json"
_SERVER = "server-{}.json"


class ModelError(RuntimeError):
    """A model may not be used; the message says why, in Indonesian."""


@dataclass(frozen=True)
class Published:
    """One publication. `at` is an ISO time; `note` says in a few words what is new."""

    name: str
    sha256: str
    at: str
    by: str
    note: str


@dataclass(frozen=True)
class Serving:
    """What a running server answers with; `model` is empty where it has none.

    `loading` is the model that it is about to take, `refused` the one that it could not take, with the `reason`.
    """

    pid: int
    began: str
    model: str
    loading: str = ""
    refused: str = ""
    reason: str = ""

    @property
    def runs(self) -> bool:
        """Whether it still runs. A process id is given again one day; with the moment of its start it is not."""
        return _began(self.pid) == self.began


@dataclass(frozen=True)
class Models:
    """The folder of models."""

    folder: Path

    def history(self) -> list[Published]:
        """All publications, the latest first."""
        register = self.folder / _REGISTER
        entries = json.loads(register.read_text(encoding="utf-8")) if register.exists() else []
        return [Published(**entry) for entry in reversed(entries)]

    def in_use(self) -> Path | None:
        """The newest model, or None."""
        found = sorted(self.folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        return found[-1] if found else None

    def changed_at(self) -> int:
        """Changes with every publication; nanoseconds since 1970, 0 where there is no folder."""
        with suppress(FileNotFoundError):
            return self.folder.stat().st_mtime_ns
        return 0

    def chosen(self) -> bool:
        """Whether somebody published the model in use or went back to it, rather than only train it here."""
        now, history = self.in_use(), self.history()
        return now is not None and bool(history) and history[0].name == now.name

    def servers(self) -> list[Serving]:
        """The servers of this machine that run now, and what each answers with."""
        return sorted((one for one in self._noted() if one.runs), key=lambda one: one.pid)

    def note_server(self, model: str, loading: str = "", refused: str = "", reason: str = "") -> None:
        """Note what this process answers with; fields as in `Serving`."""
        for one in self._noted():
            if not one.runs:  # it was killed and could not say that it ends
                (self.folder / _SERVER.format(one.pid)).unlink(missing_ok=True)
        pid = os.getpid()
        _write(self.folder / _SERVER.format(pid), asdict(Serving(pid, _began(pid), model, loading, refused, reason)))

    def forget_server(self) -> None:
        """This process answers no longer."""
        (self.folder / _SERVER.format(os.getpid())).unlink(missing_ok=True)

    def publish(self, candidate: Path, by: str, note: str, clock: Clock) -> Path:
        """Move a candidate into the folder and make it the model in use."""
        target = self.folder / candidate.name
        arriving = target.with_suffix(".arriving")
        # Complete before it bears its name: servers that look on never meet half a file.
        shutil.copyfile(candidate, arriving)
        self._note(Published(target.name, checksum(arriving), clock().isoformat(), by, note))
        os.replace(arriving, target)
        os.utime(target)
        candidate.unlink()
        return target

    def go_back(self, by: str, clock: Clock) -> Path:
        """Make the model before the present one the model in use. Raises `ModelError` where there is none."""
        now = self.in_use()
        earlier = next((one for one in self.history() if now is None or one.name != now.name), None)
        if earlier is None or not (self.folder / earlier.name).exists():
            raise ModelError("Tidak ada model sebelumnya yang tersimpan.")
        target = self.verified(self.folder / earlier.name)
        # In this order: who waits for the folder to change looks at its models when the register is written.
        os.utime(target)
        self._note(Published(target.name, earlier.sha256, clock().isoformat(), by, "kembali ke model sebelumnya"))
        return target

    def remember(self, model: Path, by: str, clock: Clock) -> None:
        """Enter a model that was trained here, unless it is known: the first one, to which one can go back."""
        if all(one.name != model.name for one in self.history()):
            self._note(Published(model.name, checksum(model), clock().isoformat(), by, "dilatih di mesin ini"))

    def verified(self, model: Path) -> Path:
        """The model, once its checksum is that of its publication. Raises `ModelError` where it is another.

        A model that was trained here and never published has no entry, and is taken as it is.
        """
        known = next((one for one in self.history() if one.name == model.name), None)
        if known is not None and checksum(model) != known.sha256:
            raise ModelError(f"Berkas model {model.name} bukan lagi yang diterbitkan; ia tidak dimuat.")
        return model

    def _noted(self) -> Iterator[Serving]:
        for path in self.folder.glob(_SERVER.format("*")):
            with suppress(FileNotFoundError):  # it has just ended
                yield Serving(**json.loads(path.read_text(encoding="utf-8")))

    def _note(self, publication: Published) -> None:
        entries = [asdict(one) for one in reversed(self.history())]
        _write(self.folder / _REGISTER, [*entries, asdict(publication)])


def _write(path: Path, content: object) -> None:
    """Write JSON at once: whoever reads meets the old content or the new."""
    temporary = path.with_suffix(".baru")
    temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)


def _began(pid: int) -> str:
    """When a process of this machine began, in ticks since the machine started; empty when it has ended."""
    try:
        # proc(5): the 22nd field; the second, in brackets, may hold spaces.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return ""


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
