"""The facts in data/knowledge: complete, sourced, current, and safe to show."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sigap.knowledge import Knowledge, KnowledgeError
from sigap.knowledge.models import Sourced
from sigap.settings import DATA, KNOWLEDGE, ROOT

# The day on which the facts were gathered.
GATHERED = date(2026, 11, 22)

GROUPS = ("dewasa", "anak", "bayi", "lansia")
KINDS = ("baru", "penggantian", "hilang", "rusak", "penuh", "ubah_data")

WIB = """
Aceh; Sumatera Utara; Sumatera Barat; Riau; Kepulauan Riau; Jambi; Bengkulu; Sumatera Selatan; Lampung;
Kepulauan Bangka Belitung; Banten; DKI Jakarta; Jawa Barat; Jawa Tengah; DI Yogyakarta; Jawa Timur; Kalimantan Barat;
Kalimantan Tengah
"""
WITA = """
Kalimantan Selatan; Kalimantan Timur; Kalimantan Utara; Bali; Nusa Tenggara Barat; Nusa Tenggara Timur; Sulawesi Utara;
Gorontalo; Sulawesi Tengah; Sulawesi Barat; Sulawesi Selatan; Sulawesi Tenggara
"""
WIT = """
Maluku; Maluku Utara; Papua; Papua Barat; Papua Barat Daya; Papua Tengah; Papua Pegunungan; Papua Selatan
"""
ZONE_OF = {
    province.strip(): zone
    for zone, provinces in (("WIB", WIB), ("WITA", WITA), ("WIT", WIT))
    for province in provinces.split(";")
}

# Numbers of the 2017-2020 services and others that fakta-paspor.yml calls dead, unconfirmed or not for applicants.
DEAD_NUMBERS = {
    "08118539333": "SIGAP, Jakarta Pusat 2020",
    "08111100333": "antrean 2017, Bogor",
    "081299004406": "antrean 2017, Jakarta Pusat",
    "082288862017": "antrean 2017, Batam",
    "082288822017": "antrean 2017, Batam",
    "08113838389": "WhatsApp Gateway, Mataram",
    "081999949000": "Contact Center, Mataram",
    "08115925151": "MELAWAI, Balikpapan",
    "08115565000": "tidak bernama",
    "081399679966": "laporan orang asing, bukan layanan paspor",
}
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|wa\.me/|phone=)?62[ .-]?|0)8(?:[ .()-]{0,2}\d){8,11}(?!\d)")
_CITED = re.compile(r"GitHub id [\d, ]+|https?://(?!wa\.me|api\.whatsapp)\S+")


def mobile_numbers(text: str) -> list[str]:
    """Every Indonesian mobile number in a text, however it is spaced, as 08…; citations are left out."""
    found = (re.sub(r"\D", "", match) for match in _MOBILE.findall(_CITED.sub("", text)))
    return ["0" + number[2:] if number.startswith("62") else number for number in found]


def files() -> list[Path]:
    return sorted([*DATA.rglob("*.yml"), ROOT / "domain.yml"])


def sourced(knowledge: Knowledge) -> list[tuple[str, Sourced]]:
    """Every fact of any kind, with a name to find it by."""

    def walk(name: str, value: Any) -> Iterator[tuple[str, Sourced]]:
        if isinstance(value, Sourced):
            yield f"{name} {getattr(value, 'id', None) or getattr(value, 'kode', '')}".strip(), value
        elif isinstance(value, dict):
            for key, entry in value.items():
                yield from walk(f"{name}.{key}", entry)
        elif isinstance(value, tuple):
            for entry in value:
                yield from walk(name, entry)

    parts = {field.name: getattr(knowledge, field.name) for field in fields(knowledge)}
    return [found for name, part in (parts | {"offices": knowledge.offices.all}).items() for found in walk(name, part)]


# Loading


def test_every_file_loads_and_none_is_empty(knowledge: Knowledge) -> None:
    sizes = {
        "facts": len(knowledge.facts),
        "fees": len(knowledge.fees),
        "requirements": len(knowledge.requirements),
        "child_circumstances": len(knowledge.child_circumstances),
        "special_topics": len(knowledge.special_topics),
        "outside_topics": len(knowledge.outside_topics),
        "stages": len(knowledge.stages),
        "app_troubles": len(knowledge.app_troubles),
        "holiday_years": len(knowledge.holiday_years),
        "offices": len(knowledge.offices.all),
        "places": len(knowledge.offices.places),
    }
    assert all(sizes.values()), sizes


def test_no_file_lies_in_the_folder_unread(tmp_path: Path) -> None:
    for path in KNOWLEDGE.iterdir():
        folder = tmp_path / path.stem
        shutil.copytree(KNOWLEDGE, folder)
        (folder / path.name).unlink()
        with pytest.raises(KnowledgeError, match=re.escape(path.name)):
            Knowledge.load(folder)


# Sources


def test_every_fact_has_a_source_a_date_and_a_date_for_its_review(knowledge: Knowledge) -> None:
    facts = sourced(knowledge)
    assert [name for name, fact in facts if len(fact.sumber.strip()) < 3 or len(fact.tanggal.strip()) < 2] == []
    assert [name for name, fact in facts if not GATHERED < fact.tinjau < date(2028, 1, 1)] == []
    assert len(facts) > 300


def test_no_fact_is_dated_after_it_was_gathered(knowledge: Knowledge) -> None:
    dates = {name: re.findall(r"\d{4}-\d{2}-\d{2}", fact.tanggal) for name, fact in sourced(knowledge)}
    assert {name: found for name, found in dates.items() if any(day > str(GATHERED) for day in found)} == {}


def test_what_is_known_of_an_office_carries_its_own_source(knowledge: Knowledge) -> None:
    details = [
        (office.id, detail)
        for office in knowledge.offices.all
        for detail in (office.alamat, office.jam, office.telepon)
        if detail
    ]
    assert [office for office, detail in details if not (detail.sumber.strip() and detail.tanggal.strip())] == []
    assert details


# Tariffs


def test_tariffs_are_those_of_pp_45_of_2024(knowledge: Knowledge) -> None:
    assert {code: fee.rupiah for code, fee in knowledge.fees.items()} == {
        "biasa_5": 350_000,
        "biasa_10": 650_000,
        "elektronik_5": 650_000,
        "elektronik_10": 950_000,
        "percepatan": 1_000_000,
        "hilang": 1_000_000,
        "rusak": 500_000,
        "splp_wni": 100_000,
        "splp_asing": 150_000,
    }
    assert knowledge.tariff_basis.nama == "PP 45/2024"
    assert knowledge.tariff_basis.berlaku == date(2024, 12, 17)


def test_the_four_booklets_differ_in_kind_and_validity(knowledge: Knowledge) -> None:
    booklets = {(fee.jenis_paspor, fee.masa_berlaku): fee.rupiah for fee in knowledge.fees.values() if fee.jenis_paspor}
    assert booklets == {
        ("biasa", 5): 350_000,
        ("biasa", 10): 650_000,
        ("elektronik", 5): 650_000,
        ("elektronik", 10): 950_000,
    }


def test_no_tariff_stands_anywhere_but_in_the_tariff_file() -> None:
    amount = re.compile(r"(?<![\d.,])(?:350|500|650|950|1[.,]000)[.,]?000(?!\d)")
    others = [ROOT / "domain.yml", *(path for path in KNOWLEDGE.glob("*.yml") if path.name != "tarif.yml")]
    assert amount.findall(shown(KNOWLEDGE / "tarif.yml"))
    assert {path.name: found for path in others if (found := amount.findall(shown(path)))} == {}


def shown(path: Path) -> str:
    """All texts and numbers of a file except sources and the editors' notes, which never reach an applicant."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, entry in value.items():
                if key not in {"sumber", "catatan"}:
                    yield from walk(entry)
        elif isinstance(value, list):
            for entry in value:
                yield from walk(entry)
        else:
            yield str(value)

    return "\n".join(walk(YAML(typ="safe").load(path.read_text(encoding="utf-8"))))


