"""What is known of the locked requirements is told, and what could not be looked up too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sigap.settings import ROOT

HOLE = {"id": "GHSA-0000", "fix_versions": ["2.0"], "description": "…"}


def audit(tmp_path: Path, packages: list[dict[str, Any]], *options: str) -> subprocess.CompletedProcess[str]:
    """Run it with something that answers in the place of uv."""
    uv = tmp_path / "uv"
    (tmp_path / "answer.json").write_text(json.dumps({"dependencies": packages}))
    uv.write_text(f"#!/bin/sh\ncat {tmp_path / 'answer.json'}\n")
    uv.chmod(0o755)
    command = [sys.executable, str(ROOT / "tools" / "audit.py"), str(uv), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("packages", "said", "strict"),
    [
        ([{"name": "sanic", "version": "1.0", "vulns": [HOLE]}], "sanic 1.0: GHSA-0000 (mended in 2.0)", 1),
        ([{"name": "sanic", "version": "1.0", "vulns": []}], "1 of 1 locked packages could be looked up; 0 have", 0),
        ([{"name": "sanic", "skip_reason": "not found"}], "cannot be reached from here: not found", 2),
    ],
    ids=["an advisory", "none", "nothing to ask"],
)
def test_advisories_are_told_and_fail_only_a_strict_run(
    tmp_path: Path, packages: list[dict[str, Any]], said: str, strict: int
) -> None:
    done = audit(tmp_path, packages)
    assert (done.returncode, said in done.stdout) == (0, True), done
    assert audit(tmp_path, packages, "--strict").returncode == strict
