"""`sigap run`."""

from __future__ import annotations

import os
import sys

import click

from sigap.settings import Settings, SettingsError


@click.command()
@click.option("--chat", is_flag=True, help="Chat in this terminal once everything runs.")
def run(chat: bool) -> None:
    """Train if needed, prepare the database, start the action server and Rasa; Ctrl-C stops everything."""
    from sigap.run import run_all

    try:
        port, action_port = int(os.environ.get("PORT", "5005")), int(os.environ.get("SIGAP_ACTION_PORT", "5055"))
        sys.exit(run_all(Settings.from_environment(), chat, port, action_port))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
