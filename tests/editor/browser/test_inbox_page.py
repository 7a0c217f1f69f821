"""An editor files what was misunderstood, with the mouse or with one key."""

from __future__ import annotations

from playwright.sync_api import Locator, expect
from workbench import MISUNDERSTOOD, Editor

STATUS = "data/nlu/status.yml"
FIRST, SECOND = MISUNDERSTOOD


def group(editor: Editor, text: str) -> Locator:
    """The group with this message, on the page of what waits."""
    editor.go("/kotak-masuk")
    found = editor.find("[data-kelompok]").filter(has_text=text)
    expect(found).to_be_visible()
    return found


def test_a_message_is_filed_with_one_click_and_taken_back(editor: Editor) -> None:
    waiting = group(editor, FIRST)
    waiting.get_by_role("button", name="cek_status").click()
    editor.shows(".selesai", "cek_status")
    assert f"    - {FIRST}\n" in editor.workbench.text(STATUS)
    waiting.get_by_role("button", name="Urung").click()
    expect(waiting.get_by_role("button", name="cek_status")).to_be_visible()
    assert FIRST not in editor.workbench.text(STATUS)


def test_a_message_that_is_not_for_sigap_is_put_away_with_one_key(editor: Editor) -> None:
    before = editor.workbench.text(STATUS)
    group(editor, SECOND).press("0")
    editor.shows(".selesai", "bukan untuk SIGAP")
    editor.go("/kotak-masuk")
    expect(editor.find("#kelompok")).not_to_contain_text(SECOND)
    assert editor.workbench.text(STATUS) == before
