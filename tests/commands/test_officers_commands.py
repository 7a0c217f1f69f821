"""What officers do at the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from click.testing import Result
from settable_clock import SettableClock

from sigap.booking import Applicant, Held, Queue, Ticket
from sigap.store.session import Store

Sigap = Callable[..., Result]
TUESDAY = date(2026, 11, 24)
BUDI = Applicant("Budi Santoso", "3275010708950004", date(1995, 8, 7))
FILE = """
kantor:
  - id: bogor
    zona: WIB
    menerima_antrean: true
    kuota_dibuka: jumat 14.00
    jadwal:
      - {hari: senin-kamis, jam: "8-9,13", kuota: 20, prioritas: 3}
      - {hari: senin, jam: "10", kuota: 5, layanan: ambil}
    tutup:
      - {tanggal: 2026-11-25, alasan: "Pemeliharaan gedung"}
"""


@pytest.fixture
def bogor(sigap: Sigap) -> None:
    """An office set up by hand."""
    sigap("office", "set", "bogor", "--zone", "WIB", "--bookings")
    sigap("quota", "set", "bogor", "--days", "senin-jumat", "--hours", "8-9", "--quota", "2", "--priority", "1")


def book(store: Store, clock: SettableClock, name: str = BUDI.name) -> Ticket:
    queue = Queue(store, clock)
    person = Applicant(name, BUDI.nik, BUDI.birth_date)
    assert isinstance(queue.hold("wa:1", "bogor", TUESDAY, time(9), "baru", [person]), Held)
    ticket = queue.confirm("wa:1")
    assert isinstance(ticket, Ticket)
    return ticket


# Setting up


def test_an_office_that_was_set_up_takes_bookings(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock
) -> None:
    assert Queue(store, clock).free_hours("bogor", TUESDAY)[0].free == 2
    assert "bogor: menerima antrean, WIB" in sigap("office", "list").output
    assert json.loads(sigap("office", "show", "bogor", "--json").output)["takes_bookings"] is True
    assert "senin-jumat, paspor: 08.00, 09.00 - kuota 2, prioritas 1" in sigap("quota", "list", "bogor").output


def test_what_is_not_named_does_not_change(sigap: Sigap, bogor: None) -> None:
    sigap("office", "set", "bogor", "--opens", "jumat 14.00", "--move-limit", "3")
    shown = sigap("office", "set", "bogor", "--window", "30").output
    assert "jumat pukul 14.00 untuk pekan berikutnya" in shown
    assert "Pindah jadwal         : 3 kali, paling lambat H-1" in shown
    assert "Dapat dipesan sampai  : 30 hari ke depan" in shown


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("office", "show", "medan"), "Kantor 'medan' belum disiapkan."),
        (("office", "set", "atlantis", "--zone", "WIB"), "tidak ada dalam data/knowledge/kantor.yml"),
        (("office", "set", "medan", "--bookings"), "Kantor baru memerlukan --zone"),
        (("office", "set", "bogor"), "Tidak ada yang diubah."),
        (("office", "set", "bogor", "--kinds", "baru,hilang"), "'hilang' bukan jenis layanan."),
        (("office", "set", "bogor", "--opens", "jumat"), "Tulis 'harian', atau hari dan jam"),
        (("quota", "set", "bogor", "--days", "senn", "--hours", "8", "--quota", "1"), "'senn' bukan nama hari."),
        (("quota", "set", "bogor", "--days", "jumat-senin", "--hours", "8", "--quota", "1"), "terbalik"),
        (("quota", "set", "bogor", "--days", "senin", "--hours", "11-8", "--quota", "1"), "terbalik"),
        (("quota", "set", "bogor", "--days", "senin", "--hours", "25", "--quota", "1"), "'25' bukan jam."),
        (("quota", "set", "bogor", "--days", "senin", "--quota", "1"), "Pakai --days bersama --hours"),
        (("quota", "set", "bogor", "--days", "senin", "--hours", "8"), "Sebutkan jumlah tempat"),
        (("quota", "close", "bogor", "--from", "31-02-2026", "--reason", "x"), "'31-02-2026' bukan tanggal."),
        (("quota", "open", "--through", "1-12-2026"), "Sebutkan kantornya."),
        (("booking", "check-in", "7KQM-4W24"), "Tidak ada antrean dengan kode 7KQM-4W24."),
        (("booking", "show", "7KQM-4W25"), "Kode 7KQM-4W25 keliru."),
        (("booking", "list", "--office", "medan"), "Kantor 'medan' belum disiapkan."),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(sigap: Sigap, bogor: None, words: tuple[str, ...], answer: str) -> None:
    result = sigap(*words)
    assert result.exit_code != 0
    assert answer in result.output


def test_one_hour_of_one_day_is_changed_but_not_below_what_is_taken(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock
) -> None:
    book(store, clock)
    words = ("quota", "set", "bogor", "--date", "24-11-2026", "--hour", "09.00", "--quota")
    assert "kuota 5 (terisi 1)" in sigap(*words, "5").output
    refused = sigap(*words, "0")
    assert "Sudah ada 1 tempat yang terisi" in refused.output
    assert "terisi 1 dari 5" in sigap("quota", "show", "bogor", "--from", "24-11-2026").output


def test_closing_a_day_tells_how_many_bookings_it_has(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock
) -> None:
    book(store, clock)
    closed = sigap("quota", "close", "bogor", "--from", "24-11-2026", "--reason", "Listrik padam").output
    assert "Masih ada 1 antrean pada Selasa 24-11-2026. Pemohonnya dikabari" in closed
    shown = sigap("booking", "list", "--office", "bogor", "--date", "24-11-2026").output
    assert "Kantor tutup pada hari itu (Listrik padam)." in shown
    assert "Budi Santoso" in shown
    assert "Tutup Selasa 24-11-2026: Listrik padam" in sigap("quota", "list", "bogor").output
    sigap("quota", "open", "bogor", "--from", "24-11-2026")
    assert "Tutup" not in sigap("quota", "list", "bogor").output


# From a file


def test_a_file_sets_up_everything(sigap: Sigap, store: Store, clock: SettableClock, tmp_path: Path) -> None:
    path = tmp_path / "kantor.yml"
    path.write_text(FILE, encoding="utf-8")
    assert sigap("office", "import", str(path)).output == "1 kantor disiapkan: bogor.\n"
    listed = sigap("quota", "list", "bogor").output
    assert "senin-kamis, paspor: 08.00, 09.00, 13.00 - kuota 20, prioritas 3" in listed
    assert "senin, ambil: 10.00 - kuota 5, prioritas 0" in listed
    assert "Tutup Rabu 25-11-2026: Pemeliharaan gedung" in listed
    assert Queue(store, clock).free_days("bogor") == [date(2026, 11, day) for day in (23, 24, 26)]


@pytest.mark.parametrize(
    ("good", "bad", "answer"),
    [
        ("zona: WIB", "zona: WIR", "'zona' harus salah satu dari WIB, WITA, WIT"),
        ("id: bogor", "id: atlantis", "id ini tidak ada"),
        ("kuota: 20", "kuota: banyak", "'jadwal 1 kuota' harus bilangan bulat"),
        ("hari: senin-kamis", "hari: senn", "'senn' bukan nama hari"),
        ("menerima_antrean: true", "", "'menerima_antrean' wajib diisi"),
        ("zona: WIB", "zona: WIB\n    warna: biru", "'warna' tidak dikenal"),
        ("kantor:", "kantr:", "bagian 'kantor' tidak ada"),
        ("  - id: bogor", "  - id: [bogor", "penulisannya keliru"),
    ],
)
def test_a_mistake_in_a_file_changes_nothing_and_names_the_entry(
    sigap: Sigap, tmp_path: Path, good: str, bad: str, answer: str
) -> None:
    path = tmp_path / "kantor.yml"
    path.write_text(FILE.replace(good, bad, 1), encoding="utf-8")
    result = sigap("office", "import", str(path))
    assert result.exit_code == 1
    assert answer in result.output
    assert "Belum ada kantor." in sigap("office", "list").output


# At the door


def test_whoever_comes_is_checked_in(sigap: Sigap, bogor: None, store: Store, clock: SettableClock) -> None:
    ticket = book(store, clock)
    early = sigap("booking", "check-in", ticket.code)
    assert early.exit_code == 1
    assert "untuk Selasa 24-11-2026, bukan hari ini" in early.output
    clock.advance(days=1)
    assert sigap("booking", "check-in", ticket.code).output.startswith("Dicatat: sudah datang.")
    assert sigap("booking", "check-in", ticket.code).output.startswith("Sudah dicatat sebelumnya.")
    assert json.loads(sigap("booking", "show", ticket.code, "--json").output)["state"] == "arrived"
    assert "sudah dicatat datang; tidak ada yang diubah" in sigap("booking", "no-show", ticket.code).output


def test_the_list_of_a_day_is_the_offices_own_today_unless_a_date_is_given(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock
) -> None:
    ticket = book(store, clock)
    assert "Tidak ada antrean pada hari itu." in sigap("booking", "list", "--office", "bogor").output
    listed = json.loads(sigap("booking", "list", "--office", "bogor", "--date", "24-11-2026", "--json").output)
    assert [entry["code"] for entry in listed["entries"]] == [ticket.code]
    clock.advance(days=1)
    assert ticket.code in sigap("booking", "list", "--office", "bogor").output


def test_the_sheet_has_one_line_for_each_person_and_runs_no_formula(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock
) -> None:
    ticket = book(store, clock, name="=HYPERLINK(1)")
    output = sigap("booking", "sheet", "--office", "bogor", "--date", "2026-11-24", "--csv").output
    (row,) = csv.DictReader(io.StringIO(output))
    assert (row["jam"], row["nomor"], row["kode"], row["status"]) == ("09.00", "1", ticket.code, "menunggu")
    assert (row["nama"], row["akhir_nik"], row["lahir"]) == ("'=HYPERLINK(1)", "0004", "07-08-1995")
    assert BUDI.nik not in output


def test_officers_see_whom_limits_held_back(sigap: Sigap, bogor: None, store: Store, clock: SettableClock) -> None:
    book(store, clock)
    Queue(store, clock).hold("wa:2", "bogor", TUESDAY, time(8), "baru", [BUDI])
    assert "wa:2  NIK sudah punya antrean di percakapan lain" in sigap("booking", "limits").output
    assert json.loads(sigap("booking", "limits", "--json").output)[0]["limit"] == "nik"


def test_what_has_been_removed_is_said_to_be(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    ticket = book(store, clock)
    assert "Budi Santoso, lahir 07-08-1995, NIK …0004" in sigap("booking", "show", ticket.code).output
    clock.advance(days=40)
    assert "Data pribadi dihapus: 1 antrean." in sigap("booking", "sweep").output
    shown = sigap("booking", "show", ticket.code).output
    assert "nomor 1, baru, tidak datang\n  data pribadi sudah dihapus, 1 orang" in shown
    day = ("--office", "bogor", "--date", "24-11-2026")
    assert "data pribadi sudah dihapus" in sigap("booking", "list", *day).output
    (row,) = csv.DictReader(io.StringIO(sigap("booking", "sheet", *day, "--csv").output))
    assert (row["kode"], row["nama"], row["akhir_nik"], row["lahir"]) == (ticket.code, "", "", "")
    assert sigap("booking", "sheet", *day, "--pdf", str(tmp_path / "lembar.pdf")).exit_code == 0
    assert json.loads(sigap("booking", "show", ticket.code, "--json").output)["forgotten"] is True


def test_a_file_that_closes_days_tells_which_bookings_stand_on_them(
    sigap: Sigap, bogor: None, store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    book(store, clock)
    path = tmp_path / "kantor.yml"
    path.write_text(FILE.replace("2026-11-25", "2026-11-24"), encoding="utf-8")
    assert "Masih ada 1 antrean pada Selasa 24-11-2026." in sigap("office", "import", str(path)).output


def test_a_sweep_tells_what_it_did(sigap: Sigap, bogor: None, store: Store, clock: SettableClock) -> None:
    book(store, clock)
    clock.advance(days=2)
    assert "Tidak datang: 1." in sigap("booking", "sweep").output
