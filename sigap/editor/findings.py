"""What a check has found: where, how bad, and what the editor can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sigap.editor.content import Content


class Severity(str, Enum):
    """`SALAH` must be mended before the content is used; `PERHATIAN` wants a look."""

    SALAH = "salah"
    PERHATIAN = "perhatian"


@dataclass(frozen=True, order=True)
class Finding:
    """One finding, in the editors' language. `kind` names the check; `file` is relative to the folder of SIGAP."""

    file: str
    line: int
    kind: str
    message: str
    advice: str
    severity: Severity = Severity.SALAH

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity.value}: {self.message} {self.advice}"

    def as_dict(self) -> dict[str, str | int]:
        """The finding for JSON."""
        return {**asdict(self), "severity": self.severity.value}


Findings = Iterator[Finding]


def attention(file: str, line: int, kind: str, message: str, advice: str) -> Finding:
    """A finding of the milder kind."""
    return Finding(file, line, kind, message, advice, Severity.PERHATIAN)


__all__ = ["Content", "Finding", "Findings", "Severity", "attention"]
