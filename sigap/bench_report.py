"""The report of `make bench`, docs/benchmark.md: sections that are measured and replaced one by one."""

from __future__ import annotations

import re
from pathlib import Path


def replace(report: Path, heading: str, section: str) -> None:
    """Put a section, which begins with its heading ("## …"), in the place of the old one, or at the end."""
    written = report.read_text(encoding="utf-8") if report.exists() else ""
    others = [part for part in re.split(r"^(?=## )", written, flags=re.MULTILINE) if not part.startswith(heading)]
    report.write_text("".join(others).rstrip() + "\n\n" + section + "\n", encoding="utf-8")
