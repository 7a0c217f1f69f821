"""A list to print: who comes on a day, hour by hour, with a box to tick."""

from __future__ import annotations

from dataclasses import dataclass

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from sigap.tickets.fonts import BOLD, MEDIUM

# Millimetres on A4 upright.
_MARGIN, _WIDTH, _ROW, _BOTTOM = 12.0, 186.0, 7.4, 20.0
_INK, _QUIET, _LINE, _BAND, _BRAND = (20, 33, 61), (91, 100, 117), (200, 206, 216), (232, 239, 250), (18, 53, 107)
_NOTICE = (255, 233, 184)
_BOX = 4.0
_FONT = "Jakarta"


@dataclass(frozen=True)
class Column:
    """A column: its title and its share of the width."""

    title: str
    share: float


@dataclass(frozen=True)
class Group:
    """The rows of one hour. A row has one text for each column; `ticked` draws its box with a cross in it."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    ticked: tuple[bool, ...]


@dataclass(frozen=True)
class Sheet:
    """A day sheet, worded. `tick_title` heads the boxes; `page` is the footer with {nomor} and {jumlah} in it.

    `empty` is said where there are no groups; `notice` warns above the list, None leaves it out.
    """

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    tick_title: str
    groups: tuple[Group, ...]
    empty: str
    footer: str
    page: str
    notice: str | None = None


def draw_sheet(sheet: Sheet) -> bytes:
    """The sheet as a PDF, A4 upright, its column titles on every page and no hour's first row left alone."""
    paper = _Paper(sheet)
    paper.add_page()
    if not sheet.groups:
        paper.set_font(_FONT, size=11)
        paper.cell(_WIDTH, 14, sheet.empty)
    for group in sheet.groups:
        paper.group(group)
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__("portrait", "mm", "A4")
        self._sheet = sheet
        shares = sum(column.share for column in sheet.columns)
        self._widths = [(_WIDTH - 14) * column.share / shares for column in sheet.columns]
        self.add_font(_FONT, "", str(MEDIUM))
        self.add_font(_FONT, "B", str(BOLD))
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(False)
        self.alias_nb_pages("{jumlah}")
        self.set_title(sheet.title)

    def header(self) -> None:
        """Title on the first page, column titles on every page."""
        if self.page_no() == 1:
            self._heading()
        self.set_font(_FONT, "B", 8)
        self.set_text_color(*_QUIET)
        for column, width in zip(self._sheet.columns, self._widths):
            self.cell(width, 6, column.title)
        self.cell(14, 6, self._sheet.tick_title, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        """What the sheet is, and the page number."""
        self.set_y(-14)
        self.set_font(_FONT, size=8)
        self.set_text_color(*_QUIET)
        self.cell(_WIDTH * 0.75, 5, self._sheet.footer)
        page = self._sheet.page.replace("{nomor}", str(self.page_no()))
        self.cell(_WIDTH * 0.25, 5, page, align="R")

    def group(self, group: Group) -> None:
        """A band with the hour, then its rows."""
        self._make_room(2)
        self._band(group.title)
        for row, ticked in zip(group.rows, group.ticked):
            if self._make_room(1):
                self._band(group.title)
            self._row(row, ticked)
        self.ln(2)

    def _heading(self) -> None:
        if self._sheet.notice:
            self.set_fill_color(*_NOTICE)
            self.set_font(_FONT, "B", 9)
            self.set_text_color(*_INK)
            self.cell(_WIDTH, 8, self._sheet.notice, fill=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(3)
        self.set_font(_FONT, "B", 17)
        self.set_text_color(*_BRAND)
        self.cell(_WIDTH, 9, self._sheet.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(_FONT, size=10.5)
        self.set_text_color(*_INK)
        self.cell(_WIDTH, 6.5, self._sheet.subtitle, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def _band(self, title: str) -> None:
        self.set_fill_color(*_BAND)
        self.set_text_color(*_BRAND)
        self.set_font(_FONT, "B", 10)
        self.cell(_WIDTH, 7, title, fill=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _row(self, texts: tuple[str, ...], ticked: bool) -> None:
        self.set_text_color(*_INK)
        self.set_draw_color(*_LINE)
        for position, (text, width) in enumerate(zip(texts, self._widths)):
            self.set_font(_FONT, "B" if position == 0 else "", 9)
            self.cell(width, _ROW, self._fitting(text, width - 1.5))
        left, top = self.get_x() + (14 - _BOX) / 2, self.get_y() + (_ROW - _BOX) / 2
        self.set_draw_color(*_INK)
        self.rect(left, top, _BOX, _BOX)
        if ticked:
            self.line(left, top, left + _BOX, top + _BOX)
            self.line(left + _BOX, top, left, top + _BOX)
        self.ln(_ROW)
        self.set_draw_color(*_LINE)
        self.line(_MARGIN, self.get_y(), _MARGIN + _WIDTH, self.get_y())

    def _fitting(self, text: str, width: float) -> str:
        """The text, cut with an ellipsis where it is wider than its column."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _make_room(self, rows: int) -> bool:
        """Begin a new page unless so many rows fit; whether it was begun."""
        if self.get_y() + rows * _ROW + 2 <= self.h - _BOTTOM:
            return False
        self.add_page()
        return True
