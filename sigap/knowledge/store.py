"""Loads data/knowledge and answers questions about it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, get_args

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


class Layout(Enum):
    """How the entries of a section stand there: one after the other, each under its name, or a single one."""

    LIST = auto()
    NAMED = auto()
    ALONE = auto()


class Section(NamedTuple):
    """The shape of a section's entries, and how they stand there."""

    model: type[BaseModel]
    layout: Layout = Layout.LIST


# Every section of every file. No two sections have the same name.
FILES: Mapping[str, Mapping[str, Section]] = {
    "bantuan_aplikasi.yml": {"kendala": Section(AppTrouble)},
    "fakta.yml": {"fakta": Section(Fact, Layout.NAMED)},
    "kantor.yml": {"kantor": Section(Office)},
    "kota.yml": {"kota": Section(Place)},
    "libur.yml": {"tahun": Section(HolidayYear)},
    "luar_layanan.yml": {"topik": Section(Topic)},
    "persyaratan.yml": {
        "persyaratan": Section(Requirement),
        "keadaan_anak": Section(ChildCircumstance),
        "khusus": Section(Topic),
    },
    "status.yml": {"tahap": Section(Stage)},
    "tarif.yml": {
        "dasar": Section(TariffBasis, Layout.ALONE),
        "paspor": Section(Fee),
        "tambahan": Section(Fee),
        "lain": Section(Fee),
        "tarif_nol": Section(Fact, Layout.ALONE),
    },
}
# What an entry of a list is known by.
KEYS = ("id", "kode", "tahun")


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
        found: dict[str, Any] = {}
        for name, sections in FILES.items():
            found |= _sections(folder / name, sections)
        _check_combinations(folder / "persyaratan.yml", found["persyaratan"])
        years: tuple[HolidayYear, ...] = found["tahun"]
        return cls(
            facts=found["fakta"],
            tariff_basis=found["dasar"],
            fees={fee.kode: fee for part in ("paspor", "tambahan", "lain") for fee in found[part]},
            zero_tariff=found["tarif_nol"],
            requirements=found["persyaratan"],
            child_circumstances=found["keadaan_anak"],
            special_topics=found["khusus"],
            outside_topics=found["topik"],
            stages={stage.kode: stage for stage in found["tahap"]},
            app_troubles={trouble.kode: trouble for trouble in found["kendala"]},
            holiday_years=years,
            working_days=WorkingDays.from_days(
                (day.tanggal, day.nama) for year in years for day in year.libur_nasional + year.cuti_bersama
            ),
            offices=Offices(found["kantor"], found["kota"]),
        )

    def requirement(self, group: str, kind: str) -> Requirement:
        """The documents for an applicant group and a kind of application. Every combination has exactly one entry."""
        return next(entry for entry in self.requirements if group in entry.kelompok and kind in entry.jenis)

    def group(self, birth: date, day: date) -> ApplicantGroup:
        """The applicant group, on `day`, of somebody born on `birth`; that marriage too makes an adult is not known."""
        return self.group_of_age(day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))

    def group_of_age(self, age: int) -> ApplicantGroup:
        """The applicant group of somebody of this age in full years."""
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


def _sections(path: Path, sections: Mapping[str, Section]) -> dict[str, Any]:
    content = _read(
        path, **{name: list if section.layout is Layout.LIST else dict for name, section in sections.items()}
    )
    # An entry has one place in a file, whichever section it is in.
    keys: dict[type[BaseModel], set[object]] = defaultdict(set)
    found: dict[str, Any] = {}
    for name, (model, layout) in sections.items():
        if layout is Layout.ALONE:
            found[name] = _one(model, path, name, content[name])
        elif layout is Layout.NAMED:
            found[name] = {key: _one(model, path, key, entry) for key, entry in content[name].items()}
        else:
            found[name] = _many(model, path, content[name], keys[model])
    return found


def _many(model: type[BaseModel], path: Path, entries: list[Any], keys: set[object]) -> tuple[BaseModel, ...]:
    built = []
    for position, entry in enumerate(entries, start=1):
        given = entry if isinstance(entry, dict) else {}
        key = next((given[field] for field in KEYS if given.get(field)), None)
        name = str(key or given.get("nama") or position)
        if key in keys:
            raise KnowledgeError(f"{path}, entri '{name}': tertulis dua kali.")
        keys |= {key} if key else set()
        built.append(_one(model, path, name, entry))
    return tuple(built)


def _one(model: type[BaseModel], path: Path, name: str, content: Any) -> BaseModel:
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}, entri '{name}': harus berupa kumpulan isian.")
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        faults = dict.fromkeys(fault_in_words(fault) for fault in error.errors())
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


def fault_in_words(fault: Any) -> str:
    """One of pydantic's faults (`ValidationError.errors()`) in the editors' language."""
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
