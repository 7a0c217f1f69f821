"""Whole servers: SIGAP beside what `rasa init` writes, on the same data."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from ruamel.yaml import YAML

from sigap import evaluation
from sigap.benchmarks.report import replace, write_nlu
from sigap.runtime.cores import own_cores
from sigap.scratch_postgres import ScratchPostgres
from sigap.settings import DATA, ROOT
from sigap.training import newest_model

HEADING = "## Whole servers"
_CLIENTS = 16
_ROUNDS = 2
_EARLY, _LATE = 5, 500
_WINDOW = 15
# Stock Rasa slows down so much within a conversation that 500 turns would take the longest part of an hour.
_LATE_STOCK = 150
_SEED = 20170807
_SHARE = 0.1
_START_SECONDS = 300
_MESSAGES = (
    "halo", "berapa biaya paspor elektronik 10 tahun", "syarat paspor anak", "jam buka kantor imigrasi bogor",
    "terima kasih ya", "mau antri paspor baru di jakarta pusat untuk 1 orang", "besok senin", "jam 9", "batal",
    "paspor saya hilang gimana", "cek status 1179000000012345", "17-08-1990", "kuota bandung masih ada?", "bisa nggak",
    "menu",
)  # fmt: skip
# What `rasa init` writes for 3.6.21. An epoch less or more does not change what a message costs.
_STOCK: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "id",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 1, "constrain_similarities": True, "random_seed": _SEED},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 1, "constrain_similarities": True, "random_seed": _SEED},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 1, "random_seed": _SEED},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 1, "constrain_similarities": True, "random_seed": _SEED},
    ],
}


@dataclass(frozen=True)
class Measured:
    """What one set of servers does. Times in seconds."""

    name: str
    start: float
    megabytes: float
    per_second: float
    median: float
    alone: float
    early: float
    late: float
    late_turn: int


def measure() -> None:
    """Measure both, one after the other, and write the section."""
    with (
        tempfile.TemporaryDirectory() as name,
        closing(ScratchPostgres(durable=True)) as postgres,
        _redis(Path(name)) as locks,
    ):
        folder = Path(name)
        stock = _measure("what `rasa init` writes", _stock(folder / "stock"), folder / "stock", _LATE_STOCK)
        ours = _measure("**SIGAP**", _ours(), folder / "ours", _LATE)
        apart = _measure("SIGAP, actions in a process of their own", _apart(), folder / "apart", _LATE)
        two = _measure("**SIGAP, two workers**, locks in Redis", _two(locks), folder / "two", _LATE)
        on_postgres = _two(locks, postgres.url("postgres"))
        there = _measure("SIGAP, two workers, locks in Redis, PostgreSQL", on_postgres, folder / "postgres", _LATE)
    replace(HEADING, "\n".join(_lines([stock, ours, apart, two, there])))


def _lines(rows: list[Measured]) -> list[str]:
    stock = rows[0]
    lines = [
        f"The same messages, actions, rules and SQLite; {os.cpu_count()} cores, shared by clients and servers. "
        f"Stock Rasa is trained on {_SHARE:.0%} of the messages for one epoch, which makes it no slower. SIGAP keeps "
        "each process to one core, as `sigap run` does. Memory is that of all processes, but for PostgreSQL and Redis, "
        "after the load; what several share counts once (PSS). In brackets: against the first line.",
        "",
        f"| | start to first answer s | memory MB | messages/s, {_CLIENTS} clients | median ms | median ms, 1 client "
        f"| ms at turn {_EARLY} | ms late in a conversation |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row.name} | {row.start:.1f} ({row.start / stock.start:.2f}x) "
            f"| {row.megabytes:.0f} ({row.megabytes / stock.megabytes:.2f}x) "
            f"| {row.per_second:.1f} ({row.per_second / stock.per_second:.1f}x) "
            f"| {row.median * 1000:.0f} ({row.median / stock.median:.2f}x) "
            f"| {row.alone * 1000:.0f} ({row.alone / stock.alone:.2f}x) | {row.early * 1000:.0f} "
            f"| {row.late * 1000:.0f} at turn {row.late_turn} ({row.late / row.early:.2f}x its turn {_EARLY}) |"
        )
    return lines


@dataclass(frozen=True)
class _Server:
    """Commands and environment of one set of servers; "{port}" and "{actions}" are filled in.

    `database` is an SQLAlchemy URL; without, it is SQLite.
    """

    commands: tuple[tuple[str, ...], ...]
    environment: dict[str, str]
    database: str | None = None


def _ours() -> _Server:
    return _Server((("-m", "sigap", "serve", "--port", "{port}", "--core", str(own_cores()[0])),), {})


def _apart() -> _Server:
    return _Server(
        (
            ("-m", "sigap", "actions", "--port", "{actions}", "--core", str(own_cores()[-1])),
            ("-m", "sigap", "serve", "--port", "{port}", "--core", str(own_cores()[0])),
        ),
        {"SIGAP_ACTION_URL": "http://127.0.0.1:{actions}/webhook"},
    )


def _two(locks: str, database: str | None = None) -> _Server:
    kept = ("--core", str(own_cores()[0]), "--core", str(own_cores()[-1]))
    return _Server((("-m", "sigap", "serve", "--port", "{port}", *kept),), {"SIGAP_LOCKS_URL": locks}, database)


def _stock(folder: Path) -> _Server:
    from rasa.model_training import train

    folder.mkdir()
    training = [message for path in sorted((DATA / "nlu").glob("*.yml")) for message in evaluation.read_rasa_file(path)]
    chosen = random.Random(_SEED).sample(training, int(len(training) * _SHARE))
    write_nlu(chosen, folder / "nlu.yml")
    files: dict[str, Any] = {
        "config.yml": _STOCK,
        "credentials.yml": {"rest": None},
        "endpoints.yml": {
            "action_endpoint": {"url": "http://127.0.0.1:ACTIONS/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "rasa.db")},
        },
    }
    for name, content in files.items():
        with (folder / name).open("w", encoding="utf-8") as file:
            YAML().dump(content, file)
    data = [str(folder / "nlu.yml"), str(DATA / "rules"), str(DATA / "stories")]
    with (folder / "train.log").open("w") as log, redirect_stdout(log), redirect_stderr(log):
        model = train(
            str(ROOT / "domain.yml"), str(folder / "config.yml"), data, str(folder), force_training=True
        ).model
    places = ("--model", str(model), "--credentials", str(folder / "credentials.yml"))
    return _Server(
        (
            ("-m", "rasa_sdk", "--actions", "actions", "--port", "{actions}"),
            ("-m", "rasa", "run", "--port", "{port}", *places, "--endpoints", str(folder / "endpoints.yml")),
        ),
        {},
    )


def _measure(name: str, server: _Server, folder: Path, late_turn: int) -> Measured:
    folder.mkdir(exist_ok=True)
    with _running(server, folder) as (processes, port, start):
        per_second, median = asyncio.run(_load(port, _CLIENTS, _ROUNDS))
        _, alone = asyncio.run(_load(port, 1, _ROUNDS * 2))
        megabytes = sum(_megabytes(process.pid) for process in processes)
        early, late = asyncio.run(_one_conversation(port, late_turn))
    return Measured(name, start, megabytes, per_second, median, alone, early, late, late_turn)


@contextmanager
def _running(server: _Server, folder: Path) -> Iterator[tuple[list[subprocess.Popen[bytes]], int, float]]:
    """Start the servers; gives the processes, the port of the chat, and the seconds until it has answered."""
    from sigap.knowledge.store import load_once
    from sigap.settings import KNOWLEDGE, Settings
    from sigap.store import demo, schema
    from sigap.store.conversations import Conversations
    from sigap.store.session import Store

    assert newest_model() is not None, "train first: sigap train"
    ports = {name: _free_port() for name in ("port", "actions")}
    environment = os.environ | {
        "SIGAP_DATABASE_URL": server.database or f"sqlite:///{folder / 'sigap.db'}",
        "SIGAP_CONVERSATIONS_URL": server.database or f"sqlite:///{folder / 'conversations.db'}",
        "SIGAP_NOW": "2026-11-23T08:00:00+07:00",
        "PYTHONWARNINGS": "ignore",
    }
    settings = Settings.from_environment(environment)
    store = Store.open(settings.database_url)
    schema.upgrade(store)
    demo.fill(store, settings.clock, load_once(KNOWLEDGE).working_days.is_working)
    Conversations.open(settings.conversations_url).upgrade()
    endpoints = folder / "endpoints.yml"
    if endpoints.exists():
        endpoints.write_text(endpoints.read_text().replace("ACTIONS", str(ports["actions"])))
    environment |= {key: value.format(**ports) for key, value in server.environment.items()}
    began = time.perf_counter()
    processes = [
        subprocess.Popen(
            [sys.executable, *(part.format(**ports) for part in command)],
            cwd=ROOT,
            env=environment,
            stdout=(folder / f"{number}.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        for number, command in enumerate(server.commands)
    ]
    try:
        asyncio.run(_first_answer(ports["port"]))
        yield processes, ports["port"], time.perf_counter() - began
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A Redis of its own; gives its address. Raises `FileNotFoundError` where Redis is not installed."""
    port = _free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    with subprocess.Popen(["redis-server", *options], cwd=folder, stdout=subprocess.DEVNULL) as server:
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


