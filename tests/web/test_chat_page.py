"""What a person sees and does on the chat page, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from browser import Visitor
from light import LightServer
from playwright.sync_api import expect
from sqlalchemy import update

from sigap.clock import system_clock
from sigap.privacy.shown_again import mask_message
from sigap.store.outbox import Outbox
from sigap.store.pictures import Pictures
from sigap.store.tables import WebMessage
from sigap.store.transcripts import Transcripts

# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645"
    "400000000049454e44ae426082"
)


def conversation_id(visitor: Visitor) -> str:
    token: str = visitor.page.evaluate("localStorage.getItem('sigap.token')")
    return f"web:{token.split('.')[0]}"


# Greeting, writing, choosing


def test_whoever_opens_the_page_is_greeted_and_may_choose_or_write(visitor: Visitor) -> None:
    visitor.hears("Selamat datang. Saya SIGAP")
    expect(visitor.page.get_by_role("button", name="Cek status")).to_be_visible()
    visitor.write("halo")
    visitor.hears("Anda menulis: halo")
    expect(visitor.page.get_by_role("button", name="Cek status")).to_have_count(0)


def test_whoever_opens_the_page_reads_what_becomes_of_personal_data(visitor: Visitor) -> None:
    expect(visitor.page.locator("#consent")).to_contain_text("UU No. 27 Tahun 2022")
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Cara data Anda dipakai").first.click()
    expect(opened.value.get_by_role("heading", name="Hak Anda")).to_be_visible()
    expect(opened.value.locator("main")).to_contain_text("dihapus setelah 30 hari")


def test_opening_the_page_alone_begins_no_conversation(visitor: Visitor) -> None:
    visitor.hears("Selamat datang")
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_button_says_its_sentence_and_shows_its_title(visitor: Visitor) -> None:
    visitor.write("tombol")
    visitor.press("Dua")
    visitor.hears("Anda menulis: Saya pilih Dua")
    expect(visitor.own.last).to_contain_text("Dua")
    expect(visitor.page.locator(".choices")).to_have_count(0)


def test_more_than_three_choices_become_a_list(visitor: Visitor) -> None:
    visitor.write("daftar")
    expect(visitor.page.get_by_role("group", name="6 pilihan jawaban")).to_be_visible()
    visitor.press("Tentang keterlambatan")
    visitor.hears("Anda menulis: Tentang keterlambatan")


def test_while_an_answer_is_prepared_it_says_so(visitor: Visitor) -> None:
    visitor.write("lambat 1.2")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_be_visible()
    visitor.hears("Selesai: lambat 1.2")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_have_count(0)


def test_messages_written_quickly_are_answered_in_their_order(visitor: Visitor) -> None:
    for text in ("lambat 0.6", "kedua", "ketiga"):
        visitor.write(text)
    visitor.hears("Anda menulis: ketiga")
    assert [text.split("\n")[0] for text in visitor.answers.all_inner_texts()[1:]] == [
        "Selesai: lambat 0.6",
        "Anda menulis: kedua",
        "Anda menulis: ketiga",
    ]


def test_a_text_over_the_limit_is_counted_and_not_sent_or_cut(visitor: Visitor) -> None:
    field, limit = visitor.page.get_by_label("Tulis pesan"), visitor.page.locator("#limit")
    field.fill("a" * 3700)
    expect(limit).to_have_text("3.700 dari 4.096 huruf")
    field.fill("a" * 4100)
    expect(limit).to_contain_text("Terlalu panjang 4 huruf")
    field.press("Enter")
    assert len(field.input_value()) == 4100
    expect(visitor.own).to_have_count(0)


def test_the_beginning_of_a_long_answer_stays_in_view(visitor: Visitor) -> None:
    visitor.write("panjang")
    visitor.hears("Dokumen nomor 30")
    expect(visitor.page.get_by_text("Syarat paspor baru untuk anak")).to_be_in_viewport()
    visitor.press("Ke pesan terbaru")
    expect(visitor.page.get_by_role("link", name="https://www.imigrasi.go.id/syarat?jenis=anak")).to_be_in_viewport()


# Safe


def test_what_anybody_writes_stays_text(visitor: Visitor) -> None:
    visitor.write("<b onmouseover=alert(1)>tebal</b> <script>document.title='diambil'</script>")
    visitor.write("jahat")
    visitor.hears("javascript:alert(1)")
    assert "<script>" in visitor.answers.last.inner_text()
    assert visitor.page.locator("#log :is(script, b, img)").count() == 0
    assert "diambil" not in visitor.page.title()
    visitor.page.reload()
    visitor.hears("javascript:alert(1)")
    assert visitor.page.locator("#log :is(script, b, img)").count() == 0


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("lihat https://www.imigrasi.go.id/a.", ["https://www.imigrasi.go.id/a"]),
        ("www.imigrasi.go.id", ["https://www.imigrasi.go.id/"]),
        ("telepon tel:+62-21-5224658", ["tel:+62-21-5224658"]),
        ("javascript:alert(1) data:text/html,x ftp://a.id vbscript:x file:///etc/passwd", []),
    ],
)
def test_only_web_addresses_and_telephone_numbers_become_links(
    visitor: Visitor, written: str, links: list[str]
) -> None:
    visitor.write(written)
    visitor.hears("Anda menulis")
    found = visitor.answers.last.locator("a")
    assert found.evaluate_all("links => links.map(link => link.href)") == links
    for link in found.all():
        assert link.get_attribute("href", timeout=1000).startswith("tel:") or (
            link.get_attribute("rel") == "noopener noreferrer"
        )


# Coming back


def test_the_conversation_is_there_again_after_a_reload(visitor: Visitor) -> None:
    visitor.write("NIK saya 3171015708900001")
    visitor.hears("Anda menulis: NIK saya")
    expect(visitor.own.last).to_contain_text("3171015708900001")
    visitor.write("tombol")
    visitor.hears("Pilih salah satu")
    visitor.page.reload()
    visitor.hears("Pilih salah satu")
    visitor.hears("Selamat datang")
    expect(visitor.own).to_have_count(2)
    expect(visitor.own.first).to_contain_text(mask_message("NIK saya 3171015708900001", system_clock().date()))
    visitor.press("Tiga")
    visitor.hears("Anda menulis: Saya pilih Tiga")


def test_an_answer_that_was_still_being_written_comes_after_the_reload(visitor: Visitor, server: LightServer) -> None:
    visitor.write("lambat 2.5")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_be_visible()
    visitor.wait_until(lambda: "lambat 2.5" in server.asked)
    visitor.page.reload()
    visitor.hears("Selesai: lambat 2.5")
    expect(visitor.own).to_have_count(1)
    expect(visitor.answers.filter(has_text="Selesai: lambat 2.5")).to_have_count(1)
    assert server.asked.count("lambat 2.5") == 1


def test_days_are_told_apart(visitor: Visitor, server: LightServer) -> None:
    visitor.write("halo")
    visitor.hears("Anda menulis: halo")
    with server.store.work() as session:
        session.execute(
            update(WebMessage)
            .where(WebMessage.conversation_id == conversation_id(visitor), WebMessage.sequence == 1)
            .values(created_at=system_clock() - timedelta(days=1))
            .execution_options(synchronize_session=False)
        )
        session.commit()
    visitor.page.reload()
    expect(visitor.page.locator(".day")).to_have_text(["Kemarin", "Hari ini"])


def test_a_second_tab_shows_the_same_conversation(visitor: Visitor) -> None:
    visitor.write("dari tab pertama")
    visitor.hears("dari tab pertama")
    second = visitor.open(visitor.address)
    expect(second.locator(".message.own .bubble")).to_contain_text("dari tab pertama")
    second.get_by_label("Tulis pesan").fill("dari tab kedua")
    second.keyboard.press("Enter")
    expect(visitor.own.last).to_contain_text("dari tab kedua")
    visitor.hears("Anda menulis: dari tab kedua")


def test_a_conversation_that_is_no_longer_known_is_replaced_and_the_message_not_lost(
    visitor: Visitor, server: LightServer
) -> None:
    visitor.write("lama")
    visitor.hears("Anda menulis: lama")
    # On another page of the same site, where the chat does not keep its own token meanwhile.
    visitor.page.goto(server.address + "data.html")
    visitor.page.evaluate("localStorage.setItem('sigap.token', 'palsu.palsu')")
    visitor.page.goto(server.address)
    expect(visitor.page.get_by_text("Percakapan sebelumnya sudah tidak tersimpan")).to_be_visible()
    visitor.write("baru")
    visitor.hears("Anda menulis: baru")
    visitor.complaints.clear()  # the browser reports the 403


# News


def test_news_appears_in_an_open_page_and_is_there_after_a_reload(visitor: Visitor, server: LightServer) -> None:
    visitor.write("kabari saya")
    visitor.hears("kabari saya")
    with server.store.work() as session:
        Outbox(server.store, system_clock).put(
            session, conversation_id(visitor), "kabar", {}, system_clock() + timedelta(minutes=5)
        )
        session.commit()
    visitor.hears("Ada tempat kosong pukul 9.")
    visitor.page.reload()
    visitor.hears("Ada tempat kosong pukul 9.")
    visitor.press("Ambil")
    visitor.hears("Anda menulis: Ya, saya ambil")


def test_news_for_a_page_in_the_background_is_counted_in_its_title(visitor: Visitor, server: LightServer) -> None:
    visitor.write("kabari saya")
    visitor.hears("kabari saya")
    visitor.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.away ?? false})")
    visitor.page.evaluate("window.away = true")
    Transcripts(server.store, system_clock).say(conversation_id(visitor), [{"text": "Ada tempat kosong"}])
    expect(visitor.page).to_have_title(re.compile(r"^\(1\) SIGAP"))
    visitor.page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(visitor.page).to_have_title(re.compile("^SIGAP"))


# Pictures


@pytest.fixture
def picture(server: LightServer) -> str:
    """The address of a ticket's picture."""
    return Pictures(server.store, system_clock).keep(PNG)


