"""SIGAP as on several machines: PostgreSQL, Redis, two Rasa workers, two action servers, and who writes to them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from servers import free_port, wait_for_port

from sigap.settings import ROOT

SECRET = "a-secret-of-more-than-32-characters-for-tests"
NOW = "2026-11-22T08:00:00+07:00"
_START_SECONDS = 180
_TRIES = 60


class Machine:
    """One server process that can be killed and started again on the same port."""

    def __init__(self, command: str, folder: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.log = folder / f"{command}-{self.port}.log"
        self._command = [sys.executable, "-W", "ignore", "-m", "sigap", command, "--port", str(self.port)]
        self._inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
        self.settings = environment

    def start(self) -> None:
        """Start without waiting."""
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._inherited | self.settings,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Wait until it listens."""
        wait_for_port(self.port, self.process, _START_SECONDS)

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it politely; returns the exit code."""
        self.process.terminate()
        return self.process.wait(60)


class Balancer:
    """What stands in front of the workers: sends each message to the next, and to another when one is gone."""

    def __init__(self, workers: list[Machine], session: aiohttp.ClientSession) -> None:
        self._workers = workers
        self._session = session
        self._next = 0

    async def say(self, sender: str, text: str) -> str:
        """The bubbles of the answer as one text. Raises `AssertionError` for silence."""
        for _ in range(_TRIES):
            self._next += 1
            port = self._workers[self._next % len(self._workers)].port
            address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
            try:
                async with self._session.post(address, json={"sender": sender, "message": text}) as answer:
                    assert answer.status == 200, answer.status
                    said = "\n\n".join(bubble.get("text", "") for bubble in await answer.json())
                    assert said.strip(), f"silence after {text!r}"
                    return said
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
        raise AssertionError("no worker could be reached")


@dataclass
class Booker:
    """An applicant who books a place and answers whatever is asked, by reading the question."""

    number: int
    name: str
    nik: str
    wish: str
    heard: list[str] = field(default_factory=list)
    apologies: int = 0
    summary: str = ""
    ticket: str = ""

    @property
    def sender(self) -> str:
        """How the REST channel knows this applicant."""
        return f"booker-{self.number}"

    async def book(self, balancer: Balancer) -> None:
        """Talk until the ticket is there. Raises `AssertionError` when the conversation gets stuck."""
        text = self.wish
        for _ in range(_TRIES):
            answer = await balancer.say(self.sender, text)
            self.heard.append(answer)
            if "Kode booking" in answer or "Anda masih punya satu antrean" in answer:
                self.ticket = answer
                return
            if "terganggu" in answer or "sangat banyak" in answer or "belum tersimpan" in answer:
                self.apologies += 1
                await asyncio.sleep(0.5)
                continue
            text = self._next(answer)
        raise AssertionError("stuck:\n" + "\n---\n".join(self.heard[-6:]))

    def _next(self, answer: str) -> str:
        last = answer.rsplit("\n\n", 1)[-1]
        if "Mohon diperiksa" in answer:
            self.summary = answer
            return "ya"
        if "nama lengkap" in last:
            return self.name
        if "NIK pemohon" in last:
            return self.nik
        if "anggal lahir" in last:
            return "18-08-1990"
        return self.wish


def bookers(count: int) -> list[Booker]:
    """Applicants with names, NIKs and places of their own."""
    offices = ("jakarta pusat", "jakarta selatan", "bogor", "surabaya", "makassar", "jayapura")
    days = ("24 november", "25 november", "26 november", "27 november", "30 november", "1 desember")
    syllables = ("Zo", "Fe", "Ka", "La", "Ma", "Ni", "Ra", "Sa", "Ti", "Wa")
    made = []
    for number in range(count):
        name = "".join(syllables[int(digit)] for digit in f"{number:03d}").capitalize()
        hour = (8, 9, 10, 11, 13, 14)[number // 36 % 6]
        wish = f"mau antri di {offices[number % 6]} {days[number // 6 % 6]} jam {hour} paspor baru 1 orang"
        made.append(Booker(number, f"{name} Santoso", f"317101180890{number + 1:04d}", wish))
    return made


def settings(database: str, redis: str) -> dict[str, str]:
    """The environment of all machines."""
    return {
        "SIGAP_DATABASE_URL": database,
        "SIGAP_CONVERSATIONS_URL": database,
        "SIGAP_LOCKS_URL": redis,
        "SIGAP_ACTION_SECRET": SECRET,
        "SIGAP_NOW": NOW,
    }
