"""`sigap run`, `sigap serve` and `sigap actions`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from sigap.models import ModelError, Models
from sigap.runtime import cores
from sigap.runtime.workers import COUNTS_FOLDER
from sigap.settings import MODELS, Settings, SettingsError


def _known(_: click.Context, __: click.Parameter, chosen: tuple[int, ...] | int | None) -> Any:
    known = cores.own_cores()
    for core in (chosen,) if isinstance(chosen, int) else chosen or ():
        if core not in known:
            raise click.BadParameter(f"core {core} is none of those that SIGAP may use here: {known or 'none'}")
    return chosen


_core = partial(click.option, "--core", "kept", type=int, callback=_known)


@click.command()
@click.option("--interface", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5005, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1),
    envvar="SIGAP_WORKERS",
    help="Processes that answer, which share the memory of the model. Default: one for each --core, or one.",
)
@_core(
    multiple=True,
    envvar="SIGAP_CORE",
    help="A core of the machine that a worker keeps to, once for each: quicker, where no other server keeps to it.",
)
@click.option(
    "--model", type=click.Path(exists=True, path_type=Path), help="Default: the published one, and each after it."
)
def serve(interface: str, port: int, workers: int | None, kept: tuple[int, ...], model: Path | None) -> None:
    """Serve the channels of credentials.yml: Rasa with SIGAP's stores, locks and actions."""
    if kept and workers not in (None, len(kept)):
        raise click.UsageError(f"{workers} workers and {len(kept)} cores: name --core once for each worker, or not.")
    places = kept or (None,) * (workers or 1)
    if len(kept) == 1:
        cores.keep_to(kept[0])  # already now: libraries start threads when they are imported
    from sigap.runtime import lean_imports, logs

    try:
        settings = Settings.from_environment()
        if len(places) > 1 and settings.locks_url.startswith("memory:"):
            raise SettingsError("Several workers need locks that they share; set SIGAP_LOCKS_URL (docs/operasi.md).")
        logs.configure(settings.signing_key)
        lean_imports.install()
        with _counting_together(len(places) > 1):
            from sigap.runtime import server

            models = Models(MODELS)
            chosen = model or models.in_use()
            if chosen is None:
                raise click.ClickException("There is no model in models/; train one with `sigap train`.")
            if model is None:
                models.verified(chosen)
            sys.exit(server.serve(settings, chosen, models if model is None else None, interface, port, places))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except ModelError as error:
        raise click.ClickException(f"{error} Go back to the model before it with `sigap model back`.") from error


@contextmanager
def _counting_together(together: bool) -> Iterator[None]:
    if not together:
        yield
        return
    with TemporaryDirectory(prefix="sigap-metrics-") as folder:
        os.environ[COUNTS_FOLDER] = folder
        yield


@click.command()
@click.option("--interface", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5055, show_default=True)
@_core(help="The core of the machine to keep to: quicker, where no other server keeps to the same.")
def actions(interface: str, port: int, kept: int | None) -> None:
    """Serve the actions to a `sigap serve` elsewhere (SIGAP_ACTION_URL) that knows SIGAP_ACTION_SECRET."""
    if kept is not None:
        cores.keep_to(kept)
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
