"""The action server after a model was published: it says what the files say now."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import executor
from settable_clock import SettableClock

from actions import services, wording
from sigap.models import Models
from sigap.settings import KNOWLEDGE
from sigap.store.session import Store


@pytest.fixture
def models(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Models]:
    """Models and facts of its own for this process, as an action server has them."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "satu.tar.gz").write_text("satu")
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    monkeypatch.setenv("SIGAP_DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(services, "MODELS", tmp_path / "models")
    monkeypatch.setattr(services, "KNOWLEDGE", tmp_path / "knowledge")
    yield Models(tmp_path / "models")
    services.install(None)
    services.read_anew()


def publish(models: Models, clock: SettableClock, name: str) -> None:
    candidate = models.folder.parent / f"{name}.tar.gz"
    candidate.write_text(name)
    models.publish(candidate, "Sari", "fakta baru", clock)


def deadline() -> object:
    return services.current().knowledge.facts["batas_bayar"].isi


def test_facts_and_wording_change_when_a_model_is_published_and_not_before(
    models: Models, clock: SettableClock
) -> None:
    facts, domain = models.folder.parent / "knowledge" / "fakta.yml", models.folder.parent / "domain.yml"
    domain.write_text('responses:\n  utter_a:\n  - text: "satu"\n')
    before, first = deadline(), services.current()
    assert wording.variables_of(wording.responses(domain)["utter_a"]) == frozenset()

    facts.write_text(facts.read_text("utf-8").replace(str(before), "5 jam saja", 1), "utf-8")
    domain.write_text('responses:\n  utter_a:\n  - text: "dua {fakta.batas_bayar}"\n')
    assert services.current() is first
    assert wording.variables_of(wording.responses(domain)["utter_a"]) == frozenset()

    publish(models, clock, "dua")
    assert deadline() == "5 jam saja"
    assert wording.variables_of(wording.responses(domain)["utter_a"]) == {"fakta.batas_bayar"}


async def test_an_answer_is_filled_for_the_model_that_says_it_whatever_the_file_says(
    models: Models, clock: SettableClock
) -> None:
    call = {
        "next_action": "action_jawab",
        "sender_id": "wa:1",
        "domain": {"responses": {"utter_cara_bayar": [{"text": "Bayar dalam {fakta.batas_bayar}."}]}},
        "tracker": {"sender_id": "wa:1", "latest_message": {"intent": {"name": "cara_bayar"}}, "events": []},
    }
    answered = await executor().run(call)
    assert answered is not None
    (said,) = answered["responses"]
    assert said["response"] == "utter_cara_bayar"
    assert {name for name in said if name.startswith("fakta.")} == {"fakta.batas_bayar"}


def test_facts_that_cannot_be_read_leave_those_before_in_use(
    models: Models, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    before = deadline()
    (models.folder.parent / "knowledge" / "fakta.yml").write_text("fakta: [", encoding="utf-8")
    publish(models, clock, "dua")
    assert deadline() == before
    assert "fakta.yml" in caplog.text
