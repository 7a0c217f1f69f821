"""`sigap test`. What it says is for editors, so it says it in Indonesian."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from sigap.settings import ROOT, Settings

if TYPE_CHECKING:
    from sigap.dialogues.played import Played

CONVERSATIONS = ROOT / "tests" / "conversations"


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "filter_by", metavar="WORDS", help="Only dialogues whose file and name contain all these words.")
@click.option("--channel", metavar="NAME", help="Play on this channel, as it is shown there.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; default: as many as are worth their start.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Say which parts of the assistant no dialogue has met.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a report to look at.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write a report for continuous integration.")
@click.option("--record", metavar="CONVERSATION_ID", help="Print a stored conversation, masked, as a dialogue file.")
def test(
    paths: tuple[Path, ...],
    filter_by: str | None,
    channel: str | None,
    workers: int | None,
    with_coverage: bool,
    html: Path | None,
    junit: Path | None,
    record: str | None,
) -> None:
    """Play the dialogues under PATHS (default: tests/conversations) with the trained model and the real actions."""
    if record:
        click.echo(_recorded(record), nl=False)
        return
    from sigap.dialogues import coverage, reports
    from sigap.dialogues.runner import Loading, play_all, select, worthwhile_workers
    from sigap.dialogues.script import ScriptError

    try:
        selection = select(paths or (CONVERSATIONS,), filter_by, channel)
    except ScriptError as error:
        raise click.ClickException(str(error)) from error
    if not selection.dialogues:
        raise click.ClickException("Tidak ada dialog yang cocok.")
    count = workers or worthwhile_workers(len(selection.dialogues))
    click.echo(f"{len(selection.dialogues)} dialog, {count} proses; memuat model ...", err=True)
    loading, began, results = Loading(), perf_counter(), []
    try:
        for played in play_all(selection.dialogues, channel, count, loading):
            results.append(played)
            click.echo("F" if played.failed else "b" if played.pending else ".", nl=False, err=True)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    results.sort(key=lambda played: (played.dialogue.file, played.dialogue.line))
    parts = coverage.coverage(played.met for played in results) if with_coverage else []
    _tell(results, selection.skipped, loading.seconds, perf_counter() - began)
    if with_coverage:
        click.echo(f"\n{coverage.report(parts)}")
    if html:
        html.write_text(reports.html(results, parts), encoding="utf-8")
    if junit:
        junit.write_text(reports.junit(results), encoding="utf-8")
    sys.exit(any(played.failed for played in results))


def _recorded(conversation_id: str) -> str:
    from sigap.dialogues.recorder import record
    from sigap.store.conversations import Conversations

    try:
        return record(conversation_id, Conversations.open(Settings.from_environment().conversations_url))
    except LookupError as error:
        raise click.ClickException(error.args[0]) from error


def _tell(results: Sequence[Played], skipped: int, loading: float, seconds: float) -> None:
    from sigap.dialogues.transcript import transcript

    click.echo("", err=True)
    failed = [played for played in results if played.failed]
    for played in failed:
        click.echo(f"\n{transcript(played)}")
    turns = sum(played.spoken for played in results)
    pending = [played for played in results if played.pending]
    mended = [played for played in results if played.dialogue.pending and not played.wrong]
    for played in mended:
        click.echo(f"\nSudah benar, hapus 'belum': {played.dialogue.file}:{played.dialogue.line}")
    right = len(results) - len(failed) - len(pending)
    known = f", {len(pending)} belum" if pending else ""
    left_out = f", {skipped} dilewati karena untuk kanal lain" if skipped else ""
    click.secho(
        f"\n{len(results)} dialog, {turns} giliran: {right} benar, {len(failed)} gagal{known}{left_out}.",
        fg="red" if failed else "green",
        bold=True,
    )
    working = sum(played.core_seconds for played in results)
    click.echo(
        f"{seconds:.0f} detik, di antaranya {loading:.0f} detik memuat model. Bermain memakai {working:.1f} detik "
        f"prosesor: {turns / working:.0f} giliran per detik per inti."
    )
