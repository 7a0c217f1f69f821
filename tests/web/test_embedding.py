"""The chat on the site of an office: one script tag, another origin, a policy that forbids everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESKTOP, PHONE, Visitor
from light import LightServer
from office_site import office_site
from playwright.sync_api import FrameLocator, expect
from ports import free_port

from sigap.clock import system_clock
from sigap.store.transcripts import Transcripts

NewVisitor = Callable[..., Visitor]


@pytest.fixture
def site(server: LightServer, site_port: int) -> Iterator[str]:
    """The site of an office that SIGAP knows. 127.0.0.1 and localhost are different sites for a browser."""
    with office_site("127.0.0.1", site_port, server.address) as address:
        yield address


def chat_of(visitor: Visitor) -> FrameLocator:
    return visitor.page.frame_locator("iframe[title='Obrolan dengan SIGAP']")


def test_the_button_opens_the_chat_and_it_answers(new_visitor: NewVisitor, site: str) -> None:
    visitor = new_visitor(site, viewport=DESKTOP)
    visitor.press("Tanya SIGAP")
    chat = chat_of(visitor)
    expect(chat.get_by_text("Selamat datang")).to_be_visible()
    expect(chat.get_by_label("Tulis pesan")).to_be_focused()
    visitor.page.keyboard.type("halo dari situs kantor")
    visitor.page.keyboard.press("Enter")
    expect(chat.get_by_text("Anda menulis: halo dari situs kantor")).to_be_visible()
    visitor.page.reload()
    visitor.press("Tanya SIGAP")
    expect(chat.get_by_text("Anda menulis: halo dari situs kantor")).to_be_visible()


def test_nothing_is_loaded_before_the_button_is_pressed(new_visitor: NewVisitor, site: str) -> None:
    visitor = new_visitor(site)
    expect(visitor.page.get_by_role("button", name="Tanya SIGAP")).to_be_visible()
    assert visitor.page.locator("iframe").count() == 0


def test_it_opens_and_closes_with_the_keyboard_alone(new_visitor: NewVisitor, site: str) -> None:
    visitor = new_visitor(site, viewport=DESKTOP)
    button = visitor.page.get_by_role("button", name="Tanya SIGAP")
    expect(button).to_be_visible()
    for _ in range(3):
        visitor.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(chat_of(visitor).get_by_label("Tulis pesan")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("iframe")).to_be_hidden()
    expect(button).to_be_focused()
    visitor.page.keyboard.press("Enter")
    chat_of(visitor).get_by_role("button", name="Tutup obrolan").click()
    expect(button).to_be_focused()


def test_on_a_telephone_it_fills_the_screen(new_visitor: NewVisitor, site: str) -> None:
    visitor = new_visitor(site, viewport=PHONE)
    visitor.press("Tanya SIGAP")
    expect(chat_of(visitor).get_by_text("Selamat datang")).to_be_visible()
    moving = "document.querySelector('sigap-chat').shadowRoot.getAnimations().length"
    visitor.wait_until(lambda: visitor.page.evaluate(moving) == 0)
    assert visitor.page.locator("iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}


def test_an_answer_that_comes_while_it_is_closed_is_counted_on_the_button(
    new_visitor: NewVisitor, site: str, server: LightServer
) -> None:
    visitor = new_visitor(site, viewport=DESKTOP)
    visitor.press("Tanya SIGAP")
    chat = chat_of(visitor)
    chat.get_by_label("Tulis pesan").fill("kabari saya")
    visitor.page.keyboard.press("Enter")
    expect(chat.get_by_text("Anda menulis: kabari saya")).to_be_visible()
    token = visitor.page.evaluate("localStorage.getItem('sigap.token')")
    chat.get_by_role("button", name="Tutup obrolan").click()
    Transcripts(server.store, system_clock).say(f"web:{token.split('.')[0]}", [{"text": "Ada tempat kosong"}])
    button = visitor.page.get_by_role("button", name="Tanya SIGAP 1 jawaban belum dibaca")
    button.click()
    expect(chat.get_by_text("Ada tempat kosong")).to_be_visible()
    chat.get_by_role("button", name="Tutup obrolan").click()
    expect(visitor.page.get_by_role("button", name="Tanya SIGAP", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_site_with_the_chat_open(new_visitor: NewVisitor, site: str, scheme: str) -> None:
    visitor = new_visitor(site, viewport=DESKTOP, color_scheme=scheme, reduced_motion="reduce")
    expect(visitor.page.get_by_role("button", name="Tanya SIGAP")).to_be_visible()
    found = Axe().run(visitor.page).response["violations"]
    visitor.press("Tanya SIGAP")
    expect(chat_of(visitor).get_by_text("Selamat datang")).to_be_visible()
    found += Axe().run(visitor.page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_a_site_that_sigap_does_not_know_cannot_show_it(new_visitor: NewVisitor, server: LightServer) -> None:
    with office_site("127.0.0.1", free_port(), server.address) as unknown:
        visitor = new_visitor(unknown, viewport=DESKTOP)
        visitor.press("Tanya SIGAP")
        visitor.wait_until(lambda: bool(visitor.complaints))
        assert "frame-ancestors" in visitor.complaints[0]
        expect(chat_of(visitor).get_by_text("Selamat datang")).to_have_count(0)
        visitor.complaints.clear()
