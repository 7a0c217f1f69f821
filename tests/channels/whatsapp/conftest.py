"""An open office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from whatsapp_office import Office, open_office

from sigap.store.session import Store
from sigap.whatsapp_simulator.deliveries import Person


@pytest_asyncio.fixture
async def office(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A running channel with an empty database."""
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    async with open_office(store) as opened:
        yield opened


@pytest.fixture
def budi(office: Office) -> Person:
    """Somebody who shows his number."""
    return office.meta.person("Budi")


@pytest.fixture
def siti(office: Office) -> Person:
    """Somebody who hides her number behind a user name."""
    return office.meta.person("Siti", hides_number=True)
