"""What the applicant reads when something around SIGAP fails, and that the conversation goes on afterwards.

The same list stands in docs/operasi.md.
"""

from __future__ import annotations

import json
import resource
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from databases import PostgresServer
from many_machines import SECRET, Machine
from servers import RabbitServer, RedisServer, Wire, free_port
from sqlalchemy import text

from sigap.knowledge import Knowledge
from sigap.settings import KNOWLEDGE, ROOT, Settings
from sigap.store import demo, schema
from sigap.store.conversations import Conversations
from sigap.store.session import Store

pytestmark = pytest.mark.stack

NOW = "2026-11-22T08:00:00+07:00"
# sigap.channels.guard.TURN_SECONDS, and a little for the way there and back.
IN_TIME = 25.0
NUMBER, BIRTH = "1179000000012345", "17-08-1990"
APOLOGY = "terganggu"
CROWD = 60
EXPIRED = "terlalu lama"


def say(machine: Machine, sender: str, message: str) -> str:
    body = json.dumps({"sender": sender, "message": message}).encode()
    address = f"http://127.0.0.1:{machine.port}/webhooks/rest/webhook"
    began = time.monotonic()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        said = "\n\n".join(bubble.get("text", "") for bubble in json.load(answer))
    assert said.strip(), f"silence after {message!r}"
    assert time.monotonic() - began < IN_TIME
    return said


