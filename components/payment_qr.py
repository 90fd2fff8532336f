"""The payment QR as a picture inside the page."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import segno
from markupsafe import Markup

LABEL = "QR-код для оплаты: отсканируйте его в приложении любого банка"
QUIET_ZONE = 4
_SVG = Markup(
    '<svg class="zh-qr" role="img" aria-label="{label}" viewBox="0 0 {size} {size}"'
    ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
    '<path fill="#000" d="{dark}"/></svg>'
)


@lru_cache(maxsize=256)
def qr_svg(text: str) -> Markup:
    """Dark on white also at night: a camera reads no inverted codes."""
    code = qr_code(text)
    size = len(code.matrix) + 2 * QUIET_ZONE
    return _SVG.format(label=LABEL, size=size, dark="".join(_dark_runs(code.matrix)))


def qr_code(text: str) -> segno.QRCode:
    """UTF-8 bytes without an ECI mark, which the apps of banks stumble over; error correction M."""
    return segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False)


def _dark_runs(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """Each run of dark modules of a row as one rectangle."""
    for y, row in enumerate(matrix, QUIET_ZONE):
        for is_dark, run in groupby(enumerate(row, QUIET_ZONE), lambda cell: cell[1]):
            cells = list(run)
            if is_dark:
                yield f"M{cells[0][0]} {y}h{len(cells)}v1h-{len(cells)}z"
