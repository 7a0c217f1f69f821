"""Ports that nobody uses, and servers that are being started on them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Wait for a server that was just started. One that ends, or does not answer in time, fails with its log."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        if time.monotonic() > deadline or server.poll() is not None:
            raise AssertionError(log.read_text(errors="replace"))
        time.sleep(0.1)
