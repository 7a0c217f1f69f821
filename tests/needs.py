"""What tests need from the machine."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip the test on a newcomer's machine; fail it in CI, which installs all that tests need (.ci/run)."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def installed(program: str, package: str, *folders: str) -> str:
    """Where a program of a Debian package is, looked for in `folders` before the PATH."""
    found = shutil.which(program, path=os.pathsep.join((*folders, os.environ.get("PATH", ""))))
    return str(found) if found else missing(f"{program} is missing; install the Debian package {package!r}")
