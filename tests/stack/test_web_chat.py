"""The web chat of the running SIGAP."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest
from browser import Visitor
from calls import Client, texts
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from whole_sigap import Stack, new_nik

from sigap.store.tables import Booking, WebMessage

pytestmark = pytest.mark.stack

NIK = new_nik()


@pytest.fixture
def client(stack: Stack) -> Client:
    """A client of the web chat."""
    return Client(f"http://localhost:{stack.port}/webhooks/web/")


def fetch(stack: Stack, path: str) -> Any:
    with urllib.request.urlopen(f"http://localhost:{stack.port}{path}", timeout=10) as answer:
        return answer.status, answer.headers, answer.read().decode()


def test_the_page_is_served_and_may_load_nothing_from_elsewhere(stack: Stack) -> None:
    status, headers, page = fetch(stack, "/webhooks/web/")
    policy = headers["Content-Security-Policy"]
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in page
    assert "chat.js" in page


@pytest.mark.parametrize(("name", "kind"), [("chat.js", "text/javascript"), ("chat.css", "text/css")])
def test_the_files_of_the_page_are_served(stack: Stack, name: str, kind: str) -> None:
    status, headers, content = fetch(stack, f"/webhooks/web/{name}")
    assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
    assert content


def test_the_address_without_its_last_slash_leads_to_the_page(stack: Stack) -> None:
    assert "chat.js" in fetch(stack, "/webhooks/web")[2]


@pytest.mark.parametrize("path", ["../../../pyproject.toml", "index.html%00", "..%2fweb.py", "secret.txt"])
def test_no_other_file_is_served(stack: Stack, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="40"):
        fetch(stack, f"/webhooks/web/{path}")


def test_a_conversation_works_from_the_first_token_to_an_answer_with_buttons(client: Client) -> None:
    token = client.begin()
    question, answer = client.say(token, "biaya paspor").body
    assert question["from"] == "own"
    assert "Rp350.000" in answer["text"]
    assert answer["buttons"]
    assert "tanggal lahir" in str(client.say(token, "cek status 1179000000012345").body)


def test_two_tokens_are_two_conversations(client: Client) -> None:
    first, second = client.begin(), client.begin()
    client.say(first, "cek status")
    assert "Tidak ada yang sedang diisi" in texts(client.say(second, "batal"))[1]
    assert "pengisian dihentikan" in texts(client.say(first, "batal"))[1]


def test_a_repeated_message_is_one_turn_for_the_dialogue_too(client: Client) -> None:
    token = client.begin()
    first, second = (client.say(token, "mau antri paspor baru di jakarta pusat", turn="turn-0001") for _ in range(2))
    assert first.body == second.body
    assert len(client.lines(token).body) == len(first.body)


@pytest.mark.parametrize("token", ["", "wa:628123456789", "wa:628123456789.00", "rest:terminal", "a.b"])
def test_a_token_that_was_not_issued_here_is_refused(client: Client, token: str) -> None:
    assert client.say(token, "antrean saya").status == 403
    assert client.lines(token).status == 403


def test_no_other_site_may_call_or_frame_the_chat_unless_it_is_configured(client: Client) -> None:
    for method, path in (("OPTIONS", "message"), ("POST", "conversation"), ("GET", "messages"), ("GET", "")):
        assert client.call(method, path, Origin="https://penipu.example").headers["Access-Control-Allow-Origin"] is None
    assert client.call("GET", "").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_a_deleted_conversation_is_forgotten_by_the_dialogue_too(client: Client) -> None:
    token = client.begin()
    client.say(token, "mau antri paspor baru di jakarta pusat")
    assert client.call("DELETE", "conversation", None, token).status == 204
    assert client.say(token, "halo").status == 403


def test_a_booking_is_made_on_the_page_from_greeting_to_ticket(stack: Stack, client: Client, browser: Browser) -> None:
    visitor = Visitor(browser, client.address)
    visitor.hears("Selamat datang")
    visitor.write("mau antri paspor baru di jakarta pusat untuk 1 orang")
    visitor.hears("Tanggal berapa Anda ingin datang")
    visitor.page.locator(".choices button").first.click()
    visitor.hears("jam")
    for text, answer in (
        ("jam 9", "nama lengkap"),
        ("Siti Aminah", "NIK"),
        (NIK, "Tanggal lahir"),
        ("17-08-1990", "Apakah sudah benar"),
    ):
        visitor.write(text)
        visitor.hears(answer)
    visitor.press("Ya, benar")
    visitor.hears("Antrean Anda tercatat")
    with stack.store.work() as session:
        own = select(Booking.code).filter_by(state="confirmed").where(Booking.conversation_id.startswith("web:"))
        code = session.execute(own.order_by(Booking.id.desc())).scalars().first()
        kept = str(session.execute(select(WebMessage.content)).scalars().all())
    visitor.hears(code)
    image = visitor.answers.last.get_by_role("img", name="Tiket antrean sebagai gambar")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    assert NIK not in kept
    assert "17-08-1990" not in kept.replace("misalnya 17-08-1990", "").replace("Misalnya 17-08-1990", "")
    visitor.page.reload()
    visitor.hears(code)
    expect(visitor.own).to_have_count(7)
    visitor.close()
