"""`sigap validate`. What it says is for editors, so it says it in Indonesian."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from sigap.clock import WIB
from sigap.settings import ROOT, Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of text.")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, hidden=True)
def validate(as_json: bool, root: Path) -> None:
    """Check all content: phrasing, wording, facts, rules, dialogues. Exits with 1 when something must be mended."""
    from sigap.editor.validation import errors, validate

    findings = validate(root, Settings.from_environment().clock().astimezone(WIB).date())
    for finding in findings:
        click.echo(json.dumps(finding.as_dict(), ensure_ascii=False) if as_json else str(finding))
    mistakes = errors(findings)
    if not as_json:
        summary = f"{mistakes} salah, {len(findings) - mistakes} perhatian." if findings else "Semua isi beres."
        click.secho(summary, bold=True, fg="red" if mistakes else "green", err=True)
    sys.exit(1 if mistakes else 0)
