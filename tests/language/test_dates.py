"""Dates as people write them. Today is Sunday, 22 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.dates import DateFound, Problem, Purpose, find_dates, read_date

TODAY = date(2026, 11, 22)
HOLIDAYS = {
    "Tahun Baru Masehi": [date(2026, 1, 1), date(2027, 1, 1)],
    "Tahun Baru Imlek 2578": [date(2027, 2, 6)],
    "Cuti bersama Imlek": [date(2026, 2, 16), date(2027, 2, 5)],
    "Nyepi": [date(2026, 3, 19), date(2027, 3, 8)],
    "Idulfitri 1447 H": [date(2026, 3, 21), date(2026, 3, 22)],
    "Idulfitri 1448 H": [date(2027, 3, 10), date(2027, 3, 11)],
    "Cuti bersama Idulfitri": [
        date(2026, 3, 20),
        date(2026, 3, 23),
        date(2026, 3, 24),
        date(2027, 3, 9),
        date(2027, 3, 12),
        date(2027, 3, 15),
    ],
    "Iduladha 1448 H": [date(2027, 5, 17)],
    "Waisak": [date(2027, 5, 20)],
    "Maulid Nabi": [date(2026, 8, 25), date(2027, 8, 15)],
    "Isra Mikraj": [date(2026, 1, 16), date(2027, 1, 5), date(2027, 12, 26)],
    "Tahun Baru Islam 1449 H": [date(2027, 6, 6)],
    "Natal": [date(2026, 12, 25), date(2027, 12, 25)],
    "Cuti bersama Natal": [date(2026, 12, 24), date(2027, 12, 24)],
    "Hari Kemerdekaan": [date(2026, 8, 17), date(2027, 8, 17)],
}


def shown(found: DateFound) -> str:
    """A date as MM-DD in 2026, with its year otherwise; a range as from/to; a problem as its name."""
    if found.first is None or found.last is None:
        assert found.first is found.last is None
        return found.problem.name if found.problem else "?"
    first, last = (day.strftime("%m-%d" if day.year == 2026 else "%Y-%m-%d") for day in (found.first, found.last))
    return first if first == last else f"{first}/{last}"


def arrival(text: str) -> str:
    return shown(read_date(text, TODAY, Purpose.ARRIVAL, HOLIDAYS))


def birth(text: str) -> str:
    return shown(read_date(text, TODAY, Purpose.BIRTH, HOLIDAYS))


def all_of(text: str, purpose: Purpose = Purpose.ARRIVAL) -> list[str]:
    return [shown(found) for found in find_dates(text, TODAY, purpose, HOLIDAYS)]


DAYS = """
hari ini = 11-22
skrg = 11-22
sekarang = 11-22
hr ini = 11-22
harini = 11-22
today = 11-22
malam ini = 11-22
sore ini = 11-22
ntar sore = 11-22
nanti siang = 11-22
mengko sore = 11-22
dino iki = 11-22
besok = 11-23
bsk = 11-23
bsok = 11-23
bseok = 11-23
besuk = 11-23
esok = 11-23
esok hari = 11-23
BESOK = 11-23
besoook = 11-23
besok pagi = 11-23
sesuk = 11-23
sesuk isuk = 11-23
isukan = 11-23
enjing = 11-23
enjang = 11-23
benjang = 11-23
tomorrow = 11-23
tmrw = 11-23
tomorrow morning = 11-23
lusa = 11-24
lsua = 11-24
lusaaa = 11-24
besok lusa = 11-24
besoklusa = 11-24
bsk lusa = 11-24
emben = 11-24
the day after tomorrow = 11-24
tulat = 11-25
kemarin = 11-21
kmrn = 11-21
kemaren = 11-21
wingi = 11-21
yesterday = 11-21
tadi malam = 11-21
semalam = 11-21
tadi pagi = 11-22
kemarin lusa = 11-20
"""

WEEKDAYS = """
senin = 11-23
Senin = 11-23
snein = 11-23
senen = 11-23
suk senen = 11-23
besok senin = 11-23
senin besok = 11-23
hari senin = 11-23
hr senin = 11-23
senin depan = 11-23
senin ini = 11-23
senin minggu depan = 11-23
monday = 11-23
next monday = 11-23
hari sen = 11-23
selasa = 11-24
slasa = 11-24
sls = 11-24
selasa depan = 11-24
this tuesday = 11-24
rabu = 11-25
rbau = 11-25
rebo = 11-25
ari Rebo = 11-25
rabu pahing = 11-25
rabu minggu depan = 11-25
hari Rabu pekan depan = 11-25
minggu depan hari rabu = 11-25
minggu depan, rabu = 11-25
rabu mendatang = 11-25
kamis = 11-26
kemis = 11-26
dinten Kemis = 11-26
kms = 11-26
kamsi = 11-26
jumat = 11-27
jum'at = 11-27
jumaah = 11-27
jmt = 11-27
jumta = 11-27
next friday = 11-27
sabtu = 11-28
setu = 11-28
saptu = 11-28
sab = 11-28
hari minggu = 11-29
hari min = 11-29
ahad = 11-29
minggu = 11-29
senin kemarin = 11-16
jumat lalu = 11-20
last tuesday = 11-17
rabu dua minggu lagi = 12-02
"""

DATES = """
tanggal 7 = 12-07
tgl 7 = 12-07
tg7 = 12-07
tgl7 = 12-07
tgl. 7 = 12-07
tanggal 24 = 11-24
tanggal 31 = 12-31
tanggal ke-7 = 12-07
tanggal tujuh = 12-07
tanggal tujuh belas = 12-17
tanggal tujuhbelas = 12-17
tanggal dua lima = 11-25
tanggal dua puluh lima = 11-25
tanggal selikur = 12-21
tangal 10 = 12-10
tagl 9 = 12-09
tanggal 7 nanti = 12-07
tanggal 7 bulan depan = 12-07
tgl 7 bln dpn = 12-07
bln dpn tgl 7 = 12-07
bulan depan tanggal 7 = 12-07
tgl 28 bln ini = 11-28
tanggal 5 bulan lalu = 10-05
tanggal dua lima bulan depan = 12-25
tanggal 12 wulan ngarep = 12-12
7 des = 12-07
7des = 12-07
tgl 4nov = 2027-11-04
7 desember = 12-07
7 Desember 2026 = 12-07
07 Desember 2026 = 12-07
7 Desember '26 = 12-07
7 des 26 = 12-07
7-des-2026 = 12-07
7 desember tahun ini = 12-07
7 desember tahun depan = 2027-12-07
desember tgl 7 = 12-07
december 7th = 12-07
Dec 7, 2026 = 12-07
december 7 = 12-07
the 7th = 12-07
7th of december = 12-07
tgl 7 bulan 12 = 12-07
tanggal 7 bulan dua belas = 12-07
tanggal tujuh desember dua ribu dua puluh enam = 12-07
dua belas agustus = 2027-08-12
7 desembr = 12-07
17 agustuss = 2027-08-17
17 agsutus = 2027-08-17
3 febuari = 2027-02-03
3 pebruari = 2027-02-03
5 nopember = 2027-11-05
9 oktobr = 2027-10-09
9 oktbr = 2027-10-09
1 agst = 2027-08-01
1 ags = 2027-08-01
1 sept = 2027-09-01
2 janurai = 2027-01-02
1 arpil = 2027-04-01
30septembr = 2027-09-30
3 march = 2027-03-03
29 februari 2028 = 2028-02-29
22 november = 11-22
21 november = 2027-11-21
7 januari 2025 = 2025-01-07
7/12 = 12-07
7-12 = 12-07
07/12 = 12-07
7/12/26 = 12-07
7/12/2026 = 12-07
07.12.2026 = 12-07
07-12-2026 = 12-07
7 / 12 / 2026 = 12-07
7 12 2026 = 12-07
07122026 = 12-07
071226 = 12-07
2026-12-07 = 12-07
2026/12/07 = 12-07
tgl 7.12 = 12-07
tgl 7/12 = 12-07
O7/12/2026 = 12-07
o7/l2/2026 = 12-07
senin 7 desember = 12-07
Senin, 7 Desember 2026 = 12-07
senin tgl 7 = 12-07
tanggal 7 hari senin = 12-07
jumat tgl 25 = 12-25
hari Selasa, tanggal 8 = 12-08
senin pertama desember = 12-07
jumat terakhir bulan ini = 11-27
8 desember (selasa) = 12-08
7 = 12-07
yang 15 aja = 12-15
"""

RANGES = """
minggu depan = 11-23/11-29
mgg dpn = 11-23/11-29
mingu depan = 11-23/11-29
pekan depan = 11-23/11-29
minggu ngarep = 11-23/11-29
minggu hareup = 11-23/11-29
next week = 11-23/11-29
minggu ini = 11-16/11-22
minggu lalu = 11-09/11-15
minggu depannya lagi = 11-30/12-06
bulan depan = 12-01/12-31
bln dpn = 12-01/12-31
wulan ngarep = 12-01/12-31
bulan hareup = 12-01/12-31
sasih payun = 12-01/12-31
next month = 12-01/12-31
bulan ini = 11-01/11-30
desember = 12-01/12-31
bulan desember = 12-01/12-31
bulan 12 = 12-01/12-31
maret = 2027-03-01/2027-03-31
maret 2027 = 2027-03-01/2027-03-31
tahun depan = 2027-01-01/2027-12-31
awal bulan depan = 12-01/12-10
awal bulan = 12-01/12-10
pertengahan bulan depan = 12-11/12-20
tengah bulan = 12-11/12-20
akhir bulan = 11-21/11-30
akhir bulan ini = 11-21/11-30
akhir bulan depan = 12-21/12-31
akhir desember = 12-21/12-31
des awal = 12-01/12-10
ptghn jan = 2027-01-11/2027-01-20
early january = 2027-01-01/2027-01-10
end of june = 2027-06-21/2027-06-30
end of this month = 11-21/11-30
end of month = 11-21/11-30
awal tahun depan = 2027-01-01/2027-01-31
akhir tahun = 12-01/12-31
awal 2027 = 2027-01-01/2027-01-31
akhir pekan = 11-28/11-29
weekend = 11-28/11-29
akhir pekan depan = 11-28/11-29
minggu kedua desember = 12-08/12-14
minggu ke dua januari = 2027-01-08/2027-01-14
mgg k 3 agst = 2027-08-15/2027-08-21
minggu pertama bulan depan = 12-01/12-07
tanggal 5 sampai 7 mei = 2027-05-05/2027-05-07
5-7 mei = 2027-05-05/2027-05-07
5 s/d 7 mei = 2027-05-05/2027-05-07
tanggal 10 sampe 12 = 12-10/12-12
tgl 5-7 = 12-05/12-07
tgl 28 sampai 3 = 11-28/12-03
28 des - 3 jan = 12-28/2027-01-03
5 mei sampai 9 mei = 2027-05-05/2027-05-09
senin sampai rabu = 11-23/11-25
dari senin sampai jumat = 11-23/11-27
antara tgl 3 dan 6 = 12-03/12-06
antara tanggal 4 sampai 8 = 12-04/12-08
antara senin dan kamis = 11-23/11-26
tgl 7/8 des = 12-07/12-08
akhir ramadan = 2027-02-28/2027-03-09
10 sampai dengan 15 desember = 12-10/12-15
tgl 13 atau 14 = 12-13/12-14
tanggal 6 atau 7 Oktober = 2027-10-06/2027-10-07
besok atau lusa = 11-23/11-24
kamis atau jumat = 11-26/11-27
dalam 2 minggu = 11-22/12-06
3 hari ke depan = 11-22/11-25
dua pekan mendatang = 11-22/12-06
sebelum tanggal 20 = 11-22/12-19
sblm tgl 15 = 11-22/12-14
sebelum 1 desember = 11-22/11-30
before the 20th = 11-22/12-19
paling lambat akhir bulan = 11-22/11-30
sampai akhir bulan = 11-22/11-30
maksimal tanggal 10 = 11-22/12-10
setelah tanggal 15 = 12-16/12-22
undur sampai pekan depan = 11-23/11-29
"""

FEASTS = """
lebaran = 2027-03-10/2027-03-11
lebaran tahun depan = 2027-03-10/2027-03-11
idul fitri 2027 = 2027-03-10/2027-03-11
libur lebaran = 2027-03-09/2027-03-15
habis lebaran = 2027-03-16/2027-03-22
abis lebaran = 2027-03-16/2027-03-22
setelah lebaran = 2027-03-16/2027-03-22
sesudah idul fitri = 2027-03-16/2027-03-22
habis puasa = 2027-03-16/2027-03-22
sblm puasa = 11-22/2027-02-07
bulan Ramadan = 2027-02-08/2027-03-09
sebelum lebaran = 11-22/2027-03-09
sehari setelah Idulfitri = 2027-03-12
H+5 lebaran = 2027-03-16
H-3 lebaran = 2027-03-07
lebaran kemarin = 03-21/03-22
natal = 12-25
sebelum natal = 11-22/12-24
after christmas = 12-26/2027-01-01
libur natal = 12-24/12-25
tahun baru = 2027-01-01
abis tahun baru = 2027-01-02/2027-01-08
tahun baru imlek = 2027-02-06
imlek = 2027-02-06
nyepi = 2027-03-08
idul adha = 2027-05-17
lebaran haji = 2027-05-17
waisak = 2027-05-20
maulid = 2027-08-15
tahun baru islam = 2027-06-06
17an = 2027-08-17
17 agustusan = 2027-08-17
seminggu sebelum natal = 12-18
"""

OFFSETS = """
3 hari lagi = 11-25
tiga hari lagi = 11-25
3 hr lg = 11-25
dua hari kemudian = 11-24
seminggu lagi = 11-29
2 minggu lagi = 12-06
2 mgg lg = 12-06
dua pekan lagi = 12-06
sebulan lagi = 12-22
tiga bulan lagi = 2027-02-22
in 3 days = 11-25
in ten days = 12-02
in two weeks = 12-06
3 hari yang lalu = 11-19
seminggu lalu = 11-15
dua belas hari lagi = 12-04
3 hari kerja lagi = 11-25
2 hari setelah natal = 12-27
"""

CORRECTIONS = """
eh salah tanggal 8 bukan 7 = 12-08
bukan tanggal 7 tapi 9 = 12-09
bukan tanggal 7 tapi tanggal 9 = 12-09
salah pencet tanggal nih min, harusnya 15 bukan 5 = 12-15
tanggal 7 eh tanggal 8 maksudnya = 12-08
senin eh selasa = 11-24
besok ga bisa, lusa aja = 11-24
ga bisa besok, lusa aja = 11-24
jangan hari jumat, selasa aja = 11-24
saya mohon jadwal saya dari Senin menjadi Rabu = 11-25
dari tanggal tujuh jadi tanggal sembilan = 12-09
pindah dari jumat ke senin = 11-23
[Kamis] ❌ Senin ✅ tolong diubah = 11-23
besok senin tgl 23 = 11-23
desember, tanggal 10 deh = 12-10
senin atau kamis = AMBIGUOUS
tanggal 7 atau 9 = AMBIGUOUS
tanggal 7, 2 orang = 12-07
paspor saya habis bulan depan = 12-01/12-31
paspor habis 12 maret 2027, mau datang besok = AMBIGUOUS
kalau senin penuh, selasa boleh = 11-24
senin aja jangan selasa = 11-23
bukan senin = NOT_A_DATE
sekarang saya mau daftar tanggal 7 = 12-07
lahir 1 Juli 1974, datang hari Kamis = 11-26
#BUDI SANTOSO#25011987#07122026 = 12-07
"""

IMPOSSIBLE = """
31 februari
32 desember
tanggal 45
tgl 0
30/02/2026
29/02/2027
29 februari
31 april 2027
31/4
99/99/9999
13/25/2026
12/25/2026
2026-13-01
31022026
tanggal 31 juni
30 pebruari
"""

NOTHING = """
halo min
NIK 3273051204850002
nik saya 3273 0512 0485 0002
1234567890123456
hp 0812-3456-7890
081234567890
+62 812 3456 7890
kode SG7K-9L3D
7KQM-4W2P
650.000
Rp 650.000
Rp650.000,-
350rb
350 ribu
jam 9
jam 9.30
5 tahun
umur 7
2 orang
kelas 3
bagian 4/8
24/7
1x24 jam
versi 1.2.3
v2.0.1
umur 17 tahun
3 hari kerja
4 hari
seminggu
berapa minggu
2 minggu
tiap minggu
paspor 10 tahun
48 halaman
rt 02/05
jalan merdeka no 7
4 minggu kerja
satu
saya mau daftar 2 orang jam 10
kode otp 120390
kapan-kapan
besok-besok aja
besok2 aja
192.168.10.12
may i ask
nama saya Mei Lestari
min tolong
sen
selama ini
kami berdua
belum bisa
harga 1.200.000
setengah jam
1/2 jam
7-12 hari kerja
3-4 orang
anak 2 tahun
tanggal berapa
tanggal kosong
tgl brp
sebelum wisuda
sampai kapan
"""

BIRTHS = """
17 agustus 1990 = 1990-08-17
lahir 17 agustus 1990 = 1990-08-17
saya lahir tanggal 17 Agustus 1990 = 1990-08-17
17-08-90 = 1990-08-17
17/08/1990 = 1990-08-17
17.08.1990 = 1990-08-17
17081990 = 1990-08-17
120390 = 1990-03-12
5/6/12 = 2012-06-05
5/6/30 = 1930-06-05
12 mar 85 = 1985-03-12
1 januari 05 = 2005-01-01
22 02 1994 = 1994-02-22
1990-08-17 = 1990-08-17
Bandung, 17 Agustus 1990 = 1990-08-17
tujuh belas agustus sembilan belas sembilan puluh = 1990-08-17
tujuh belas agustus seribu sembilan ratus sembilan puluh = 1990-08-17
dua belas maret delapan puluh lima = 1985-03-12
sepuluh mei sembilan tiga = 1993-05-10
lima januari dua ribu satu = 2001-01-05
lima januari dua ribu = 2000-01-05
tanggal lima bulan enam tahun delapan puluh lima = 1985-06-05
tgl 5 bulan 6 tahun 1985 = 1985-06-05
5 juni tahun 85 = 1985-06-05
august 17, 1990 = 1990-08-17
aug 17 1990 = 1990-08-17
29 februari 2000 = 2000-02-29
lahir kemarin = 11-21
lahir tadi pagi = 11-22
tadi pagi = 11-22
lahir 3 hari lalu = 11-19
lahir tahun 1990 = INCOMPLETE
1990 = INCOMPLETE
agustus 1990 = INCOMPLETE
17 agustus = INCOMPLETE
tanggal 17 = INCOMPLETE
17/8/2030 = FUTURE
31 februari 1990 = IMPOSSIBLE
29/02/1990 = IMPOSSIBLE
99/99/9999 = IMPOSSIBLE
1 januari 1890 = IMPOSSIBLE
besok = NOT_A_DATE
senin depan = NOT_A_DATE
#BUDI SANTOSO#25011987 = 1987-01-25
O1/O2/199O = 1990-02-01
"""


def table(text: str) -> list[tuple[str, str]]:
    return [tuple(line.rsplit(" = ", 1)) for line in text.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "meant"),
    table(DAYS + WEEKDAYS.lstrip() + DATES.lstrip() + RANGES.lstrip() + FEASTS.lstrip() + OFFSETS.lstrip()),
)
def test_a_date_is_read_alone_and_within_a_sentence(text: str, meant: str) -> None:
    assert arrival(text) == meant
    if text.isdigit() or "yang 15" in text:
        return
    sentence = f"halo min, mau daftar paspor {text} ya, buat 2 orang"
    assert all_of(sentence) == [meant] or arrival(sentence) == meant


@pytest.mark.parametrize(("text", "meant"), table(CORRECTIONS))
def test_the_one_date_of_a_text_follows_its_corrections(text: str, meant: str) -> None:
    assert arrival(text) == meant


@pytest.mark.parametrize("text", IMPOSSIBLE.strip().splitlines())
def test_an_impossible_date_is_named_and_not_guessed_at(text: str) -> None:
    assert arrival(text) == "IMPOSSIBLE"
    assert all_of(f"mau daftar {text} ya") == ["IMPOSSIBLE"]


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert all_of(text) == []
    assert all_of(f"saya mau tanya {text} ya") == []


@pytest.mark.parametrize(("text", "meant"), table(BIRTHS))
def test_a_date_of_birth_lies_in_the_past(text: str, meant: str) -> None:
    assert birth(text) == meant


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("mau tanggal 7 desember ya", "tanggal 7 desember"),
        ("pas hari senin aja", "hari senin"),
        ("tanggal 9/9/2026.", "tanggal 9/9/2026"),
        ("🙏 tgl7 bisa?", "tgl7"),
        ("antara tgl 3 dan 6 kalau ada", "antara tgl 3 dan 6"),
        ("bulan Januari min", "bulan Januari"),
        ("hari Rabu pekan depan jam 9", "hari Rabu pekan depan"),
    ],
)
def test_the_span_covers_the_whole_expression(text: str, typed: str) -> None:
    (found,) = find_dates(text, TODAY, Purpose.ARRIVAL)
    assert text[found.start : found.end] == typed


def test_several_dates_are_found_in_order() -> None:
    assert all_of("tanggal 7 atau 9") == ["12-07", "12-09"]
    assert all_of("terbang tgl 25, wawancaranya tgl 24 atau lusa") == ["11-25", "11-24", "11-24"]
    assert all_of("#BUDI#25011987#07122026") == ["1987-01-25", "12-07"]
    assert all_of("#RINA#150381#071226", Purpose.BIRTH)[0] == "1981-03-15"
    assert all_of("dari senin ke rabu") == ["11-23", "11-25"]


def test_a_weekday_that_does_not_fit_the_date_is_reported_with_the_date() -> None:
    found = read_date("senin, 8 desember 2026", TODAY, Purpose.ARRIVAL)
    assert (found.first, found.problem) == (date(2026, 12, 8), Problem.WEEKDAY_DIFFERS)


def test_a_moving_feast_without_a_calendar_is_a_problem_of_its_own() -> None:
    assert read_date("habis lebaran", TODAY, Purpose.ARRIVAL).problem is Problem.UNKNOWN_FEAST
    assert read_date("lebaran 2031", TODAY, Purpose.ARRIVAL, HOLIDAYS).problem is Problem.UNKNOWN_FEAST


def test_in_the_middle_of_a_week_the_weeks_keep_apart() -> None:
    wednesday = date(2026, 11, 25)

    def read(text: str) -> str:
        return shown(read_date(text, wednesday, Purpose.ARRIVAL))

    assert read("jumat") == read("jumat ini") == "11-27"
    assert read("jumat depan") == read("jumat minggu depan") == "12-04"
    assert read("senin") == read("senin depan") == read("senin ini") == "11-30"
    assert read("senin minggu ini") == "11-23"
    assert read("rabu") == "12-02"
    assert read("rabu ini") == "11-25"
    assert read("minggu ini") == "11-23/11-29"
    assert read("akhir pekan ini") == read("weekend") == "11-28/11-29"
    assert read("sebulan lagi") == "12-25"


def test_month_ends_are_kept() -> None:
    january = date(2027, 1, 31)
    assert read_date("sebulan lagi", january, Purpose.ARRIVAL).first == date(2027, 2, 28)
    assert read_date("tanggal 30", january, Purpose.ARRIVAL).first == date(2027, 3, 30)
    assert read_date("tanggal 30 bulan depan", january, Purpose.ARRIVAL).problem is Problem.IMPOSSIBLE


DAY = st.dates(date(1930, 1, 1), date(2099, 12, 31))
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni"]
MONTHS += ["Juli", "Agustus", "September", "Oktober", "November", "Desember"]


@given(DAY)
def test_every_full_date_reads_back(day: date) -> None:
    written = [
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d%m%Y}",
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
    ]
    for text in [*written, f"{day:%d.%m.%Y}", f"tanggal {day:%d %m %Y}"]:
        found = read_date(text, TODAY, Purpose.ARRIVAL)
        assert (found.first, found.last, found.problem) == (day, day, None), text


@given(st.dates(date(1927, 1, 1), TODAY))
def test_every_date_of_birth_reads_back(day: date) -> None:
    for text in (
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d%m%Y}",
        f"{day:%d%m%y}",
        f"{day:%d/%m/%y}",
        f"{day:%d-%m-%Y}",
    ):
        assert read_date(text, TODAY, Purpose.BIRTH).first == day, text


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1930, 2099))
def test_no_impossible_date_ever_gives_a_date(day: int, month: int, year: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        for text in (
            f"{day:02}/{month:02}/{year}",
            f"{day:02}-{month:02}-{year}",
            f"{day}/{month}/{year}",
            f"{day:02}.{month:02}.{year}",
        ):
            assert read_date(text, TODAY, Purpose.ARRIVAL).first is None, text


SAID = """
tanggal tgl 7 31 desember / - . , bulan depan minggu ini hari senin besok lusa lebaran natal sebelum setelah
sampai antara dan dua puluh lima 2026 3 lagi awal akhir tahun h + ke kedua next in days jam setengah 9 pagi
99999999 0 se
"""
WORDS = st.sampled_from(sorted(set(SAID.split())))


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)))
def test_any_text_is_read_without_error_and_spans_lie_inside_it(text: str) -> None:
    for purpose in Purpose:
        for holidays in (None, HOLIDAYS):
            for found in [*find_dates(text, TODAY, purpose, holidays), read_date(text, TODAY, purpose, holidays)]:
                assert 0 <= found.start <= found.end <= len(text)
                assert (found.first is None) == (found.last is None)
                assert found.first is None or found.last is None or found.first <= found.last
                assert found.first is not None or found.problem is not None


@pytest.mark.parametrize(
    "text",
    [
        "1/" * 5000,
        "9" * 10_000,
        "7-" * 5000,
        "tanggal " * 1250,
        "setelah " * 1250,
        "dua " * 2500,
        "in " * 3000,
        "h+1 " * 2500,
        "sehari setelah " * 700,
    ],
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    import time

    start = time.perf_counter()
    find_dates(text, TODAY, Purpose.ARRIVAL, HOLIDAYS)
    assert time.perf_counter() - start < 1.0
