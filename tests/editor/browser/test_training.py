"""From a message that was misunderstood to the published model that understands it."""

from __future__ import annotations

import pytest
from conftest import MODEL_SECONDS, Screen

from sigap.models import Models

pytestmark = pytest.mark.model

# Words that no model can know; in one intent they come to mean something.
MESSAGE = "blekotek simsalabim jengkol paspor wuszwusz"
WAITING = 300.0


def tried(screen: Screen, text: str) -> str:
    """The intent that the page Coba shows."""
    screen.open("/coba")
    screen.wait_for_the_model()
    screen.write("#kata", text)
    screen.press("#kirim button")
    screen.shows(".gelembung.pemohon", text)
    return screen.find(".peringkat a").text


def test_a_misunderstood_message_is_taught_trained_compared_published_and_taken_back(screen: Screen) -> None:
    models = Models(screen.workbench.models)
    first = models.in_use()
    assert first is not None
    assert tried(screen, MESSAGE) != "keamanan_data"

    screen.open("/contoh?niat=keamanan_data")
    screen.write("#pesan-baru", MESSAGE)
    screen.press("#tambah .sebaris button")
    screen.shows("#hasil-tambah .berhasil", "keamanan_data")

    screen.open("/latih")
    screen.press("#mulai")
    screen.find("#jalan progress")
    screen.until(lambda: screen.all("#banding") or screen.all("#latih .peringatan"), "no candidate", 2 * WAITING)
    assert "pesan ukur" in screen.find("#banding").text
    assert "dialog dimainkan" in screen.find("#banding").text

    screen.write("#catatan", "contoh baru tentang keamanan")
    screen.press("#terbitkan")
    screen.until(lambda: screen.find("#dipakai").text != first.name)
    second = models.in_use()
    assert second is not None
    assert second.name == screen.find("#dipakai").text
    assert [one.note for one in models.history()][:1] == ["contoh baru tentang keamanan"]

    screen.open("/coba")
    screen.until(lambda: second.name in screen.find("#keadaan").text, "the new model is not loaded", MODEL_SECONDS)
    assert tried(screen, MESSAGE) == "keamanan_data"

    screen.open("/latih")
    screen.press("#kembali")
    screen.driver.switch_to.alert.accept()
    screen.until(lambda: screen.find("#dipakai").text == first.name)
    assert models.in_use() == first


def test_content_with_mistakes_is_not_trained(screen: Screen) -> None:
    path = screen.workbench.root / "data/nlu/tombol.yml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("- intent: cek_slot\n", "- intent: cek_slott\n", 1), "utf-8")
    try:
        screen.open("/latih")
        screen.press("#mulai")
        screen.shows("#kabar .peringatan", "halaman Periksa")
        screen.open("/periksa")
        screen.shows(".temuan .salah", "cek_slott")
    finally:
        path.write_text(before, "utf-8")
    screen.complaints()
