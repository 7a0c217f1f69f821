"""Hours and parts of the day as people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.hours import find_hours

HOURS = """
jam 9 = 09:00
jam9 = 09:00
jm 9 = 09:00
jma 9 = 09:00
pukul 9 = 09:00
pkl 08.00 = 08:00
pukul 10.15 = 10:15
jam 1 siang = 13:00
jam 1 = 13:00
jam 2 = 14:00
jam 2 siang = 14:00
jam 3 sore = 15:00
jam 4 = 16:00
jam 5 = 17:00
jam 6 = 06:00
jam 7 = 07:00
jam 7 malam = 19:00
jam 12 = 12:00
jam 12 siang = 12:00
jam 11 siang = 11:00
jam 10 pagi = 10:00
jam setengah 10 = 09:30
jam stgh 10 = 09:30
jam setengah sebelas = 10:30
jam setengah 1 = 12:30
jam setengah dua = 13:30
setengah 9 = 08:30
setengah sembilan pagi = 08:30
9.30 = 09:30
09:30 = 09:30
09.30 = 09:30
13.00 = 13:00
7.30 = 07:30
2.30 = 14:30
9 am = 09:00
1pm = 13:00
2 pm = 14:00
10.30 am = 10:30
12 pm = 12:00
3 PM = 15:00
jam sepuluh = 10:00
jam sembilan = 09:00
jam dua = 14:00
jam dua belas = 12:00
jam dua siang = 14:00
jam wolu = 08:00
jam sanga = 09:00
jam 9an = 09:00
jam 9-an = 09:00
jam 8 kurang seperempat = 07:45
jam 8 kurang 10 = 07:50
jam 9 lewat 15 = 09:15
jam 9 lewat seperempat = 09:15
jam 9 lewat 15 menit = 09:15
jam 9 kurang 5 menit = 08:55
jam 09.00 WIB = 09:00
jam 14.00 = 14:00
jam 14 = 14:00
jam 0930 = 09:30
3 sore = 15:00
besok pagi = pagi
yang siang = siang
yang siang aja = siang
pagi aja = pagi
senin pagi = pagi
bsk pg = pagi
sesi siang = siang
kalau bisa pagi = pagi
besok sore = siang
sore aja = siang
pagi-pagi = pagi
tomorrow morning = pagi
afternoon session = siang
sesuk esuk = pagi
siang = siang
pagi = pagi
slot pagi masih ada = pagi
pagi min, mau daftar besok pagi = pagi
tanggal 9 pagi = pagi
tgl 7/12 jam 10 = 10:00
"""

NOTHING = """
pagi min
pagi kak
selamat pagi
Selamat siang, saya mau tanya
siang kak
sore pak
halo pagi kak
good morning
tadi pagi saya telepon
24 jam
1x24 jam
2 jam
berapa jam
jam berapa
jam kerja
650.000
Rp 9.300
7.12.2026
07.12.2026
tanggal 7
tgl 9.30
9,5 juta
48 halaman
paspor 10 tahun
jam 25
jam 99
makan siang
malam ini
0812-3456-7890
versi 9.30.1
"""


def table(text: str) -> list[tuple[str, str]]:
    return [tuple(line.rsplit(" = ", 1)) for line in text.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "meant"), table(HOURS))
def test_an_hour_is_read(text: str, meant: str) -> None:
    assert [found.value for found in find_hours(text)] == [meant]


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_what_is_no_hour_is_not_read_as_one(text: str) -> None:
    assert find_hours(text) == []


def test_spans_cover_the_word_for_hour() -> None:
    text = "besok jam setengah 10 pagi ya"
    (found,) = find_hours(text)
    assert text[found.start : found.end] == "jam setengah 10 pagi"


def test_several_hours_are_found_in_order() -> None:
    assert [found.value for found in find_hours("ganti jam 08.00 ➡️ 10.00, atau siang")] == ["08:00", "10:00", "siang"]


@given(st.integers(6, 16), st.integers(0, 59))
def test_every_written_time_reads_back(hour: int, minute: int) -> None:
    for text in (f"jam {hour:02}.{minute:02}", f"{hour:02}:{minute:02}", f"pukul {hour}:{minute:02} wib"):
        assert [found.value for found in find_hours(text)] == [f"{hour:02}:{minute:02}"]


WORDS = st.sampled_from(
    [
        "jam",
        "pukul",
        "9",
        "setengah",
        ".",
        ":",
        "30",
        "pagi",
        "siang",
        "kurang",
        "lewat",
        "seperempat",
        "dua",
        "belas",
        "am",
        "an",
        "99999999",
        "-",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=10).map(" ".join), st.lists(WORDS, max_size=10).map("".join)))
def test_any_text_is_read_without_error_and_spans_lie_inside_it(text: str) -> None:
    for found in find_hours(text):
        assert 0 <= found.start < found.end <= len(text)
        assert re.fullmatch(r"pagi|siang|([01]\d|2[0-3]):[0-5]\d", found.value)
