"""A running workbench on a copy of the content, and a real browser that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from sigap.settings import ROOT
from sigap.training import newest_model

START_SECONDS = 60
WAIT_SECONDS = 30
# Loading the model takes ten seconds on an idle machine.
MODEL_SECONDS = 300
NOW = "2026-11-23T09:00:00+07:00"


@dataclass(frozen=True)
class Workbench:
    """A running `sigap editor`."""

    address: str
    root: Path
    models: Path
    conversations: Path

    def text(self, name: str) -> str:
        """A file of its content."""
        return (self.root / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Screen:
    """What an editor does with the browser."""

    driver: webdriver.Chrome
    workbench: Workbench

    def open(self, path: str) -> None:
        self.driver.get(self.workbench.address + path)

    def find(self, selector: str) -> WebElement:
        """The first element; waits for it."""
        return self.until(lambda: next(iter(self.all(selector)), None), f"no {selector}")

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, condition: Callable[[], object], what: str = "", seconds: float = WAIT_SECONDS) -> WebElement:
        """Wait until the condition holds; returns its value."""
        waiting = WebDriverWait(self.driver, seconds, 0.1, ignored_exceptions=(Exception,))
        found: WebElement = waiting.until(lambda _: condition(), what)  # type: ignore[assignment]
        return found

    def write(self, selector: str, text: str) -> WebElement:
        """Replace what is in a field."""
        element = self.find(selector)
        element.clear()
        element.send_keys(text)
        return element

    def press(self, selector: str) -> None:
        """Scroll to an element and click it."""
        element = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def shows(self, selector: str, text: str) -> WebElement:
        """Wait until an element holds a text."""
        return self.until(
            lambda: next((element for element in self.all(selector) if text in element.text), None),
            f"{text!r} is not in {selector}",
        )

    def wait_for_the_model(self) -> None:
        """On the page Coba: until the model is loaded."""
        self.until(lambda: "Model:" in self.find("#keadaan").text, "no model", MODEL_SECONDS)

    def complaints(self) -> list[str]:
        """What the browser's console says of scripts, styles and the Content-Security-Policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


def require(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        reason = f"{' and '.join(missing)} not installed (Debian: chromium, chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def workbench(new_copy: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """One workbench for all tests of the browser; each looks after its own corner of the content."""
    require("chromium", "chromedriver")
    root, port = new_copy(), free_port()
    models = tmp_path_factory.mktemp("models")
    model = newest_model()
    assert model is not None, "train first: make train"
    shutil.copy(model, models)
    log = tmp_path_factory.mktemp("editor") / "editor.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sigap",
                "editor",
                "--port",
                str(port),
                "--root",
                str(root),
                "--models",
                str(models),
                "--conversations",
                f"sqlite:///{root / 'conversations.db'}",
            ],
            cwd=ROOT,
            env=environment | {"SIGAP_NOW": NOW},
            stdout=output,
            stderr=output,
        )
    found = Workbench(f"http://localhost:{port}", root, models, root / "conversations.db")
    try:
        _wait(server, found.address, log)
        yield found
    finally:
        server.terminate()
        # A model that is being loaded is loaded to the end.
        server.wait(MODEL_SECONDS)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/masuk", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def browser(workbench: Workbench) -> Iterator[webdriver.Chrome]:
    """A headless Chromium."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1280,1000",
        "--lang=id",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_page_load_timeout(WAIT_SECONDS)
    yield driver
    driver.quit()


@pytest.fixture
def screen(browser: webdriver.Chrome, workbench: Workbench) -> Iterator[Screen]:
    """A page; afterwards the browser must have had nothing to complain of."""
    looked = Screen(browser, workbench)
    looked.complaints()
    yield looked
    assert looked.complaints() == []
