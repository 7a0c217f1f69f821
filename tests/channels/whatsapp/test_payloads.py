"""Deliveries written after Meta's documentation, in payloads/: what each is about and what is answered stands in it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from settable_clock import SettableClock
from whatsapp_office import Office, open_office

from sigap.store.session import Store
from sigap.store.tables import WhatsappIncoming, WhatsappOutgoing, WhatsappPerson

PAYLOADS = sorted((Path(__file__).parent / "payloads").glob("*.json"))
FEWEST = 60


@pytest_asyncio.fixture
async def office(store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    async with open_office(store, clock) as opened:
        opened.meta.check_windows = False
        yield opened


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


async def deliver(office: Office, scenario: dict[str, Any]) -> None:
    """Everything that a scenario delivers, each part answered before the next comes."""
    if "raw" in scenario:
        assert await office.deliver(None, raw=scenario["raw"].encode()) == scenario["status"]
    for body in scenario["deliveries"]:
        assert await office.deliver(body) == scenario["status"]
        await office.settle()


def texts(office: Office) -> list[str]:
    return [message["text"]["body"] for message in office.meta.sent]


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
async def test_a_delivery_is_answered_as_its_file_says(office: Office, path: Path) -> None:
    scenario = read(path)
    await deliver(office, scenario)
    answers = texts(office)
    assert len(answers) == len(scenario["answers"]), answers
    if scenario.get("conversations", 1) > 1:
        answers.sort()  # order is promised within a conversation only
    assert [fragment for fragment, answer in zip(scenario["answers"], answers) if fragment not in answer] == []
    assert office.meta.refused == []
    people = [person for person in office.rows(WhatsappPerson) if person.user_id or person.phone]
    assert len(people) == scenario.get("conversations", len(people))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True, scope="session")
async def test_all_of_them_again_days_later_change_nothing_and_nothing_written_is_kept(
    office: Office, clock: SettableClock
) -> None:
    for path in PAYLOADS:
        await deliver(office, read(path))
    answered = texts(office)
    assert len(answered) == sum(len(read(path)["answers"]) for path in PAYLOADS)
    clock.advance(days=6)
    for path in PAYLOADS:
        await deliver(office, read(path))
    assert texts(office) == answered
    kept = [row.content for table in (WhatsappIncoming, WhatsappOutgoing) for row in office.rows(table)]
    assert [content for content in kept if content is not None] == []


def test_the_collection_is_large_enough() -> None:
    assert len(PAYLOADS) >= FEWEST
