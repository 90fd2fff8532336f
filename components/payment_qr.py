"""The payment QR: a picture inside the page, and one to save."""

import io
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import segno
from markupsafe import Markup

from components.rendering import render

LABEL = "QR-код для оплаты: отсканируйте его в приложении любого банка"
_QUIET_ZONE = 4
_PIXELS = 8
"""Of one module: a bank's app reads it from the photographs of a telephone."""
_FILE_NAME = "QR-код для оплаты.png"
_SVG = Markup(
    '<svg class="zh-qr" role="img" aria-label="{label}" viewBox="0 0 {size} {size}"'
    ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
    '<path fill="#000" d="{dark}"/></svg>'
)


def payment_qr(text: str) -> Markup:
    """The code, and how one pays with it on the very telephone that shows it.

    A hundredth to a tenth of a second of work, the first time for a text.
    """
    return render("payment_qr", qr=qr_svg(text), png=_png(text), file_name=_FILE_NAME)


@lru_cache(maxsize=256)
def qr_svg(text: str) -> Markup:
    """Dark on white also at night: a camera reads no inverted codes."""
    code = _qr_code(text)
    size = len(code.matrix) + 2 * _QUIET_ZONE
    return _SVG.format(label=LABEL, size=size, dark="".join(_dark_runs(code.matrix)))


@lru_cache(maxsize=256)
def _png(text: str) -> str:
    """As an address that holds the picture itself: it is saved without a network, too."""
    picture = io.BytesIO()
    _qr_code(text).save(picture, kind="png", scale=_PIXELS, border=_QUIET_ZONE)
    return f"data:image/png;base64,{b64encode(picture.getvalue()).decode()}"


def _qr_code(text: str) -> segno.QRCode:
    """UTF-8 bytes without an ECI mark, which the apps of banks stumble over; error correction M."""
    return segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False)


def _dark_runs(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """Each run of dark modules of a row as one rectangle."""
    for y, row in enumerate(matrix, _QUIET_ZONE):
        for is_dark, run in groupby(enumerate(row, _QUIET_ZONE), lambda cell: cell[1]):
            cells = list(run)
            if is_dark:
                yield f"M{cells[0][0]} {y}h{len(cells)}v1h-{len(cells)}z"
