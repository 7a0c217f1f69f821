"""Training the Rasa model, only when something it depends on has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sigap import fingerprint
from sigap.models import Models
from sigap.settings import MODELS, ROOT

LOG = ROOT / "logs" / "train.log"
_FINGERPRINT = MODELS / "fingerprint"
_TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")
# Code counts too: a model holds features that only the code which wrote it can read.
_INPUTS = ("config.yml", "domain.yml", *_TRAINING_DATA, "data/bahasa", "data/knowledge", "sigap/nlu", "sigap/language")


def newest_model() -> Path | None:
    """The model in use, which is the one trained or published last, or None."""
    return Models(MODELS).in_use()


def is_current() -> bool:
    """Whether the newest model was trained from what lies here now."""
    return newest_model() is not None and _FINGERPRINT.is_file() and _FINGERPRINT.read_text() == fingerprint.of(_INPUTS)


def train_quietly(from_scratch: bool = False) -> Path:
    """As `train`, in a process of its own, whose chatter goes to logs/train.log; returns the model's path.

    Raises `RuntimeError`, with the end of the log, when Rasa refuses the data.
    """
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as output:
        command = [sys.executable, "-m", "sigap", "train", "--verbose", *(["--force"] if from_scratch else [])]
        code = subprocess.call(command, stdout=output, stderr=output, cwd=ROOT)
    model = newest_model()
    if code or model is None:
        end = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"Training failed; the end of {LOG.relative_to(ROOT)} says why:\n{end}")
    return model


def train(from_scratch: bool = False, root: Path = ROOT, output: Path = MODELS) -> Path:
    """Train from the content under `root` and store the model in `output`; returns its path.

    Raises `RuntimeError` when Rasa refuses the data. What has not changed since it was last trained is taken from
    Rasa's cache (a new wording needs no new language model), unless `from_scratch`.
    """
    # Importing Rasa imports TensorFlow, which takes seconds: only those who train pay for it.
    from rasa.model_training import train as rasa_train

    trained_from = fingerprint.of(_INPUTS)
    result = rasa_train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / folder) for folder in _TRAINING_DATA],
        output=str(output),
        force_training=from_scratch,
    )
    if result.model is None:
        raise RuntimeError("Rasa did not produce a model; its messages above say why.")
    (output / _FINGERPRINT.name).write_text(trained_from)
    return Path(result.model)
