"""The connection between page and server breaks, for real: a proxy in between is cut, or loses answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Visitor
from light import LightServer, light_server
from playwright.sync_api import Browser, expect
from proxy import Proxy

LOST = "Sambungan terputus"


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor], proxy: Proxy) -> Visitor:
    """Somebody who reaches SIGAP through the proxy."""
    visitor = new_visitor(f"{proxy.address}/webhooks/web/")
    visitor.hears("Selamat datang")
    return visitor


def test_a_lost_connection_is_seen_and_a_message_written_meanwhile_is_sent_once_it_is_back(
    visitor: Visitor, proxy: Proxy, server: LightServer
) -> None:
    visitor.write("sebelum putus")
    visitor.hears("Anda menulis: sebelum putus")
    proxy.cut()
    expect(visitor.page.locator("#connection")).to_contain_text(LOST)
    visitor.write("saat putus")
    expect(visitor.page.get_by_text("Menunggu sambungan")).to_be_visible()
    proxy.mend()
    visitor.press("Coba sekarang")
    visitor.hears("Anda menulis: saat putus")
    expect(visitor.page.get_by_text("Menunggu sambungan")).to_have_count(0)
    expect(visitor.page.locator("#connection")).to_be_hidden()
    assert server.asked.count("saat putus") == 1


def test_it_reconnects_without_being_told_to(visitor: Visitor, proxy: Proxy) -> None:
    proxy.cut()
    visitor.write("tanpa tombol")
    expect(visitor.page.locator("#connection")).to_contain_text(LOST)
    proxy.mend()
    visitor.hears("Anda menulis: tanpa tombol")


def test_an_answer_lost_on_the_way_is_fetched_again_and_shown_once(
    visitor: Visitor, proxy: Proxy, server: LightServer
) -> None:
    visitor.write("awal")
    visitor.hears("Anda menulis: awal")
    proxy.losing_answers.set()
    visitor.write("jawabannya hilang")
    expect(visitor.page.get_by_text("Menunggu sambungan")).to_be_visible()
    assert proxy.lost > 0
    proxy.losing_answers.clear()
    visitor.hears("Anda menulis: jawabannya hilang")
    expect(visitor.page.get_by_text("Menunggu sambungan")).to_have_count(0)
    expect(visitor.answers.filter(has_text="jawabannya hilang")).to_have_count(1)
    expect(visitor.own.filter(has_text="jawabannya hilang")).to_have_count(1)
    assert server.asked.count("jawabannya hilang") == 1


def test_a_connection_that_breaks_while_the_answer_is_prepared_costs_nothing(
    visitor: Visitor, proxy: Proxy, server: LightServer
) -> None:
    visitor.write("awal")
    visitor.hears("Anda menulis: awal")
    visitor.write("lambat 1.31")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_be_visible()
    proxy.cut()
    proxy.mend()
    visitor.hears("Selesai: lambat 1.31")
    expect(visitor.answers.filter(has_text="Selesai: lambat 1.31")).to_have_count(1)
    assert server.asked.count("lambat 1.31") == 1


def test_a_message_that_waits_survives_a_reload(visitor: Visitor, proxy: Proxy, server: LightServer) -> None:
    proxy.losing_answers.set()
    visitor.write("sebelum dimuat ulang")
    expect(visitor.page.get_by_text("Menunggu sambungan")).to_be_visible()
    proxy.losing_answers.clear()
    visitor.page.reload()
    visitor.hears("Anda menulis: sebelum dimuat ulang")
    expect(visitor.own.filter(has_text="sebelum dimuat ulang")).to_have_count(1)
    assert server.asked.count("sebelum dimuat ulang") == 1


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LightServer]:
    """A light server that a test may stop."""
    with light_server(tmp_path) as running:
        yield running


def test_a_restart_of_the_server_ends_no_conversation(browser: Browser, own_server: LightServer) -> None:
    visitor = Visitor(browser, own_server.address)
    visitor.write("sebelum")
    visitor.hears("Anda menulis: sebelum")
    own_server.stop()
    visitor.write("selama")
    expect(visitor.page.locator("#connection")).to_contain_text(LOST)
    own_server.start()
    visitor.hears("Anda menulis: selama")
    visitor.page.reload()
    visitor.hears("Anda menulis: sebelum")
    visitor.hears("Anda menulis: selama")
    visitor.close()


def test_a_turn_that_is_underway_when_the_server_stops_is_finished_first(
    browser: Browser, own_server: LightServer
) -> None:
    visitor = Visitor(browser, own_server.address)
    visitor.write("lambat 1.5")
    expect(visitor.page.get_by_text("SIGAP sedang menulis")).to_be_visible()
    visitor.wait_until(lambda: bool(own_server.asked))
    own_server.stop()
    own_server.start()
    visitor.hears("Selesai: lambat 1.5")
    assert own_server.asked == ["lambat 1.5"]
    visitor.close()
