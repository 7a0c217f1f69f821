"""Numbers of applicants as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.counts import find_counts

COUNTS = """
ber3 = 3
ber 4 = 4
bertiga = 3
berempat = 4
berdua = 2
kami bertujuh = 7
berlimaa = 5
berlima belas = 15
4 orang = 4
empat orang = 4
4 org = 4
duaorang = 2
buat 2 orang = 2
untuk 3 org = 3
2 pemohon = 2
tiga puluh lima orang = 35
dua belas orang = 12
sekeluarga berlima = 5
sekeluarga 5 orang = 5
saya dan istri = 2
sy sm suami = 2
saya sama istri saya = 2
saya dan istri dan 2 anak = 4
sendiri = 1
sendirian = 1
datang sendirian aja = 1
saya saja = 1
saya sendiri = 1
suami istri = 2
suami istri dan 2 anak = 4
suami istri dan dua anak = 4
for 2 people = 2
two people = 2
3 applicants = 3
10 pax = 10
family of four = 4
rombongan 30 = 30
rombongan tiga puluh orang = 30
jumlah pemohon 3 = 3
jumlah pemohon: empat = 4
14 jemaah = 14
40an orang = 40
wong loro = 2
5 urang = 5
tujuh bersaudara = 7
satu orang = 1
12 karyawan = 12
empat anggota keluarga = 4
besok 2 orang jam 9 = 2
"""

NOTHING = """
umur 7
anak 2 tahun
tanggal 2
jam 2
5 tahun
650.000
350 ribu
2 minggu lagi
kelas 3
bagian 4/8
halo min
orang tua saya
kedua orang tua
bayar sendiri-sendiri
paspor saya
saya mau daftar
nomor 2
1234567890123456
2 hari
"""


def table(text: str) -> list[tuple[str, str]]:
    return [tuple(line.rsplit(" = ", 1)) for line in text.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "meant"), table(COUNTS))
def test_a_number_of_applicants_is_read(text: str, meant: str) -> None:
    assert [found.value for found in find_counts(text)] == [int(meant)]
    assert [found.value for found in find_counts(f"min mau daftar {text} ya")] == [int(meant)]


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_what_counts_no_applicants_is_not_read(text: str) -> None:
    assert find_counts(text) == []


def test_the_span_covers_number_and_noun() -> None:
    text = "mau booking 2 orang besok"
    (found,) = find_counts(text)
    assert text[found.start : found.end] == "2 orang"


WORDS = st.sampled_from(
    [
        "ber",
        "ber3",
        "dua",
        "puluh",
        "4",
        "orang",
        "saya",
        "dan",
        "istri",
        "anak",
        "sekeluarga",
        "jumlah",
        "sendiri",
        ":",
        ",",
        "99999999",
        "wong",
        "0",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=10).map(" ".join), st.lists(WORDS, max_size=10).map("".join)))
def test_any_text_is_read_without_error_and_spans_lie_inside_it(text: str) -> None:
    for found in find_counts(text):
        assert 0 <= found.start < found.end <= len(text)
        assert 1 <= found.value <= 200
