"""Publishing a model, going back, and a server that takes the new one while it answers."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from datetime import datetime
from pathlib import Path

import pytest

from sigap.clock import WIB
from sigap.editor.candidate import Candidates, compare
from sigap.models import ModelError, Models
from sigap.swapping import follow

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=WIB)
SECONDS = 10.0


def clock() -> datetime:
    return NOW


@pytest.fixture
def models(tmp_path: Path) -> Models:
    """A folder with one model, an hour old."""
    folder = tmp_path / "models"
    folder.mkdir()
    model(folder / "satu.tar.gz", "satu")
    os.utime(folder / "satu.tar.gz", (1_000_000_000, 1_000_000_000))
    return Models(folder)


def model(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def publish(models: Models, name: str) -> Path:
    present = models.in_use()
    assert present is not None
    models.remember(present, "Sari", clock)
    return models.publish(model(models.folder.parent / f"{name}.tar.gz", name), "Sari", f"catatan {name}", clock)


def test_a_published_model_is_the_one_in_use_and_noted(models: Models) -> None:
    published = publish(models, "dua")
    assert models.in_use() == published
    assert [(one.name, one.by, one.note) for one in models.history()] == [
        ("dua.tar.gz", "Sari", "catatan dua"),
        ("satu.tar.gz", "Sari", "dilatih di mesin ini"),
    ]
    assert not (models.folder.parent / "dua.tar.gz").exists()


def test_going_back_is_one_step_and_going_back_again_returns(models: Models) -> None:
    publish(models, "dua")
    assert models.go_back("Budi", clock).name == "satu.tar.gz"
    assert models.in_use() == models.folder / "satu.tar.gz"
    os.utime(models.folder / "dua.tar.gz", (1_000_000_000, 1_000_000_000))
    assert models.go_back("Budi", clock).name == "dua.tar.gz"


def test_without_an_earlier_model_there_is_no_way_back(models: Models) -> None:
    with pytest.raises(ModelError, match="sebelumnya"):
        models.go_back("Budi", clock)


def test_a_model_whose_file_was_exchanged_is_never_used(models: Models) -> None:
    published = publish(models, "dua")
    published.write_text("bukan yang diterbitkan", encoding="utf-8")
    with pytest.raises(ModelError, match="bukan lagi yang diterbitkan"):
        models.verified(published)


class Agent:
    """Takes models as Rasa's agent does: slowly, and some of them not at all."""

    def __init__(self) -> None:
        self.answering = "satu"
        self.may_load = threading.Event()

    def load_model(self, path: str) -> None:
        self.may_load.wait(SECONDS)
        content = Path(path).read_text(encoding="utf-8")
        if content == "rusak":
            raise ValueError("no model")
        self.answering = content


async def until(condition: object) -> None:
    deadline = asyncio.get_running_loop().time() + SECONDS
    while not condition():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)


async def test_a_server_answers_with_the_old_model_until_the_new_one_is_loaded(models: Models) -> None:
    agent = Agent()
    following = asyncio.create_task(follow(agent, models, seconds=0.01))
    await asyncio.sleep(0.05)
    publish(models, "dua")
    await asyncio.sleep(0.1)
    assert agent.answering == "satu"  # and the loop is free meanwhile
    agent.may_load.set()
    await until(lambda: agent.answering == "dua")
    models.go_back("Sari", clock)
    await until(lambda: agent.answering == "satu")
    following.cancel()


async def test_a_model_that_is_broken_or_was_exchanged_leaves_the_old_one_answering(models: Models) -> None:
    agent = Agent()
    agent.may_load.set()
    following = asyncio.create_task(follow(agent, models, seconds=0.01))
    await asyncio.sleep(0.05)
    publish(models, "rusak")
    await asyncio.sleep(0.1)
    assert agent.answering == "satu"
    exchanged = publish(models, "tiga")
    exchanged.write_text("bukan tiga", encoding="utf-8")
    await asyncio.sleep(0.1)
    assert agent.answering in {"satu", "tiga"}  # it may have been quicker than the exchange
    publish(models, "empat")
    await until(lambda: agent.answering == "empat")
    following.cancel()


def test_two_models_are_compared_message_by_message() -> None:
    labelled = [("a", ("x",)), ("b", ("x", "y")), ("c", ("y",))]
    compared = compare(labelled, ["x", "z", "y"], ["x", "y", "z"])
    assert (compared.total, compared.right_before, compared.right_after) == (3, 2, 2)
    assert [one.text for one in compared.newly_right] == ["b"]
    assert [(one.text, one.before, one.after) for one in compared.newly_wrong] == [("c", "y", "z")]
    assert compared.by_intent == {"x": (1, 2, 2), "y": (1, 0, 1)}


def test_a_candidate_that_fails_says_where_to_look(tmp_path: Path) -> None:
    candidates = Candidates(tmp_path)
    candidates.folder.mkdir(parents=True)
    state = {"step": "gagal", "began": 0.0, "pid": 1, "message": "rusak", "model": "", "compared_with": ""}
    text = json.dumps(state | {"seconds": {}, "comparison": None})
    (candidates.folder / "keadaan.json").write_text(text, encoding="utf-8")
    progress = candidates.progress()
    assert progress is not None
    assert not progress.running
    assert candidates.file() is None
    candidates.discard()
    assert candidates.progress() is None
