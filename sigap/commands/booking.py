"""`sigap booking …`: the door, and the janitor."""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

import click

from actions.wording import hour_text
from sigap.booking import CheckedIn, DaySheet, Entry, NotLive, UnknownCode, WrongDay
from sigap.clock import ZONES
from sigap.commands.officers import open_queue, show_json, told
from sigap.commands.reading import DayType, birth_text, day_text
from sigap.settings import Settings

_STATES = {
    "confirmed": "menunggu",
    "arrived": "sudah datang",
    "no_show": "tidak datang",
    "cancelled": "dibatalkan",
    "held": "belum dikonfirmasi",
    "lapsed": "kedaluwarsa",
}
_LIMITS = {
    "percakapan": "percakapan ini sudah punya antrean",
    "nik": "NIK sudah punya antrean di percakapan lain",
    "permohonan": "permohonan sudah punya antrean pengambilan di percakapan lain",
    "bulanan": "batas antrean dalam 30 hari",
    "jeda": "jeda setelah berulang kali batal",
    "bukti": "terlalu sering salah kode atau tanggal lahir",
    "bukti_nomor": "satu nomor atau kode terlalu sering dicoba dengan tanggal lahir yang salah",
}
_COLUMNS = (
    "jam",
    "nomor",
    "kode",
    "layanan",
    "jenis",
    "prioritas",
    "diwakilkan",
    "status",
    "nama",
    "akhir_nik",
    "lahir",
)


_FORGOTTEN = "data pribadi sudah dihapus"


@click.group()
def booking() -> None:
    """Antrean: melihat, mencatat kedatangan, lembar harian."""


@booking.command()
@click.argument("code", metavar="KODE")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def show(code: str, as_json: bool) -> None:
    """Satu antrean menurut kode booking."""
    with told():
        found = open_queue().desk.show(code)
    if isinstance(found, UnknownCode):
        raise click.ClickException(_unknown(code, found))
    show_json(found) if as_json else click.echo(_described(found))


@booking.command("check-in")
@click.argument("code", metavar="KODE")
def check_in(code: str) -> None:
    """Catat bahwa pemohon sudah datang."""
    with told():
        outcome = open_queue().desk.check_in(code)
    marked = _marked(code, outcome)
    click.echo(
        ("Sudah dicatat sebelumnya.\n" if marked.again else "Dicatat: sudah datang.\n") + _described(marked.entry)
    )


@booking.command("no-show")
@click.argument("code", metavar="KODE")
def no_show(code: str) -> None:
    """Catat bahwa pemohon tidak datang. Antrean yang lewat harinya dicatat otomatis."""
    with told():
        outcome = open_queue().desk.mark_no_show(code)
    entry = _marked(code, outcome).entry
    if entry.state == "arrived":
        raise click.ClickException(f"Antrean {entry.code} sudah dicatat datang; tidak ada yang diubah.")
    click.echo("Dicatat: tidak datang.\n" + _described(entry))


@booking.command("list")
@click.option("--office", "office_id", required=True, metavar="KANTOR", help="Kantor, misalnya bogor.")
@click.option("--date", "day", type=DayType(), help="Tanggal; tanpa ini hari ini.")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def list_bookings(office_id: str, day: date | None, as_json: bool) -> None:
    """Antrean satu kantor pada satu hari."""
    sheet = _sheet(office_id, day)
    if as_json:
        show_json(sheet)
        return
    click.echo(f"{sheet.office_id}, {day_text(sheet.day)} ({sheet.zone}){' - data contoh' if sheet.demo else ''}")
    if sheet.closed:
        click.echo(f"Kantor tutup pada hari itu ({sheet.closed}). Pemohonnya dikabari dan dapat pindah jadwal.")
    for entry in sheet.entries:
        names = _FORGOTTEN if entry.forgotten else ", ".join(person.name for person in entry.people)
        click.echo(f"{hour_text(entry.hour)}  {_numbers(entry):>7}  {entry.code}  {_STATES[entry.state]:<12}  {names}")
    if not sheet.entries:
        click.echo("Tidak ada antrean pada hari itu.")


