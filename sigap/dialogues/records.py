"""The tables and columns that a dialogue may look at, under the names that editors use.

A list of what is allowed, so that a dialogue can neither read nor write anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select

from sigap.dialogues.script import Row
from sigap.store.session import Store
from sigap.store.tables import Appreciation, Booking, Complaint, Draft, FailedProof, Handover, Waiter


@dataclass(frozen=True)
class Table:
    """A table whose rows belong to conversations, and how to read each column that may be looked at."""

    rows: Any
    columns: Mapping[str, Callable[[Any], Any]]


TABLES: Mapping[str, Table] = {
    "pengaduan": Table(
        Complaint,
        {
            "tiket": lambda row: row.ticket,
            "kategori": lambda row: row.category,
            "isi": lambda row: row.text,
            "boleh_dihubungi": lambda row: row.may_contact,
        },
    ),
    "apresiasi": Table(Appreciation, {"isi": lambda row: row.text}),
    "permintaan_petugas": Table(Handover, {"dijawab": lambda row: row.answered_at is not None}),
    "antrean": Table(
        Booking,
        {
            "keadaan": lambda row: row.state,
            "jenis": lambda row: row.kind,
            "jumlah_orang": lambda row: row.places,
            "kantor": lambda row: row.office_id,
            "tanggal": lambda row: row.day,
            "prioritas": lambda row: row.priority,
            "diwakilkan": lambda row: row.proxy,
            "jam": lambda row: row.slot.hour,
            "nama": lambda row: ", ".join(person.name or "" for person in row.applicants),
            "nik": lambda row: ", ".join(person.nik or "" for person in row.applicants),
        },
    ),
    "daftar_tunggu": Table(
        Waiter,
        {
            "keadaan": lambda row: row.state,
            "kantor": lambda row: row.office_id,
            "jumlah_orang": lambda row: row.places,
        },
    ),
    "isian": Table(Draft, {"perjalanan": lambda row: row.journey}),
    "bukti_gagal": Table(FailedProof, {}),
}


def problem(store: Store, conversation_id: str, wanted: Row) -> str | None:
    """What is wrong with a conversation's rows, in Indonesian; None if they are as wanted."""
    table = TABLES[wanted.table]
    with store.reading() as session:
        rows = session.scalars(select(table.rows).filter_by(conversation_id=conversation_id)).all()
        found = [{name: _shown(table.columns[name](row)) for name in table.columns} for row in rows]
    fitting = [row for row in found if all(row[name] == _shown(value) for name, value in wanted.values.items())]
    if (fitting and wanted.count is None) or len(fitting) == wanted.count:
        return None
    values = ", ".join(f"{name}: {value}" for name, value in wanted.values.items())
    expected = "sedikitnya satu baris" if wanted.count is None else f"{wanted.count} baris"
    described = f"{expected} ({values})" if values else expected
    return f"tabel {wanted.table} seharusnya berisi {described}; yang ada: {found or 'tidak ada baris'}"


def _shown(value: Any) -> Any:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else value
