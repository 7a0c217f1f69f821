"""An editor changes what SIGAP says and what is true."""

from __future__ import annotations

import difflib

from playwright.sync_api import expect
from workbench import Editor

from sigap.editor.sources import parse

DOMAIN, FACTS = "domain.yml", "data/knowledge/fakta.yml"


def changes(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def changed(editor: Editor, name: str, before: str) -> list[str]:
    """The changed lines of a file, as soon as it is saved."""
    editor.wait_until(lambda: editor.workbench.text(name) != before)
    return changes(before, editor.workbench.text(name))


def test_a_response_is_changed_with_a_preview_of_its_facts(editor: Editor) -> None:
    before = editor.workbench.text(DOMAIN)
    editor.go("/jawaban/utter_biaya_tanpa_percepatan")
    editor.find("#teks-0").fill("Sayang sekali: {fakta.percepatan_untuk}")
    editor.shows("#pratinjau-0 .ponsel", "Sayang sekali")
    expect(editor.find("#pratinjau-0 .ponsel")).not_to_contain_text("{fakta")
    editor.press("Simpan teks")
    assert changed(editor, DOMAIN, before) == [
        '-   - text: "{fakta.percepatan_untuk}"',
        '+   - text: "Sayang sekali: {fakta.percepatan_untuk}"',
    ]


def test_a_response_with_an_unknown_fact_is_refused_with_a_hint(editor: Editor) -> None:
    before = editor.workbench.text(DOMAIN)
    editor.go("/jawaban/utter_status_tawaran")
    editor.find("#teks-0").fill("Batasnya {fakta.batas_bayarr}.")
    editor.press("Simpan teks")
    editor.shows("#kabar .peringatan", "tidak ada di data/knowledge")
    editor.shows("#kabar .peringatan", "maksudnya 'fakta.batas_bayar'")
    assert editor.workbench.text(DOMAIN) == before


def test_bold_and_buttons_look_as_on_the_phone(editor: Editor) -> None:
    editor.go("/jawaban/utter_paspor_hilang")
    phone = editor.find("#pratinjau-0 .ponsel")
    expect(phone.locator("strong").first).to_have_text("Yang perlu dilakukan")
    expect(phone.locator(".pil")).to_have_text(["Syarat paspor hilang", "Hitung biaya", "Alamat kantor"])
    expect(phone).to_contain_text("Rp1.000.000")


def test_a_button_is_added_and_only_with_a_sentence_that_is_taught(editor: Editor) -> None:
    before = editor.workbench.text(DOMAIN)
    editor.go("/jawaban/utter_antrean_tetap")
    new = editor.find(".tombol-baru")
    new.get_by_label("Tulisan tombol baru").fill("Lihat menu")
    new.get_by_label("Kalimat tombol baru").fill("Tampilin menunya dong ah")
    new.get_by_role("button", name="Tambah").click()
    editor.shows("#kabar .peringatan", "tidak diajarkan")
    new.get_by_label("Kalimat tombol baru").fill("Tampilkan menu")
    new.get_by_role("button", name="Tambah").click()
    assert changed(editor, DOMAIN, before) == [
        "+     buttons:",
        '+     - title: "Lihat menu"',
        '+       payload: "Tampilkan menu"',
    ]


def test_a_fact_is_changed_and_shows_where_it_is_used(editor: Editor) -> None:
    before = editor.workbench.text(FACTS)
    editor.go("/fakta/fakta.yml/fakta/batas_bayar")
    expect(editor.page.get_by_role("heading", name="Dipakai oleh 1 jawaban")).to_be_visible()
    editor.find("#f-isi").fill("3 jam sejak kode billing terbit")
    editor.find("#f-tinjau").fill("2028-01-31")
    editor.press("Simpan")
    assert len(changed(editor, FACTS, before)) == 4
    fact = parse(editor.workbench.text(FACTS)).data["fakta"]["batas_bayar"]
    assert fact["isi"] == "3 jam sejak kode billing terbit"
    assert str(fact["tinjau"]) == "2028-01-31"


def test_a_fact_without_source_is_refused(editor: Editor) -> None:
    before = editor.workbench.text(FACTS)
    editor.go("/fakta/fakta.yml/fakta/hari_batas_ambil")
    editor.find("#f-sumber").fill(" ")
    editor.press("Simpan")
    editor.shows("#kabar .peringatan", "wajib diisi")
    assert editor.workbench.text(FACTS) == before


def test_a_fee_must_be_a_whole_number(editor: Editor) -> None:
    before = editor.workbench.text("data/knowledge/tarif.yml")
    editor.go("/fakta/tarif.yml/paspor/biasa_5")
    editor.find("#f-rupiah").fill("350.000")
    editor.press("Simpan")
    editor.shows("#kabar .peringatan", "tanpa titik")
    assert editor.workbench.text("data/knowledge/tarif.yml") == before
