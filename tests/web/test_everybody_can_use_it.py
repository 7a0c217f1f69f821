"""Small screens, keyboards, screen readers, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser import DESKTOP, PHONE, Visitor, complaints_of_axe
from light import LightServer
from playwright.sync_api import expect

NewVisitor = Callable[..., Visitor]
NARROW = {"width": 320, "height": 568}


# Narrow screens


def test_nothing_sticks_out_of_a_screen_of_320_pixels(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport=NARROW)
    for text in ("tombol", "daftar", "panjang", "https://www.imigrasi.go.id/" + "a" * 300, "w" * 400):
        visitor.write(text)
        expect(visitor.own).not_to_have_count(0)
    visitor.hears("w" * 400)
    visitor.press("Menu")
    for width in (320, 280):
        visitor.page.set_viewport_size({"width": width, "height": 568})
        for part in (visitor.page.locator("html"), visitor.page.locator("#log")):
            assert part.evaluate("node => node.scrollWidth - node.clientWidth") == 0
        outside = visitor.page.evaluate(
            "[...document.querySelectorAll('body *:not(.unseen)')]"
            ".filter(node => node.getBoundingClientRect().right > innerWidth + 1).map(node => node.outerHTML)"
        )
        assert outside == []


def test_at_four_times_the_letter_size_everything_can_still_be_reached(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport={"width": 640, "height": 480})
    visitor.page.evaluate("document.documentElement.style.fontSize = '32px'")
    visitor.write("halo")
    visitor.hears("Anda menulis: halo")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 640


def test_every_control_is_large_enough_for_a_finger(visitor: Visitor) -> None:
    visitor.write("daftar")
    visitor.hears("Keluhan Anda")
    visitor.press("Menu")
    for control in visitor.page.locator("button:visible, #menu a").all():
        box = control.bounding_box()
        assert box is not None
        # The browser counts in fractions of a pixel.
        assert round(min(box["width"], box["height"]), 2) >= 44, control.inner_text()


# Keyboard


def test_the_whole_chat_works_with_a_keyboard_alone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport=DESKTOP)
    page, keys = visitor.page, visitor.page.keyboard
    visitor.hears("Selamat datang")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke kolom pesan")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_label("Tulis pesan")).to_be_focused()
    keys.type("tombol")
    keys.press("Shift+Enter")
    keys.press("Backspace")
    keys.press("Enter")
    visitor.hears("Pilih salah satu")
    expect(page.get_by_label("Tulis pesan")).to_be_focused()
    for _ in range(3):
        keys.press("Shift+Tab")
    expect(page.get_by_role("button", name="Satu")).to_be_focused()
    keys.press("Enter")
    visitor.hears("Anda menulis: Saya pilih Satu")
    expect(page.get_by_label("Tulis pesan")).to_be_focused()


def test_menu_and_question_give_the_focus_back(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport=DESKTOP)
    page, keys = visitor.page, visitor.page.keyboard
    button = page.get_by_role("button", name="Menu", exact=True)
    button.focus()
    keys.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    keys.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#menu")).to_be_hidden()
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Tidak jadi")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()


def test_the_focus_can_be_seen_wherever_it_is(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport=DESKTOP)
    visitor.write("daftar")
    visitor.hears("Keluhan Anda")
    visitor.page.locator("body").press("Shift+Tab")
    for _ in range(15):
        visitor.page.keyboard.press("Tab")
        focused, outline = visitor.page.evaluate(
            "[document.activeElement.outerHTML, parseFloat(getComputedStyle(document.activeElement).outlineWidth)]"
        )
        assert outline >= 2 or focused.startswith("<body"), focused


# Screen readers


def test_new_answers_are_announced_and_a_history_is_not(visitor: Visitor) -> None:
    log = visitor.page.get_by_role("log")
    visitor.write("halo")
    visitor.hears("Anda menulis: halo")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(visitor.page.locator(".message.sigap").last).to_have_text(re.compile("^SIGAP: Anda menulis: halo"))
    seen = "window.lives = []; new MutationObserver(() => window.lives.push(document.getElementById('log').ariaLive))"
    visitor.context.add_init_script(
        f"document.addEventListener('DOMContentLoaded', () => {{ {seen}"
        ".observe(document.getElementById('log'), {childList: true}) })"
    )
    visitor.page.reload()
    visitor.hears("Anda menulis: halo")
    assert "off" in visitor.page.evaluate("window.lives")
    expect(log).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of(
    new_visitor: NewVisitor, scheme: str, viewport: dict[str, int], server: LightServer
) -> None:
    # Movement changes colours on the way; axe is to see what stays.
    visitor = new_visitor(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    visitor.hears("Selamat datang")
    found = complaints_of_axe(visitor.page)
    for text in ("tombol", "panjang", "https://imigrasi.go.id", "daftar"):
        visitor.write(text)
    visitor.hears("Keluhan Anda")
    found += complaints_of_axe(visitor.page)
    visitor.press("Menu")
    found += complaints_of_axe(visitor.page)
    visitor.press("Hapus percakapan saya")
    found += complaints_of_axe(visitor.page)
    visitor.press("Tidak jadi")
    visitor.page.get_by_label("Tulis pesan").fill("a" * 4200)
    visitor.page.evaluate("document.getElementById('connection').hidden = false")
    visitor.page.locator("#connection-text").evaluate("node => node.textContent = 'Sambungan terputus.'")
    found += complaints_of_axe(visitor.page)
    visitor.page.goto(server.address + "data.html")
    found += complaints_of_axe(visitor.page)
    assert found == []


# Motion


def test_nothing_moves_for_those_who_asked_for_rest(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(reduced_motion="reduce")
    visitor.write("lambat 1")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_be_visible()
    assert visitor.page.evaluate("document.getAnimations().length") == 0
    visitor.hears("Selesai")
    assert visitor.page.evaluate("document.getAnimations().length") == 0
