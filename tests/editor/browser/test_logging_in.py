"""A workbench that others than this machine can reach: everybody logs in, and may do what their role allows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from workbench import Editor, Workbench, running

from sigap.settings import ROOT

PASSWORD = "kuda-baterai-staples"
STATUS = "data/nlu/status.yml"
EXAMPLE = "pasporku lagi ngapain ya di sana sekarang"


@pytest.fixture(scope="module")
def reachable(new_copy: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench that does not listen on localhost, with one person of each role."""
    root, folder = new_copy(), tmp_path_factory.mktemp("reachable")
    (folder / "models").mkdir()
    command = [sys.executable, "-m", "sigap", "editor", "--root", str(root), "user", "--password", PASSWORD]
    for role in ("pembaca", "penyunting", "penerbit"):
        subprocess.run([*command, "--role", role, role.capitalize()], cwd=ROOT, check=True)
    # The whole of 127.0.0.0/8 is this machine; the workbench calls only its usual names "here".
    with running(root, folder / "models", folder / "editor.log", host="127.0.0.2") as started:
        yield started


@pytest.fixture
def stranger(browser: Browser, reachable: Workbench) -> Iterator[Editor]:
    """Somebody who has not logged in."""
    somebody = Editor(browser, reachable)
    yield somebody
    somebody.close()


def log_in(editor: Editor, name: str, password: str = PASSWORD) -> None:
    editor.go("/masuk")
    editor.page.get_by_label("Nama").fill(name)
    editor.page.get_by_label("Kata sandi").fill(password)
    editor.press("Masuk")


def try_to_add(editor: Editor) -> None:
    editor.go("/contoh?niat=cek_status")
    editor.find("#pesan-baru").fill(EXAMPLE)
    editor.press("Tambah")


def test_whoever_has_not_logged_in_sees_only_the_door(stranger: Editor) -> None:
    for path in ("/coba", "/contoh", "/jawaban", "/kotak-masuk", "/latih", "/periksa"):
        stranger.go(path)
        expect(stranger.page).to_have_url(f"{stranger.workbench.address}/masuk")
    log_in(stranger, "Penerbit", "salah-sama-sekali")
    stranger.shows("[role=alert]", "Nama atau kata sandi keliru")
    stranger.go("/coba")
    expect(stranger.page).to_have_url(f"{stranger.workbench.address}/masuk")


def test_a_reader_looks_and_changes_nothing(stranger: Editor) -> None:
    before = stranger.workbench.text(STATUS)
    log_in(stranger, "Pembaca")
    try_to_add(stranger)
    stranger.shows("#kabar .peringatan", "Ini hanya boleh dilakukan penyunting")
    assert stranger.workbench.text(STATUS) == before


def test_an_editor_changes_and_does_not_publish(stranger: Editor) -> None:
    log_in(stranger, "Penyunting")
    try_to_add(stranger)
    stranger.shows("#hasil-tambah .berhasil", STATUS)
    assert f"    - {EXAMPLE}\n" in stranger.workbench.text(STATUS)
    stranger.go("/latih")
    stranger.press("Latih calon baru")
    stranger.shows("#kabar .peringatan", "Ini hanya boleh dilakukan penerbit")
    refused = stranger.page.request.post(
        f"{stranger.workbench.address}/latih/terbitkan", headers={"Origin": stranger.workbench.address}
    )
    assert refused.status == 403


def test_a_publisher_may_publish_what_there_is(stranger: Editor) -> None:
    log_in(stranger, "Penerbit")
    answer = stranger.page.request.post(
        f"{stranger.workbench.address}/latih/terbitkan", headers={"Origin": stranger.workbench.address}
    )
    assert answer.status == 409
    assert "Calon ini sudah tidak ada" in answer.text()


def test_whoever_leaves_is_outside_again(stranger: Editor) -> None:
    log_in(stranger, "Pembaca")
    expect(stranger.page).to_have_url(f"{stranger.workbench.address}/coba")
    stranger.press("Keluar")
    expect(stranger.page).to_have_url(f"{stranger.workbench.address}/masuk")
    stranger.go("/contoh")
    expect(stranger.page).to_have_url(f"{stranger.workbench.address}/masuk")
