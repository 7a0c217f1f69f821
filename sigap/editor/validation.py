"""`sigap validate`: all checks over all content."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sigap.editor.checks import dialogues, facts, journeys, marks, phrasing, wording, words
from sigap.editor.content import Content
from sigap.editor.findings import Finding, Severity

_SHAPES = (facts.shape, words.shape, dialogues.shape)
# What a change of wording or facts can break.
_QUICK = (wording.check, facts.check)
_CHECKS = (wording.check, journeys.check, facts.check, words.check, dialogues.check, phrasing.check, marks.check)


def validate(root: Path, today: date) -> list[Finding]:
    """All findings in the content under `root`, by file and line.

    Where a file cannot be read or lacks what it must have, only that is reported: what refers to it cannot be judged.
    """
    content = Content.read(root, today)
    findings = [*content.findings, *(finding for shape in _SHAPES for finding in shape(content))]
    if not findings:
        findings = [finding for check in _CHECKS for finding in check(content)]
    return sorted(set(findings))


def mistakes_of(content: Content, name: str, text: str) -> list[Finding]:
    """The mistakes that a file's new text would bring in, before it is written.

    Raises `SourceError` where it is no YAML any more.
    """
    after = content.with_text(name, text)
    found = [*after.findings, *(finding for shape in _SHAPES for finding in shape(after))]
    if not found:
        known = {(finding.kind, finding.message) for check in _QUICK for finding in check(content)}
        found = [
            finding for check in _QUICK for finding in check(after) if (finding.kind, finding.message) not in known
        ]
    return [finding for finding in found if finding.severity is Severity.SALAH]


def errors(findings: list[Finding]) -> int:
    """How many of them must be mended."""
    return sum(finding.severity is Severity.SALAH for finding in findings)