# Requirements


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", GROUPS)
def test_each_applicant_group_and_kind_has_exactly_one_requirement(knowledge: Knowledge, group: str, kind: str) -> None:
    entries = [entry for entry in knowledge.requirements if group in entry.kelompok and kind in entry.jenis]
    assert len(entries) == 1, [entry.id for entry in entries]
    assert knowledge.requirement(group, kind) == entries[0]
    assert entries[0].dokumen


def test_no_requirement_is_there_for_nobody(knowledge: Knowledge) -> None:
    assert [entry.id for entry in knowledge.requirements if not entry.kelompok or not entry.jenis] == []


# Holidays


def test_the_holidays_of_2026_are_those_of_the_joint_decree(knowledge: Knowledge) -> None:
    holidays = """
    01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25
    """
    leave = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
    assert _days(knowledge, 2026) == (holidays.split(), leave.split())


def test_the_holidays_of_2027_are_those_of_the_joint_decree(knowledge: Knowledge) -> None:
    holidays = """
    01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17 12-25 12-26
    """
    leave = "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24"
    assert _days(knowledge, 2027) == (holidays.split(), leave.split())


def _days(knowledge: Knowledge, year: int) -> tuple[list[str], list[str]]:
    """National holidays and collective leave of a year as MM-DD."""
    (entry,) = (entry for entry in knowledge.holiday_years if entry.tahun == year)
    holidays, leave = [day.tanggal for day in entry.libur_nasional], [day.tanggal for day in entry.cuti_bersama]
    assert {day.year for day in (*holidays, *leave)} == {year}
    assert all(knowledge.working_days.closed[day] for day in (*holidays, *leave))
    return [f"{day:%m-%d}" for day in holidays], [f"{day:%m-%d}" for day in leave]


