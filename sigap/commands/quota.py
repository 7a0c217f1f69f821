"""`sigap quota …`: opening hours and places."""

from __future__ import annotations

from datetime import date, time

import click

from actions.wording import hour_text
from sigap.booking import PASSPORT, PICKUP, WeekPlan
from sigap.commands.officers import open_queue, show_json, tell_booked, told
from sigap.commands.reading import (
    DayType,
    HoursType,
    HourType,
    WeekdaysType,
    day_text,
    weekdays_text,
)

_SERVICE = click.Choice([PASSPORT, PICKUP])


@click.group()
def quota() -> None:
    """Kuota: jam layanan, jumlah tempat, hari tutup, dan pembukaan kuota."""


@quota.command("list")
@click.argument("office_id", metavar="KANTOR")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def list_plan(office_id: str, as_json: bool) -> None:
    """Jam layanan dan kuota pekan biasa, serta hari tutup."""
    quotas = open_queue().quotas
    with told():
        week, closed = quotas.plan(office_id), quotas.closures(office_id, date.min)
    if as_json:
        show_json({"pekan": week, "tutup": closed})
        return
    for plan in week:
        hours = ", ".join(map(hour_text, plan.hours))
        click.echo(
            f"{weekdays_text(plan.weekdays)}, {plan.service}: {hours} - "
            f"kuota {plan.quota}, prioritas {plan.priority_quota}"
        )
    for day, reason in closed:
        click.echo(f"Tutup {day_text(day)}: {reason}")
    if not week:
        click.echo(
            "Belum ada jam layanan. Isi misalnya dengan: "
            f"sigap quota set {office_id} --days senin-jumat --hours 8-11,13-14 --quota 6"
        )


@quota.command()
@click.argument("office_id", metavar="KANTOR")
@click.option("--from", "first", type=DayType(), required=True, help="Tanggal pertama, misalnya 24-11-2026.")
@click.option("--to", "last", type=DayType(), help="Tanggal terakhir; tanpa ini hanya satu hari.")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def show(office_id: str, first: date, last: date | None, as_json: bool) -> None:
    """Tempat yang sudah dibuka dan yang terisi, per jam."""
    with told():
        counted = open_queue().quotas.days(office_id, first, last or first)
    if as_json:
        show_json(counted)
        return
    for one in counted:
        priority = f", prioritas {one.priority_taken}/{one.priority_quota}" if one.priority_quota else ""
        click.echo(
            f"{day_text(one.day)} {hour_text(one.hour)} {one.service}: terisi {one.taken} dari {one.quota}{priority}"
        )
    if not counted:
        click.echo("Belum ada kuota yang dibuka pada tanggal itu.")


@quota.command("set")
@click.argument("office_id", metavar="KANTOR")
@click.option("--days", type=WeekdaysType(), help="Hari biasa, misalnya senin-jumat.")
@click.option("--hours", type=HoursType(), help="Jam mulai, misalnya 8-11,13-14 (jam 12 istirahat).")
@click.option("--date", "day", type=DayType(), help="Satu tanggal saja, bersama --hour.")
@click.option("--hour", type=HourType(), help="Satu jam pada tanggal itu, misalnya 09.00.")
@click.option("--quota", "places", type=click.IntRange(0, 10_000), help="Tempat untuk semua; 0 menghapus jamnya.")
@click.option("--priority", type=click.IntRange(0, 10_000), help="Tempat untuk kelompok prioritas.")
@click.option(
    "--service", type=_SERVICE, default=PASSPORT, show_default=True, help="Permohonan paspor atau pengambilan."
)
def set_quota(
    office_id: str,
    days: tuple[int, ...] | None,
    hours: tuple[time, ...] | None,
    day: date | None,
    hour: time | None,
    places: int | None,
    priority: int | None,
    service: str,
) -> None:
    """Atur kuota pekan biasa (--days --hours) atau satu jam pada satu tanggal (--date --hour)."""
    quotas = open_queue().quotas
    if places is None and priority is None:
        raise click.ClickException("Sebutkan jumlah tempat dengan --quota, --priority, atau keduanya.")
    with told():
        if days and hours and not day and not hour:
            quotas.set_plan(office_id, [WeekPlan(days, hours, places or 0, priority or 0, service)])
            click.echo(
                "Pekan biasa diubah. Hari yang kuotanya sudah dibuka tidak berubah; ubah dengan --date dan --hour."
            )
        elif day and hour and not days and not hours:
            one = quotas.set_hour(office_id, day, hour, places, priority, service)
            click.echo(
                f"{day_text(day)} {hour_text(hour)}: kuota {one.quota} (terisi {one.taken}), "
                f"prioritas {one.priority_quota} (terisi {one.priority_taken})."
            )
        else:
            raise click.ClickException("Pakai --days bersama --hours, atau --date bersama --hour.")


@quota.command("open")
@click.argument("office_id", metavar="[KANTOR]", required=False)
@click.option("--through", type=DayType(), help="Buka lebih awal, sampai tanggal ini.")
@click.option("--from", "first", type=DayType(), help="Batalkan penutupan mulai tanggal ini.")
@click.option("--to", "last", type=DayType(), help="Batalkan penutupan sampai tanggal ini.")
def open_quota(office_id: str | None, through: date | None, first: date | None, last: date | None) -> None:
    """Buka kuota yang waktunya sudah tiba, buka lebih awal, atau batalkan penutupan."""
    quotas = open_queue().quotas
    with told():
        if first is not None:
            if office_id is None:
                raise click.ClickException("Sebutkan kantornya.")
            quotas.reopen(office_id, first, last or first)
            click.echo("Penutupan dibatalkan.")
            return
        if through is not None:
            if office_id is None:
                raise click.ClickException("Sebutkan kantornya.")
            opened = quotas.open_through(office_id, through)
        else:
            opened = quotas.open_due(office_id)
    click.echo(f"{opened} jam layanan dibuka." if opened else "Tidak ada kuota baru yang perlu dibuka.")


@quota.command()
@click.argument("office_id", metavar="KANTOR")
@click.option("--from", "first", type=DayType(), required=True, help="Hari tutup pertama.")
@click.option("--to", "last", type=DayType(), help="Hari tutup terakhir; tanpa ini hanya satu hari.")
@click.option("--reason", required=True, help="Alasannya, misalnya 'Pemadaman listrik'.")
def close(office_id: str, first: date, last: date | None, reason: str) -> None:
    """Tutup kantor pada tanggal tertentu; antrean baru tidak dapat diambil, pemohon yang sudah punya dikabari."""
    end = last or first
    if end < first:
        raise click.ClickException("Tanggal terakhir lebih awal daripada tanggal pertama.")
    with told():
        booked = open_queue().quotas.close(office_id, first, end, reason[:120])
    click.echo(f"Ditutup: {day_text(first)}{f' sampai {day_text(end)}' if end != first else ''} ({reason}).")
    tell_booked(office_id, booked)
