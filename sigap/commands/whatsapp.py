"""`sigap whatsapp …`. Heavy imports happen inside the commands."""

from __future__ import annotations

import os
import signal
import sys

import click

from sigap.settings import Settings, SettingsError


@click.group()
def whatsapp() -> None:
    """WhatsApp Cloud API."""


@whatsapp.command()
@click.option("--port", default=5080, show_default=True, help="Of the simulator's page.")
@click.option("--alone", is_flag=True, help="Start only the simulator and print what a SIGAP elsewhere needs.")
def simulate(port: int, alone: bool) -> None:
    """Try WhatsApp without an account: starts SIGAP, a stand-in for Meta, and a page to chat through it."""
    from sigap.run import run_all
    from sigap.whatsapp_simulator.running import simulating

    sigap_port, action_port = int(os.environ.get("PORT", "5005")), int(os.environ.get("SIGAP_ACTION_PORT", "5055"))
    try:
        settings = Settings.from_environment()
        if settings.production:
            raise click.ClickException("The simulator is for development; unset SIGAP_ENV.")
        with simulating(port, f"http://localhost:{sigap_port}/webhooks/whatsapp/webhook") as environment:
            click.secho(f"WhatsApp simulator: http://localhost:{port}/", bold=True)
            if alone:
                click.echo("Start SIGAP with:\n")
                for name, value in environment.items():
                    click.echo(f"export {name}={value}")
                click.echo("\nPress Ctrl-C to stop.")
                signal.sigwait({signal.SIGINT, signal.SIGTERM})
                return
            os.environ.update(environment)
            sys.exit(run_all(settings, False, sigap_port, action_port))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
