"""Two hundred applicants at once, on two workers and two action servers of which each is killed in turn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from databases import PostgresServer
from many_machines import SECRET, Balancer, Booker, Machine, bookers, settings
from servers import RedisServer
from sqlalchemy import select, text

from sigap.knowledge import Knowledge
from sigap.settings import KNOWLEDGE, Settings
from sigap.store import demo, schema
from sigap.store.conversations import Conversations
from sigap.store.session import Store
from sigap.store.tables import Booking

pytestmark = pytest.mark.stack

APPLICANTS = 200
TOGETHER_SECONDS = 900


@dataclass
class Cluster:
    """What runs."""

    store: Store
    record: Conversations
    workers: list[Machine]
    actions: list[Machine]

    @property
    def logs(self) -> list[Path]:
        return [machine.log for machine in (*self.workers, *self.actions)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("machines")
    postgres, redis = PostgresServer(), RedisServer(folder)
    store = postgres.empty()
    url = str(store.engine.url)
    schema.upgrade(store)
    record = Conversations.open(url)
    record.upgrade()
    environment = settings(url, redis.url)
    demo.fill(store, Settings.from_environment(environment).clock, Knowledge.load(KNOWLEDGE).working_days.is_working)
    actions = [Machine("actions", folder, environment) for _ in range(2)]
    environment["SIGAP_ACTION_URL"] = ",".join(f"http://127.0.0.1:{action.port}/webhook" for action in actions)
    workers = [Machine("serve", folder, environment) for _ in range(2)]
    for machine in (*actions, *workers):
        machine.start()
    for machine in (*actions, *workers):
        machine.wait()
    yield Cluster(store, record, workers, actions)
    codes = [machine.stop() for machine in (*workers, *actions)]
    record.engine.dispose()
    postgres.close()
    redis.stop()
    assert codes == [0, 0, 0, 0]


async def test_nothing_is_mixed_up_stuck_or_lost_while_each_machine_is_killed_in_turn(cluster: Cluster) -> None:
    people = bookers(APPLICANTS)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        balancer = Balancer(cluster.workers, session)
        talks = [asyncio.create_task(person.book(balancer)) for person in people]
        for machine in (cluster.workers[0], cluster.actions[0], cluster.workers[1], cluster.actions[1]):
            await until_further(people)
            machine.kill()
            machine.start()
            await asyncio.to_thread(machine.wait)
        await asyncio.wait_for(asyncio.gather(*talks), TOGETHER_SECONDS)
    for person in people:
        # Of two summaries the second may follow a resent "ya"; each shows its own applicant and nobody else.
        shown = [line for answer in person.heard for line in answer.splitlines() if "(NIK" in line]
        assert shown
        assert all(line == f"• {person.name} (NIK ••••{person.nik[-4:]}, lahir 18-08-1990)" for line in shown), shown
    with cluster.store.work() as database:
        confirmed = list(database.scalars(select(Booking).filter_by(state="confirmed")))
        owners = {booking.conversation_id: [one.nik for one in booking.applicants] for booking in confirmed}
        codes = {booking.conversation_id: booking.code for booking in confirmed}
        held = list(database.scalars(select(Booking).filter_by(state="held")))
        over = database.execute(text("SELECT count(*) FROM slots WHERE taken > quota")).scalar()
    assert len(confirmed) == APPLICANTS
    assert owners == {f"rest:{person.sender}": [person.nik] for person in people}
    assert all(codes[f"rest:{person.sender}"] in person.ticket for person in people)
    assert (held, over) == ([], 0)


async def until_further(people: list[Booker]) -> None:
    """Until the conversations have gone on for a while."""
    heard = sum(len(person.heard) for person in people)
    while sum(len(person.heard) for person in people) < heard + APPLICANTS // 2:
        if all(person.ticket for person in people):
            return
        await asyncio.sleep(0.05)


def test_every_turn_is_recorded_whole_and_in_order(cluster: Cluster) -> None:
    for sender in cluster.record.sender_ids():
        events = [json.loads(one.data) for one in cluster.record.everything(sender)]
        times = [event["timestamp"] for event in events]
        assert times == sorted(times), sender
        kinds = [event["event"] for event in events]
        # Nobody's turn began before the one in front of it had ended with action_listen.
        for place, kind in enumerate(kinds):
            if kind == "user":
                before = next(event for event in reversed(events[:place]) if event["event"] == "action")
                assert before["name"] == "action_listen", sender


def test_nothing_personal_is_in_the_record_or_in_a_log(cluster: Cluster) -> None:
    with cluster.record.engine.connect() as database:
        rows = [*database.execute(text("SELECT * FROM events")), *database.execute(text("SELECT * FROM conversations"))]
    kept = "\n".join(str(row) for row in rows) + "".join(log.read_text() for log in cluster.logs)
    assert len(rows) > APPLICANTS * 20
    for person in bookers(APPLICANTS):
        assert person.nik not in kept
        assert person.name.split()[0] not in kept
    assert "18-08-1990" not in kept
    assert SECRET not in kept
