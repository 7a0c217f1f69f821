"""Web conversations that nobody uses any more are removed wherever they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from settable_clock import SettableClock

from sigap.cli import main
from sigap.store.conversations import Conversations, NewEvent
from sigap.store.session import Store
from sigap.store.transcripts import Transcripts


def test_the_purge_removes_what_is_old_from_the_transcript_and_from_the_record(
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
    result = CliRunner().invoke(main, ["web", "purge"], catch_exceptions=False)
    assert result.output == "Removed 1 conversations.\n"
    assert transcripts.lines_after("web:old", 0) is None
    assert transcripts.lines_after("web:new", 0)
    assert record.sender_ids() == ["web:new"]
    assert CliRunner().invoke(main, ["web", "purge", "--older-than", "5"]).output == "Removed 1 conversations.\n"
