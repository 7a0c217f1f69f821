"""What the server offers besides its channels, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import generate_latest
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from sigap.runtime import metrics, server
from sigap.settings import Settings

CHANNELS = "sigap.channels.web.WebInput: {}\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SIGAP_CONVERSATIONS_URL", f"sqlite:///{tmp_path / 'conversations.db'}")
    monkeypatch.setenv("SIGAP_LOCKS_URL", "memory://")
    monkeypatch.setenv("SIGAP_ACTION_URL", "local")
    return Settings.from_environment()


def test_only_channels_health_and_metrics_can_be_reached(settings: Settings, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text(CHANNELS)
    app = server.build(settings, server.Parts(settings), Agent(), credentials=credentials)
    paths = {"/" + route.path for route in app.router.routes}
    assert {path for path in paths if not path.startswith("/webhooks/")} == {"/live", "/ready", "/metrics"}


def test_metrics_count_kinds_and_never_words() -> None:
    said = UserUttered("nik 3171015708900001", {"name": "daftar_antrean"}, [])
    metrics.count([said, ActionExecuted("antrean_form"), BotUttered("Siti", metadata={"utter_action": "utter_x"})])
    shown = generate_latest().decode()
    assert 'sigap_messages_total{intent="daftar_antrean"}' in shown
    assert 'sigap_responses_total{response="utter_x"}' in shown
    assert "3171015708900001" not in shown
    assert "Siti" not in shown
