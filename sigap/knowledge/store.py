"""Loads data/knowledge and answers questions about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sigap.knowledge.calendar import WorkingDays
from sigap.knowledge.models import (
    ApplicantGroup,
    ApplicationKind,
    AppTrouble,
    ChildCircumstance,
    Fact,
    Fee,
    HolidayYear,
    KnowledgeError,
    Office,
    Place,
    Requirement,
    Stage,
    TariffBasis,
    Topic,
)
from sigap.knowledge.offices import Offices

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class Knowledge:
    """All facts. Built once by `load` and never changed."""

    facts: dict[str, Fact]
    tariff_basis: TariffBasis
    fees: dict[str, Fee]
    zero_tariff: Fact
    requirements: tuple[Requirement, ...]
    child_circumstances: tuple[ChildCircumstance, ...]
    special_topics: tuple[Topic, ...]
    outside_topics: tuple[Topic, ...]
    stages: dict[str, Stage]
    app_troubles: dict[str, AppTrouble]
    holiday_years: tuple[HolidayYear, ...]
    working_days: WorkingDays
    offices: Offices

    @classmethod
    def load(cls, folder: Path) -> Knowledge:
        """Read every file of `folder`. Raises `KnowledgeError` naming the file and the entry to mend."""
        tariff = _read(folder / "tarif.yml", dasar=dict, paspor=list, tambahan=list, lain=list, tarif_nol=dict)
        conditions = _read(folder / "persyaratan.yml", persyaratan=list, keadaan_anak=list, khusus=list)
        years = _many(HolidayYear, folder / "libur.yml", _read(folder / "libur.yml", tahun=list)["tahun"])
        fees = _many(Fee, folder / "tarif.yml", tariff["paspor"] + tariff["tambahan"] + tariff["lain"])
        requirements = _many(Requirement, folder / "persyaratan.yml", conditions["persyaratan"])
        _check_combinations(folder / "persyaratan.yml", requirements)
        return cls(
            facts=_facts(folder / "fakta.yml"),
            tariff_basis=_one(TariffBasis, folder / "tarif.yml", "dasar", tariff["dasar"]),
            fees={fee.kode: fee for fee in fees},
            zero_tariff=_one(Fact, folder / "tarif.yml", "tarif_nol", tariff["tarif_nol"]),
            requirements=requirements,
            child_circumstances=_many(ChildCircumstance, folder / "persyaratan.yml", conditions["keadaan_anak"]),
            special_topics=_many(Topic, folder / "persyaratan.yml", conditions["khusus"]),
            outside_topics=_many(
                Topic, folder / "luar_layanan.yml", _read(folder / "luar_layanan.yml", topik=list)["topik"]
            ),
            stages={
                stage.kode: stage
                for stage in _many(Stage, folder / "status.yml", _read(folder / "status.yml", tahap=list)["tahap"])
            },
            app_troubles={
                trouble.kode: trouble
                for trouble in _many(
                    AppTrouble,
                    folder / "bantuan_aplikasi.yml",
                    _read(folder / "bantuan_aplikasi.yml", kendala=list)["kendala"],
                )
            },
            holiday_years=years,
            working_days=WorkingDays.from_days(
                (day.tanggal, day.nama) for year in years for day in year.libur_nasional + year.cuti_bersama
            ),
            offices=Offices(
                _many(Office, folder / "kantor.yml", _read(folder / "kantor.yml", kantor=list)["kantor"]),
                _many(Place, folder / "kota.yml", _read(folder / "kota.yml", kota=list)["kota"]),
            ),
        )

    def requirement(self, group: str, kind: str) -> Requirement:
        """The documents for an applicant group and a kind of application. Every combination has exactly one entry."""
        return next(entry for entry in self.requirements if group in entry.kelompok and kind in entry.jenis)

    def group(self, birth: date, day: date) -> ApplicantGroup:
        """The applicant group, on `day`, of somebody born on `birth`; that marriage too makes an adult is not known."""
        age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        if age <= self.number("umur_balita"):
            return "bayi"
        if age < self.number("umur_dewasa"):
            return "anak"
        return "lansia" if age >= self.number("umur_lansia") else "dewasa"

    @cached_property
    def feasts(self) -> dict[str, tuple[date, ...]]:
        """Name of a holiday -> its days over all years; collective leave bears its own name ("Cuti bersama Natal")."""
        days: dict[str, list[date]] = {}
        for year in self.holiday_years:
            for day in year.libur_nasional + year.cuti_bersama:
                days.setdefault(day.nama, []).append(day.tanggal)
        return {name: tuple(dates) for name, dates in days.items()}

    def number(self, fact_id: str) -> int:
        """The first whole number in a fact, such as the 4 of "4 hari kerja"; facts used in sums state it first."""
        text = self.facts[fact_id].isi
        digits = "".join(char if char.isdigit() else " " for char in (text if isinstance(text, str) else text[0]))
        return int(digits.split()[0])


@lru_cache(maxsize=4)
def load_once(folder: Path) -> Knowledge:
    """`Knowledge.load`, read once per process."""
    return Knowledge.load(folder)


def _read(path: Path, **sections: type) -> Any:
    """The content of a file, which must have these sections: lists or mappings."""
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise KnowledgeError(
            f"{path}, baris {line}: penulisannya keliru. Periksa titik dua, tanda kutip, lekukan, dan isian ganda."
        ) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise KnowledgeError(f"{path}: berkas tidak ada atau tidak dapat dibaca sebagai teks UTF-8.") from error
    except ValueError as error:
        raise KnowledgeError(f"{path}: tanggal {_impossible_date(path)} tidak ada di kalender.") from error
    for name, kind in sections.items():
        if not isinstance(content, dict) or not isinstance(content.get(name), kind):
            shape = "daftar" if kind is list else "kumpulan isian"
            raise KnowledgeError(f"{path}: bagian '{name}' tidak ada atau bukan {shape}.")
    return content


def _impossible_date(path: Path) -> str:
    for written in re.findall(r"(?<![\d-])\d{4}-\d\d?-\d\d?(?![\d-])", path.read_text(encoding="utf-8")):
        try:
            date(*map(int, written.split("-")))
        except ValueError:
            return str(written)
    return "yang tertulis"


def _facts(path: Path) -> dict[str, Fact]:
    return {name: _one(Fact, path, name, content) for name, content in _read(path, fakta=dict)["fakta"].items()}


def _many(model: type[ModelT], path: Path, entries: list[Any]) -> tuple[ModelT, ...]:
    built, keys = [], set()
    for position, entry in enumerate(entries, start=1):
        given = entry if isinstance(entry, dict) else {}
        key = given.get("id") or given.get("kode") or given.get("tahun")
        name = str(key or given.get("nama") or position)
        if key in keys:
            raise KnowledgeError(f"{path}, entri '{name}': tertulis dua kali.")
        keys |= {key} if key else set()
        built.append(_one(model, path, name, entry))
    return tuple(built)


def _one(model: type[ModelT], path: Path, name: str, content: Any) -> ModelT:
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}, entri '{name}': harus berupa kumpulan isian.")
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        faults = dict.fromkeys(_fault(fault) for fault in error.errors())
        raise KnowledgeError(f"{path}, entri '{name}': {'; '.join(faults)}.") from error


# pydantic's kinds of fault in the editors' language.
_FAULTS = {
    "value_error.missing": "wajib diisi",
    "type_error.none.not_allowed": "wajib diisi",
    "value_error.extra": "tidak dikenal; periksa ejaannya",
    "type_error.integer": "harus bilangan bulat tanpa titik, misalnya 350000",
    "type_error.float": "harus angka, misalnya -6.18",
    "type_error.str": "harus teks; beri tanda kutip",
    "type_error.tuple": "harus daftar, misalnya [satu, dua]",
    "value_error.date": "harus tanggal, misalnya 2026-12-31",
}


def _fault(fault: Any) -> str:
    place = " ".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    allowed = fault.get("ctx", {}).get("permitted") or fault.get("ctx", {}).get("enum_values")
    if allowed:
        return f"'{place}' harus salah satu dari {', '.join(str(getattr(one, 'value', one)) for one in allowed)}"
    return f"'{place}' {_FAULTS.get(fault['type'], 'isinya tidak sesuai')}"


def _check_combinations(path: Path, requirements: tuple[Requirement, ...]) -> None:
    for group, kind in product(get_args(ApplicantGroup), get_args(ApplicationKind)):
        found = [entry.id for entry in requirements if group in entry.kelompok and kind in entry.jenis]
        if len(found) != 1:
            raise KnowledgeError(
                f"{path}: kelompok '{group}' dengan jenis '{kind}' harus dijawab tepat satu entri persyaratan, "
                f"sekarang: {', '.join(found) or 'belum ada'}."
            )
