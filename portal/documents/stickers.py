"""A sheet of stickers for meters: 3 × 8 on A4, 63,5 × 33,9 mm each.

That is the size of the self-adhesive sheets of 24 that stationers sell; on a whole sheet the marks
show where to cut.  No printer reaches the paper's edge: nothing is nearer to it than 7 mm.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import segno
from fpdf import FPDF

from portal.documents.sheet import FONT, a4, lines_of
from portal.domain.sticker import Label

TEMPLATE_VERSION = 1
COLUMNS, ROWS = 3, 8
ON_A_SHEET = COLUMNS * ROWS
WIDTH, HEIGHT = 63.5, 33.9
LEFT, TOP = 7.25, 12.9
STEP = 66.0
"""From one column to the next."""
INVITATION = "Наведите камеру, чтобы передать показания"

_CODE = 27.6
"""The code with its quiet zone; without it, more than 2 cm."""
_QUIET_ZONE = 4
_MARK, _GREY = 1.2, 110
_TEXT_LEFT, _TEXT_TOP, _TEXT_WIDTH = 28.4, 2.0, 32.6
_NUMBER_TOP, _INVITATION_TOP = 25.3, 28.2
_LINE = 1.16
_MM_A_POINT = 25.4 / 72


def stickers_pdf(labels: Sequence[Label], house: str, issued_at: datetime) -> bytes:
    """The labels in their order, row by row; the same labels give the same bytes."""
    pdf = a4(f"Наклейки: {house}", issued_at)
    for number, label in enumerate(labels):
        place = number % ON_A_SHEET
        if place == 0:
            pdf.add_page()
            _cut_marks(pdf)
        row, column = divmod(place, COLUMNS)
        _label(pdf, label, LEFT + column * STEP, TOP + row * HEIGHT)
    return bytes(pdf.output())


def _label(pdf: FPDF, label: Label, left: float, top: float) -> None:
    _code(pdf, label.address, left + 0.4, top + 0.4)
    y = top + _TEXT_TOP
    x = left + _TEXT_LEFT
    y = _say(pdf, label.service, x, y, 9.5, 2, style="B")
    y = _say(pdf, label.device, x, y + 0.6, 7.5, 2)
    y = _say(pdf, f"№ {label.serial}" if label.serial else "", x, y + 0.6, 8, 1)
    _say(pdf, label.flat, x, y + 0.6, 9.5, 1, style="B")
    pdf.set_text_color(_GREY)
    _say(pdf, label.number, x, top + _NUMBER_TOP, 6, 1)
    pdf.set_text_color(0)
    _say(pdf, INVITATION, left + 2.8, top + _INVITATION_TOP, 8, 1, width=WIDTH - 5.6)


def _say(
    pdf: FPDF,
    text: str,
    x: float,
    y: float,
    points: float,
    most: int,
    *,
    style: str = "",
    width: float = _TEXT_WIDTH,
) -> float:
    """At most so many lines of `text`; where the next thing may begin."""
    pdf.set_font(FONT, style, points)
    height = points * _MM_A_POINT * _LINE
    for line in lines_of(pdf, text, width, most) if text else ():
        pdf.set_xy(x, y)
        pdf.cell(width, height, line)
        y += height
    return y


def _code(pdf: FPDF, address: str, left: float, top: float) -> None:
    """Of the size that correction M needs, with the strongest that fits: bathrooms are damp."""
    matrix = segno.make_qr(address, error="m").matrix
    module = _CODE / (len(matrix) + 2 * _QUIET_ZONE)
    for x, y, length in _dark_runs(matrix):
        pdf.rect(
            left + (x + _QUIET_ZONE) * module, top + (y + _QUIET_ZONE) * module,
            length * module, module, style="F",
        )  # fmt: skip


def _dark_runs(matrix: tuple[bytearray, ...]) -> Iterator[tuple[int, int, int]]:
    """Column, row and length of each run of dark modules."""
    for y, row in enumerate(matrix):
        for is_dark, run in groupby(enumerate(row), lambda cell: cell[1]):
            cells = list(run)
            if is_dark:
                yield cells[0][0], y, len(cells)


def _cut_marks(pdf: FPDF) -> None:
    """A small cross at each corner of each label."""
    pdf.set_draw_color(_GREY)
    pdf.set_line_width(0.1)
    for row in range(ROWS + 1):
        for x in _edges():
            y = TOP + row * HEIGHT
            pdf.line(x - _MARK, y, x + _MARK, y)
            pdf.line(x, y - _MARK, x, y + _MARK)


def _edges() -> Iterator[float]:
    for column in range(COLUMNS):
        yield LEFT + column * STEP
        yield LEFT + column * STEP + WIDTH
