"""Servers that tests start and stop: Redis, and whatever listens on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from needs import installed

_START_SECONDS = 20
_RABBIT_SECONDS = 90


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, alive: subprocess.Popen[bytes] | None = None, seconds: float = _START_SECONDS) -> None:
    """Wait until something listens. Fails the test when it does not, or when the process has ended."""
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > deadline or (alive and alive.poll() is not None):
            pytest.fail(f"nothing listens on port {port}")
        time.sleep(0.02)


class RedisServer:
    """A Redis of its own that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._program = installed("redis-server", "redis-server")
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start, or start again after `stop`."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [self._program, *options], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for_port(self.port, self._process)

    def stop(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()


class RabbitServer:
    """A RabbitMQ of its own, with the user guest."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        # Debian wraps the start script in one that insists on its own user and folders.
        self._program = installed("rabbitmq-server", "rabbitmq-server", "/usr/lib/rabbitmq/bin")
        self.port = port or free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._environment = os.environ | {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"sigap{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start, or start again after `stop`."""
        self._process = subprocess.Popen(
            [self._program],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for_port(self.port, self._process, _RABBIT_SECONDS)
        # It listens a little before it answers.
        deadline = time.monotonic() + _RABBIT_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, "RabbitMQ does not answer"
            time.sleep(0.1)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
            probe.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(probe.recv(1))
        return False

    def stop(self) -> None:
        """End it as a crash would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Wire:
    """A TCP connection to something, which can be cut, made to hang, and mended."""

    def __init__(self, target: str | int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._flows = threading.Event()
        self._flows.set()
        self._whole = True
        self._delay = 0.0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        self._whole = False
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def hang(self) -> None:
        """Connections stay open, but nothing passes."""
        self._flows.clear()

    def slow_down(self, seconds: float) -> None:
        """Everything passes that much later."""
        self._delay = seconds

    def mend(self) -> None:
        """All passes again, at once."""
        self._whole = True
        self._delay = 0.0
        self._flows.set()

    def close(self) -> None:
        """Stop for good."""
        self.cut()
        self._flows.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            far = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
            far.connect(self._target if isinstance(self._target, str) else ("127.0.0.1", self._target))
            self._pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                time.sleep(self._delay)
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.close()
