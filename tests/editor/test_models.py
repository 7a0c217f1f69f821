"""Publishing a model, going back, and a server that takes the new one while it answers."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain

from sigap.channels import guard
from sigap.clock import WIB
from sigap.editor.candidate import Candidates, compare
from sigap.models import ModelError, Models, Serving
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
        self.model_name: str | None = "satu.tar.gz"
        self.may_load = threading.Event()
        self.domain = Domain.empty()

    def load_model(self, path: str) -> None:
        assert self.may_load.wait(SECONDS)
        if Path(path).read_text(encoding="utf-8") == "rusak":
            raise ValueError("no model")
        self.model_name = Path(path).name
        self.domain.responses["utter_sapa"] = [{"text": f"Halo dari {self.model_name}"}]


@asynccontextmanager
async def following(models: Models, agent: Agent) -> AsyncIterator[None]:
    """An agent's server runs."""
    task = asyncio.create_task(follow(agent, models, seconds=0.01))
    yield
    agent.may_load.set()
    task.cancel()
    guard.speak_as({})
    models.forget_server()
    assert models.servers() == []


async def until(models: Models, so: Callable[[Serving], bool]) -> Serving:
    """Wait until this is so of the only server."""
    deadline = asyncio.get_running_loop().time() + SECONDS
    while not (found := models.servers()) or not so(found[0]):
        assert asyncio.get_running_loop().time() < deadline, found
        await asyncio.sleep(0.01)
    return found[0]


async def test_a_server_answers_with_the_old_model_until_the_new_one_is_loaded(models: Models) -> None:
    agent = Agent()
    async with following(models, agent):
        await until(models, lambda server: server.model == "satu.tar.gz")
        publish(models, "dua")
        # The loop is free meanwhile, or this would never come true.
        server = await until(models, lambda server: server.loading == "dua.tar.gz")
        assert (server.model, agent.model_name) == ("satu.tar.gz", "satu.tar.gz")
        agent.may_load.set()
        await until(models, lambda server: server.model == "dua.tar.gz" and not server.loading)
        assert agent.model_name == "dua.tar.gz"
        assert guard.greeting()["text"] == "Halo dari dua.tar.gz"
        models.go_back("Sari", clock)
        await until(models, lambda server: server.model == "satu.tar.gz")


@pytest.mark.parametrize(("content", "reason"), [("rusak", "tidak dapat dimuat"), ("lain", "bukan lagi yang")])
async def test_a_model_that_is_broken_or_was_exchanged_leaves_the_old_one_answering(
    models: Models, content: str, reason: str
) -> None:
    publish(models, "rusak").write_text(content, encoding="utf-8")
    agent = Agent()
    agent.may_load.set()
    async with following(models, agent):
        server = await until(models, lambda server: server.refused == "rusak.tar.gz")
        assert reason in server.reason
        assert (server.model, agent.model_name) == ("satu.tar.gz", "satu.tar.gz")
        publish(models, "empat")
        server = await until(models, lambda server: server.model == "empat.tar.gz")
        assert server.refused == ""


async def test_a_server_that_could_load_nothing_takes_the_model_in_use(models: Models) -> None:
    agent = Agent()
    agent.model_name = None  # so it is with Rasa's agent when its model was broken
    agent.may_load.set()
    async with following(models, agent):
        await until(models, lambda server: server.model == "satu.tar.gz")


def test_a_server_that_was_killed_is_not_counted(models: Models) -> None:
    noting = "import sys; from pathlib import Path; from sigap.models import Models; "
    noting += "Models(Path(sys.argv[1])).note_server('satu.tar.gz')"
    subprocess.run([sys.executable, "-c", noting, str(models.folder)], check=True)
    assert len(list(models.folder.glob("server-*.json"))) == 1
    assert models.servers() == []
    models.note_server("satu.tar.gz")
    assert [path.name for path in models.folder.glob("server-*.json")] == [f"server-{os.getpid()}.json"]
    models.forget_server()


def test_a_model_that_was_only_trained_here_was_chosen_by_nobody(models: Models) -> None:
    assert not models.chosen()
    publish(models, "dua")
    assert models.chosen()
    models.go_back("Budi", clock)
    assert models.chosen()
    model(models.folder / "tiga.tar.gz", "tiga")
    os.utime(models.folder / "tiga.tar.gz", (4_000_000_000, 4_000_000_000))
    assert not models.chosen()


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
