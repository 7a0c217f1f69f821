"""What is recorded also reaches RabbitMQ, masked and in order, however often that is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.utils.endpoints import EndpointConfig
from servers import RabbitServer

from sigap.runtime.event_broker import QUEUE, RabbitEvents
from sigap.runtime.tracker_store import SigapTrackerStore
from sigap.settings import Settings, SettingsError
from sigap.store.conversations import Conversations

WAIT_SECONDS = 60
SOON = 0.2


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[RabbitServer]:
    server = RabbitServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def record(conversations: Conversations) -> Conversations:
    """One kind of database is enough here."""
    return conversations


async def heard(rabbit: RabbitServer, count: int) -> list[dict[str, Any]]:
    """The next events in the queue."""
    connection = await aio_pika.connect_robust(rabbit.url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(QUEUE, durable=True)
        events = []
        async with queue.iterator(timeout=WAIT_SECONDS) as messages:
            async for message in messages:
                async with message.process():
                    events.append(json.loads(message.body))
                if len(events) == count:
                    return events
    raise AssertionError("the queue ended")


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [event["text"] for event in events if event["event"] == "user"]


async def say(store: SigapTrackerStore, who: str, *texts: str) -> None:
    tracker = await store.get_or_create_tracker(who, append_action_listen=False)
    for text in texts:
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(text))
    await store.save(tracker)


async def test_events_arrive_masked_and_in_order(rabbit: RabbitServer, record: Conversations, domain: Domain) -> None:
    broker = RabbitEvents(rabbit.url, asyncio.get_running_loop(), SOON)
    store = SigapTrackerStore(domain, event_broker=broker, record=record)
    await say(store, "wa:6281234567890", "nik 3171015708900001", "halo")
    events = await heard(rabbit, 4)
    await broker.close()
    assert [event["event"] for event in events] == ["action", "user", "action", "user"]
    assert texts(events) == ["nik [NIK]", "halo"]


async def test_what_happens_while_rabbitmq_is_away_arrives_when_it_is_back(
    rabbit: RabbitServer, record: Conversations, domain: Domain
) -> None:
    rabbit.stop()
    broker = RabbitEvents(rabbit.url, asyncio.get_running_loop(), SOON)
    store = SigapTrackerStore(domain, event_broker=broker, record=record)
    await say(store, "web:1", "satu", "dua")
    rabbit.start()
    events = await heard(rabbit, 4)
    await broker.close()
    assert texts(events) == ["satu", "dua"]


async def test_what_happens_while_an_established_connection_is_down_arrives_when_it_is_back(
    rabbit: RabbitServer, record: Conversations, domain: Domain
) -> None:
    broker = RabbitEvents(rabbit.url, asyncio.get_running_loop(), SOON)
    await until(broker.is_ready)
    rabbit.stop()
    await until(lambda: not broker.is_ready())
    store = SigapTrackerStore(domain, event_broker=broker, record=record)
    await say(store, "web:2", "satu", "dua")
    rabbit.start()
    events = await heard(rabbit, 4)
    await broker.close()
    assert texts(events) == ["satu", "dua"]


async def test_a_queue_of_another_kind_is_no_reason_to_stop(
    rabbit: RabbitServer, record: Conversations, domain: Domain
) -> None:
    connection = await aio_pika.connect_robust(rabbit.url)
    channel = await connection.channel()
    other = await channel.declare_queue(QUEUE, durable=False)
    broker = RabbitEvents(rabbit.url, asyncio.get_running_loop(), SOON)
    store = SigapTrackerStore(domain, event_broker=broker, record=record)
    await say(store, "web:3", "satu", "dua")
    assert not broker.is_ready()
    await other.delete()
    events = await heard(rabbit, 4)
    await broker.close()
    await connection.close()
    assert texts(events) == ["satu", "dua"]


async def test_the_password_is_in_no_log(rabbit: RabbitServer, caplog: pytest.LogCaptureFixture) -> None:
    rabbit.stop()
    broker = RabbitEvents(rabbit.url.replace("guest:guest", "guest:s3cret"), asyncio.get_running_loop(), SOON)
    await until(lambda: "events wait" in caplog.text)
    await broker.close()
    rabbit.start()
    assert "s3cret" not in caplog.text


async def until(so: Callable[[], bool]) -> None:
    """Wait until this is so."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not so():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)


async def test_without_an_address_there_is_no_broker() -> None:
    assert await RabbitEvents.from_endpoint_config(EndpointConfig(None)) is None
    assert await RabbitEvents.from_endpoint_config(None) is None


def test_another_address_is_refused_with_what_to_write() -> None:
    with pytest.raises(SettingsError, match="amqp://user:password@host"):
        Settings.from_environment({"SIGAP_EVENTS_URL": "kafka://host:9092"})