def test_collective_leave_and_the_feast_itself_have_different_names(knowledge: Knowledge) -> None:
    assert knowledge.feasts["Natal"] == (date(2026, 12, 25), date(2027, 12, 25))
    assert knowledge.feasts["Cuti bersama Natal"] == (date(2026, 12, 24), date(2027, 12, 24))
    assert knowledge.feasts["Idulfitri 1448 H"] == (date(2027, 3, 10), date(2027, 3, 11))


# Telephone numbers


@pytest.mark.parametrize(
    "written",
    ["08118539333", "+62 811-8539-333", "0811 8539 333", "62811 8539 333", "0811.8539.333", "wa.me/628118539333"],
)
def test_a_mobile_number_is_recognised_however_it_is_written(written: str) -> None:
    assert mobile_numbers(f"Hubungi {written}.") == ["08118539333"]


@pytest.mark.parametrize("other", ["#Budi#08091975#07082026", "NIK 3275014708950004", "GitHub id 62812345678", "0812"])
def test_dates_identity_numbers_and_citations_are_no_mobile_numbers(other: str) -> None:
    assert mobile_numbers(other) == []


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_dead_or_unconfirmed_number_appears(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert mobile_numbers(text) == []
    digits = re.sub(r"(?<=\d)[ .()-]{1,2}(?=\d)", "", text)
    assert [number for number in DEAD_NUMBERS if number.removeprefix("0") in digits] == []


@pytest.mark.parametrize("path", [*KNOWLEDGE.glob("*.yml"), ROOT / "domain.yml"], ids=lambda path: path.name)
def test_nothing_that_is_shown_even_begins_like_a_mobile_number(path: Path) -> None:
    assert re.findall(r"(?<!\d)(?:0|\+?62[ -]?)8[1-9]\d", shown(path)) == []


def test_telephone_numbers_of_offices_are_land_lines_with_a_source(knowledge: Knowledge) -> None:
    numbers = {office.id: office.telepon for office in knowledge.offices.all if office.telepon}
    assert {
        name: entry.isi for name, entry in numbers.items() if not re.fullmatch(r"\(0\d{2,3}\) \d{5,8}", entry.isi)
    } == {}
    assert {name: entry.isi for name, entry in numbers.items() if entry.isi.startswith("(08")} == {}


# Offices


def test_every_office_lies_in_the_time_zone_of_its_province(knowledge: Knowledge) -> None:
    assert len(ZONE_OF) == 38
    wrong = {office.id: office.zona for office in knowledge.offices.all if office.zona != ZONE_OF[office.provinsi]}
    assert wrong == {}


def test_every_office_lies_where_its_time_zone_can_be(knowledge: Knowledge) -> None:
    # The zones overlap: Central Kalimantan is WIB to 116° E, Tahuna WITA to 126° E, North Maluku WIT from 124° E.
    longitudes = {"WIB": (95.0, 116.0), "WITA": (114.0, 127.0), "WIT": (124.0, 141.1)}
    outside = {
        office.id: (office.lintang, office.bujur)
        for office in knowledge.offices.all
        if not (longitudes[office.zona][0] <= office.bujur <= longitudes[office.zona][1])
        or not -11.1 <= office.lintang <= 6.1
    }
    assert outside == {}


def test_every_place_lies_in_indonesia_in_a_known_province(knowledge: Knowledge) -> None:
    wrong = [
        place.nama
        for place in knowledge.offices.places
        if place.provinsi not in ZONE_OF or not (95 <= place.bujur <= 141.1 and -11.1 <= place.lintang <= 6.1)
    ]
    assert wrong == []


def test_no_name_points_to_two_offices_or_places(knowledge: Knowledge) -> None:
    entries = (*knowledge.offices.all, *knowledge.offices.places)
    names = Counter(name for entry in entries for name in set(entry.sebutan))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_names_are_written_as_the_finder_reads_them(knowledge: Knowledge) -> None:
    entries = (*knowledge.offices.all, *knowledge.offices.places)
    odd = [name for entry in entries for name in entry.sebutan if name != " ".join(name.lower().split()) or "-" in name]
    assert odd == []
    assert [entry.nama for entry in entries if not entry.sebutan] == []


def test_office_ids_are_unique_and_the_demo_offices_exist(knowledge: Knowledge) -> None:
    from sigap.store import demo

    assert len({office.id for office in knowledge.offices.all}) == len(knowledge.offices.all)
    known = {office_id: office.zona for office_id in demo.OFFICES if (office := knowledge.offices.get(office_id))}
    assert known == demo.OFFICES


# Numbers in facts


def test_the_first_number_of_a_fact_can_be_reckoned_with(knowledge: Knowledge) -> None:
    assert knowledge.number("hari_kerja_proses") == 4
    assert knowledge.number("hari_batas_ambil") == 30


# What an editor is told about a broken file

ENGLISH = re.compile(
    r"(?i)\b(field|value|required|validation|error|type|permitted|expected|could|invalid|not|such|file|found|while|line)\b"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/knowledge to break."""
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaint(folder: Path) -> str:
    """What the editor reads, without the path."""
    with pytest.raises(KnowledgeError) as raised:
        Knowledge.load(folder)
    message = str(raised.value)
    assert str(folder) in message
    return message.replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("file", "old", "new", "entry", "told"),
    [
        ("tarif.yml", "    rupiah: 350000\n", "", "biasa_5", "'rupiah' wajib diisi"),
        ("tarif.yml", "rupiah: 350000", "rupiah: gratis", "biasa_5", "'rupiah' harus bilangan bulat"),
        ("tarif.yml", "rupiah: 350000", "rupiah: 350.000", "biasa_5", "'rupiah' harus bilangan bulat"),
        ("tarif.yml", "berlaku: 2024-12-17", "berlaku: desember", "dasar", "'berlaku' harus tanggal"),
        ("tarif.yml", "jenis_paspor: biasa", "jenis_paspor: hijau", "biasa_5", "'jenis_paspor'"),
        ("kantor.yml", "zona: WIB", "zona: GMT", "banda_aceh", "'zona' harus salah satu dari WIB, WITA, WIT"),
        ("kantor.yml", "    lintang: 5.55", "    lintang: utara", "banda_aceh", "'lintang' harus angka"),
        ("kota.yml", "lintang: 5.55, ", "", "Provinsi Aceh", "'lintang' wajib diisi"),
        ("fakta.yml", "    keyakinan: tinggi", "    keyakian: tinggi", "alur_langkah", "'keyakian' tidak dikenal"),
        ("fakta.yml", "keyakinan: tinggi", "keyakinan: pasti", "alur_langkah", "tinggi, sedang, rendah"),
        ("fakta.yml", 'tanggal: "2026-02-04"', "tanggal: 2026-02-04", "alur_langkah", "'tanggal' harus teks"),
        ("persyaratan.yml", "jenis: [baru]", "jenis: [baharu]", "dewasa_baru", "penggantian"),
        ("persyaratan.yml", "kelompok: [dewasa]", "kelompok: dewasa", "dewasa_baru", "'kelompok' harus daftar"),
        ("status.yml", "tinjau: 2027-11-30", "tinjau: nanti", "menunggu_pembayaran", "'tinjau' harus tanggal"),
        ("libur.yml", "tanggal: 2026-12-24", "tanggal: Natal", "2026", "'cuti_bersama 8 tanggal' harus tanggal"),
        ("luar_layanan.yml", "  - id: overstay", "  - ide: overstay", "2", "'id' wajib diisi"),
        ("bantuan_aplikasi.yml", "tombol:", "tombl:", "akun_otp", "'tombol' wajib diisi"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_fault_in_indonesian(
    folder: Path, file: str, old: str, new: str, entry: str, told: str
) -> None:
    replace_once(folder / file, old, new)
    message = complaint(folder)
    assert message.startswith(f"{file}, entri '{entry}': ")
    assert told in message
    assert not ENGLISH.search(message), message


@pytest.mark.parametrize("file", sorted(path.name for path in KNOWLEDGE.iterdir()))
def test_an_empty_file_is_named_in_indonesian(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"")
    message = complaint(folder)
    assert message.startswith(f"{file}: ")
    assert not ENGLISH.search(message), message


@pytest.mark.parametrize("content", [b"catatan: kosong\n", b"- satu\n- dua\n", b"\xff\xfe\x00", b"\x07", b'a: "b\n'])
def test_a_file_that_is_no_knowledge_file_is_named_in_indonesian(folder: Path, content: bytes) -> None:
    (folder / "tarif.yml").write_bytes(content)
    message = complaint(folder)
    assert message.startswith("tarif.yml")
    assert not ENGLISH.search(message), message


@pytest.mark.parametrize(
    ("file", "section", "content"),
    [
        ("tarif.yml", "paspor", "lain: []\n"),
        ("fakta.yml", "fakta", "fakta: []\n"),
        ("kota.yml", "kota", "kota: {a: b}\n"),
    ],
)
def test_a_missing_section_is_named(folder: Path, file: str, section: str, content: str) -> None:
    (folder / file).write_text("dasar: {}\n" + content, encoding="utf-8")
    message = complaint(folder)
    assert message.startswith(file)
    assert "'dasar'" in message or f"'{section}'" in message


def test_a_slip_in_the_notation_is_located_by_its_line(folder: Path) -> None:
    replace_once(
        folder / "libur.yml", '      - {tanggal: 2026-01-16, nama: "Isra Mikraj"}', "      - {tanggal: 2026-01-16"
    )
    line = (folder / "libur.yml").read_text(encoding="utf-8").splitlines().index("      - {tanggal: 2026-01-16") + 1
    message = complaint(folder)
    assert re.match(rf"libur\.yml, baris ({line}|{line + 1}): ", message), message


@pytest.mark.parametrize("impossible", ["2026-13-24", "2026-02-30"])
def test_a_date_that_no_calendar_has_is_quoted(folder: Path, impossible: str) -> None:
    replace_once(folder / "libur.yml", "2026-12-24", impossible)
    message = complaint(folder)
    assert message.startswith("libur.yml: ")
    assert impossible in message
    assert not ENGLISH.search(message), message


def test_an_entry_that_is_not_a_set_of_fields_is_named_by_its_place(folder: Path) -> None:
    replace_once(folder / "libur.yml", "tahun:\n", "tahun:\n  - besok libur\n")
    assert complaint(folder).startswith("libur.yml, entri '1': ")


def test_two_entries_of_one_code_are_refused(folder: Path) -> None:
    replace_once(folder / "tarif.yml", "kode: biasa_10", "kode: biasa_5")
    message = complaint(folder)
    assert message.startswith("tarif.yml, entri 'biasa_5': ")
    assert "dua kali" in message


def test_a_combination_that_nobody_answers_is_refused(folder: Path) -> None:
    replace_once(
        folder / "persyaratan.yml", "kelompok: [dewasa]\n    jenis: [baru]", "kelompok: [dewasa]\n    jenis: []"
    )
    message = complaint(folder)
    assert message.startswith("persyaratan.yml: ")
    assert "dewasa" in message
    assert "baru" in message


def test_a_combination_that_two_entries_answer_is_refused_and_both_are_named(folder: Path) -> None:
    replace_once(
        folder / "persyaratan.yml",
        "kelompok: [lansia]\n    jenis: [baru]",
        "kelompok: [dewasa, lansia]\n    jenis: [baru]",
    )
    message = complaint(folder)
    assert message.startswith("persyaratan.yml: ")
    assert "dewasa_baru" in message
    assert "lansia_baru" in message