def test_a_picture_is_shown_enlarged_and_saved(visitor: Visitor, picture: str) -> None:
    visitor.write(f"gambar {picture}")
    visitor.hears("Ini tiket Anda")
    image = visitor.answers.last.get_by_role("img", name="Tiket antrean sebagai gambar")
    expect(image).to_be_visible()
    expect(visitor.answers.last).to_contain_text("Ini tiket Anda")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    visitor.page.get_by_role("button", name="Tiket antrean sebagai gambar").click()
    dialog = visitor.page.get_by_role("dialog", name="Gambar")
    with visitor.page.expect_download() as saved:
        dialog.get_by_role("link", name="Simpan gambar").click()
    assert saved.value.path().read_bytes() == PNG
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_picture_that_is_no_longer_kept_leaves_a_sentence(visitor: Visitor) -> None:
    visitor.write("gambar tiket/" + "A" * 43 + ".png")
    visitor.hears("Gambar ini sudah tidak tersedia.")
    visitor.complaints.clear()  # the browser reports the 404


# Starting over and deleting


def test_whoever_starts_over_has_an_empty_page_and_a_new_conversation(visitor: Visitor) -> None:
    visitor.write("lama")
    visitor.hears("Anda menulis: lama")
    before = conversation_id(visitor)
    visitor.menu("Mulai percakapan baru")
    expect(visitor.page.get_by_role("dialog")).to_contain_text("catat dulu kode booking")
    visitor.press("Tidak jadi")
    expect(visitor.own).to_have_count(1)
    visitor.menu("Mulai percakapan baru")
    visitor.press("Mulai baru")
    visitor.hears("Selamat datang")
    expect(visitor.own).to_have_count(0)
    visitor.write("baru")
    visitor.hears("Anda menulis: baru")
    assert conversation_id(visitor) != before


