"""An editor tries a message and keeps the conversation as a test."""

from __future__ import annotations

from conftest import Screen

from sigap.dialogues import script
from sigap.editor.sources import parse

KEPT = "tests/conversations/dari_penyunting.yml"


def say(screen: Screen, text: str) -> None:
    screen.write("#kata", text)
    screen.press("#kirim button")
    screen.shows(".gelembung.pemohon", text)


def test_a_message_is_tried_and_the_conversation_kept_as_a_test(screen: Screen) -> None:
    screen.open("/coba")
    screen.wait_for_the_model()
    say(screen, "brp biaya pspor ank")
    assert screen.all(".peringkat a")[0].text == "biaya_paspor"
    assert "biaya paspor anak" in screen.find(".paham").text
    assert "kelompok_pemohon: anak" in screen.find(".entitas").text
    assert "Rp350.000" in screen.find(".gelembung.sigap").text
    assert screen.find(".gelembung.sigap strong").text.startswith("Biaya paspor")

    screen.press(".pil")  # the answer's first button
    screen.until(lambda: len(screen.all(".giliran")) == 2)
    assert screen.all(".giliran .peringkat a")[-1].is_displayed()

    screen.write("#nama-dialog", "Biaya untuk anak, lalu cara bayar")
    screen.press("form[action='/coba/simpan'] button")
    screen.shows(".berhasil", KEPT)
    (kept,) = parse(screen.workbench.text(KEPT)).data
    assert kept["nama"] == "Biaya untuk anak, lalu cara bayar"
    assert kept["langkah"][0] == {
        "kata": "brp biaya pspor ank",
        "niat": "biaya_paspor",
        "jawaban": ["utter_biaya_paspor"],
    }
    (dialogue,) = script.read(screen.workbench.root / KEPT)
    assert next(step.value for step in dialogue.steps) == "brp biaya pspor ank"


def test_what_a_message_says_is_never_taken_for_html(screen: Screen) -> None:
    screen.open("/coba")
    say(screen, "<b>syarat</b> paspor <img src=x onerror=alert(1)>")
    assert screen.all(".gelembung.pemohon b, .gelembung.pemohon img") == []
