"""A model is published while applicants are in the middle of their bookings."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from whole_sigap import Applicant, Stack, new_nik, running

from sigap.clock import system_clock
from sigap.models import Models, Serving
from sigap.settings import ROOT
from sigap.training import newest_model

pytestmark = pytest.mark.stack

# Loading takes ten seconds on an idle machine.
SWAP_SECONDS = 180
WISH = "mau antre di bogor selasa jam 8 buat paspor baru 1 orang"
OLD_WORDS, NEW_WORDS = "Siapa nama lengkap", "Mohon tuliskan nama lengkap"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """A folder with the trained model."""
    trained = newest_model()
    assert trained is not None, "train first: make train"
    folder = tmp_path_factory.mktemp("models")
    shutil.copy2(trained, folder)
    shutil.copy(trained.parent / "fingerprint", folder)
    return Models(folder)


@pytest.fixture(scope="module")
def stack(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that follows this folder."""
    with running(tmp_path_factory.mktemp("live"), SIGAP_MODELS=str(models.folder)) as started:
        yield started


def other_words(model: Path, target: Path) -> Path:
    """The same model with another wording: whoever hears it has been answered by this one."""
    with tarfile.open(model) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            if member.name.lstrip("./") == "metadata.json":
                assert file is not None
                content = file.read().decode()
                assert OLD_WORDS in content
                written = content.replace(OLD_WORDS, NEW_WORDS).encode()
                member.size, file = len(written), io.BytesIO(written)
            new.addfile(member, file)
    return target


def publish(models: Models, candidate: Path) -> Path:
    """As the workbench does."""
    now = models.in_use()
    assert now is not None
    models.remember(now, "Sari", system_clock)
    return models.publish(candidate, "Sari", "kata-kata baru", system_clock)


def until(models: Models, so: Callable[[Serving], bool]) -> Serving:
    """Wait until this is so of the only server."""
    deadline = time.monotonic() + SWAP_SECONDS
    while True:
        (server,) = models.servers()
        if so(server):
            return server
        assert time.monotonic() < deadline, server
        time.sleep(0.1)


def sigap(models: Models, *words: str) -> str:
    """What the command prints."""
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "sigap"), *words],
        env={**os.environ, "SIGAP_MODELS": str(models.folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_booking_goes_on_with_the_new_model_and_then_with_the_one_before(
    stack: Stack, models: Models, tmp_path: Path
) -> None:
    old = models.in_use()
    assert old is not None
    assert until(models, lambda server: True).model == old.name
    applicant = Applicant(stack)
    assert OLD_WORDS in applicant.say(WISH).text

    new = publish(models, other_words(old, tmp_path / "baru.tar.gz"))
    waits = []
    while until(models, lambda server: True).model != new.name:
        began = time.monotonic()
        assert "kode billing" in Applicant(stack).say("cara bayar paspor gimana").text
        waits.append(time.monotonic() - began)
    print(f"\n{len(waits)} questions were answered while the model was loaded; the slowest took {max(waits):.1f} s")
    assert f"menjawab dengan {new.name}" in sigap(models, "model", "show")

    # Still in the same form, which asks again for what it asked for.
    answer = applicant.say("bayarnya gimana sih").text
    assert "kode billing" in answer
    assert NEW_WORDS in answer
    assert "NIK" in applicant.say("Budi Santoso").text

    assert old.name in sigap(models, "model", "back")
    until(models, lambda server: server.model == old.name)
    assert "Mohon diperiksa" in applicant.say(new_nik(), "17-08-1990").text
    assert "Kode booking" in applicant.say("ya").text
    assert OLD_WORDS in Applicant(stack).say(WISH).text


def test_a_broken_or_exchanged_model_is_refused_and_the_old_one_goes_on_answering(
    stack: Stack, models: Models, tmp_path: Path
) -> None:
    old = models.in_use()
    assert old is not None
    applicant = Applicant(stack)
    assert OLD_WORDS in applicant.say(WISH).text

    (tmp_path / "rusak.tar.gz").write_bytes(b"bukan model")
    publish(models, tmp_path / "rusak.tar.gz")
    server = until(models, lambda server: server.refused == "rusak.tar.gz")
    assert server.model == old.name
    assert OLD_WORDS in applicant.say("bayarnya gimana sih").text
    shown = sigap(models, "model", "show")
    assert "rusak; ia tidak dapat dimuat" in shown
    assert "sigap model back" in shown
    log = (ROOT / "logs" / "serve.log").read_text()
    assert f"model rusak.tar.gz was not taken (ModelNotFound); {old.name} goes on answering" in log
    assert "sigap model back" in log

    sigap(models, "model", "back")
    until(models, lambda server: not server.refused and not server.loading)
    foreign = Path(shutil.copy(old, tmp_path / "asing.tar.gz"))
    os.replace(foreign, publish(models, other_words(old, tmp_path / "lain.tar.gz")))
    server = until(models, lambda server: server.refused == "lain.tar.gz")
    assert "bukan lagi yang diterbitkan" in server.reason
    assert server.model == old.name
    assert "NIK" in applicant.say("Budi Santoso").text


def test_a_server_is_not_started_with_a_model_that_was_exchanged(models: Models) -> None:
    now = models.in_use()
    assert now is not None
    assert now.name == "lain.tar.gz"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        sigap(models, "run")
    assert "sigap model back" in failed.value.stderr
