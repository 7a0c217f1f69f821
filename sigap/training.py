"""Training the Rasa model, only when something it depends on has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sigap.settings import ROOT

MODELS = ROOT / "models"
LOG = ROOT / "logs" / "train.log"
_FINGERPRINT = MODELS / "fingerprint"
_TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")
# Code counts too: a model holds features that only the code which wrote it can read.
_INPUTS = ("config.yml", "domain.yml", *_TRAINING_DATA, "data/bahasa", "data/knowledge", "sigap/nlu", "sigap/language")


def newest_model() -> Path | None:
    """The model trained last, or None."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def is_current() -> bool:
    """Whether the newest model was trained from what lies here now."""
    return newest_model() is not None and _FINGERPRINT.is_file() and _FINGERPRINT.read_text() == _fingerprint()


def train_quietly() -> Path:
    """Train in a process of its own, whose chatter goes to logs/train.log; returns the model's path.

    Raises `RuntimeError`, with the end of the log, when Rasa refuses the data.
    """
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as output:
        code = subprocess.call(
            [sys.executable, "-m", "sigap", "train", "--force", "--verbose"], stdout=output, stderr=output, cwd=ROOT
        )
    model = newest_model()
    if code or model is None:
        end = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"Training failed; the end of {LOG.relative_to(ROOT)} says why:\n{end}")
    return model


def train() -> Path:
    """Train and store a model in this process; returns its path. Raises `RuntimeError` when Rasa refuses the data."""
    # Importing Rasa imports TensorFlow, which takes seconds: only those who train pay for it.
    from rasa.model_training import train as rasa_train

    fingerprint = _fingerprint()
    result = rasa_train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / folder) for folder in _TRAINING_DATA],
        output=str(MODELS),
        # Rasa's own fingerprints do not see the lexicon or the facts, so nothing may be taken from its cache.
        force_training=True,
    )
    if result.model is None:
        raise RuntimeError("Rasa did not produce a model; its messages above say why.")
    _FINGERPRINT.write_text(fingerprint)
    return Path(result.model)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(_input_files()):
        digest.update(os.fsencode(path.relative_to(ROOT)))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for name in _INPUTS:
        path = ROOT / name
        if path.is_file():
            yield path
        yield from (file for file in path.rglob("*") if file.suffix in {".yml", ".py"})
