"""A server keeps to the core that it is given."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sigap.runtime.cores import own_cores

pytestmark = pytest.mark.skipif(not own_cores(), reason="needs a system that tells which cores there are")


def test_a_process_keeps_to_its_core() -> None:
    last = own_cores()[-1]
    script = f"from sigap.runtime import cores; cores.keep_to({last}); print(cores.own_cores())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"[{last}]"