def ready(machine: Machine) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{machine.port}/ready", timeout=30) as answer:
            return answer.status, json.load(answer)["problems"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["problems"]


def problems_of(machine: Machine) -> tuple[int, set[str]]:
    """Status and names, but for RabbitMQ, which is there in its own test only."""
    status, problems = ready(machine)
    return status, problems.keys() - {"events"}


def prepare(url: str, conversations: str) -> None:
    store = Store.open(url)
    schema.upgrade(store)
    clock = Settings.from_environment({"SIGAP_NOW": NOW}).clock
    demo.fill(store, clock, Knowledge.load(KNOWLEDGE).working_days.is_working)
    store.engine.dispose()
    record = Conversations.open(conversations)
    record.upgrade()
    record.engine.dispose()


@pytest.fixture(scope="module")
def postgres_wire() -> Iterator[tuple[Wire, str]]:
    server = PostgresServer()
    store = server.empty()
    folder, name = store.engine.url.query["host"], store.engine.url.database
    prepare(str(store.engine.url), str(store.engine.url))
    wire = Wire(f"{folder}/.s.PGSQL.5432")
    yield wire, f"postgresql://sigap@127.0.0.1:{wire.port}/{name}"
    wire.close()
    server.close()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def rabbit_port() -> int:
    """Where RabbitMQ is to be."""
    return free_port()


@pytest.fixture(scope="module")
def machine(
    postgres_wire: tuple[Wire, str], redis: RedisServer, rabbit_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    _, url = postgres_wire
    environment = {
        "SIGAP_DATABASE_URL": url,
        "SIGAP_CONVERSATIONS_URL": url,
        "SIGAP_LOCKS_URL": redis.url,
        "SIGAP_EVENTS_URL": f"amqp://guest:guest@127.0.0.1:{rabbit_port}/",
    }
    started = Machine("serve", tmp_path_factory.mktemp("serve"), environment | {"SIGAP_NOW": NOW})
    started.start()
    started.wait()
    yield started
    started.stop()


def test_the_database_is_gone_and_comes_back(machine: Machine, postgres_wire: tuple[Wire, str]) -> None:
    wire, _ = postgres_wire
    assert "tanggal lahir" in say(machine, "gone", f"cek status {NUMBER}")
    assert problems_of(machine) == (200, set())
    wire.cut()
    assert APOLOGY in say(machine, "gone", BIRTH)
    assert ready(machine)[0] == 503
    assert "conversations" in ready(machine)[1]
    wire.mend()
    # The form is still where it was: nobody begins again.
    assert "Adjudikasi" in say(machine, "gone", BIRTH)
    assert problems_of(machine) == (200, set())


def test_the_database_hangs_and_recovers(machine: Machine, postgres_wire: tuple[Wire, str]) -> None:
    wire, _ = postgres_wire
    assert "tanggal lahir" in say(machine, "hangs", f"cek status {NUMBER}")
    wire.hang()
    try:
        assert APOLOGY in say(machine, "hangs", BIRTH)
    finally:
        wire.mend()
    assert "Adjudikasi" in eventually(lambda: say(machine, "hangs", BIRTH), lambda said: APOLOGY not in said)


def test_the_database_is_slow(machine: Machine, postgres_wire: tuple[Wire, str]) -> None:
    wire, _ = postgres_wire
    assert "tanggal lahir" in say(machine, "slow", f"cek status {NUMBER}")
    wire.slow_down(0.1)
    try:
        assert "Adjudikasi" in say(machine, "slow", BIRTH)
    finally:
        wire.mend()


def test_the_clock_jumps_ahead_and_the_form_is_said_to_have_ended(machine: Machine) -> None:
    assert "tanggal lahir" in say(machine, "ahead", f"cek status {NUMBER}")
    jump(machine, "ahead", 2 * 3600)
    assert EXPIRED in say(machine, "ahead", BIRTH)
    assert "tanggal lahir" in say(machine, "ahead", f"cek status {NUMBER}")
    assert "Adjudikasi" in say(machine, "ahead", BIRTH)


def test_the_clock_jumps_back_and_the_form_goes_on(machine: Machine) -> None:
    assert "tanggal lahir" in say(machine, "back", f"cek status {NUMBER}")
    jump(machine, "back", -2 * 3600)
    assert "Adjudikasi" in say(machine, "back", BIRTH)
    assert "Rp" in say(machine, "back", "biaya paspor berapa")


def jump(machine: Machine, sender: str, seconds: float) -> None:
    """Let the machine's clock jump, as it looks from the conversation: all that was recorded lies elsewhere in time."""
    record = Conversations.open(machine.settings["SIGAP_CONVERSATIONS_URL"])
    with record.engine.begin() as connection:
        who = {"who": f"rest:{sender}"}
        for row in connection.execute(text("SELECT id, data FROM events WHERE sender_id = :who"), who).all():
            event = json.loads(row.data)
            moved = {"id": row.id, "at": event["timestamp"] - seconds}
            data = json.dumps(event | {"timestamp": moved["at"]})
            connection.execute(
                text("UPDATE events SET timestamp = :at, data = :data WHERE id = :id"), moved | {"data": data}
            )
    record.engine.dispose()


def test_rabbitmq_is_not_there_and_comes(machine: Machine, rabbit_port: int, tmp_path: Path) -> None:
    status, problems = ready(machine)
    assert (status, problems.keys()) == (200, {"events"})
    assert "Rp" in say(machine, "rabbit", "biaya paspor berapa")
    rabbit = RabbitServer(tmp_path, rabbit_port)
    try:
        assert eventually(lambda: ready(machine), lambda answer: answer == (200, {}))
    finally:
        rabbit.stop()
    assert "Rp" in say(machine, "rabbit", "biaya paspor anak berapa")


def test_redis_is_gone_and_comes_back(machine: Machine, redis: RedisServer) -> None:
    assert "tanggal lahir" in say(machine, "redis", f"cek status {NUMBER}")
    redis.stop()
    assert "Adjudikasi" in say(machine, "redis", BIRTH)
    assert problems_of(machine) == (200, {"locks"})
    redis.start()
    assert "Rp" in say(machine, "redis", "biaya paspor berapa")
    assert eventually(lambda: problems_of(machine), lambda answer: answer == (200, set()))


class Actions(ThreadingHTTPServer):
    """An action server that does as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave: Callable[[], tuple[int, bytes]] = lambda: (500, b"{}")
        self.open: list[socket.socket] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def die(self) -> None:
        """Nobody listens any longer, and what was open is closed."""
        self.shutdown()
        self.server_close()
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, Actions)
        self.server.open.append(self.connection)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Actions)
        status, body = self.server.behave()
        # Who asked may have given up.
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def test_the_action_server_answers_500_nonsense_slowly_or_not_at_all(tmp_path: Path) -> None:
    actions = Actions()
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("sigap", "conversations")]
    prepare(*urls)
    machine = Machine(
        "serve",
        tmp_path,
        {
            "SIGAP_DATABASE_URL": urls[0],
            "SIGAP_CONVERSATIONS_URL": urls[1],
            "SIGAP_ACTION_URL": f"http://127.0.0.1:{actions.server_port}/webhook",
            "SIGAP_ACTION_SECRET": SECRET,
            "SIGAP_NOW": NOW,
        },
    )
    machine.start()
    machine.wait()
    released = threading.Event()

    def slow() -> tuple[int, bytes]:
        released.wait(60)
        return 200, b'{"events": [], "responses": []}'

    try:
        for behave in (
            lambda: (500, b'{"error": "failed"}'),
            lambda: (200, b'["nonsense"]'),
            lambda: (200, b'{"events": [{"event": "no such event"}], "responses": []}'),
            lambda: (200, b'{"events": [], "responses": []}'),
            slow,
        ):
            actions.behave = behave
            assert APOLOGY in say(machine, "500", "biaya paspor berapa")
        released.set()
        actions.behave = lambda: (200, b'{"events": [], "responses": [{"response": "utter_pamit"}]}')
        assert APOLOGY not in say(machine, "500", "biaya paspor berapa")
        actions.die()
        assert APOLOGY in say(machine, "500", "biaya paspor berapa")
        assert ready(machine)[0] == 503
    finally:
        machine.stop()


def test_the_disk_is_full(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("sigap", "conversations")]
    prepare(*urls)
    machine = Machine(
        "serve",
        tmp_path,
        {"SIGAP_DATABASE_URL": urls[0], "SIGAP_CONVERSATIONS_URL": urls[1], "SIGAP_NOW": NOW},
    )
    machine.start()
    machine.wait()
    try:
        assert "Rp" in say(machine, "full", "biaya paspor berapa")
        # No file of the process may grow: for SQLite that is a full disk.
        limits = resource.prlimit(machine.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        said = say(machine, "full", "syarat paspor anak")
        assert APOLOGY in said or "Akta" in said
        assert APOLOGY in say(machine, "full", "mau lapor, petugas loket minta uang rokok biar berkas cepat")
        resource.prlimit(machine.process.pid, resource.RLIMIT_FSIZE, limits)
        assert "Akta" in say(machine, "full", "syarat paspor anak")
    finally:
        machine.stop()


def test_too_many_write_at_once(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("sigap", "conversations")]
    prepare(*urls)
    settings = {"SIGAP_DATABASE_URL": urls[0], "SIGAP_CONVERSATIONS_URL": urls[1], "SIGAP_NOW": NOW}
    machine = Machine("serve", tmp_path, settings | {"SIGAP_MOST_TURNS": "4"})
    machine.start()
    machine.wait()
    try:
        with ThreadPoolExecutor(CROWD) as crowd:
            said = list(crowd.map(lambda who: say(machine, f"crowd-{who}", "biaya paspor berapa"), range(CROWD)))
        answered, shed = ([text for text in said if part in text] for part in ("Rp", "sangat banyak yang menulis"))
        assert answered
        assert shed
        assert len(answered) + len(shed) == CROWD
        assert "Rp" in say(machine, "crowd-0", "biaya paspor berapa")
    finally:
        machine.stop()


def test_a_broken_model_stops_the_start_with_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    command = [sys.executable, "-W", "ignore", "-m", "sigap", "serve", "--port", "0", "--model", str(broken)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert "sigap train --force" in ended.stderr
    assert "Traceback" not in ended.stderr


def eventually(ask: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """The answer, once it is good; asked again for a while."""
    deadline = time.monotonic() + 30
    while not good(answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert good(answer), answer
    return answer
