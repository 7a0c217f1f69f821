"""Commands as officers type them, on a database of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from settable_clock import SettableClock

from sigap.cli import main
from sigap.store.session import Store

Sigap = Callable[..., Result]


@pytest.fixture
def sigap(store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Sigap:
    """Runs `sigap …` at the moment the clock shows."""
    monkeypatch.setenv("SIGAP_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))

    def run(*words: str) -> Result:
        monkeypatch.setenv("SIGAP_NOW", clock().isoformat())
        return CliRunner().invoke(main, words)

    return run
