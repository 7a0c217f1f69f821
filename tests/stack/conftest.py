"""The running SIGAP that these tests talk to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ports import free_port
from whole_sigap import Applicant, Stack, answers, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all conversations; they do not know of each other."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started
        servers = started.children()
    assert started.process.returncode == 0, started.output.read_text(errors="replace")
    assert not answers(started.port)
    assert not [pid for pid in servers.values() if Path(f"/proc/{pid}").exists()]


@pytest.fixture
def new_applicant(stack: Stack) -> Callable[[], Applicant]:
    """Makes applicants who have never written before."""
    return lambda: Applicant(stack)


@pytest.fixture
def applicant(new_applicant: Callable[[], Applicant]) -> Applicant:
    """An applicant who has never written before."""
    return new_applicant()


@pytest.fixture
def fragile_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack of its own for a test that breaks it."""
    with running(tmp_path, SIGAP_ACTION_PORT=str(free_port())) as started:
        yield started
