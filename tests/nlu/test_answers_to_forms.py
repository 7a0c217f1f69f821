"""Answers to what a form asked: whatever count, day, hour or office they name must be found, and nothing else of these.

Such answers are short but not bare ("buat bikin baru, sendirian kok"), and often look like no intent of the catalogue.
They are never taught; `tanggal` counts by kind, because its value depends on the day of reading.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sigap.annotations import plain_text, spans
from sigap.nlu.phrase_model import DOUBTFUL, NAME
from sigap.understand import Understanding

pytestmark = pytest.mark.model

_ANSWERS = """
buat bikin baru, [sendirian](jumlah_pemohon:1) kok
[ber4](jumlah_pemohon:4) min [jam 10](waktu:10:00)
[selasa](tanggal) aja deh [pagi](waktu:pagi)
[dua orang](jumlah_pemohon:2) kak, saya sama bini
cuma [sendiri](jumlah_pemohon:1) aja bu
[berdua](jumlah_pemohon:2) sama adek perempuan saya
Kami akan hadir [bertiga](jumlah_pemohon:3), terima kasih.
[3 org](jumlah_pemohon:3) y min
rame nih min, [berlima](jumlah_pemohon:5) bisa kan
totalnya [empat orang](jumlah_pemohon:4) bu termasuk yang kecil
[suami istri](jumlah_pemohon:2) doang kok min
paspor baru semua, [ber3](jumlah_pemohon:3)
satu aja kak, [sendirian](jumlah_pemohon:1) soalnya
eee [dua orang](jumlah_pemohon:2) pak saya sama ibu saya
just [2 people](jumlah_pemohon:2), me and my hubby
[tilu urang](jumlah_pemohon:3) teh sareng pun anak
wong [loro](jumlah_pemohon:2) wae mas
[berempat](jumlah_pemohon:4) sekeluarga yaaa 👨‍👩‍👧‍👦
[kamis](tanggal) aja kak yang kosong
kalo [jumat](tanggal) gimana min, bisa?
Saya memilih [hari Rabu](tanggal), terima kasih.
[tgl 3](tanggal) bisa gk min
[besok](tanggal) deh kalo masih ada tempat
[lusa](tanggal) kayaknya lebih enak buat saya
hmmm [senin depan](tanggal) aja ya kak 🙏
[minggu depan](tanggal) bebas hari apa aja
eh jangan deh, [selasa](tanggal) aja
[rebo](tanggal) wae mas nek iso
yang [tanggal dua puluh](tanggal) itu aja pak
[friday](tanggal) works for me kak
[snein](tanggal) aj ya min
[akhir bulan](tanggal) paling bisa saya min
pokoknya [besok](tanggal) min, urgent nih
anak libur [sabtu](tanggal), jadi itu aja
[jam 9](waktu:09:00) aja min biar ga kesiangan
yang [pagi](waktu:pagi) aja kak jangan siang siang
[jam setengah sebelas](waktu:10:30) boleh nggak pak
[siang](waktu:siang) aja deh, paginya ngajar
[pukul 10.00](waktu:10:00) saja, Pak
[jm 8](waktu:08:00) y kk, biar cpt
maunya [jam 1](waktu:13:00) aja kak 🙏
[10 am](waktu:10:00) is fine kak
kalau bisa [pagi](waktu:pagi) ya bu soalnya saya kerja shift sore
[tabuh dalapan](waktu:08:00) wae kang
ambil yang [jam sepuluh](waktu:10:00) aja deh
[kamis](tanggal) [jam 2](waktu:14:00) ya min
[tanggal 2](tanggal) yang [siang](waktu:siang) min
[besok](tanggal) [pagi](waktu:pagi) aja, [berdua](jumlah_pemohon:2)
di [bogor](kantor:bogor) aja min yg deket rumah
[makassar](kantor:makassar) aja kak
Di Kantor Imigrasi [Surabaya](kantor:surabaya) saja, Bu.
yang [jaksel](kantor:jakarta_selatan) deh, deket kantor gue
eh bukan, maksudnya yang [jakarta pusat](kantor:jakarta_pusat)
[bgr](kantor:bogor) aj y min
pak yang di [jayapura](kantor:jayapura) situ saja
[surabaya](kantor:surabaya) aja rek, cedhek omahku
the one in [bogor](kantor:bogor) please, closest to my place
paling deket sih [makassar](kantor:makassar) ya kak 😅
[bogor](kantor:bogor) [selasa](tanggal) [jam 9](waktu:09:00), [sendiri](jumlah_pemohon:1)
[jakarta selatan](kantor:jakarta_selatan), [2 orang](jumlah_pemohon:2), paspor baru dua duanya
"""


# A little below what was measured (58 of 61), so that a bad change is noticed and a harmless one passes.
_FLOOR = 0.9


def test_nine_of_ten_answers_are_read_whole(understand: Callable[[str], dict]) -> None:
    answers = _ANSWERS.strip().splitlines()
    misread = {answer: found for answer in answers if (found := _found(answer, understand)) != _named(answer)}
    print("\n".join(f"{answer} -> {found}" for answer, found in misread.items()))
    assert len(misread) <= len(answers) * (1 - _FLOOR)


def _named(answer: str) -> set[tuple[str, str | None]]:
    return {(span.entity, _value(span.entity, span.value)) for span in spans(answer)}


def _found(answer: str, understand: Callable[[str], dict]) -> set[tuple[str, str | None]]:
    return {
        (entity["entity"], _value(entity["entity"], entity["value"]))
        for entity in understand(plain_text(answer))["entities"]
        if entity["entity"] in DOUBTFUL - {NAME}
    }


@pytest.fixture(scope="module")
def understand() -> Callable[[str], dict]:
    return Understanding.load().of


def _value(entity: str, value: str | None) -> str | None:
    return None if entity == "tanggal" else value