@booking.command("sheet")
@click.option("--office", "office_id", required=True, metavar="KANTOR", help="Kantor, misalnya bogor.")
@click.option("--date", "day", type=DayType(), help="Tanggal; tanpa ini hari ini.")
@click.option("--csv", "as_csv", is_flag=True, help="Tulis sebagai CSV, satu baris per orang.")
@click.option("--pdf", "pdf", type=click.Path(dir_okay=False, path_type=Path), metavar="BERKAS", help="Cetak ke PDF.")
def sheet(office_id: str, day: date | None, as_csv: bool, pdf: Path | None) -> None:
    """Lembar harian untuk loket: CSV ke layar, atau PDF ke berkas."""
    if as_csv == (pdf is not None):
        raise click.UsageError("Pilih salah satu: --csv atau --pdf BERKAS.")
    found = _sheet(office_id, day)
    if pdf is not None:
        # The PDF library is slow to import: only those who want a PDF pay for it.
        from sigap.commands.day_sheet import printable
        from sigap.tickets.sheet import draw_sheet

        pdf.write_bytes(draw_sheet(printable(found)))
        click.echo(f"Ditulis: {pdf}")
        return
    rows = csv.writer(sys.stdout)
    rows.writerow(_COLUMNS)
    for entry in found.entries:
        for person in entry.people:
            rows.writerow(
                [
                    hour_text(entry.hour),
                    _numbers(entry),
                    entry.code,
                    entry.service,
                    entry.kind,
                    "ya" if entry.priority else "",
                    "ya" if entry.proxy else "",
                    _STATES[entry.state],
                    _plain_cell(person.name),
                    person.nik_end,
                    birth_text(person.birth_date),
                ]
            )


@booking.command("limits")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Berapa hari ke belakang.")
@click.option("--json", "as_json", is_flag=True, help="Tampilkan sebagai JSON.")
def limits(days: int, as_json: bool) -> None:
    """Siapa yang tertahan oleh batas, untuk mengenali calo."""
    with told():
        found = open_queue().desk.limits(Settings.from_environment().clock() - timedelta(days=days))
    if as_json:
        show_json(found)
        return
    for one in found:
        click.echo(f"{one.at:%d-%m-%Y %H.%M} UTC  {one.conversation_id}  {_LIMITS[one.limit]}")
    if not found:
        click.echo("Tidak ada yang tertahan.")


@booking.command()
def sweep() -> None:
    """Kerjakan sekarang yang jatuh tempo. Server melakukannya sendiri setiap beberapa detik."""
    with told():
        done = open_queue().sweep()
    click.echo(
        f"Tahanan yang lewat: {done.lapsed}. Tidak datang: {done.no_shows}. Jam yang dibuka: {done.opened}. "
        f"Tawaran: {done.offered}. Daftar tunggu berakhir: {done.expired}. Dikabari soal hari tutup: {done.told}. "
        f"Data pribadi dihapus: {done.forgotten} antrean."
    )


def _sheet(office_id: str, day: date | None) -> DaySheet:
    queue = open_queue()
    with told():
        office = queue.office(office_id)
        found = None
        if office is not None:
            today = Settings.from_environment().clock().astimezone(ZONES[office.zone]).date()
            found = queue.desk.sheet(office_id, day or today)
    if found is None:
        raise click.ClickException(f"Kantor '{office_id}' belum disiapkan. Lihat 'sigap office list'.")
    return found


def _marked(code: str, outcome: CheckedIn | WrongDay | NotLive | UnknownCode) -> CheckedIn:
    """The booking that was marked; everything else ends the command with a sentence."""
    if isinstance(outcome, UnknownCode):
        raise click.ClickException(_unknown(code, outcome))
    if isinstance(outcome, NotLive):
        raise click.ClickException(f"Antrean {outcome.entry.code} sudah dibatalkan.")
    if isinstance(outcome, WrongDay):
        raise click.ClickException(f"Antrean {outcome.entry.code} untuk {day_text(outcome.entry.day)}, bukan hari ini.")
    return outcome


def _unknown(code: str, outcome: UnknownCode) -> str:
    if outcome.readable:
        return f"Tidak ada antrean dengan kode {code}."
    return f"Kode {code} keliru. Periksa lagi; kode terdiri dari delapan huruf dan angka, misalnya 7KQM-4W24."


def _numbers(entry: Entry) -> str:
    return (
        str(entry.first_number)
        if entry.first_number == entry.last_number
        else f"{entry.first_number}-{entry.last_number}"
    )


def _plain_cell(text: str) -> str:
    # A spreadsheet would run a name that begins like a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _described(entry: Entry) -> str:
    people = "\n".join(
        f"  {person.name}, lahir {birth_text(person.birth_date)}"
        + (f", NIK …{person.nik_end}" if person.nik_end else "")
        for person in entry.people
    )
    if entry.forgotten:
        people = f"  {_FORGOTTEN}, {entry.last_number - entry.first_number + 1} orang"
    marks = [mark for mark, is_so in (("prioritas", entry.priority), ("diwakilkan", entry.proxy)) if is_so]
    return (
        f"{entry.code}: {entry.office_id}, {day_text(entry.day)} {hour_text(entry.hour)}, nomor {_numbers(entry)}, "
        f"{entry.kind}{''.join(f', {mark}' for mark in marks)}, {_STATES[entry.state]}\n{people}"
    )
