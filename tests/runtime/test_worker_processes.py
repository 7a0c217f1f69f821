"""Forked workers, with work of a line each in the place of a server."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigap.commands.serving import serve
from sigap.runtime.cores import own_cores

SETTINGS = ("SIGAP_LOCKS_URL", "SIGAP_ENV", "SIGAP_CORE", "SIGAP_WORKERS")
PARENT = """
import asyncio, os, pathlib, sys, time
from sigap.runtime.workers import Workers, end_with_parent

folder = pathlib.Path({folder!r})

def ended(pid):
    (folder / f"ended-{{pid}}").touch()

def stopping():
    (folder / "stopping").touch()

def work(number):
    (folder / f"began-{{os.getpid()}}").touch()
    {work}

async def until_alone():
    alone = asyncio.Event()
    end_with_parent(alone.set)
    os.write(1, b"began\\n")
    await alone.wait()
    os.write(1, b"alone\\n")

sys.exit(Workers(2, work, ended, stopping).run())
"""


def parent(folder: Path, work: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT.format(folder=str(folder), work=work)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_workers_that_cannot_live_end_the_server_and_say_so(tmp_path: Path) -> None:
    done = parent(tmp_path, "raise SystemExit(3)")
    _, said = done.communicate(timeout=60)
    assert done.returncode == 1
    assert "ended by itself, with code 3" in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them_and_is_no_fault(tmp_path: Path, how: signal.Signals) -> None:
    running = parent(tmp_path, "os.write(1, b'began\\n'); time.sleep(100)")
    try:
        assert running.stdout is not None
        assert [running.stdout.readline() for _ in range(2)] == ["began\n", "began\n"]
        running.send_signal(how)
        _, said = running.communicate(timeout=60)
        assert (running.returncode, said) == (0, "")
        assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == [
            *("began", "began", "ended", "ended", "stopping")
        ]
    finally:
        running.kill()


def test_each_notices_that_the_parent_is_gone_though_another_never_will(tmp_path: Path) -> None:
    deaf = "(os.write(1, b'began\\n'), time.sleep(20))"
    running = parent(tmp_path, f"asyncio.run(until_alone()) if number == 0 else {deaf}")
    try:
        assert running.stdout is not None
        assert [running.stdout.readline() for _ in range(2)] == ["began\n", "began\n"]
        running.kill()
        assert running.stdout.readline() == "alone\n"
    finally:
        running.kill()


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (["--workers", "2"], "SIGAP_LOCKS_URL"),
        (["--workers", "0"], "x>=1"),
        (["--core", "4096"], str(own_cores() or "none")),
        (
            ["--workers", "3", *(f"--core={core}" for core in own_cores()[:1])],
            "each worker" if own_cores() else "LOCKS",
        ),
    ],
)
def test_what_cannot_work_is_refused_with_advice(options: list[str], advice: str) -> None:
    refused = CliRunner().invoke(serve, options, env=dict.fromkeys(SETTINGS))
    assert refused.exit_code
    assert advice in refused.output
