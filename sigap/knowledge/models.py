"""The shapes of the facts. Field names are the editors' own, in Indonesian, as they stand in the files."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Literal

from pydantic import BaseModel, Extra, StrictInt


class KnowledgeError(ValueError):
    """A knowledge file cannot be used; the message tells the editor, in Indonesian, which file and what to mend."""


class Confidence(str, Enum):
    """How sure a fact is."""

    HIGH = "tinggi"
    MEDIUM = "sedang"
    LOW = "rendah"


ApplicantGroup = Literal["dewasa", "anak", "bayi", "lansia"]
ApplicationKind = Literal["baru", "penggantian", "hilang", "rusak", "penuh", "ubah_data"]


class Entry(BaseModel):
    """Anything in a fact file: never changed once read, and no key that nobody reads."""

    class Config:  # noqa: D106
        extra = Extra.forbid
        frozen = True


class Sourced(Entry):
    """Where a fact comes from, since when it holds, how sure it is, and when an editor must look at it again."""

    sumber: str
    tanggal: str
    keyakinan: Confidence
    tinjau: date
    catatan: str | None = None


class Fact(Sourced):
    """A general fact: a sentence fragment or a list."""

    isi: str | tuple[str, ...]


class Fee(Sourced):
    """A tariff in whole rupiah."""

    kode: str
    nama: str
    # Strict: the Indonesian way of writing 350.000 would otherwise be read as 350 rupiah.
    rupiah: StrictInt
    jenis_paspor: Literal["biasa", "elektronik"] | None = None
    masa_berlaku: Literal[5, 10] | None = None


class TariffBasis(Sourced):
    """The regulation behind the tariffs and its first day."""

    nama: str
    berlaku: date


class Requirement(Sourced):
    """The documents for some applicant groups and kinds of application."""

    id: str
    kelompok: tuple[ApplicantGroup, ...]
    jenis: tuple[ApplicationKind, ...]
    judul: str
    dokumen: tuple[str, ...]
    catatan_pemohon: tuple[str, ...] = ()


class ChildCircumstance(Sourced):
    """A special circumstance of a child's application, picked by keywords of the message."""

    id: str
    judul: str
    kata_kunci: tuple[str, ...]
    surat_pernyataan: str


class Topic(Sourced):
    """A special kind of applicant, or a matter outside the service, picked by keywords of the message."""

    id: str
    kata_kunci: tuple[str, ...]
    isi: str | tuple[str, ...]
    judul: str = ""
    tombol: str = ""


class Stage(Sourced):
    """A stage of an application. `urutan` is its place in the normal course, None for side states."""

    kode: str
    urutan: int | None
    nama: str
    arti: str
    berikutnya: str
    tindakan: str


class AppTrouble(Sourced):
    """Help for one kind of trouble with the registration app."""

    kode: str
    tombol: str
    judul: str
    langkah: tuple[str, ...]


class OfficeDetail(Entry):
    """One detail of an office with its own source."""

    isi: str
    sumber: str
    tanggal: str
    keyakinan: Confidence


class ElectronicOnly(Entry):
    """Since when an office issues electronic passports only."""

    sejak: str
    sumber: str
    catatan: str | None = None


class Office(Sourced):
    """An immigration office. Unknown details are None, never guessed. Coordinates are approximate degrees."""

    id: str
    nama: str
    kelas: str | None
    kota: str
    provinsi: str
    zona: Literal["WIB", "WITA", "WIT"]
    lintang: float
    bujur: float
    sebutan: tuple[str, ...]
    alamat: OfficeDetail | None = None
    jam: OfficeDetail | None = None
    telepon: OfficeDetail | None = None
    situs: str | None = None
    hanya_e_paspor: ElectronicOnly | None = None
    baru_2026: bool = False


class Place(Entry):
    """A city or region without an office of its own."""

    nama: str
    sebutan: tuple[str, ...]
    provinsi: str
    lintang: float
    bujur: float


class Holiday(BaseModel):
    """One day on which offices are closed."""

    tanggal: date
    nama: str


class HolidayYear(Sourced):
    """The decreed holidays and collective leave of one year."""

    tahun: int
    dasar: str
    libur_nasional: tuple[Holiday, ...]
    cuti_bersama: tuple[Holiday, ...]