def test_whoever_deletes_a_conversation_is_told_what_stays_and_it_is_gone(
    visitor: Visitor, server: LightServer
) -> None:
    visitor.write("hapus nanti")
    visitor.hears("Anda menulis: hapus nanti")
    gone = conversation_id(visitor)
    visitor.menu("Hapus percakapan saya")
    expect(visitor.page.get_by_role("dialog")).to_contain_text("antrean yang sudah Anda ambil")
    visitor.press("Hapus")
    expect(visitor.page.get_by_text("Percakapan Anda sudah dihapus.")).to_be_visible()
    expect(visitor.own).to_have_count(0)
    assert Transcripts(server.store, system_clock).lines_after(gone, 0) is None
    visitor.page.reload()
    visitor.hears("Selamat datang")
    expect(visitor.own).to_have_count(0)


# Limits


def test_whoever_writes_too_fast_is_told_kindly_and_loses_nothing(visitor: Visitor) -> None:
    for number in range(21):
        visitor.write(f"pesan {number}")
    expect(visitor.page.get_by_text("Terlalu banyak pesan dalam waktu singkat")).to_be_visible()
    expect(visitor.page.get_by_text("Dikirim lagi dalam")).to_be_visible()
    expect(visitor.own.last).to_contain_text("pesan 20")
    expect(visitor.own.last).not_to_contain_text("Terkirim")
    visitor.complaints.clear()  # the browser reports the 429
