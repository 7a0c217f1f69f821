"""`sigap train`, `parse`, `evaluate`, `bench` and `date`. Heavy imports happen inside the commands."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click

from sigap.settings import KNOWLEDGE, Settings


@click.command()
@click.option("--force", is_flag=True, help="Train everything, whether it has changed or not.")
@click.option("--verbose", is_flag=True, help="Show all that Rasa says instead of keeping it in logs/train.log.")
def train(force: bool, verbose: bool) -> None:
    """Train the model if anything it depends on has changed."""
    from sigap import training

    if training.is_current() and not force:
        click.echo(f"The model is current: {training.newest_model()}", err=True)
        return
    click.echo("Training the model (about two minutes) ...", err=True)
    try:
        model = training.train(force) if verbose else training.train_quietly(force)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Trained {model}", err=True)


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--today", help="Read relative dates as if today were YYYY-MM-DD.")
def parse(file: TextIO, today: str | None) -> None:
    """Understand messages: JSON lines {"text": …} in, JSON lines out, in the same order."""
    if today:
        os.environ["SIGAP_NOW"] = f"{date.fromisoformat(today)}T08:00:00+07:00"
    from sigap.understand import Understanding

    understanding = Understanding.load()
    for line in file:
        if line.strip():
            click.echo(json.dumps(understanding.of(json.loads(line)["text"]), ensure_ascii=False))


@click.command()
@click.option("--also", type=click.Path(exists=True), multiple=True, help='JSON lines {"text", "intent": [...]}.')
def evaluate(also: tuple[str, ...]) -> None:
    """Measure the newest model on the development set (tests/nlu), and on further labelled files."""
    from sigap import evaluation
    from sigap.settings import ROOT
    from sigap.understand import Understanding

    understand = Understanding.load().of
    files = sorted((ROOT / "tests" / "nlu").glob("*.yml"))
    sets = {"development set": [message for path in files for message in evaluation.read_rasa_file(path)]}
    sets |= {name: list(evaluation.read_jsonl(Path(name))) for name in also}
    for name, messages in sets.items():
        click.secho(f"\n{name}", bold=True)
        for line in evaluation.evaluate(messages, understand).lines():
            click.echo(line)


@click.command()
@click.option("--real", type=click.Path(exists=True, path_type=Path), help="Real labelled messages, JSON lines.")
@click.option(
    "--only",
    type=click.Choice(["classifiers", "pipelines", "diet", "confidence", "queue", "inbox", "runtime"]),
    multiple=True,
    help="Measure this part; the others stay as they are. May be given several times.",
)
@click.option(
    "--share", default=0.05, show_default=True, help="Share of the messages on which DIET is trained in full."
)
@click.option("--epochs", default=15, show_default=True, help="Epochs of DIET in the stock pipeline.")
def bench(real: Path | None, only: tuple[str, ...], share: float, epochs: int) -> None:
    """Measure choices side by side and write docs/benchmark.md."""
    from sigap.benchmarks import classifiers, confidence, inbox, pipelines, queue, runtime
    from sigap.benchmarks.report import Messages

    messages = Messages.read(real)
    parts: dict[str, Callable[[], None]] = {
        "classifiers": lambda: classifiers.measure(messages),
        "pipelines": lambda: pipelines.measure(messages, epochs),
        "diet": lambda: pipelines.measure_in_full(messages, share),
        "confidence": lambda: confidence.measure(messages),
        "queue": queue.measure,
        "runtime": runtime.measure,
        "inbox": inbox.measure,
    }
    for name in only or parts:
        click.echo(f"Measuring {name} ...", err=True)
        parts[name]()


@click.command("date")
@click.argument("text", required=False)
@click.option("--file", type=click.File("r", encoding="utf-8"), help='JSON lines {"text", "context"}; "-" for stdin.')
@click.option("--today", help="YYYY-MM-DD; default: today.")
@click.option("--for", "context", type=click.Choice(["arrival", "birth"]), default="arrival", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def read_dates(text: str | None, file: TextIO | None, today: str | None, context: str, as_json: bool) -> None:
    """Read the date in TEXT, or in each line of a file."""
    day = date.fromisoformat(today) if today else Settings.from_environment().clock().date()
    if file is not None:
        for entry in _json_lines(file):
            click.echo(json.dumps(_date(entry["text"], day, entry.get("context", "arrival"))))
    elif text is not None:
        answer = _date(text, day, context)
        click.echo(json.dumps(answer) if as_json else " ".join(str(value) for value in answer.values() if value))
    else:
        raise click.UsageError("Give a TEXT or --file.")


def _json_lines(file: TextIO) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file if line.strip())


def _date(text: str, today: date, context: str) -> dict[str, str | None]:
    from sigap.knowledge.store import load_once
    from sigap.language.dates import Problem, Purpose, read_date

    found = read_date(text, today, Purpose(context), load_once(KNOWLEDGE).feasts)
    if found.first is None or found.last is None:
        return {"date": None, "reason": (found.problem or Problem.NOT_A_DATE).value}
    if found.first == found.last:
        return {"date": found.first.isoformat()}
    return {"from": found.first.isoformat(), "to": found.last.isoformat()}
