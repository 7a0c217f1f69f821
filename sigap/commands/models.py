"""`sigap model …`. What it says is for editors and whoever runs the servers, so it says it in Indonesian."""

from __future__ import annotations

import click

from sigap.commands.editing import own_name
from sigap.models import ModelError, Models, Serving
from sigap.settings import MODELS, Settings


@click.group()
def model() -> None:
    """Published models: which is in use, and back to the one before."""


@model.command()
def show() -> None:
    """Show the model in use, what each running server answers with, and the latest publications."""
    models = Models(MODELS)
    now = models.in_use()
    click.echo(f"Dipakai: {now.name if now else 'belum ada model'}")
    for server in models.servers():
        click.echo(_answering(server))
    for one in models.history()[:10]:
        click.echo(f"{one.at[:16].replace('T', ' ')}  {one.name}  {one.by}: {one.note}")


@model.command()
def back() -> None:
    """Go back to the model before the one in use; running servers follow by themselves."""
    try:
        now = Models(MODELS).go_back(own_name(), Settings.from_environment().clock)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Dipakai: {now.name}")


def _answering(server: Serving) -> str:
    parts = [f"Server {server.pid} menjawab dengan {server.model or 'tanpa model'}."]
    if server.loading:
        parts.append(f"Sedang memuat {server.loading}.")
    if server.refused:
        parts.append(f"{server.reason} Terbitkan model lain, atau kembali dengan `sigap model back`.")
    return " ".join(parts)
