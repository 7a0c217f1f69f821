"""The file from which `sigap office import` sets up offices; docs/antrean.md shows one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, ValidationError, validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sigap.booking import WeekPlan
from sigap.commands.reading import HoursType, OpeningType, WeekdaysType


class OfficeFileError(ValueError):
    """The file cannot be used; the message says, in Indonesian, which entry to mend."""


@dataclass(frozen=True)
class OfficeEntry:
    """One office of the file."""

    id: str
    settings: dict[str, Any]
    week: tuple[WeekPlan, ...]
    closures: tuple[tuple[date, date, str], ...]


class _Entry(BaseModel):
    class Config:
        extra = Extra.forbid


class _Hours(_Entry):
    hari: tuple[int, ...]
    jam: tuple[time, ...]
    kuota: int = Field(ge=0, le=10_000)
    prioritas: int = Field(0, ge=0, le=10_000)
    layanan: Literal["paspor", "ambil"] = "paspor"

    @validator("hari", pre=True)
    def _weekdays(cls, value: Any) -> Any:
        return WeekdaysType().read(str(value).lower())

    @validator("jam", pre=True)
    def _full_hours(cls, value: Any) -> Any:
        return HoursType().read(str(value).lower())


class _Closure(_Entry):
    tanggal: date
    sampai: date | None
    alasan: str = Field(max_length=120)


class _Office(_Entry):
    id: str
    zona: Literal["WIB", "WITA", "WIT"]
    menerima_antrean: bool
    jenis: tuple[Literal["baru", "penggantian", "ambil"], ...] = ("baru", "penggantian", "ambil")
    kuota_dibuka: tuple[int | None, time | None] = (None, None)
    hari_ke_depan: int = Field(14, ge=0, le=366)
    pemohon_paling_banyak: int = Field(5, ge=1, le=20)
    pindah_berapa_kali: int = Field(1, ge=0, le=20)
    pindah_sampai_h_minus: int = Field(1, ge=0, le=60)
    antrean_per_30_hari: int = Field(4, ge=1, le=100)
    jadwal: tuple[_Hours, ...]
    tutup: tuple[_Closure, ...] = ()

    @validator("kuota_dibuka", pre=True)
    def _opening(cls, value: Any) -> Any:
        return OpeningType().read(str(value).lower())


def read_office_file(path: Path, known: Collection[str]) -> list[OfficeEntry]:
    """The offices of a file. Raises `OfficeFileError`; `known` are the ids that an office may have."""
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, ValueError) as error:
        raise OfficeFileError(f"{path}: penulisannya keliru. Periksa titik dua, tanda kutip, dan lekukan.") from error
    entries = content.get("kantor") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise OfficeFileError(f"{path}: bagian 'kantor' tidak ada atau bukan daftar.")
    return [_read(path, number, entry, known) for number, entry in enumerate(entries, start=1)]


def _read(path: Path, number: int, entry: Any, known: Collection[str]) -> OfficeEntry:
    name = str(entry.get("id", number)) if isinstance(entry, dict) else str(number)
    if not isinstance(entry, dict):
        raise OfficeFileError(f"{path}, kantor ke-{number}: harus berupa kumpulan isian.")
    try:
        office = _Office.parse_obj(entry)
    except ValidationError as error:
        faults = "; ".join(dict.fromkeys(_fault(fault) for fault in error.errors()))
        raise OfficeFileError(f"{path}, kantor '{name}': {faults}") from error
    if office.id not in known:
        raise OfficeFileError(f"{path}, kantor '{name}': id ini tidak ada dalam data/knowledge/kantor.yml.")
    weekday, hour = office.kuota_dibuka
    return OfficeEntry(
        id=office.id,
        settings={
            "zone": office.zona,
            "takes_bookings": office.menerima_antrean,
            "kinds": office.jenis,
            "opens_weekday": weekday,
            "opens_at": hour,
            "window_days": office.hari_ke_depan,
            "max_applicants": office.pemohon_paling_banyak,
            "move_limit": office.pindah_berapa_kali,
            "move_until_days": office.pindah_sampai_h_minus,
            "month_limit": office.antrean_per_30_hari,
        },
        week=tuple(WeekPlan(row.hari, row.jam, row.kuota, row.prioritas, row.layanan) for row in office.jadwal),
        closures=tuple((row.tanggal, row.sampai or row.tanggal, row.alasan) for row in office.tutup),
    )


_FAULTS = {
    "value_error.missing": "wajib diisi.",
    "value_error.extra": "tidak dikenal; periksa ejaannya.",
    "type_error.integer": "harus bilangan bulat.",
    "type_error.bool": "harus true atau false.",
    "value_error.date": "harus tanggal, misalnya 2026-12-24.",
    "value_error": None,
}


def _fault(fault: Any) -> str:
    place = " ".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    if permitted := fault.get("ctx", {}).get("permitted"):
        return f"'{place}' harus salah satu dari {', '.join(permitted)}."
    return f"'{place}' {_FAULTS.get(fault['type'], 'isinya tidak sesuai.') or fault['msg']}"
