"""The bare REST channel, over which whoever calls chooses the sender."""

from __future__ import annotations

import pytest

from sigap.channels.rest import RestInput
from sigap.settings import SettingsError


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_SIGNING_KEY", "k" * 32)
    monkeypatch.delenv("SIGAP_NOW", raising=False)


def test_it_is_refused_in_production_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_ENV", "production")
    with pytest.raises(SettingsError, match=r"credentials\.yml"):
        RestInput.from_credentials(None)


def test_it_may_be_used_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_ENV", "development")
    assert isinstance(RestInput.from_credentials(None), RestInput)
