"""Rasa's own test commands still run on this repository, for whoever is used to them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sigap.settings import ROOT
from sigap.training import newest_model

pytestmark = [pytest.mark.stack, pytest.mark.model]


def rasa_test(*arguments: str, results: Path) -> None:
    """Run `rasa test …` with the newest model."""
    command = [sys.executable, "-m", "rasa", "test", *arguments]
    command += ["--model", str(newest_model()), "--out", str(results), "--no-plot"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]


def test_rasa_test_nlu_reads_the_development_set(tmp_path: Path) -> None:
    rasa_test("nlu", "--nlu", "tests/nlu", results=tmp_path)
    report = json.loads((tmp_path / "intent_report.json").read_text())
    assert report["accuracy"] > 0.8


def test_rasa_test_core_predicts_every_action_of_the_test_stories(tmp_path: Path) -> None:
    rasa_test("core", "--stories", "tests/core", "--fail-on-prediction-errors", results=tmp_path)
    assert json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]["accuracy"] == 1.0
