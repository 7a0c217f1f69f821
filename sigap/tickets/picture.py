"""A ticket as a picture: readable on a small phone, sharp when printed, scannable at the door."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from sigap.tickets.fonts import BOLD, MEDIUM

# Chat clients show a picture about 300 points wide: the smallest type below (30 pixels) is still 8 points there.
WIDTH = 1080
_GAP = 40
# A code of eight letters has 21 modules. ISO/IEC 18004 wants four modules of white on every side.
_QR_SIDE = 21 * 19
_MARGIN = _QUIET_ZONE = 4 * 19
_INNER = WIDTH - 2 * _MARGIN
# Two dark colours on white or pale ground: they keep their contrast when printed in black and white.
_INK, _QUIET, _LINE = "#14213d", "#5b6475", "#d7dce5"
_BRAND, _ON_BRAND, _ON_BRAND_QUIET = "#12356b", "#ffffff", "#c9d8f0"
_ADVICE, _NOTICE, _ON_NOTICE = "#e8effa", "#ffe9b8", "#5a3b00"
_SMALL, _BODY, _TITLE = 30, 36, 34
_LEADING = 1.36
_NOTCH, _DASH = 26, 18


@dataclass(frozen=True)
class Section:
    """A title with lines below it; `listed` puts a bullet before each."""

    title: str
    lines: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class TicketPicture:
    """Everything that stands on a ticket, worded. `code` is also what the QR code says.

    `notice` warns above everything else, for instance of demonstration data; None leaves it out.
    """

    heading: str
    office: str
    code_label: str
    code: str
    number_label: str
    numbers: str
    day: str
    hour: str
    advice: str
    sections: tuple[Section, ...]
    footer: str
    notice: str | None = None


def draw(ticket: TicketPicture) -> bytes:
    """The ticket as a PNG, `WIDTH` pixels wide and as high as its text needs."""
    # Drawn twice: the first time only to learn the height.
    height = _paint(Image.new("RGB", (WIDTH, 1)), ticket)
    image = Image.new("RGB", (WIDTH, height), "white")
    _paint(image, ticket)
    # Flat colours and their soft edges need no more shades; the file is half the size. The quicker ways of choosing
    # shades and of packing take a third of the time of the careful ones, and look the same.
    png = io.BytesIO()
    image.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(png, "PNG")
    return png.getvalue()


def _paint(image: Image.Image, ticket: TicketPicture) -> int:
    """Paint from top to bottom; the height needed."""
    pen = _Pen(image)
    if ticket.notice:
        pen.band(_NOTICE, lambda: pen.text(ticket.notice or "", _BODY, BOLD, _ON_NOTICE), padding=26)
    pen.band(_BRAND, lambda: _paint_heading(pen, ticket), padding=46)
    pen.skip(_QUIET_ZONE)
    _paint_code(pen, image, ticket)
    pen.perforation()
    pen.text(ticket.day, 54, BOLD, _INK)
    pen.text(ticket.hour, 54, BOLD, _INK)
    pen.skip(24)
    pen.box(ticket.advice)
    for section in ticket.sections:
        pen.skip(_GAP)
        pen.text(section.title, _TITLE, BOLD, _BRAND)
        pen.skip(6)
        for line in section.lines:
            pen.text(line, _BODY, MEDIUM, _INK, bullet=section.listed)
    pen.skip(_GAP)
    pen.line()
    pen.skip(24)
    pen.text(ticket.footer, _SMALL, MEDIUM, _QUIET)
    return int(pen.y) + _MARGIN - 16


def _paint_heading(pen: _Pen, ticket: TicketPicture) -> None:
    pen.text(ticket.heading, _BODY, MEDIUM, _ON_BRAND_QUIET)
    pen.text(ticket.office, 60, BOLD, _ON_BRAND)


def _paint_code(pen: _Pen, image: Image.Image, ticket: TicketPicture) -> None:
    """The QR code with, beside it, the code and the queue number."""
    top = pen.y
    image.paste(_qr(ticket.code), (_MARGIN, int(top)))
    pen.left, pen.width = _MARGIN + _QR_SIDE + _QUIET_ZONE, _INNER - _QR_SIDE - _QUIET_ZONE
    pen.skip(16)
    pen.text(ticket.code_label, _TITLE, MEDIUM, _QUIET)
    pen.fitted(ticket.code, 84, _INK)
    pen.skip(36)
    pen.text(ticket.number_label, _TITLE, MEDIUM, _QUIET)
    pen.fitted(ticket.numbers, 150, _BRAND)
    pen.left, pen.width, pen.y = _MARGIN, _INNER, max(pen.y, top + _QR_SIDE) + _QUIET_ZONE


def _qr(code: str) -> Image.Image:
    """A QR code of `_QR_SIDE`; its quiet zone is the white around it. Level Q survives a crumpled print."""
    matrix = segno.make_qr(code, error="q")
    drawn = io.BytesIO()
    matrix.save(drawn, kind="png", scale=_QR_SIDE // matrix.symbol_size(border=0)[0], border=0, dark=_INK)
    drawn.seek(0)
    return Image.open(drawn).convert("RGB")


class _Pen:
    """Writes down the picture, keeping where it is: `y` from the top, `left` and `width` of the column."""

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)
        self._image = image
        self.y: float = 0
        self.left = _MARGIN
        self.width = _INNER

    def skip(self, pixels: float) -> None:
        """Leave some room."""
        self.y += pixels

    def text(self, text: str, size: int, weight: Path, colour: str, bullet: bool = False) -> None:
        """A paragraph, broken into lines that fit the column."""
        font = _font(weight, size)
        indent = 34 if bullet else 0
        if bullet:
            middle = self.y + size * 0.72
            self._draw.ellipse((self.left + 4, middle - 5, self.left + 14, middle + 5), _BRAND)
        for line in _lines(text, font, self.width - indent):
            self._draw.text((self.left + indent, self.y), line, colour, font)
            self.y += size * _LEADING
        if bullet:
            self.y += 6

    def fitted(self, text: str, size: int, colour: str) -> None:
        """One bold line, as large as the column allows, at most `size`."""
        while _font(BOLD, size).getlength(text) > self.width:
            size -= 2
        self._draw.text((self.left, self.y), text, colour, _font(BOLD, size))
        self.y += size * 1.2

    def band(self, colour: str, content: Callable[[], None], padding: int) -> None:
        """A coloured band over the whole width, as high as its content."""
        top = self.y
        self.y += padding
        content()
        bottom = self.y + padding - 8
        # The content is written again over the colour, for only now is its height known.
        self._draw.rectangle((0, top, WIDTH, bottom), colour)
        self.y = top + padding
        content()
        self.y = bottom

    def box(self, text: str) -> None:
        """A paragraph in a tinted box."""
        font = _font(BOLD, _BODY)
        lines = _lines(text, font, self.width - 64)
        height = len(lines) * _BODY * _LEADING + 44
        self._draw.rounded_rectangle((self.left, self.y, self.left + self.width, self.y + height), 20, _ADVICE)
        for row, line in enumerate(lines):
            self._draw.text((self.left + 32, self.y + 20 + row * _BODY * _LEADING), line, _BRAND, font)
        self.y += height

    def line(self) -> None:
        """A thin line across the column."""
        self._draw.line((self.left, self.y, self.left + self.width, self.y), _LINE, 3)

    def perforation(self) -> None:
        """The dashed line of a ticket, with a notch at each edge."""
        for edge in (0, WIDTH):
            self._draw.ellipse((edge - _NOTCH, self.y - _NOTCH, edge + _NOTCH, self.y + _NOTCH), _LINE)
        for start in range(_MARGIN, WIDTH - _MARGIN, 2 * _DASH):
            self._draw.line((start, self.y, start + _DASH, self.y), _LINE, 4)
        self.y += _GAP + 4


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Broken at spaces. A single word longer than the line stays whole; office data has none."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=32)
def _font(weight: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(weight), size)
