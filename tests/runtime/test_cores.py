"""A server keeps to the core that it is given."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from sigap.commands.serving import serve
from sigap.runtime.cores import own_cores

pytestmark = pytest.mark.skipif(not own_cores(), reason="needs a system that tells which cores there are")


def test_a_process_keeps_to_its_core() -> None:
    last = own_cores()[-1]
    script = f"from sigap.runtime import cores; cores.keep_to({last}); print(cores.own_cores())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"[{last}]"


def test_a_core_that_is_not_there_is_refused_with_those_that_are() -> None:
    refused = CliRunner().invoke(serve, ["--core", "4096"])
    assert refused.exit_code == 2
    assert str(own_cores()[0]) in refused.output
