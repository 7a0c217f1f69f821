"""A copy of the real content that tests may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sigap.settings import ROOT

FOLDERS = ("data", "tests/nlu", "tests/conversations", "actions", "sigap/channels", "sigap/knowledge")
FILES = ("domain.yml", "config.yml", "credentials.yml", "endpoints.yml")


@pytest.fixture(scope="session")
def new_copy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes copies of everything that `sigap validate` reads."""

    def make() -> Path:
        root = tmp_path_factory.mktemp("isi")
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
        for name in FILES:
            shutil.copy(ROOT / name, root / name)
        return root

    return make
