"""A running workbench on a copy of the content, and an editor who works with it in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser import DESKTOP, Somebody
from playwright.sync_api import Browser, Locator, expect
from ports import free_port, wait_until_it_answers

from sigap.settings import ROOT

START_SECONDS = 90
# Loading the model takes ten seconds on an idle machine.
MODEL_SECONDS = 300
NOW = "2026-11-23T09:00:00+07:00"
# What applicants have said and SIGAP did not understand.
MISUNDERSTOOD = ("paspor saya nyangkut di awan awan kah", "resep rendang padang yang empuk dong")


@dataclass(frozen=True)
class Workbench:
    """A running `sigap editor`."""

    address: str
    root: Path
    models: Path

    def text(self, name: str) -> str:
        """A file of its content."""
        return (self.root / name).read_text(encoding="utf-8")

    def wait_for_the_model(self) -> None:
        """Wait until its model is loaded; meanwhile every page is slow."""
        deadline = time.monotonic() + MODEL_SECONDS
        while True:
            with urllib.request.urlopen(f"{self.address}/coba/keadaan", timeout=MODEL_SECONDS) as state:
                if "Model:" in state.read().decode():
                    return
            assert time.monotonic() < deadline, "the model is not loaded"
            time.sleep(0.5)


def conversations(root: Path) -> Path:
    """The tracker store that the workbench of this content reads."""
    return root / "conversations.db"


@contextmanager
def running(root: Path, models: Path, log: Path, host: str = "127.0.0.1") -> Iterator[Workbench]:
    """Start `sigap editor` for this content and these models, and stop it in the end."""
    port = free_port()
    options = {"host": host, "port": port, "root": root, "models": models}
    options["conversations"] = f"sqlite:///{conversations(root)}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "sigap", "editor", *(f"--{name}={value}" for name, value in options.items())],
            cwd=ROOT,
            env=environment | {"SIGAP_NOW": NOW},
            stdout=output,
            stderr=output,
        )
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    try:
        wait_until_it_answers(f"{address}/masuk", server, log, START_SECONDS)
        yield Workbench(address, root, models)
    finally:
        server.terminate()
        # A model that is being loaded is loaded to the end.
        server.wait(MODEL_SECONDS)


class Editor(Somebody):
    """Somebody who opens the workbench. Questions back ("Hapus contoh ini?") are answered with yes."""

    # To refuse is part of the workbench's work, and the browser notes each refusal.
    no_fault = re.compile(r"net::ERR_|the server responded with a status of (403|409|422)")

    def __init__(self, browser: Browser, workbench: Workbench, **context: Any) -> None:
        self.workbench = workbench
        super().__init__(browser, f"{workbench.address}/coba", **{"viewport": DESKTOP, **context})
        self.page.on("dialog", lambda question: question.accept())

    def go(self, path: str) -> None:
        """Open a page of the workbench."""
        self.page.goto(self.workbench.address + path)

    def find(self, selector: str) -> Locator:
        """What a CSS selector finds on the page."""
        return self.page.locator(selector)

    def shows(self, selector: str, text: str | re.Pattern[str], seconds: float | None = None) -> None:
        """Wait until one of the elements holds a text."""
        patience = None if seconds is None else seconds * 1000
        expect(self.find(selector).filter(has_text=text).first).to_be_visible(timeout=patience)

    def try_out(self, text: str) -> None:
        """On the page Coba: say something, and wait for the answer."""
        self.page.get_by_label("Pesan pemohon").fill(text)
        self.press("Kirim")
        expect(self.find(".gelembung.pemohon").last).to_have_text(text)

    def add_example(self, intent: str, text: str) -> None:
        """On the page Contoh: teach a message."""
        self.go(f"/contoh?niat={intent}")
        self.find("#pesan-baru").fill(text)
        self.press("Tambah")
        self.shows("#hasil-tambah .berhasil", intent)
