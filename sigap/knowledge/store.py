"""Loads data/knowledge and answers questions about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sigap.knowledge.calendar import WorkingDays
from sigap.knowledge.models import (
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
        tariff = _read(folder / "tarif.yml")
        requirements = _read(folder / "persyaratan.yml")
        years = _many(HolidayYear, folder / "libur.yml", _read(folder / "libur.yml")["tahun"])
        fees = _many(Fee, folder / "tarif.yml", tariff["paspor"] + tariff["tambahan"] + tariff["lain"])
        return cls(
            facts=_facts(folder / "fakta.yml"),
            tariff_basis=_one(TariffBasis, folder / "tarif.yml", "dasar", tariff["dasar"]),
            fees={fee.kode: fee for fee in fees},
            zero_tariff=_one(Fact, folder / "tarif.yml", "tarif_nol", tariff["tarif_nol"]),
            requirements=_many(Requirement, folder / "persyaratan.yml", requirements["persyaratan"]),
            child_circumstances=_many(ChildCircumstance, folder / "persyaratan.yml", requirements["keadaan_anak"]),
            special_topics=_many(Topic, folder / "persyaratan.yml", requirements["khusus"]),
            outside_topics=_many(Topic, folder / "luar_layanan.yml", _read(folder / "luar_layanan.yml")["topik"]),
            stages={
                stage.kode: stage
                for stage in _many(Stage, folder / "status.yml", _read(folder / "status.yml")["tahap"])
            },
            app_troubles={
                trouble.kode: trouble
                for trouble in _many(
                    AppTrouble, folder / "bantuan_aplikasi.yml", _read(folder / "bantuan_aplikasi.yml")["kendala"]
                )
            },
            holiday_years=years,
            working_days=WorkingDays.from_days(
                (day["tanggal"], day["nama"]) for year in years for day in year.libur_nasional + year.cuti_bersama
            ),
            offices=Offices(
                _many(Office, folder / "kantor.yml", _read(folder / "kantor.yml")["kantor"]),
                _many(Place, folder / "kota.yml", _read(folder / "kota.yml")["kota"]),
            ),
        )

    def requirement(self, group: str, kind: str) -> Requirement:
        """The documents for an applicant group and a kind of application. Every combination has exactly one entry."""
        return next(entry for entry in self.requirements if group in entry.kelompok and kind in entry.jenis)

    @cached_property
    def feasts(self) -> dict[str, tuple[date, ...]]:
        """Name of a holiday -> its days over all years; collective leave is named "cuti bersama <name>"."""
        days: dict[str, list[date]] = {}
        for year in self.holiday_years:
            for day in year.libur_nasional:
                days.setdefault(day["nama"], []).append(day["tanggal"])
            for day in year.cuti_bersama:
                days.setdefault(f"cuti bersama {day['nama']}", []).append(day["tanggal"])
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


def _read(path: Path) -> Any:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise KnowledgeError(f"{path}: berkas tidak dapat dibaca. {error}") from error


def _facts(path: Path) -> dict[str, Fact]:
    return {name: _one(Fact, path, name, content) for name, content in _read(path)["fakta"].items()}


def _many(model: type[ModelT], path: Path, entries: list[dict[str, Any]]) -> tuple[ModelT, ...]:
    return tuple(
        _one(model, path, str(entry.get("id") or entry.get("kode") or entry.get("nama") or position), entry)
        for position, entry in enumerate(entries, start=1)
    )


def _one(model: type[ModelT], path: Path, name: str, content: dict[str, Any]) -> ModelT:
    try:
        return model(**content)
    except (ValidationError, TypeError) as error:
        raise KnowledgeError(f"{path}, entri '{name}': {error}") from error
