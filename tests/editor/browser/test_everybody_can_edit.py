"""The workbench for people who see little, use a screen reader, or work in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import complaints_of_axe
from playwright.sync_api import Browser, expect
from workbench import Editor, Workbench

NewEditor = Callable[..., Editor]
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture
def new_editor(browser: Browser, workbench: Workbench) -> Iterator[NewEditor]:
    """Makes editors with eyes and habits of their own."""
    made: list[Editor] = []

    def make(**context: Any) -> Editor:
        # Movement changes colours on the way; axe is to see what stays.
        made.append(Editor(browser, workbench, reduced_motion="reduce", **context))
        return made[-1]

    yield make
    for editor in made:
        editor.close()


@both_schemes
@pytest.mark.parametrize(
    "path",
    [
        "/coba",
        "/contoh",
        "/contoh?niat=cek_status",
        "/jawaban",
        "/jawaban/utter_paspor_hilang",
        "/fakta/fakta.yml/fakta/batas_bayar",
        "/kotak-masuk",
        "/latih",
        "/periksa",
    ],
)
def test_axe_finds_nothing_to_complain_of(new_editor: NewEditor, scheme: str, path: str) -> None:
    editor = new_editor(color_scheme=scheme)
    editor.go(path)
    assert complaints_of_axe(editor.page) == []


@both_schemes
def test_axe_finds_nothing_while_somebody_works(new_editor: NewEditor, scheme: str) -> None:
    editor = new_editor(color_scheme=scheme)
    editor.try_out("brp biaya pspor ank")
    found = complaints_of_axe(editor.page)
    editor.go("/contoh?niat=cek_status")
    editor.find("#pesan-baru").fill("brp biaya bikin paspor ya kak")
    editor.shows("#tetangga-baru .lain", "biaya_paspor")
    editor.find("#hasil").get_by_role("button", name="Ubah").first.click()
    expect(editor.find("tr.ubah")).to_be_visible()
    found += complaints_of_axe(editor.page)
    editor.find("#pesan-baru").fill("hi good evening admin")
    editor.press("Tambah")
    editor.shows("#kabar .peringatan", "mengukur")
    found += complaints_of_axe(editor.page)
    assert found == []
