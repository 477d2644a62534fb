"""Papers in print (帳票のPDF): A4, with the Japanese font embedded, the same bytes for the same paper and date.

The font is a file that the caller names; fpdf2 reads it, and only the characters of the paper go into the PDF.
"""

import datetime as dt
from typing import TYPE_CHECKING

from chosho.errors import InputRefused
from chosho.report.paper import Block, Frame, Heading, Lines, Paper, Signs, Table

if TYPE_CHECKING:
    from fpdf import FPDF

_FAMILY = "japanese"
_MARGIN = 15
_GREY = 238
_BODY, _LARGE, _TITLE, _HEADING, _SMALL = 9.5, 12, 16, 11, 8
_LINE = 5.2
_ROOM = 297 - _MARGIN
"""Millimetres from the top to the lower margin."""


def pdf(paper: Paper, font: str, date: dt.date) -> bytes:
    """Return a paper as a PDF.

    Args:
        paper: what it says.
        font: file of a TrueType or OpenType font with Japanese characters; of a collection, the first.
        date: the day that the PDF is said to be of.

    Raises:
        InputRefused: the font cannot be used (CHSP030E).
    """
    from fontTools.ttLib import TTLibError
    from fpdf import FPDF
    from fpdf.errors import FPDFException

    page = FPDF(format="A4")
    page.set_margin(_MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    page.set_creation_date(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC))
    page.set_producer("chosho")
    page.set_title(f"{paper.title} {paper.subtitle}")
    page.set_lang("ja")
    try:
        page.add_font(_FAMILY, fname=font)
        page.set_font(_FAMILY, size=_BODY)
        _Print(page).paper(paper)
        return bytes(page.output())
    except (FPDFException, TTLibError, ValueError, KeyError, OSError) as error:
        raise InputRefused("CHSP030E", font=font, problem=type(error).__name__) from error


class _Print:
    """Draws the blocks of a paper, one below the other."""

    def __init__(self, page: "FPDF") -> None:
        from fpdf.enums import WrapMode

        self._page = page
        self._wrap = WrapMode.CHAR  # Japanese has no blanks to break lines at

    def paper(self, paper: Paper) -> None:
        page = self._page
        page.add_page()
        self._text(paper.title, size=_TITLE, line=9, align="C")
        page.set_text_color(70)
        self._text(paper.subtitle, align="C")
        page.set_text_color(0)
        page.ln(3)
        for place, block in enumerate(paper.blocks):
            if isinstance(block, Heading):
                following = paper.blocks[place + 1] if place + 1 < len(paper.blocks) else block
                self._heading(block, following)
            else:
                self._block(block)
        if paper.foot:
            page.ln(2)
            page.set_text_color(70)
            self._text(paper.foot, size=_SMALL, line=4)

    def _block(self, block: Block) -> None:
        match block:
            case Table():
                self._table(block)
            case Lines():
                for line in block.lines:
                    self._text(
                        line,
                        size=_LARGE if block.large else _BODY,
                        line=_LINE + block.large,
                        align="R" if block.right else "L",
                    )
                self._page.ln(1.5)
            case Frame():
                self._frame(block)
            case Signs():
                self._signs(block)

    def _heading(self, block: Heading, following: Block) -> None:
        page = self._page
        # A heading does not stand alone at the foot of a page.
        need = 40 if isinstance(following, (Frame, Signs)) else 26
        if page.get_y() + need > _ROOM:
            page.add_page()
        page.ln(3.5)
        page.set_fill_color(20)
        page.rect(_MARGIN, page.get_y() + 0.6, 1.2, 4.6, style="F")
        page.set_fill_color(255)  # else the cells of the next table are filled with the bar's colour
        page.set_x(_MARGIN + 3)
        self._text(block.text, size=_HEADING, line=6)
        page.ln(0.8)

    def _table(self, block: Table) -> None:
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        page = self._page
        page.set_draw_color(120)
        page.set_line_width(0.2)
        label = FontFace(fill_color=_GREY)
        with page.table(
            col_widths=block.widths,
            text_align=tuple(
                "RIGHT" if place in block.right else "LEFT" for place in range(len(block.widths))
            ),
            first_row_as_headings=bool(block.head),
            headings_style=label,
            borders_layout=TableBordersLayout.ALL,
            line_height=_LINE,
            padding=(0.7, 1.6),
            wrapmode=self._wrap,
        ) as table:
            if block.head:
                table.row(block.head)
            for cells in block.rows:
                row = table.row()
                for place, cell in enumerate(cells):
                    row.cell(cell, style=label if place in block.labels else None)
        page.ln(2)

    def _frame(self, block: Frame) -> None:
        page = self._page
        line = 7.2
        left, width = _MARGIN, page.epw
        page.set_font(_FAMILY, size=_LARGE)
        rows: list[str] = []
        for text in block.lines:
            pieces = page.multi_cell(
                width - 12, line, text, dry_run=True, output="LINES", align="L", wrapmode=self._wrap
            )
            rows += pieces if isinstance(pieces, list) else [text]
        height = len(rows) * line + 6
        if page.get_y() + height > _ROOM:
            page.add_page()
        top = page.get_y()
        page.set_draw_color(20)
        page.set_line_width(0.4)
        page.set_dash_pattern(dash=1.6, gap=1.2)
        page.rect(left, top, width, height)
        page.set_dash_pattern()
        page.set_y(top + 3)
        for row in rows:
            page.set_x(left + 6)
            page.cell(width - 12, line, row, new_x="LMARGIN", new_y="NEXT")
        page.set_y(top + height + 2)
        page.set_font(_FAMILY, size=_BODY)

    def _signs(self, block: Signs) -> None:
        page = self._page
        if page.get_y() + 22 > _ROOM:
            page.add_page()
        page.set_draw_color(120)
        page.set_line_width(0.2)
        page.set_fill_color(_GREY)
        width = page.epw / len(block.titles)
        for title in block.titles:
            page.cell(width, 6, title, border=1, align="C", fill=True)
        page.set_fill_color(255)
        page.ln(6)
        for _ in block.titles:
            page.cell(width, 14, "", border=1)
        page.ln(16)

    def _text(self, text: str, *, size: float = _BODY, line: float = _LINE, align: str = "L") -> None:
        page = self._page
        page.set_font(_FAMILY, size=size)
        page.multi_cell(0, line, text, align=align, wrapmode=self._wrap, new_x="LMARGIN", new_y="NEXT")
        page.set_font(_FAMILY, size=_BODY)
