"""`sigap data …` and `sigap retention`: what is kept about people."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import fields

import click

from sigap.records import Periods, PersonalRecords, StillBooked
from sigap.settings import Settings
from sigap.store.conversations import Conversations
from sigap.store.session import Store

_HOUR = 3600
# Also read where the period is told to applicants.
_VARIABLES = {"web_conversations": "SIGAP_WEB_KEPT_DAYS"}


def _records() -> PersonalRecords:
    settings = Settings.from_environment()
    return PersonalRecords(
        Store.open(settings.database_url), Conversations.open(settings.conversations_url), settings.clock
    )


@click.group()
def data() -> None:
    """What is kept about one conversation (web:…, wa:…), on its owner's request."""


@data.command()
@click.argument("conversation_id")
def export(conversation_id: str) -> None:
    """Print a copy as JSON. It is personal: hand it to its owner only."""
    click.echo(json.dumps(_records().export(conversation_id), ensure_ascii=False, indent=2))


@data.command()
@click.argument("conversation_id")
def erase(conversation_id: str) -> None:
    """Erase it. Refused while there is a place in the queue."""
    outcome = _records().erase(conversation_id)
    if isinstance(outcome, StillBooked):
        raise click.ClickException("This conversation still has a place in the queue; cancel it first.")
    click.echo(json.dumps(outcome.rows))


def _period_options(command: Callable[..., None]) -> Callable[..., None]:
    for period in reversed(fields(Periods)):
        name = period.name.replace("_", "-")
        variable = _VARIABLES.get(period.name, f"SIGAP_KEEP_{period.name.upper()}")
        help_text = f"Days to keep {name.replace('-', ' ')} [{variable}]."
        command = click.option(
            f"--{name}",
            type=click.IntRange(1),
            default=period.default,
            show_default=True,
            envvar=variable,
            help=help_text,
        )(command)
    return command


@click.command()
@click.option("--every-hours", type=click.IntRange(1), help="Stay and repeat; without it, once.")
@_period_options
def retention(every_hours: int | None, **periods: int) -> None:
    """Erase what is older than its period."""
    records = _records()
    while True:
        click.echo(json.dumps(records.let_go(Periods(**periods)).rows))
        if every_hours is None:
            return
        time.sleep(every_hours * _HOUR)
