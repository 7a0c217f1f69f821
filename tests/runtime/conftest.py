"""The record of conversations on both kinds of database, Redis, and the domain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Databases, PostgresServer
from rasa.shared.core.domain import Domain
from servers import RedisServer

from sigap.settings import ROOT
from sigap.store.conversations import Conversations
from sigap.store.session import Store


@pytest.fixture(scope="session")
def domain() -> Domain:
    """domain.yml."""
    return Domain.load(ROOT / "domain.yml")


@pytest.fixture
def record(new_store: Databases) -> Iterator[Conversations]:
    """An empty record of conversations in a database of its own."""
    store = new_store.empty()
    opened = Conversations.open(str(store.engine.url))
    opened.upgrade()
    yield opened
    opened.engine.dispose()
    new_store.discard(store)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for all tests; they use keys of their own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def fragile_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis for a test that stops it."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL for what is tested on it alone."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Store]:
    """An empty PostgreSQL database."""
    store = postgres_server.empty()
    yield store
    postgres_server.discard(store)
