"""What a folder or file holds, as one short text: tells whether anything has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sigap.settings import ROOT

_READ = frozenset({".yml", ".py"})


def of(names: Iterable[str]) -> str:
    """SHA-256 (hexadecimal) over the YAML and Python files of these files and folders, named from the root."""
    digest = hashlib.sha256()
    for path in sorted(_files(names)):
        digest.update(os.fsencode(path.relative_to(ROOT)))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = ROOT / name
        if path.is_file():
            yield path
        yield from (file for file in path.rglob("*") if file.suffix in _READ)
