"""The day sheet of the booking service, worded for printing."""

from __future__ import annotations

from itertools import groupby

from babel.dates import format_date

from actions.wording import hour_text
from sigap.booking import PICKUP, DaySheet, Entry
from sigap.clock import ZONES
from sigap.commands.reading import birth_text
from sigap.knowledge.store import load_once
from sigap.settings import KNOWLEDGE
from sigap.tickets.sheet import Column, Group, Sheet

_COLUMNS = (
    Column("No.", 7),
    Column("Kode", 15),
    Column("Nama", 36),
    Column("NIK", 11),
    Column("Lahir", 14),
    Column("Jenis", 16),
    Column("Keterangan", 16),
)


def printable(day_sheet: DaySheet) -> Sheet:
    """The sheet with its wording: one row for each person, by hour and queue number."""
    office = load_once(KNOWLEDGE).offices.get(day_sheet.office_id)
    people = sum(len(entry.people) for entry in day_sheet.entries)
    day = format_date(day_sheet.day, "EEEE, d MMMM y", locale="id")
    printed = day_sheet.printed_at.astimezone(ZONES[day_sheet.zone])
    return Sheet(
        title="Daftar hadir antrean",
        subtitle=f"{office.nama if office else day_sheet.office_id} · {day} · {people} orang",
        columns=_COLUMNS,
        tick_title="Hadir",
        groups=tuple(
            _group(f"Pukul {hour_text(hour)} {day_sheet.zone}", list(entries))
            for hour, entries in groupby(day_sheet.entries, key=lambda entry: entry.hour)
        ),
        empty="Tidak ada antrean pada hari itu.",
        footer=f"Dicetak {printed:%d-%m-%Y %H.%M} {day_sheet.zone}. Berisi data pribadi: musnahkan sesudah dipakai.",
        page="Halaman {nomor} dari {jumlah}",
        notice="Data contoh untuk uji coba, bukan antrean sungguhan." if day_sheet.demo else None,
    )


def _group(title: str, entries: list[Entry]) -> Group:
    rows = [
        (
            str(entry.first_number + place),
            entry.code,
            person.name,
            f"••{person.nik_end}" if person.nik_end else "",
            birth_text(person.birth_date),
            "pengambilan" if entry.service == PICKUP else entry.kind,
            _remark(entry),
        )
        for entry in entries
        for place, person in enumerate(entry.people)
    ]
    ticked = tuple(entry.state == "arrived" for entry in entries for _ in entry.people)
    return Group(f"{title} · {len(rows)} orang", tuple(rows), ticked)


def _remark(entry: Entry) -> str:
    marks = (("prioritas", entry.priority), ("diwakilkan", entry.proxy), ("tidak datang", entry.state == "no_show"))
    return ", ".join(mark for mark, is_so in marks if is_so)
