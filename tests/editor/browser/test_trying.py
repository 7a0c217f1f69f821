"""An editor tries a message and keeps the conversation as a test."""

from __future__ import annotations

from playwright.sync_api import expect
from workbench import Editor

from sigap.dialogues import script
from sigap.editor.sources import parse

KEPT = "tests/conversations/dari_penyunting.yml"


def test_a_message_is_tried_and_the_conversation_kept_as_a_test(editor: Editor) -> None:
    editor.go("/coba")
    editor.try_out("brp biaya pspor ank")
    expect(editor.find(".peringkat a").first).to_have_text("biaya_paspor")
    expect(editor.find(".paham")).to_contain_text("biaya paspor anak")
    expect(editor.find(".entitas")).to_contain_text("kelompok_pemohon: anak")
    expect(editor.find(".gelembung.sigap")).to_contain_text("Rp350.000")
    expect(editor.find(".gelembung.sigap strong").first).to_contain_text("Biaya paspor")

    editor.find(".pil").first.click()  # the answer's first button
    expect(editor.find(".giliran")).to_have_count(2)
    expect(editor.find(".giliran").last.locator(".peringkat a").last).to_be_visible()

    editor.find("#nama-dialog").fill("Biaya untuk anak, lalu cara bayar")
    editor.press("Simpan")
    editor.shows(".berhasil", KEPT)
    (kept,) = parse(editor.workbench.text(KEPT)).data
    assert kept["nama"] == "Biaya untuk anak, lalu cara bayar"
    assert kept["langkah"][0] == {
        "kata": "brp biaya pspor ank",
        "niat": "biaya_paspor",
        "jawaban": ["utter_biaya_paspor"],
    }
    (dialogue,) = script.read(editor.workbench.root / KEPT)
    assert dialogue.steps[0].value == "brp biaya pspor ank"
    assert len(dialogue.steps) == 2


def test_what_a_message_says_is_never_taken_for_html(editor: Editor) -> None:
    editor.go("/coba")
    editor.try_out("<b>syarat</b> paspor <img src=x onerror=alert(1)>")
    expect(editor.find(".gelembung.pemohon b, .gelembung.pemohon img")).to_have_count(0)
