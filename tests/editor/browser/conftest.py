"""One workbench for all tests of the browser; each test looks after its own corner of the content."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from workbench import MISUNDERSTOOD, Editor, Workbench, conversations, running

from sigap.benchmarks.stored import Said, write
from sigap.training import newest_model


@pytest.fixture(scope="session")
def workbench(new_copy: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench with the trained model, and with two messages that were not understood."""
    model = newest_model()
    assert model is not None, "train first: make train"
    root, folder = new_copy(), tmp_path_factory.mktemp("workbench")
    (folder / "models").mkdir()
    shutil.copy(model, folder / "models")
    unsure = (("cek_status", 0.3), ("lama_proses", 0.2), ("syarat_paspor", 0.1))
    said = [Said(f"wa:{n}", text, "nlu_fallback", 0.3, others=unsure) for n, text in enumerate(MISUNDERSTOOD)]
    write(conversations(root), said)
    with running(root, folder / "models", folder / "editor.log") as started:
        started.wait_for_the_model()
        yield started


@pytest.fixture
def editor(browser: Browser, workbench: Workbench) -> Iterator[Editor]:
    """An editor at work; afterwards the browser must have had nothing to complain of."""
    working = Editor(browser, workbench)
    yield working
    working.close()
