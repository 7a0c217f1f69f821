"""A headless Chromium, somebody who looks at a page in it, and what a visitor does with the chat page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from axe_playwright_python.sync_playwright import Axe
from needs import installed
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# A busy machine; nothing here waits longer than it must.
PATIENCE_MS = 60_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = installed("chromium", "chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


class Somebody:
    """Somebody with an own browser profile who looks at a page. What the browser complains of is collected."""

    # A lost connection is no fault of the page: the browser says so whatever the page does about it.
    no_fault: ClassVar[re.Pattern[str]] = re.compile("net::ERR_")

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": PHONE, "locale": "id-ID", "timezone_id": "Asia/Jakarta", **context}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.address = address
        self.page = self.open(address)

    def open(self, address: str) -> Page:
        """Open a further page; all its complaints are collected."""
        page = self.context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.goto(address)
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not self.no_fault.search(text):
            self.complaints.append(text)

    def press(self, name: str) -> None:
        """Press a button by what stands on it."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def wait_until(self, done: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> None:
        """Wait for something outside the page. (Playwright's own wait_for_function is forbidden by its policy.)"""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(20)

    def close(self) -> None:
        """Close the browser profile; a page that complained fails the test."""
        self.context.close()
        assert not self.complaints, self.complaints


def complaints_of_axe(page: Page) -> list[str]:
    """What axe finds wrong for people with a disability, whatever its impact."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['impact']}: {each['id']}: {node['failureSummary']}: {node['html']}"
        for each in found
        for node in each["nodes"]
    ]


class Visitor(Somebody):
    """Somebody who opens the chat page."""

    def write(self, text: str) -> None:
        """Write a message and send it."""
        self.page.get_by_label("Tulis pesan").fill(text)
        self.page.get_by_role("button", name="Kirim", exact=True).click()

    def menu(self, item: str) -> None:
        """Choose from the menu."""
        self.press("Menu")
        self.press(item)

    @property
    def answers(self) -> Locator:
        """SIGAP's bubbles."""
        return self.page.locator(".message.sigap .bubble")

    @property
    def own(self) -> Locator:
        """The visitor's bubbles."""
        return self.page.locator(".message.own .bubble")

    def hears(self, text: str) -> None:
        """Wait for an answer that contains a text."""
        expect(self.answers.filter(has_text=text).last).to_be_visible()
