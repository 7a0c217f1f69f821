"""One server of two workers, which share what they have loaded, the port and the counting."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from many_machines import Machine, settings
from servers import RedisServer

from sigap.knowledge import Knowledge
from sigap.settings import KNOWLEDGE, Settings
from sigap.store import demo, schema
from sigap.store.conversations import Conversations
from sigap.store.session import Store

pytestmark = pytest.mark.stack

PATIENCE_SECONDS = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Machine]:
    with ExitStack() as end:
        redis = RedisServer(tmp_path)
        end.callback(redis.stop)
        environment = settings(f"sqlite:///{tmp_path / 'sigap.db'}", redis.url)
        store = Store.open(environment["SIGAP_DATABASE_URL"])
        end.callback(store.engine.dispose)
        schema.upgrade(store)
        clock = Settings.from_environment(environment).clock
        demo.fill(store, clock, Knowledge.load(KNOWLEDGE).working_days.is_working)
        Conversations.open(environment["SIGAP_CONVERSATIONS_URL"]).upgrade()
        machine = Machine("serve", tmp_path, environment | {"SIGAP_WORKERS": "2"})
        machine.start()
        end.callback(machine.kill)
        machine.wait()
        wait_for(lambda: len(workers(machine)) == 2)
        yield machine


def workers(machine: Machine) -> set[int]:
    """The process ids of the workers."""
    return {int(pid) for task in Path(f"/proc/{machine.process.pid}/task").iterdir() for pid in children(task)}


def children(task: Path) -> list[str]:
    return (task / "children").read_text().split()


def runs(pid: int) -> bool:
    """Whether a process has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def say(machine: Machine, sender: str, text: str) -> str:
    """The answer, over a connection of its own, which either worker may take."""
    body = json.dumps({"sender": sender, "message": text}).encode()
    address = f"http://127.0.0.1:{machine.port}/webhooks/rest/webhook"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return "\n".join(bubble.get("text", "") for bubble in json.load(answer))


def understood(machine: Machine) -> int:
    """How many messages the server says it has understood."""
    with urllib.request.urlopen(f"http://127.0.0.1:{machine.port}/metrics", timeout=PATIENCE_SECONDS) as answer:
        counted = re.findall(r"^sigap_messages_total\{.*\} ([\d.]+)$", answer.read().decode(), re.MULTILINE)
    return int(sum(map(float, counted)))


def wait_for(condition: Callable[[], bool]) -> None:
    """Look until it holds. Raises `AssertionError` when it does not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_conversation_goes_on_with_whichever_worker_and_when_one_is_killed(server: Machine) -> None:
    before = workers(server)
    assert "nama lengkap" in say(server, "siti", "mau antri di bogor 24 november jam 9 paspor baru 1 orang")
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: len(workers(server)) == 2 and workers(server) != before)
    assert "NIK" in say(server, "siti", "Siti Aminah")
    for number in range(8):
        assert say(server, f"orang-{number}", "berapa biaya paspor")
    assert understood(server) == 10
    assert server.stop() == 0


def test_workers_end_with_their_parent_however_it_goes(server: Machine) -> None:
    left = workers(server)
    server.kill()
    wait_for(lambda: not any(map(runs, left)))


def test_the_workers_share_what_they_have_loaded(server: Machine) -> None:
    say(server, "siti", "berapa biaya paspor")
    for pid in workers(server):
        memory = Path(f"/proc/{pid}/smaps_rollup").read_text()
        shared, private = (
            sum(int(size) for size in re.findall(rf"^{kind}_(?:Clean|Dirty):\s+(\d+)", memory, re.MULTILINE))
            for kind in ("Shared", "Private")
        )
        assert shared > 2 * private
