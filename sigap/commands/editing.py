"""`sigap validate` and `sigap editor`. What it says is for editors, so it says it in Indonesian."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import click

from sigap.clock import WIB
from sigap.settings import MODELS, ROOT, Settings

USERS = "editors.json"


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


@click.group(invoke_without_command=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; others than this machine log in."
)
@click.option(
    "--port", type=int, default=lambda: int(os.environ.get("SIGAP_EDITOR_PORT", "5080")), help="Default: 5080."
)
@click.option("--commit", is_flag=True, help="Make a git commit of each change, with the editor's name.")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, hidden=True)
@click.option("--models", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MODELS, hidden=True)
@click.option("--conversations", metavar="URL", help="Tracker store; default: that of this machine's settings.")
@click.pass_context
def editor(
    context: click.Context, host: str, port: int, commit: bool, conversations: str | None, root: Path, models: Path
) -> None:
    """Open the content editors' workbench: a page to try, change, train and publish."""
    context.obj = root
    if context.invoked_subcommand:
        return
    from sigap.editor.access import Door, Person, Role, Users
    from sigap.editor.candidate import Candidates
    from sigap.editor.files import Files
    from sigap.editor.inbox import Inbox
    from sigap.editor.shelf import Shelf
    from sigap.editor.trial import Trial
    from sigap.editor.web.app import create_app
    from sigap.editor.web.desk import Desk
    from sigap.models import Models

    settings = Settings.from_environment()
    clock = settings.clock
    here = host in {"127.0.0.1", "localhost", "::1"}
    users = Users(root / USERS)
    if not here and not list(users):
        raise click.ClickException("Nobody could log in: add people with `sigap editor user NAME` first.")
    stored = Models(models)
    inbox = Inbox(root / ".sigap-editor" / "kotak.db", conversations or settings.conversations_url)
    trial = Trial(stored, clock)
    desk = Desk(
        root=root,
        shelf=Shelf(root, lambda: clock().astimezone(WIB).date()),
        files=Files(root, commits=commit),
        trial=trial,
        models=stored,
        candidates=Candidates(root),
        inbox=inbox,
        clock=clock,
        owner=Person(own_name(), Role.PENERBIT),
        door=None if here else Door(users, clock),
    )
    trial.load()
    inbox.follow()
    click.echo(f"Meja penyunting: http://{host}:{port}/  (Ctrl-C untuk berhenti)")
    create_app(desk).run(host=host, port=port, access_log=False)


@editor.command("user")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["pembaca", "penyunting", "penerbit"]), default="penyunting", show_default=True
)
@click.password_option(help="Asked for when not given.")
@click.pass_context
def user(context: click.Context, name: str, role: str, password: str) -> None:
    """Let NAME log in, or change their role and password."""
    from sigap.editor.access import AccessError, Role, Users

    try:
        Users(context.obj / USERS).add(name, Role[role.upper()], password)
    except AccessError as error:
        raise click.ClickException(str(error)) from error


def own_name() -> str:
    """Who works at this machine, for commits and publications: as git knows them, or as the machine does."""
    known = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, cwd=ROOT, check=False)
    return known.stdout.strip() or getpass.getuser()
