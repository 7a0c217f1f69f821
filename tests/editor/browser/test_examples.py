"""An editor looks after the training messages."""

from __future__ import annotations

from conftest import Screen
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

STATUS, FEES = "data/nlu/status.yml", "data/nlu/informasi.yml"


def row(screen: Screen, text: str) -> None:
    """Open the first row with this text for changing."""
    screen.write("#cari", text)
    screen.shows("#hasil .redup", "1 contoh")
    screen.press("#hasil tr button")
    screen.find("tr.ubah [data-tandai]")


def add(screen: Screen, intent: str, text: str) -> None:
    screen.open(f"/contoh?niat={intent}")
    screen.write("#pesan-baru", text)
    screen.press("#tambah .sebaris button")
    screen.shows("#hasil-tambah .berhasil", intent)


def test_messages_are_found_by_intent_style_and_word(screen: Screen) -> None:
    screen.open("/contoh?niat=cek_status")
    all_of_them = screen.find("#hasil .redup").text
    assert int(all_of_them.split()[0]) > 500
    screen.write("#cari", "adjudikasi")
    screen.until(lambda: screen.find("#hasil .redup").text != all_of_them)
    assert all("adjudikasi" in found.text.lower() for found in screen.all("#hasil tr td:first-child"))


def test_a_message_is_added_while_its_neighbours_in_other_intents_show(screen: Screen) -> None:
    before = screen.workbench.text(STATUS)
    screen.open("/contoh?niat=cek_status")
    screen.write("#pesan-baru", "brp biaya bikin paspor ya kak")
    screen.until(lambda: screen.all("#tetangga-baru .lain"))
    assert "biaya_paspor" in screen.find("#tetangga-baru .lain").text
    screen.write("#pesan-baru", "paspornya nyangkut di tahap mana ya kak kok adem ayem")
    screen.press("#tambah .sebaris button")
    screen.shows("#hasil-tambah .berhasil", STATUS)
    new = set(screen.workbench.text(STATUS).splitlines()) - set(before.splitlines())
    assert new == {"    - paspornya nyangkut di tahap mana ya kak kok adem ayem"}


def test_a_message_of_another_intent_or_of_the_measured_ones_is_refused(screen: Screen) -> None:
    before = screen.workbench.text(STATUS)
    screen.open("/contoh?niat=cek_status")
    for text, why in (
        ("berapa biaya membuat paspor", "biaya_paspor"),
        ("hi good evening admin", "mengukur"),
        ("status [anak](kelompok:anak)", "tidak dikenal"),
    ):
        screen.write("#pesan-baru", text)
        screen.press("#tambah .sebaris button")
        screen.shows("#kabar .peringatan", why)
    assert screen.workbench.text(STATUS) == before
    screen.complaints()  # a refusal is a 422, which the browser notes


def test_a_phrase_is_marked_with_the_mouse_and_unmarked_again(screen: Screen) -> None:
    add(screen, "cek_status", "punya si bocil saya udah jadi belom gan")
    screen.open("/contoh?niat=cek_status")
    row(screen, "punya si bocil saya udah jadi belom gan")
    message = screen.find("tr.ubah [data-tandai]")
    # Twice clicked, a word is selected.
    width = message.size["width"]
    offset = int(screen.driver.execute_script(WHERE, message, "bocil")) - width // 2
    ActionChains(screen.driver).move_to_element_with_offset(message, offset, 0).double_click().perform()
    screen.press("tr.ubah [data-pasang]")
    assert message.get_attribute("value") == "punya si [bocil](kelompok_pemohon:dewasa) saya udah jadi belom gan"
    screen.press("tr.ubah [data-lepas]")
    assert message.get_attribute("value") == "punya si bocil saya udah jadi belom gan"
    ActionChains(screen.driver).move_to_element_with_offset(message, offset, 0).double_click().perform()
    screen.write("tr.ubah [data-isi]", "anak")
    screen.press("tr.ubah [data-pasang]")
    assert message.get_attribute("value") == "punya si [bocil](kelompok_pemohon:anak) saya udah jadi belom gan"
    screen.press("tr.ubah [data-simpan]")
    screen.shows("tr.berubah", "tersimpan")
    assert screen.find("tr.berubah mark").get_attribute("title") == "kelompok_pemohon: anak"
    assert "    - punya si [bocil](kelompok_pemohon:anak) saya udah jadi belom gan\n" in screen.workbench.text(STATUS)


# Where a word stands in a field, in pixels from its left edge.
WHERE = """
const [field, word] = arguments, style = getComputedStyle(field);
const pen = document.createElement("canvas").getContext("2d");
pen.font = style.font;
const before = pen.measureText(field.value.slice(0, field.value.indexOf(word))).width;
return parseFloat(style.paddingLeft) + before + pen.measureText(word).width / 2;
"""


def test_a_message_moves_to_another_intent(screen: Screen) -> None:
    add(screen, "cek_status", "totalnya jadi kena berapa duit nih kira kira bosku")
    screen.open("/contoh?niat=cek_status")
    row(screen, "totalnya jadi kena berapa duit")
    screen.find("tr.ubah [name=niat_baru]").send_keys("biaya_paspor")
    screen.press("tr.ubah [data-simpan]")
    screen.shows("tr.berubah", "biaya_paspor")
    assert "kira kira bosku" not in screen.workbench.text(STATUS)
    assert "kira kira bosku" in screen.workbench.text(FEES)


def test_a_deleted_message_can_be_brought_back(screen: Screen) -> None:
    add(screen, "cek_status", "hallo hallo pasporku apa kabarmu di sana")
    screen.open("/contoh?niat=cek_status")
    row(screen, "pasporku apa kabarmu")
    screen.press("tr.ubah .bahaya")
    screen.driver.switch_to.alert.accept()
    screen.shows("tr.berubah", "dihapus")
    assert "apa kabarmu di sana" not in screen.workbench.text(STATUS)
    screen.press("tr.berubah button")
    screen.shows("tr.berubah .berhasil", STATUS)
    assert "apa kabarmu di sana" in screen.workbench.text(STATUS)


def test_somebody_who_was_slower_sees_both_texts(screen: Screen) -> None:
    add(screen, "cek_status", "lagi apa kamu pasporku sayang di dalam sistem")
    screen.open("/contoh?niat=cek_status")
    row(screen, "lagi apa kamu pasporku sayang")
    path = screen.workbench.root / STATUS
    path.write_text(path.read_text("utf-8").replace("pasporku sayang di dalam", "pasporku tersayang di dalam"), "utf-8")
    screen.find("tr.ubah [data-tandai]").send_keys(Keys.END, " ya")
    screen.press("tr.ubah [data-simpan]")
    screen.shows(".bentrok", "baru saja diubah orang lain")
    assert "lagi apa kamu pasporku sayang di dalam sistem" in screen.find(".bentrok pre").text
    screen.complaints()
