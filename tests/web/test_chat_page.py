"""What a person sees and does on the chat page, in a real browser."""

from __future__ import annotations

from browser import Visitor
from playwright.sync_api import expect


def test_whoever_opens_the_page_is_greeted_and_may_choose_or_write(visitor: Visitor) -> None:
    visitor.hears("Selamat datang. Saya SIGAP")
    expect(visitor.page.get_by_role("button", name="Cek status")).to_be_visible()
    visitor.write("halo")
    visitor.hears("Anda menulis: halo")
    expect(visitor.page.get_by_role("button", name="Cek status")).to_have_count(0)
