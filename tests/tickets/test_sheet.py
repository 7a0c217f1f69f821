"""The day sheet to print."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from needs import installed

from sigap.tickets.sheet import Column, Group, Sheet, draw_sheet

SHEET = Sheet(
    title="Daftar hadir antrean paspor",
    subtitle="Kantor Imigrasi Jakarta Pusat",
    columns=(Column("No.", 1), Column("Kode", 2), Column("Nama", 4)),
    tick_title="Hadir",
    groups=(Group("Pukul 08.00 WIB", (("1", "7KQM-4W2P", "Budi Santoso"),), (False,)),),
    empty="Belum ada antrean.",
    footer="Dicetak hari ini.",
    page="Halaman {nomor} dari {jumlah}",
)
CROWD = replace(
    SHEET,
    groups=tuple(
        Group(
            f"Pukul {hour:02}.00 WIB",
            tuple((str(row), f"KODE-{hour:02}{row:02}", "Siti") for row in range(30)),
            (False,) * 30,
        )
        for hour in range(8, 12)
    ),
)


@pytest.fixture
def pages(tmp_path: Path) -> Callable[[bytes], list[str]]:
    """Reads a PDF as an officer's viewer does, page by page."""
    program = installed("pdftotext", "poppler-utils")

    def read(pdf: bytes) -> list[str]:
        file = tmp_path / "sheet.pdf"
        file.write_bytes(pdf)
        text = subprocess.run([program, "-layout", str(file), "-"], check=True, capture_output=True, text=True)
        return text.stdout.rstrip("\f").split("\f")

    return read


def test_everything_on_the_sheet_can_be_read(pages: Callable[[bytes], list[str]]) -> None:
    (page,) = pages(draw_sheet(replace(SHEET, notice="Data contoh.")))
    for words in (SHEET.title, SHEET.subtitle, "Nama", "Hadir", "Pukul 08.00 WIB", "7KQM-4W2P", "Budi Santoso"):
        assert words in page
    assert "Data contoh." in page
    assert "Halaman 1 dari 1" in page


def test_a_crowd_fills_several_pages_each_with_the_titles_of_its_columns(pages: Callable[[bytes], list[str]]) -> None:
    read = pages(draw_sheet(CROWD))
    assert len(read) > 2
    assert all("Hadir" in page and "Nama" in page for page in read)
    assert f"Halaman {len(read)} dari {len(read)}" in read[-1]


def test_nobody_is_lost_between_two_pages(pages: Callable[[bytes], list[str]]) -> None:
    text = "".join(pages(draw_sheet(CROWD)))
    assert [code for hour in range(8, 12) for row in range(30) if (code := f"KODE-{hour:02}{row:02}") not in text] == []


def test_an_hour_that_goes_on_overleaf_says_again_which_hour_it_is(pages: Callable[[bytes], list[str]]) -> None:
    for page in pages(draw_sheet(CROWD)):
        titles = [line for line in page.splitlines() if "KODE" in line or "Pukul" in line]
        assert "Pukul" in titles[0]


def test_a_day_without_anybody_says_so(pages: Callable[[bytes], list[str]]) -> None:
    assert "Belum ada antrean." in pages(draw_sheet(replace(SHEET, groups=())))[0]


def test_a_name_longer_than_its_column_is_cut_with_an_ellipsis(pages: Callable[[bytes], list[str]]) -> None:
    rows = (("1", "7KQM-4W2P", "Raden " * 40),)
    assert "…" in pages(draw_sheet(replace(SHEET, groups=(Group("Pukul 08.00 WIB", rows, (True,)),))))[0]
