"""An editor changes what SIGAP says and what is true."""

from __future__ import annotations

import difflib

from conftest import Screen

from sigap.editor.sources import parse

DOMAIN, FACTS = "domain.yml", "data/knowledge/fakta.yml"


def changes(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_a_response_is_changed_with_a_preview_of_its_facts(screen: Screen) -> None:
    before = screen.workbench.text(DOMAIN)
    screen.open("/jawaban/utter_biaya_tanpa_percepatan")
    screen.write("#teks-0", "Sayang sekali: {fakta.percepatan_untuk}")
    shown = screen.shows("#pratinjau-0 .ponsel", "Sayang sekali")
    assert "{fakta" not in shown.text
    screen.press(".ubah-jawaban button")
    screen.until(lambda: screen.workbench.text(DOMAIN) != before)
    assert changes(before, screen.workbench.text(DOMAIN)) == [
        '-   - text: "{fakta.percepatan_untuk}"',
        '+   - text: "Sayang sekali: {fakta.percepatan_untuk}"',
    ]


def test_a_response_with_an_unknown_fact_is_refused_with_a_hint(screen: Screen) -> None:
    before = screen.workbench.text(DOMAIN)
    screen.open("/jawaban/utter_status_tawaran")
    screen.write("#teks-0", "Batasnya {fakta.batas_bayarr}.")
    screen.press(".ubah-jawaban button")
    assert "batas_bayar" in screen.shows("#kabar .peringatan", "tidak ada di data/knowledge").text
    assert screen.workbench.text(DOMAIN) == before
    screen.complaints()


def test_bold_and_buttons_look_as_on_the_phone(screen: Screen) -> None:
    screen.open("/jawaban/utter_paspor_hilang")
    assert screen.find("#pratinjau-0 .ponsel strong").text == "Yang perlu dilakukan"
    assert [pill.text for pill in screen.all("#pratinjau-0 .ponsel .pil")] == [
        "Syarat paspor hilang",
        "Hitung biaya",
        "Alamat kantor",
    ]
    assert "Rp1.000.000" in screen.find("#pratinjau-0 .ponsel").text


def test_a_button_is_added_and_only_with_a_sentence_that_is_taught(screen: Screen) -> None:
    before = screen.workbench.text(DOMAIN)
    screen.open("/jawaban/utter_antrean_tetap")
    screen.write(".tombol-baru [name=judul]", "Lihat menu")
    screen.write(".tombol-baru [name=kalimat]", "Tampilin menunya dong ah")
    screen.press(".tombol-baru button")
    screen.shows("#kabar .peringatan", "tidak diajarkan")
    screen.write(".tombol-baru [name=kalimat]", "Tampilkan menu")
    screen.press(".tombol-baru button")
    screen.until(lambda: screen.workbench.text(DOMAIN) != before)
    assert changes(before, screen.workbench.text(DOMAIN)) == [
        "+     buttons:",
        '+     - title: "Lihat menu"',
        '+       payload: "Tampilkan menu"',
    ]
    screen.complaints()


def test_a_fact_is_changed_and_shows_where_it_is_used(screen: Screen) -> None:
    before = screen.workbench.text(FACTS)
    screen.open("/fakta/fakta.yml/fakta/batas_bayar")
    screen.shows("section h2", "Dipakai oleh 1 jawaban")
    screen.write("#f-isi", "3 jam sejak kode billing terbit")
    screen.write("#f-tinjau", "2028-01-31")
    screen.press("form.kartu button")
    screen.until(lambda: screen.workbench.text(FACTS) != before)
    fact = parse(screen.workbench.text(FACTS)).data["fakta"]["batas_bayar"]
    assert fact["isi"] == "3 jam sejak kode billing terbit"
    assert str(fact["tinjau"]) == "2028-01-31"
    assert len(changes(before, screen.workbench.text(FACTS))) == 4


def test_a_fact_without_source_is_refused(screen: Screen) -> None:
    before = screen.workbench.text(FACTS)
    screen.open("/fakta/fakta.yml/fakta/hari_batas_ambil")
    screen.write("#f-sumber", " ")
    screen.press("form.kartu button")
    screen.shows("#kabar .peringatan", "wajib diisi")
    assert screen.workbench.text(FACTS) == before
    screen.complaints()


def test_a_fee_must_be_a_whole_number(screen: Screen) -> None:
    screen.open("/fakta/tarif.yml/paspor/biasa_5")
    screen.write("#f-rupiah", "350.000")
    screen.press("form.kartu button")
    screen.shows("#kabar .peringatan", "tanpa titik")
    screen.complaints()
