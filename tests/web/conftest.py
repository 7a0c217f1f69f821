"""A light server, and visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import Visitor
from light import LightServer, light_server
from playwright.sync_api import Browser
from ports import free_port
from proxy import Proxy


@pytest.fixture(scope="session")
def site_port() -> int:
    """The port of an office's own site."""
    return free_port()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Iterator[LightServer]:
    """One light server for all tests that do not break it."""
    settings = {"SIGAP_WEB_ORIGINS": f"http://127.0.0.1:{site_port}", "SIGAP_WEB_NEW_PER_HOUR": "1000"}
    with light_server(tmp_path_factory.mktemp("light"), **settings) as running:
        yield running


@pytest.fixture
def new_visitor(browser: Browser, server: LightServer) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors who have never been there."""
    visitors: list[Visitor] = []

    def make(address: str = server.address, **context: Any) -> Visitor:
        visitors.append(Visitor(browser, address, **context))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    """Somebody with a telephone who has never been there."""
    return new_visitor()


@pytest.fixture
def proxy(server: LightServer) -> Iterator[Proxy]:
    """A proxy in front of the light server."""
    standing = Proxy(server.port)
    yield standing
    standing.cut()
