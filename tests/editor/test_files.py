"""Two editors work at once, machines stop at the wrong moment, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sigap.editor import edits
from sigap.editor.edits import Conflict, EditError
from sigap.editor.files import Files
from sigap.settings import ROOT

NAME = "nlu.yml"
TEXT = 'version: "3.1"\nnlu:\n- intent: sapa\n  metadata: {gaya: formal}\n  examples: |\n    - halo\n    - hai\n'
MANY = 40

ADD_MANY = f"""
import sys
from pathlib import Path
from sigap.editor.edits import add_example
from sigap.editor.files import Files
files = Files(Path(sys.argv[1]))
for number in range({MANY}):
    message = f"{{sys.argv[2]}} {{number}}"
    files.change(sys.argv[2], "tambah", {{"{NAME}": lambda text: add_example(text, "sapa", "formal", message)}})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout


def test_two_editors_in_two_processes_lose_nothing(folder: Path) -> None:
    editors = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, str(folder), name], cwd=ROOT) for name in ("Sari", "Budi")
    ]
    assert [editor.wait(120) for editor in editors] == [0, 0]
    written = (folder / NAME).read_text(encoding="utf-8")
    assert all(f"    - {name} {number}\n" in written for name in ("Sari", "Budi") for number in range(MANY))


def test_the_slower_of_two_editors_is_shown_both_texts(folder: Path) -> None:
    files = Files(folder)
    files.change("Sari", "ubah", {NAME: lambda text: edits.change_example(text, "sapa", "formal", "hai", "hai kak")})
    with pytest.raises(Conflict) as conflict:
        files.change(
            "Budi", "ubah", {NAME: lambda text: edits.change_example(text, "sapa", "formal", "hai", "hai min")}
        )
    assert conflict.value.yours == "hai"
    assert "hai kak" in (folder / NAME).read_text(encoding="utf-8")


def test_a_change_of_two_files_happens_in_both_or_in_none(folder: Path) -> None:
    (folder / "lain.yml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(Conflict):
        Files(folder).change(
            "Sari",
            "pindah",
            {
                NAME: lambda text: edits.add_example(text, "sapa", "formal", "pindahan"),
                "lain.yml": lambda text: edits.delete_example(text, "sapa", "formal", "tidak ada"),
            },
        )
    assert (folder / NAME).read_text(encoding="utf-8") == TEXT


def test_a_text_that_could_not_be_read_back_is_never_written(folder: Path) -> None:
    with pytest.raises(EditError, match=r"nlu\.yml:\d+"):
        Files(folder).change("Sari", "rusak", {NAME: lambda text: text + "  x: [\n"})
    assert (folder / NAME).read_text(encoding="utf-8") == TEXT
    assert [path.name for path in folder.iterdir() if path.name.startswith(f".{NAME}")] == []


def test_a_disk_that_is_full_leaves_the_old_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Files(folder).change("Sari", "tambah", {NAME: lambda text: edits.add_example(text, "sapa", "formal", "pagi")})
    assert (folder / NAME).read_text(encoding="utf-8") == TEXT
    assert [path.name for path in folder.iterdir() if path.name.startswith(f".{NAME}")] == []


def test_a_change_is_a_commit_of_its_file_with_the_editors_name(folder: Path) -> None:
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "-m", "awal")
    (folder / "titipan.txt").write_text("belum selesai", encoding="utf-8")
    git(folder, "add", "titipan.txt")
    files = Files(folder, commits=True)
    files.change(
        "Sari Dewi", "Tambah contoh sapa", {NAME: lambda text: edits.add_example(text, "sapa", "formal", "pagi")}
    )
    assert git(folder, "log", "-1", "--format=%an: %s").strip() == "Sari Dewi: Tambah contoh sapa"
    assert git(folder, "show", "--shortstat", "--format=", "HEAD").strip() == "1 file changed, 1 insertion(+)"
    assert "titipan.txt" in git(folder, "diff", "--cached", "--name-only")


def test_a_change_without_git_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    with pytest.raises(EditError, match="git menolak"):
        Files(folder, commits=True).change(
            "Sari", "x", {NAME: lambda text: edits.add_example(text, "sapa", "formal", "a")}
        )
    assert "    - a\n" in (folder / NAME).read_text(encoding="utf-8")


def test_a_new_file_never_replaces_one_that_is_there(folder: Path) -> None:
    with pytest.raises(EditError, match="sudah ada"):
        Files(folder).create("Sari", "baru", NAME, "a: 1\n")
    Files(folder).create("Sari", "baru", "tests/baru.yml", "- nama: x\n")
    assert (folder / "tests" / "baru.yml").read_text(encoding="utf-8") == "- nama: x\n"
