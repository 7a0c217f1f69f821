"""Writing the editors' files: whole or not at all, one editor at a time, each change under the editor's name."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sigap.editor.edits import Edit, EditError
from sigap.editor.sources import SourceError, parse


@dataclass(frozen=True)
class Files:
    """The content under `root`. With `commits`, each change becomes a commit of the git repository it lies in."""

    root: Path
    commits: bool = False

    def read(self, name: str) -> str:
        """A file as it stands, character for character."""
        return (self.root / name).read_bytes().decode("utf-8")

    def change(self, editor: str, what: str, edits: Mapping[str, Edit]) -> None:
        """Apply an edit to each named file: to all of them, or, where one cannot be made, to none.

        The edits see the files as they are at that moment, under a lock that all processes share, so that two editors
        never lose each other's work. Raises `EditError` (`Conflict` where the place was changed meanwhile).
        """
        with self._alone():
            before = {name: self.read(name) for name in edits}
            after = {name: edit(before[name]) for name, edit in edits.items()}
            for name, text in after.items():
                _must_be_readable(name, text)
            changed = {name: text for name, text in after.items() if text != before[name]}
            written: list[str] = []
            try:
                for name, text in changed.items():
                    _write(self.root / name, text)
                    written.append(name)
            except OSError:
                for name in written:
                    _write(self.root / name, before[name])
                raise
            if self.commits and changed:
                self._commit(editor, what, list(changed))

    def create(self, editor: str, what: str, name: str, text: str) -> None:
        """A new file. Raises `EditError` where there is one already."""
        with self._alone():
            path = self.root / name
            if path.exists():
                raise EditError(f"Berkas {name} sudah ada.")
            _must_be_readable(name, text)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)
            if self.commits:
                self._commit(editor, what, [name])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self.root / ".sigap-editor.lock"
        with lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _commit(self, editor: str, what: str, names: list[str]) -> None:
        """Commit these files and nothing else that may be staged. Raises `EditError` with git's own words."""
        identity = ["-c", f"user.name={editor}", "-c", "user.email=penyunting@localhost"]
        for command in (
            ["add", "--", *names],
            [*identity, "commit", "--quiet", "--no-verify", "-m", what, "--", *names],
        ):
            run = subprocess.run(["git", *command], cwd=self.root, capture_output=True, text=True, check=False)
            if run.returncode:
                raise EditError(f"Perubahan tersimpan, tetapi git menolak mencatatnya: {run.stderr.strip()}")


def _must_be_readable(name: str, text: str) -> None:
    try:
        parse(text)
    except SourceError as error:
        raise EditError(f"{name}:{error.line}: {error} {error.advice}") from error


def _write(path: Path, text: str) -> None:
    """Replace a file in one step: a reader, or a loss of power, meets the old text or the new one."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
