"""The part of `make bench` that opens the editors' inbox over a large tracker store."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sigap.benchmarks.report import replace
from sigap.benchmarks.stored import many, write
from sigap.editor.inbox import Inbox
from sigap.settings import ROOT

HEADING = "## The editors' inbox"
_MESSAGES = 100_000
_OPENED = 20
_START_SECONDS = 60
# What the workbench reads and the tracker store does not change.
_CONTENT = ("data", "tests", "actions", "sigap", "domain.yml", "config.yml", "credentials.yml", "endpoints.yml")


def measure() -> None:
    """Measure, and write the section."""
    with tempfile.TemporaryDirectory() as folder:
        root, store = Path(folder) / "isi", Path(folder) / "conversations.db"
        (root / "models").mkdir(parents=True)
        for name in _CONTENT:
            (root / name).symlink_to(ROOT / name)
        write(store, many(_MESSAGES))
        with _workbench(root, f"sqlite:///{store}") as page:
            began = time.monotonic()
            unread = [_seconds(page)]
            inbox = Inbox(root / ".sigap-editor" / "kotak.db", f"sqlite:///{store}")
            while inbox.counts().unread:
                unread.append(_seconds(page))
                time.sleep(0.2)
            reading = time.monotonic() - began
            read = [_seconds(page) for _ in range(_OPENED)]
            waiting = inbox.counts().open
            inbox.close()
    lines = [
        f"The page Kotak masuk of a running workbench, over a tracker store with {_MESSAGES:,} messages; its index is "
        f"read in the background within {reading:.0f} s, and {waiting:,} messages wait in it.",
        "",
        "| | seconds, median | seconds, slowest |",
        "| --- | --- | --- |",
        f"| opened while the messages are being read ({len(unread)} times) "
        f"| {statistics.median(unread):.2f} | {max(unread):.2f} |",
        f"| opened when they are read ({len(read)} times) | {statistics.median(read):.2f} | {max(read):.2f} |",
    ]
    replace(HEADING, "\n".join(lines))


@contextmanager
def _workbench(root: Path, conversations: str) -> Iterator[str]:
    """A workbench without a model; the address of the inbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", f"--root={root}", f"--models={root / 'models'}", f"--conversations={conversations}"]
    with (root / "log.txt").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "sigap", "editor", *options], cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(f"http://localhost:{port}/masuk", server)
        yield f"http://localhost:{port}/kotak-masuk"
    finally:
        server.terminate()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    raise RuntimeError("the workbench did not start")


def _seconds(page: str) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(page) as answer:
        answer.read()
    return time.monotonic() - began
