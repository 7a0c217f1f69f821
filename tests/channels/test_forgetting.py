"""Web conversations that nobody uses any more are removed wherever they are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from settable_clock import SettableClock

from sigap.cli import main
from sigap.store.conversations import Conversations, NewEvent
from sigap.store.session import Store
from sigap.store.transcripts import Transcripts


def test_retention_removes_what_is_old_from_the_transcript_and_from_the_record(
    tmp_path: Path, store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    transcripts, record = Transcripts(store, clock), Conversations.open(url)
    record.upgrade()
    for conversation_id in ("web:old", "web:new"):
        transcripts.open(conversation_id)
        transcripts.say(conversation_id, [{"text": "halo"}])
        record.append(conversation_id, [NewEvent("user", clock().timestamp(), "sapa", None, {"event": "user"})])
        clock.advance(days=20)
    monkeypatch.setenv("SIGAP_NOW", clock().isoformat())
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("SIGAP_CONVERSATIONS_URL", url)
    result = CliRunner().invoke(main, ["retention"], catch_exceptions=False)
    assert json.loads(result.output)["web_conversations"] == 1
    assert transcripts.lines_after("web:old", 0) is None
    assert transcripts.lines_after("web:new", 0)
    assert record.sender_ids() == ["web:new"]
    monkeypatch.setenv("SIGAP_WEB_KEPT_DAYS", "5")
    assert json.loads(CliRunner().invoke(main, ["retention"]).output)["web_conversations"] == 1
