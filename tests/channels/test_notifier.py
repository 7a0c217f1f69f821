"""News becomes a turn of the applicant's own conversation."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import timedelta

import pytest
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from sanic import Blueprint, Sanic, response
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.channels.bubbles import Bubbles
from sigap.channels.notifier import Notifier, deliver_news
from sigap.store.outbox import LEASE, Notification, Outbox
from sigap.store.session import Store
from sigap.store.tables import OutboxEntry


class Desk:
    """Stands where Rasa does, and where the channel finds its conversations."""

    def __init__(self) -> None:
        self.turns: list[UserMessage] = []
        self.reachable = True
        self.failures: list[BaseException] = []
        self.heard = asyncio.Event()

    async def handle(self, turn: UserMessage) -> None:
        self.turns.append(turn)
        self.heard.set()
        if self.failures:
            raise self.failures.pop()

    async def output_for(self, _: Notification) -> OutputChannel | None:
        return Bubbles() if self.reachable else None


@pytest.fixture
def outbox(store: Store, clock: SettableClock) -> Outbox:
    """An empty outbox."""
    return Outbox(store, clock)


@pytest.fixture
def desk() -> Desk:
    """A desk where everything works until a test says otherwise."""
    return Desk()


@pytest.fixture
def notifier(outbox: Outbox, desk: Desk) -> Notifier:
    """The notifier of the WhatsApp conversations."""
    return Notifier(outbox, desk.handle, desk.output_for, "wa")


def put(store: Store, outbox: Outbox, clock: SettableClock, who: str = "wa:1") -> None:
    with store.work() as session:
        outbox.put(session, who, "kabar_kuota", {"tawaran": 7}, clock() + timedelta(hours=1))
        session.commit()


def states(store: Store) -> list[str]:
    with store.work() as session:
        return list(session.scalars(select(OutboxEntry.state).order_by(OutboxEntry.id)))


async def test_news_becomes_a_turn_with_its_topic_as_intent(
    store: Store, outbox: Outbox, clock: SettableClock, notifier: Notifier, desk: Desk
) -> None:
    put(store, outbox, clock)
    assert await notifier.deliver_due() == 1
    (turn,) = desk.turns
    assert (turn.sender_id, turn.input_channel, turn.metadata) == ("wa:1", "wa", {"kabar": {"tawaran": 7}})
    assert YAMLStoryReader.unpack_regex_message(Message({TEXT: turn.text})).get(INTENT)["name"] == "kabar_kuota"
    assert states(store) == ["delivered"]


async def test_news_is_delivered_once(
    store: Store, outbox: Outbox, clock: SettableClock, notifier: Notifier, desk: Desk
) -> None:
    put(store, outbox, clock)
    await notifier.deliver_due()
    clock.now += LEASE
    assert await notifier.deliver_due() == 0
    assert len(desk.turns) == 1


async def test_news_for_another_channel_is_left_to_it(
    store: Store, outbox: Outbox, clock: SettableClock, notifier: Notifier
) -> None:
    put(store, outbox, clock, "web:1")
    assert await notifier.deliver_due() == 0
    assert states(store) == ["waiting"]


async def test_whoever_cannot_be_reached_now_is_told_later(
    store: Store, outbox: Outbox, clock: SettableClock, notifier: Notifier, desk: Desk
) -> None:
    put(store, outbox, clock)
    desk.reachable = False
    assert await notifier.deliver_due() == 0
    assert desk.turns == []
    desk.reachable = True
    assert await notifier.deliver_due() == 0
    clock.advance(seconds=5)
    assert await notifier.deliver_due() == 1


async def test_a_turn_that_fails_is_tried_again_and_does_not_keep_others_waiting(
    store: Store,
    outbox: Outbox,
    clock: SettableClock,
    notifier: Notifier,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(store, outbox, clock, "wa:1")
    put(store, outbox, clock, "wa:2")
    desk.failures = [RuntimeError("NIK 3275010708950004")]
    assert await notifier.deliver_due() == 1
    assert states(store) == ["waiting", "delivered"]
    clock.advance(seconds=5)
    assert await notifier.deliver_due() == 1
    assert states(store) == ["delivered", "delivered"]
    assert "RuntimeError" in caplog.text
    assert "3275010708950004" not in caplog.text


async def test_a_delivery_that_may_be_a_repeat_is_recorded(
    store: Store,
    outbox: Outbox,
    clock: SettableClock,
    notifier: Notifier,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(store, outbox, clock)
    outbox.claim("wa:")  # by a process that died before it could say that it had delivered
    clock.now += LEASE
    assert await notifier.deliver_due() == 1
    assert "may have been delivered before" in caplog.text


async def test_a_woken_notifier_delivers_at_once_and_stops_when_told(
    store: Store, outbox: Outbox, clock: SettableClock, notifier: Notifier, desk: Desk
) -> None:
    running = asyncio.create_task(notifier.run(pause=3600))
    put(store, outbox, clock)
    notifier.wake()
    await asyncio.wait_for(desk.heard.wait(), 30)
    notifier.stop()
    await asyncio.wait_for(running, 30)
    assert states(store) == ["delivered"]


async def test_a_database_that_is_down_does_not_end_the_notifier(
    store: Store,
    outbox: Outbox,
    clock: SettableClock,
    notifier: Notifier,
    desk: Desk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(store, outbox, clock)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notifications RENAME TO elsewhere")
    running = asyncio.create_task(notifier.run(pause=0.01))
    deadline = time.monotonic() + 30
    while "looking for news failed" not in caplog.text and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO notifications")
    await asyncio.wait_for(desk.heard.wait(), 30)
    notifier.stop()
    await asyncio.wait_for(running, 30)


async def test_a_channel_delivers_while_its_server_runs(
    store: Store, outbox: Outbox, clock: SettableClock, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGAP_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SIGAP_NOW", clock().isoformat())
    put(store, outbox, clock)
    app, routes = Sanic("news_test"), Blueprint("news_test")
    routes.add_route(lambda _: response.empty(), "/", name="health")
    deliver_news(routes, desk.handle, desk.output_for, "wa")
    app.blueprint(routes)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.after_start()
    await asyncio.wait_for(desk.heard.wait(), 30)
    await server.before_stop()
    await server.close()
    assert [turn.sender_id for turn in desk.turns] == ["wa:1"]
    assert states(store) == ["delivered"]
