"""The command line: `sigap …`."""

from __future__ import annotations

import os

import click

from sigap.commands import database, dialogues, serving, understanding, whatsapp


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """SIGAP: the chat assistant of an Indonesian immigration office."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


for command in (
    serving.run,
    understanding.train,
    understanding.parse,
    understanding.evaluate,
    understanding.bench,
    understanding.read_dates,
    dialogues.test,
    database.db,
    whatsapp.whatsapp,
):
    main.add_command(command)
