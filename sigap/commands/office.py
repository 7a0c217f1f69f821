"""`sigap office …`: how each office runs its queue."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import click

from actions.wording import hour_text
from sigap.booking import OfficeSettings
from sigap.commands.office_file import OfficeFileError, read_office_file
from sigap.commands.officers import open_queue, show_json, tell_booked, told
from sigap.commands.reading import WEEKDAYS, OpeningType
from sigap.knowledge.store import load_once
from sigap.settings import KNOWLEDGE

_KINDS = ("baru", "penggantian", "ambil")


@click.group()
def office() -> None:
    """Kantor: siapa yang menerima antrean lewat obrolan, dan dengan aturan apa."""


@office.command("list")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def list_offices(as_json: bool) -> None:
    """Daftar kantor yang sudah disiapkan."""
    with told():
        offices = open_queue().quotas.offices()
    if as_json:
        show_json(offices)
        return
    for one in offices:
        state = "menerima antrean" if one.takes_bookings else "tidak menerima antrean"
        click.echo(f"{one.id}: {state}, {one.zone}, kuota dibuka {_opening(one)}{' (data contoh)' if one.demo else ''}")
    if not offices:
        click.echo("Belum ada kantor. Siapkan dengan 'sigap office set KANTOR --zone WIB' atau 'sigap office import'.")


@office.command()
@click.argument("office_id", metavar="KANTOR")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def show(office_id: str, as_json: bool) -> None:
    """Aturan satu kantor."""
    with told():
        settings = open_queue().quotas.office(office_id)
    show_json(settings) if as_json else click.echo(_described(settings))


@office.command("set")
@click.argument("office_id", metavar="KANTOR")
@click.option("--zone", type=click.Choice(["WIB", "WITA", "WIT"]), help="Zona waktu; wajib untuk kantor baru.")
@click.option("--bookings/--no-bookings", default=None, help="Menerima antrean lewat obrolan atau tidak.")
@click.option("--kinds", help="Jenis yang dilayani lewat obrolan, misalnya baru,penggantian,ambil.")
@click.option("--opens", type=OpeningType(), help="Kapan kuota dibuka: 'harian' atau misalnya 'jumat 14.00'.")
@click.option("--window", type=click.IntRange(0, 366), help="Berapa hari ke depan dapat dipesan.")
@click.option("--max-applicants", type=click.IntRange(1, 20), help="Paling banyak pemohon dalam satu antrean.")
@click.option("--move-limit", type=click.IntRange(0, 20), help="Berapa kali jadwal boleh dipindah.")
@click.option("--move-until", type=click.IntRange(0, 60), help="Paling lambat berapa hari sebelumnya (1 berarti H-1).")
@click.option("--month-limit", type=click.IntRange(1, 100), help="Paling banyak antrean per orang dalam 30 hari.")
def set_office(office_id: str, opens: Any, kinds: str | None, **options: Any) -> None:
    """Siapkan kantor baru atau ubah aturannya. Yang tidak disebut tidak berubah."""
    names = {"bookings": "takes_bookings", "window": "window_days", "move_until": "move_until_days"}
    changes = {names.get(name, name): value for name, value in options.items() if value is not None}
    if kinds is not None:
        changes["kinds"] = _kinds(kinds)
    if opens is not None:
        changes["opens_weekday"], changes["opens_at"] = opens
    queue = open_queue()
    with told():
        known = {one.id for one in queue.quotas.offices()}
        if office_id not in known:
            _check_new(office_id, changes)
        if not changes:
            raise click.ClickException("Tidak ada yang diubah. Lihat pilihannya dengan 'sigap office set --help'.")
        # Whoever sets an office up by hand means it: it is no longer demonstration data.
        settings = queue.quotas.set_office(office_id, **changes, demo=False)
    click.echo(_described(settings))


@office.command("import")
@click.argument("path", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(path: Path) -> None:
    """Siapkan kantor, jam layanan, kuota, dan hari tutup dari berkas YAML.

    Seluruh berkas diperiksa dahulu; bila ada yang keliru, tidak ada yang berubah.
    """
    try:
        offices = read_office_file(path, {one.id for one in load_once(KNOWLEDGE).offices.all})
    except OfficeFileError as error:
        raise click.ClickException(str(error)) from error
    quotas = open_queue().quotas
    with told():
        for one in offices:
            quotas.set_office(one.id, **one.settings, demo=False)
            quotas.set_plan(one.id, one.week, replace=True)
            for first, last, reason in one.closures:
                tell_booked(one.id, quotas.close(one.id, first, last, reason))
    click.echo(f"{len(offices)} kantor disiapkan: {', '.join(one.id for one in offices)}.")


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(kind.strip() for kind in text.split(",") if kind.strip())
    if unknown := [kind for kind in kinds if kind not in _KINDS]:
        raise click.ClickException(f"'{unknown[0]}' bukan jenis layanan. Pilihannya: {', '.join(_KINDS)}.")
    return kinds


def _check_new(office_id: str, changes: dict[str, Any]) -> None:
    if load_once(KNOWLEDGE).offices.get(office_id) is None:
        raise click.ClickException(
            f"Kantor '{office_id}' tidak ada dalam data/knowledge/kantor.yml. Periksa ejaannya, misalnya jakarta_pusat."
        )
    if "zone" not in changes:
        raise click.ClickException("Kantor baru memerlukan --zone WIB, WITA, atau WIT.")


def _opening(settings: OfficeSettings) -> str:
    if settings.opens_weekday is None:
        return f"setiap hari untuk {settings.window_days} hari ke depan"
    return f"{WEEKDAYS[settings.opens_weekday]} pukul {hour_text(settings.opens_at or time(0))} untuk pekan berikutnya"


def _described(settings: OfficeSettings) -> str:
    until = "sampai jamnya tiba" if not settings.move_until_days else f"paling lambat H-{settings.move_until_days}"
    lines = [
        f"{settings.id} ({settings.zone}){' - data contoh' if settings.demo else ''}",
        f"  Antrean lewat obrolan : {'ya' if settings.takes_bookings else 'tidak'}",
        f"  Jenis layanan         : {', '.join(settings.kinds) or 'tidak ada'}",
        f"  Kuota dibuka          : {_opening(settings)}",
        f"  Dapat dipesan sampai  : {settings.window_days} hari ke depan",
        f"  Pemohon per antrean   : paling banyak {settings.max_applicants}",
        f"  Pindah jadwal         : {settings.move_limit} kali, {until}",
        f"  Antrean per 30 hari   : paling banyak {settings.month_limit} per orang",
    ]
    return "\n".join(lines)
