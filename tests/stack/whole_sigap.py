"""Starts the whole of SIGAP as a newcomer does: `sigap run`, on ports and in files of its own."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from ports import free_port

from sigap.settings import ROOT
from sigap.store.session import Store
from sigap.whatsapp_simulator.running import simulating

# A Sunday: tomorrow is a working day, and officers are not in.
NOW = "2026-11-22T10:00:00+07:00"
# Training, should the model not be current, takes minutes on a slow machine.
START_SECONDS = 600
STOP_SECONDS = 30
REPLY_SECONDS = 60


_people = itertools.count(1000)


def new_nik() -> str:
    """The NIK of somebody born on 17 August 1990 who has no booking yet: a person may have only one."""
    return f"317101170890{next(_people)}"


@dataclass(frozen=True)
class Reply:
    """What came back for one message."""

    bubbles: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """All bubbles as one text."""
        return "\n\n".join(bubble.get("text", "") for bubble in self.bubbles)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All buttons."""
        return [offered for bubble in self.bubbles for offered in bubble.get("buttons", [])]


@dataclass
class Stack:
    """A running `sigap run`."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path
    store: Store
    whatsapp: str
    """Where the simulated WhatsApp is."""

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST JSON and return the JSON of the answer. Raises `urllib.error.HTTPError` for a refusal."""
        request = urllib.request.Request(
            f"http://localhost:{self.port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=REPLY_SECONDS) as answer:
            return json.load(answer)

    def children(self) -> dict[str, int]:
        """Process ids of the servers, by the command of each ("serve", "actions")."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except (OSError, IndexError):
                continue
            if parent == self.process.pid and "-m" in words:
                found[words[words.index("-m") + 2]] = int(folder.name)
        return found


@dataclass
class Applicant:
    """Somebody who writes to SIGAP over the development channel."""

    stack: Stack
    sender: str = field(default_factory=lambda: uuid4().hex)

    @property
    def conversation_id(self) -> str:
        """The id under which SIGAP keeps this conversation's records."""
        return f"rest:{self.sender}"

    def say(self, *texts: str) -> Reply:
        """Send messages one after the other; returns the reply to the last. Every message must get a sentence."""
        for text in texts:
            reply = Reply(self.stack.post("/webhooks/rest/webhook", {"sender": self.sender, "message": text}))
            assert reply.text.strip(), f"silence after {text!r}"
        return reply


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Stack]:
    """Start everything, wait until it says that it is ready, and stop it as Ctrl-C would. `settings` are SIGAP_*."""
    port = free_port()
    with simulating(simulator := free_port(), f"http://localhost:{port}/webhooks/whatsapp/webhook") as whatsapp:
        yield from _running(folder, port, f"http://localhost:{simulator}", whatsapp | settings)


def _running(folder: Path, port: int, simulator: str, more: dict[str, str]) -> Iterator[Stack]:
    output, database = folder / "output.txt", folder / "sigap.db"
    settings = more | {
        "PORT": str(port),
        "SIGAP_NOW": NOW,
        "SIGAP_DATABASE_URL": f"sqlite:///{database}",
        "SIGAP_CONVERSATIONS_URL": f"sqlite:///{folder / 'conversations.db'}",
        "PYTHONUNBUFFERED": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    with output.open("wb") as log:
        process = subprocess.Popen(
            [str(ROOT / ".venv" / "bin" / "sigap"), "run"],
            cwd=ROOT,
            env=inherited | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    store = Store.open(settings["SIGAP_DATABASE_URL"])
    stack = Stack(port, process, output, store, simulator)
    try:
        _wait_until_ready(stack)
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            store.engine.dispose()


def _wait_until_ready(stack: Stack) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "SIGAP is ready" not in stack.output.read_text(errors="replace"):
        if stack.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"sigap run did not become ready:\n{stack.output.read_text(errors='replace')}")
        time.sleep(0.5)


def answers(port: int) -> bool:
    """Whether anything still listens on this port."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/webhooks/rest/", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
