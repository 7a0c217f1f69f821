"""The ticket as a picture."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from sigap.tickets import Section, TicketPicture, draw
from sigap.tickets.picture import WIDTH

TICKET = TicketPicture(
    heading="Tiket antrean paspor",
    office="Kantor Imigrasi Jakarta Pusat",
    code_label="Kode booking",
    code="7KQM-4W2P",
    number_label="Nomor antrean",
    numbers="12",
    day="Senin, 7 Desember 2026",
    hour="Pukul 09.00 WIB",
    advice="Datanglah 30 menit lebih awal.",
    sections=(Section("Bawa dokumen asli", ("e-KTP", "Kartu Keluarga"), listed=True),),
    footer="Tunjukkan kode ini kepada petugas.",
)
# WhatsApp scales a picture down beyond this and refuses it beyond 5 MB.
MOST_BYTES = 300_000


def image(ticket: TicketPicture) -> Image.Image:
    return Image.open(io.BytesIO(draw(ticket))).convert("RGB")


def test_it_is_a_png_of_the_width_of_a_phone_and_light_enough_for_a_bad_line() -> None:
    png = draw(TICKET)
    assert png.startswith(b"\x89PNG")
    assert image(TICKET).width == WIDTH
    assert len(png) < MOST_BYTES


def test_the_same_ticket_gives_the_same_picture() -> None:
    assert draw(TICKET) == draw(TICKET)


@pytest.mark.parametrize(
    "change",
    [
        {"heading": "Lain"},
        {"office": "Kantor Imigrasi Bogor"},
        {"code": "7KQM-4W2R"},
        {"numbers": "12–16"},
        {"day": "Selasa, 8 Desember 2026"},
        {"hour": "Pukul 10.00 WITA"},
        {"advice": "Datanglah 15 menit lebih awal."},
        {"footer": "Lain."},
        {"notice": "Data peragaan."},
        {"sections": (Section("Bawa dokumen asli", ("e-KTP",), listed=True),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_on_the_ticket_can_be_seen(change: dict[str, object]) -> None:
    changed, usual = image(replace(TICKET, **change)), image(TICKET)
    assert changed.size != usual.size or ImageChops.difference(changed, usual).getbbox()


def test_the_paper_grows_with_what_stands_on_it_and_nothing_is_cut_off() -> None:
    many = tuple(f"Dokumen ke-{number} dengan nama yang cukup panjang untuk dua baris tulisan" for number in range(30))
    long = image(replace(TICKET, sections=(Section("Bawa", many, listed=True),)))
    assert long.height > image(TICKET).height + 30 * 50
    lowest = ImageChops.difference(long, Image.new("RGB", long.size, "white")).getbbox()
    assert lowest is not None
    assert lowest[3] < long.height - 20


@pytest.mark.parametrize("office", ["Kantor Imigrasi Kelas I Khusus TPI Soekarno-Hatta Unit Layanan Paspor II", "X"])
def test_a_long_name_of_an_office_is_broken_into_lines_inside_the_paper(office: str) -> None:
    drawn = image(replace(TICKET, office=office))
    margin = drawn.crop((WIDTH - 40, 0, WIDTH - 30, 150))
    assert len(margin.getcolors() or []) == 1


def test_the_numbers_of_five_people_fit_beside_the_code() -> None:
    drawn = image(replace(TICKET, numbers="1995–1999"))
    edge = drawn.crop((WIDTH - 60, 300, WIDTH - 40, 700))
    assert edge.getcolors() == [(20 * 400, (255, 255, 255))]
