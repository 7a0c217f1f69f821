"""From a message that was misunderstood to the published model that understands it."""

from __future__ import annotations

import os
import time

from browser import complaints_of_axe
from playwright.sync_api import expect
from workbench import MODEL_SECONDS, Editor

from sigap.editor.candidate import Candidates
from sigap.models import Models

# Words that no model can know; in one intent they come to mean something.
MESSAGE = "blekotek simsalabim jengkol paspor wuszwusz"
TRAINING_SECONDS = 900


def understood(editor: Editor, text: str, model: str) -> str:
    """The likeliest intent of a message on the page Coba, once this model is loaded there."""
    editor.go("/coba")
    editor.shows("#keadaan", model, MODEL_SECONDS)
    editor.try_out(text)
    return editor.find(".peringkat a").first.inner_text()


def test_a_misunderstood_message_is_taught_trained_compared_published_and_taken_back(editor: Editor) -> None:
    models = Models(editor.workbench.models)
    first = models.in_use()
    assert first is not None
    assert understood(editor, MESSAGE, first.name) != "keamanan_data"
    editor.add_example("keamanan_data", MESSAGE)

    began = time.monotonic()
    editor.go("/latih")
    editor.press("Latih calon baru")
    expect(editor.page.get_by_role("progressbar")).to_be_visible()
    # Either there is a candidate or it is said why not.
    expect(editor.find("#banding, #latih .peringatan")).to_be_visible(timeout=TRAINING_SECONDS * 1000)
    expect(editor.find("#banding")).to_contain_text("pesan ukur")
    expect(editor.find("#banding")).to_contain_text("dialog dimainkan")
    assert complaints_of_axe(editor.page) == []
    candidate = Candidates(editor.workbench.root).progress()
    assert candidate is not None

    editor.find("#catatan").fill("contoh baru tentang keamanan")
    editor.press("Terbitkan")
    expect(editor.find("#dipakai")).not_to_have_text(first.name)
    second = models.in_use()
    assert second is not None
    expect(editor.find("#dipakai")).to_have_text(second.name)
    assert models.history()[0].note == "contoh baru tentang keamanan"
    assert understood(editor, MESSAGE, second.name) == "keamanan_data"
    print(f"\n{time.monotonic() - began:.0f} s of waiting until the model understands it, of which {candidate.seconds}")

    editor.go("/latih")
    editor.press("Kembali ke model sebelumnya")
    expect(editor.find("#dipakai")).to_have_text(first.name)
    assert models.in_use() == first
    assert understood(editor, MESSAGE, first.name) != "keamanan_data"


def test_the_page_shows_what_a_running_server_answers_with_and_why_it_refused(editor: Editor) -> None:
    models = Models(editor.workbench.models)
    now = models.in_use()
    assert now is not None
    editor.go("/latih")
    editor.shows("#server", "Tidak ada server SIGAP yang sedang berjalan")
    try:
        models.note_server("lama.tar.gz", loading=now.name)
        editor.go("/latih")
        editor.shows("#server", f"Server {os.getpid()} menjawab dengan lama.tar.gz")
        editor.shows("#server", f"sedang memuat {now.name}")
        models.note_server("lama.tar.gz", refused=now.name, reason=f"Berkas model {now.name} rusak.")
        editor.shows("#server .peringatan", "Model lama tetap menjawab")
        assert complaints_of_axe(editor.page) == []
        models.note_server(now.name)
        editor.shows("#server", f"menjawab dengan {now.name}")
        expect(editor.find("#server .peringatan")).to_have_count(0)
    finally:
        models.forget_server()


def test_content_with_mistakes_is_not_trained(editor: Editor) -> None:
    path = editor.workbench.root / "data/nlu/tombol.yml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("- intent: cek_slot\n", "- intent: cek_slott\n", 1), "utf-8")
    try:
        editor.go("/latih")
        editor.press("Latih calon baru")
        editor.shows("#kabar .peringatan", "halaman Periksa")
        editor.go("/periksa")
        editor.shows(".temuan .salah", "cek_slott")
    finally:
        path.write_text(before, "utf-8")
