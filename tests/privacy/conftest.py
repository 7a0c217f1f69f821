"""The house in which dialogues are played."""

from __future__ import annotations

import pytest

from sigap.dialogues.house import House


@pytest.fixture
def house() -> House:
    """The one of this process."""
    from sigap.dialogues import runner

    return runner.house()[0]
