"""What every PDF of ours has: A4, our font, Russian, the same bytes for the same values."""

import unicodedata
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONT = "PT Sans"
_FONTS = Path(__file__).with_name("fonts")
_ELLIPSIS = "…"


def a4(title: str, made_at: datetime) -> FPDF:
    """An empty document in millimetres, without margins of its own."""
    pdf = FPDF(format="A4")
    pdf.add_font(FONT, "", _FONTS / "PTS55F.ttf")
    pdf.add_font(FONT, "B", _FONTS / "PTS75F.ttf")
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_auto_page_break(auto=False)
    pdf.set_title(title)
    pdf.set_lang("ru")
    pdf.set_creation_date(made_at)
    return pdf


def lines_of(pdf: FPDF, text: str, width: float, most: int) -> list[str]:
    """`text` in the present font, wrapped to `width` millimetres; what does not go into `most`
    lines ends in «…».
    """
    lines = pdf.multi_cell(width, text=_drawn(pdf, text), align="L", dry_run=True, output="LINES")
    assert isinstance(lines, list)  # noqa: S101 - that is what was asked for
    told = [str(line) for line in lines]
    if len(told) <= most:
        return told
    return [*told[: most - 1], _cut(pdf, " ".join(told[most - 1 :]), width)]


def _cut(pdf: FPDF, line: str, width: float) -> str:
    while line and pdf.get_string_width(line + _ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS


def _drawn(pdf: FPDF, text: str) -> str:
    """`text` without what turns the direction of writing or is no sign at all; «?» stands for
    what the font lacks.
    """
    font = pdf.current_font
    assert isinstance(font, TTFFont)  # noqa: S101 - a4 has added no other
    seen = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join("".join(sign if ord(sign) in font.cmap else "?" for sign in seen).split())