async def _first_answer(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            try:
                if await _say(session, port, "first", "berapa biaya paspor"):
                    return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError("the server did not start")


async def _load(port: int, clients: int, rounds: int) -> tuple[float, float]:
    """Messages a second, and the median of their seconds, with so many applicants at once."""
    times: list[float] = []

    async def client(session: aiohttp.ClientSession, number: int) -> None:
        for conversation in range(rounds):
            for text in _MESSAGES:
                began = time.perf_counter()
                await _say(session, port, f"{clients}-{number}-{conversation}", text)
                times.append(time.perf_counter() - began)

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(client(session, number) for number in range(clients)))
        return len(times) / (time.perf_counter() - began), statistics.median(times)


async def _one_conversation(port: int, turns: int) -> tuple[float, float]:
    """Median seconds of a message around turn 5 and at the end of a conversation. The same messages at both places."""
    times = []
    async with aiohttp.ClientSession() as session:
        for turn in range(turns + _WINDOW):
            began = time.perf_counter()
            await _say(session, port, "long", _MESSAGES[turn % len(_MESSAGES)])
            times.append(time.perf_counter() - began)
    late = len(_MESSAGES) * (turns // len(_MESSAGES))
    return statistics.median(times[:_WINDOW]), statistics.median(times[late : late + _WINDOW])


async def _say(session: aiohttp.ClientSession, port: int, sender: str, text: str) -> Any:
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    async with session.post(address, json={"sender": sender, "message": text}) as answer:
        answer.raise_for_status()
        return await answer.json()


def _megabytes(process: int) -> float:
    """Memory of a process and of all that it has started; what several processes share is parted among them."""
    there = Path(f"/proc/{process}")
    started = [int(pid) for task in (there / "task").iterdir() for pid in (task / "children").read_text().split()]
    own = re.search(r"^Pss:\s+(\d+)", (there / "smaps_rollup").read_text(), re.MULTILINE)
    return int(own[1]) / 1024 + sum(map(_megabytes, started))  # type: ignore[index]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
