"""`make run`: everything a newcomer needs, started in order and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from sigap.runtime.cores import own_cores
from sigap.settings import KNOWLEDGE, MODELS, ROOT, Settings

_LOGS = ROOT / "logs"
_START_SECONDS = 180
# A server finishes what it has begun, for up to 25 seconds (sigap.runtime.server).
_STOP_SECONDS = 30


class StartError(RuntimeError):
    """A server did not come up; the message says where to look."""


def run_all(settings: Settings, chat: bool, port: int, action_port: int | None) -> int:
    """Train, prepare, start, wait until healthy, and stay until Ctrl-C. Returns the exit code.

    The chat listens on `port` of this machine. With an `action_port` the actions run in a process of their own, as they
    do on several machines; without, inside Rasa's.
    """
    servers: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    try:
        for needed in (port, action_port):
            if needed is not None:
                _require_free(needed)
        _train_if_needed()
        _verify_model()
        _prepare_database(settings)
        _LOGS.mkdir(exist_ok=True)
        click.echo("Starting ...")
        if action_port is not None:
            os.environ["SIGAP_ACTION_URL"] = f"http://localhost:{action_port}/webhook"
            servers.append(_start("actions", action_port, core=-1))
        servers.append(_start("serve", port, core=0))
        if action_port is not None:
            _wait(servers[0], f"http://localhost:{action_port}/health", "actions")
        _wait(servers[-1], f"http://localhost:{port}/ready", "serve")
        click.secho(f"\nSIGAP is ready: http://localhost:{port}/webhooks/web/", bold=True)
        if chat:
            from sigap.terminal import chat_in_terminal

            chat_in_terminal(f"http://localhost:{port}")
            return 0
        click.echo("Press Ctrl-C to stop.")
        while all(server.poll() is None for server in servers):
            time.sleep(1)
        raise StartError(
            "A server has stopped by itself; see logs/serve.log and, where there is one, logs/actions.log."
        )
    except KeyboardInterrupt:
        return 0
    except StartError as error:
        click.secho(str(error), fg="red", err=True)
        return 1
    finally:
        _stop(servers)


def _train_if_needed() -> None:
    from sigap import training
    from sigap.models import Models

    if training.is_current():
        return
    if Models(MODELS).chosen():
        click.echo("The content has changed, but the published model stays in use: publish anew, or `sigap train`.")
        return
    click.echo("Training the model (about two minutes) ...")
    try:
        training.train_quietly()
    except RuntimeError as error:
        raise StartError(str(error)) from error


def _prepare_database(settings: Settings) -> None:
    from sigap.knowledge.store import load_once
    from sigap.store import demo, schema
    from sigap.store.conversations import Conversations
    from sigap.store.session import Store

    click.echo("Preparing the database ...")
    store = Store.open(settings.database_url)
    schema.upgrade(store)
    Conversations.open(settings.conversations_url).upgrade()
    if not settings.production:
        demo.fill(store, settings.clock, load_once(KNOWLEDGE).working_days.is_working)
    store.engine.dispose()


def _verify_model() -> None:
    from sigap.models import ModelError, Models

    models = Models(MODELS)
    model = models.in_use()
    assert model is not None, "training leaves a model"
    try:
        models.verified(model)
    except ModelError as error:
        raise StartError(f"{error} Go back to the model before it with `sigap model back`.") from error


def _start(name: str, port: int, core: int) -> subprocess.Popen[bytes]:
    """Start a server on the first (0) or the last (-1) core."""
    kept = ("--core", str(own_cores()[core])) if own_cores() else ()
    with (_LOGS / f"{name}.log").open("wb") as log:
        # Its own process group, so that Ctrl-C reaches this process first and stops the servers in order.
        return subprocess.Popen(
            [sys.executable, "-m", "sigap", name, "--port", str(port), *kept],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=_environment(),
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    # What is meant for servers that are started by hand would contradict the one core and worker here.
    for_servers = {"SIGAP_CORE", "SIGAP_WORKERS"}
    return {name: value for name, value in os.environ.items() if name not in for_servers} | {"PYTHONWARNINGS": "ignore"}


def _wait(server: subprocess.Popen[bytes], address: str, name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    log = Path("logs") / f"{name}.log"
    raise StartError(f"{name} did not start; the end of {log} says why:\n{_tail(ROOT / log)}")


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise StartError(
                f"Port {port} is in use. Stop what runs there, or choose others: "
                "PORT=5006 SIGAP_ACTION_PORT=5056 make run"
            )


def _stop(servers: list[subprocess.Popen[bytes]]) -> None:
    for server in reversed(servers):
        if server.poll() is None:
            server.terminate()
    for server in servers:
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
