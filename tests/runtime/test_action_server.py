"""The action server, running: who may call it, what it tells in an error, and how Rasa's side reaches it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.utils.endpoints import ClientResponseError
from servers import free_port, wait_for_port

from sigap.runtime.action_calls import ActionServers, LocalActions, action_endpoint, shorten
from sigap.settings import ROOT
from sigap.store import schema
from sigap.store.session import Store

SECRET = "a-secret-of-more-than-32-characters-for-tests"
SAID = "rahasia pemohon 3171015708900001"


def call(action: str, events: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    tracker = {
        "sender_id": "web:one",
        "slots": {},
        "latest_message": {"text": SAID, "intent": {"name": "cek_antrean"}, "entities": []},
        "events": events or [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": action, "sender_id": "web:one", "tracker": tracker, "version": "3.6.21"}


class Server:
    """A `sigap actions` in a process of its own."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        if database is None:
            database = f"sqlite:///{folder / 'sigap.db'}"
            schema.upgrade(Store.open(database))
        self.port = free_port()
        self.log = folder / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sigap", "actions", "--port", str(self.port)],
            cwd=ROOT,
            env=environment | {"SIGAP_ACTION_SECRET": SECRET, "SIGAP_DATABASE_URL": database},
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        wait_for_port(self.port, self.process, 60)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def post(self, body: bytes, secret: str | None = SECRET) -> tuple[int, str]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, body, headers), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code


def sockets(process: int) -> set[str]:
    """The sockets a process has open."""
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(os.readlink(link))
    return {name for name in found if name.startswith("socket")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("actions"))
    yield started
    started.process.terminate()
    assert started.process.wait(30) == 0


def test_rasa_with_the_secret_is_answered(server: Server) -> None:
    status, body = server.post(json.dumps(call("action_cek_antrean")).encode())
    assert status == 200
    assert json.loads(body)["responses"][0]["response"] == "utter_antrean_tidak_ada"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], "ü"])
def test_whoever_lacks_the_secret_is_refused(server: Server, secret: str | None) -> None:
    assert server.post(json.dumps(call("action_cek_antrean")).encode(), secret)[0] == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"next_action": "action_cek_antrean"}',
        json.dumps(call("action_cek_antrean") | {"tracker": SAID}).encode(),
        json.dumps(call("no_such_action")).encode(),
    ],
    ids=["empty", "half", "a list", "no tracker", "wrong tracker", "unknown action"],
)
def test_an_error_repeats_nothing_of_the_call(server: Server, body: bytes) -> None:
    status, answer = server.post(body)
    assert status >= 400
    assert len(answer) < 100
    assert SAID not in answer
    assert SAID not in server.log.read_text()


def test_a_call_without_end_is_refused(server: Server) -> None:
    try:
        status, _ = server.post(b" " * 2_000_000)
    except (urllib.error.URLError, ConnectionError):
        return  # the connection was closed before all of it was sent
    assert status == 413


def test_health_looks_at_the_database_and_life_does_not(server: Server, tmp_path: Path) -> None:
    assert (server.get("/live"), server.get("/health")) == (200, 200)
    lost = Server(tmp_path, f"sqlite:///{tmp_path}/no/such/folder.db")
    try:
        assert (lost.get("/live"), lost.get("/health")) == (200, 503)
    finally:
        lost.process.terminate()
        lost.process.wait(30)


async def test_one_connection_serves_many_actions(server: Server) -> None:
    actions = ActionServers([server.url], SECRET)
    for _ in range(5):
        answer = await actions.request(json=call("action_cek_antrean"))
        assert answer["responses"]
    connected = sockets(server.process.pid)
    for _ in range(20):
        await actions.request(json=call("action_cek_antrean"))
    assert sockets(server.process.pid) == connected
    await actions.ping()
    await actions.close()


async def test_a_server_that_cannot_be_reached_is_passed_over(server: Server) -> None:
    dead = f"http://127.0.0.1:{free_port()}/webhook"
    actions = ActionServers([dead, server.url], SECRET)
    for _ in range(4):
        assert (await actions.request(json=call("action_cek_antrean")))["responses"]
    await actions.ping()
    await actions.close()
    alone = ActionServers([dead], SECRET)
    with pytest.raises(aiohttp.ClientConnectorError):
        await alone.request(json=call("action_cek_antrean"))
    await alone.close()


async def test_a_refusal_is_rasas_error(server: Server) -> None:
    actions = ActionServers([server.url], "wrong")
    with pytest.raises(ClientResponseError) as refused:
        await actions.request(json=call("action_cek_antrean"))
    assert refused.value.status == 401
    await actions.close()


async def test_actions_run_in_this_process_give_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions.services import install

    schema.upgrade(Store.open(f"sqlite:///{tmp_path / 'sigap.db'}"))
    monkeypatch.setenv("SIGAP_DATABASE_URL", f"sqlite:///{tmp_path / 'sigap.db'}")
    install(None)
    actions = action_endpoint("local", SECRET)
    assert isinstance(actions, LocalActions)
    answer = await actions.request(json=call("action_cek_antrean"))
    install(None)
    assert answer["responses"][0]["response"] == "utter_antrean_tidak_ada"


def test_of_a_long_conversation_only_the_last_turns_are_sent() -> None:
    turn = [{"event": "action", "name": "action_listen"}, {"event": "user"}, {"event": "bot"}]
    sent = call("action_cek_antrean", turn * 10)
    shorten(sent)
    assert [event["event"] for event in sent["tracker"]["events"]].count("user") == 4
    assert sent["tracker"]["events"][0]["event"] == "user"


def test_a_stopped_server_finishes_what_it_has_begun(tmp_path: Path) -> None:
    started = Server(tmp_path)
    body = json.dumps(call("action_cek_antrean")).encode()
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SECRET}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", started.port), timeout=20) as begun:
        begun.sendall(head.encode() + body[:-1])
        started.process.send_signal(signal.SIGTERM)
        while listens(started.port):
            pass
        begun.sendall(body[-1:])
        assert begun.recv(100).startswith(b"HTTP/1.1 200")
    assert started.process.wait(30) == 0


def listens(port: int) -> bool:
    """Whether new connections are taken."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
