"""An editor looks after the training messages."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect
from workbench import Editor

STATUS, FEES = "data/nlu/status.yml", "data/nlu/informasi.yml"


def open_row(editor: Editor, text: str) -> Locator:
    """Open the only message with this text for changing."""
    editor.go("/contoh?niat=cek_status")
    editor.find("#cari").fill(text)
    expect(editor.find("#hasil [role=status]")).to_have_text("1 contoh")
    editor.press("Ubah")
    expect(editor.find("tr.ubah")).to_be_visible()
    return editor.find("tr.ubah")


def test_messages_are_found_by_intent_style_and_word(editor: Editor) -> None:
    editor.go("/contoh?niat=cek_status")
    all_of_them = editor.find("#hasil [role=status]").inner_text()
    assert int(all_of_them.split()[0]) > 500
    editor.find("#cari").fill("adjudikasi")
    expect(editor.find("#hasil [role=status]")).not_to_have_text(all_of_them)
    found = editor.find("#hasil tr td:first-child").all_inner_texts()
    assert found
    assert all("adjudikasi" in text.lower() for text in found)


def test_a_message_is_added_while_its_neighbours_in_other_intents_show(editor: Editor) -> None:
    before = editor.workbench.text(STATUS)
    editor.go("/contoh?niat=cek_status")
    editor.find("#pesan-baru").fill("brp biaya bikin paspor ya kak")
    editor.shows("#tetangga-baru .lain", "biaya_paspor")
    editor.find("#pesan-baru").fill("paspornya nyangkut di tahap mana ya kak kok adem ayem")
    editor.press("Tambah")
    editor.shows("#hasil-tambah .berhasil", STATUS)
    expect(editor.find("#pesan-baru")).to_have_value("")
    new = set(editor.workbench.text(STATUS).splitlines()) - set(before.splitlines())
    assert new == {"    - paspornya nyangkut di tahap mana ya kak kok adem ayem"}


def test_a_message_of_another_intent_or_of_the_measured_ones_is_refused(editor: Editor) -> None:
    before = editor.workbench.text(STATUS)
    editor.go("/contoh?niat=cek_status")
    for text, why in (
        ("berapa biaya membuat paspor", "biaya_paspor"),
        ("hi good evening admin", "mengukur"),
        ("status [anak](kelompok:anak)", "tidak dikenal"),
    ):
        editor.find("#pesan-baru").fill(text)
        editor.press("Tambah")
        editor.shows("#kabar .peringatan", why)
    assert editor.workbench.text(STATUS) == before


def test_a_phrase_is_marked_with_the_mouse_and_unmarked_again(editor: Editor) -> None:
    editor.add_example("cek_status", "punya si bocil saya udah jadi belom gan")
    row = open_row(editor, "punya si bocil saya udah jadi belom gan")
    message = row.get_by_label("Pesan")
    # Twice clicked, a word is selected.
    word = {"x": message.evaluate(WHERE, "bocil"), "y": 10}
    message.dblclick(position=word)
    row.get_by_role("button", name="Tandai", exact=True).click()
    expect(message).to_have_value("punya si [bocil](kelompok_pemohon:dewasa) saya udah jadi belom gan")
    row.get_by_role("button", name="Hapus tanda").click()
    expect(message).to_have_value("punya si bocil saya udah jadi belom gan")
    message.dblclick(position=word)
    row.get_by_label("Nilai").fill("anak")
    row.get_by_role("button", name="Tandai", exact=True).click()
    expect(message).to_have_value("punya si [bocil](kelompok_pemohon:anak) saya udah jadi belom gan")
    row.get_by_role("button", name="Simpan").click()
    editor.shows("tr.berubah", "tersimpan")
    expect(editor.find("tr.berubah mark")).to_have_attribute("title", "kelompok_pemohon: anak")
    assert "    - punya si [bocil](kelompok_pemohon:anak) saya udah jadi belom gan\n" in editor.workbench.text(STATUS)


# Where a word stands in a field, in pixels from its left edge.
WHERE = """
(field, word) => {
  const style = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const before = pen.measureText(field.value.slice(0, field.value.indexOf(word))).width;
  return parseFloat(style.paddingLeft) + before + pen.measureText(word).width / 2;
}
"""


def test_a_message_moves_to_another_intent(editor: Editor) -> None:
    editor.add_example("cek_status", "totalnya jadi kena berapa duit nih kira kira bosku")
    row = open_row(editor, "totalnya jadi kena berapa duit")
    row.get_by_label("Niat").select_option("biaya_paspor")
    row.get_by_role("button", name="Simpan").click()
    editor.shows("tr.berubah", "biaya_paspor")
    assert "kira kira bosku" not in editor.workbench.text(STATUS)
    assert "kira kira bosku" in editor.workbench.text(FEES)


def test_a_deleted_message_can_be_brought_back(editor: Editor) -> None:
    editor.add_example("cek_status", "hallo hallo pasporku apa kabarmu di sana")
    open_row(editor, "pasporku apa kabarmu").get_by_role("button", name="Hapus", exact=True).click()
    editor.shows("tr.berubah", "dihapus")
    assert "apa kabarmu di sana" not in editor.workbench.text(STATUS)
    editor.press("Kembalikan")
    editor.shows("tr.berubah .berhasil", STATUS)
    assert "apa kabarmu di sana" in editor.workbench.text(STATUS)


def test_somebody_who_was_slower_sees_both_texts(editor: Editor) -> None:
    editor.add_example("cek_status", "lagi apa kamu pasporku sayang di dalam sistem")
    row = open_row(editor, "lagi apa kamu pasporku sayang")
    path = editor.workbench.root / STATUS
    path.write_text(path.read_text("utf-8").replace("pasporku sayang di dalam", "pasporku tersayang di dalam"), "utf-8")
    row.get_by_label("Pesan").press("End")
    row.get_by_label("Pesan").press_sequentially(" ya")
    row.get_by_role("button", name="Simpan").click()
    editor.shows(".bentrok", "baru saja diubah orang lain")
    editor.shows(".bentrok pre", re.compile("^lagi apa kamu pasporku sayang di dalam sistem$"))
