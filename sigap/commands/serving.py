"""`sigap run`, `sigap serve` and `sigap actions`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sigap.models import ModelError, Models
from sigap.runtime import cores
from sigap.settings import MODELS, Settings, SettingsError


def _keep_to_core(_: click.Context, __: click.Parameter, core: int | None) -> None:
    if core is not None:
        try:
            cores.keep_to(core)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error


_core = click.option(
    "--core",
    type=int,
    envvar="SIGAP_CORE",
    expose_value=False,
    callback=_keep_to_core,
    help="Keep to this core of the machine: quicker, where no other server keeps to the same.",
)


@click.command()
@click.option("--interface", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5005, show_default=True)
@_core
@click.option(
    "--model", type=click.Path(exists=True, path_type=Path), help="Default: the published one, and each after it."
)
def serve(interface: str, port: int, model: Path | None) -> None:
    """Serve the channels of credentials.yml: Rasa with SIGAP's stores, locks and actions."""
    from sigap.runtime import lean_imports, logs

    try:
        settings = Settings.from_environment()
        logs.configure(settings.signing_key)
        lean_imports.install()
        from sigap.runtime import server

        models = Models(MODELS)
        chosen = model or models.in_use()
        if chosen is None:
            raise click.ClickException("There is no model in models/; train one with `sigap train`.")
        if model is None:
            models.verified(chosen)
        server.serve(settings, chosen, models if model is None else None, interface, port)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except ModelError as error:
        raise click.ClickException(f"{error} Go back to the model before it with `sigap model back`.") from error


@click.command()
@click.option("--interface", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5055, show_default=True)
@_core
def actions(interface: str, port: int) -> None:
    """Serve the actions to a `sigap serve` elsewhere (SIGAP_ACTION_URL) that knows SIGAP_ACTION_SECRET."""
    try:
        settings = Settings.from_environment(os.environ | {"SIGAP_ACTION_URL": "here"})
        from sigap.runtime import logs

        logs.configure(settings.signing_key)
        from sigap.runtime import action_server

        action_server.serve(settings, interface, port)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--chat", is_flag=True, help="Chat in this terminal once everything runs.")
def run(chat: bool) -> None:
    """Train if needed, prepare the databases, serve; Ctrl-C stops everything."""
    from sigap.run import run_all

    try:
        action_port = os.environ.get("SIGAP_ACTION_PORT")
        port = int(os.environ.get("PORT", "5005"))
        sys.exit(run_all(Settings.from_environment(), chat, port, int(action_port) if action_port else None))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
