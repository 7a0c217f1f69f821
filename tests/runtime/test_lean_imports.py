"""What is left out of Rasa, and what happens to who needs it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PRELUDE = "from sigap.runtime import lean_imports; lean_imports.install(); import rasa.core.agent, sys; "


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PRELUDE + code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_serving_imports_neither_tensorflow_nor_foreign_platforms() -> None:
    heavy = ["tensorflow.python", "keras", "jax", "matplotlib", "twilio.rest", "botocore.session", "pymongo.collection"]
    loaded = f"[name for name in {heavy} if getattr(sys.modules.get(name), '__file__', None)]"
    done = run(f"import rasa.core.policies.rule_policy; print({loaded})")
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    "use",
    [
        "from rasa.core.channels.twilio import TwilioOutput; TwilioOutput('sid', 'token', '+62')",
        "from rasa.utils.tensorflow.model_data import RasaModelData; RasaModelData()",
    ],
    ids=["a stock channel", "a component that trains with TensorFlow"],
)
def test_who_needs_what_is_left_out_is_told_how_to_get_it(use: str) -> None:
    done = run(use)
    assert done.returncode != 0
    assert "SIGAP_FULL_IMPORTS=1" in done.stderr


def test_everything_can_be_had() -> None:
    code = "from rasa.utils.tensorflow.model_data import RasaModelData; print(hasattr(RasaModelData, 'add_data'))"
    done = run(code, SIGAP_FULL_IMPORTS="1")
    assert done.stdout.strip() == "True", done.stderr
