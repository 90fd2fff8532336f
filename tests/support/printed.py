"""A PDF of ours as a reader sees it: its words, its pages as pictures, the codes in them."""

import cv2
import numpy as np
import pypdfium2
import zxingcpp

_POINTS_AN_INCH = 72


def pages(pdf: bytes, dpi: int) -> list[np.ndarray]:
    """Every page as grey pixels."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [
        page.render(scale=dpi / _POINTS_AN_INCH, grayscale=True).to_numpy().copy()
        for page in document
    ]
    document.close()
    return pictures


def words(pdf: bytes) -> list[str]:
    """The text of every page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def codes(picture: np.ndarray) -> list[str]:
    """What every QR code of a page holds, row by row."""
    found = zxingcpp.read_barcodes(picture)
    rows = sorted(found, key=lambda code: code.position.top_left.y)
    by_rows = sorted(rows, key=lambda code: (_row(code, rows[0]), code.position.top_left.x))
    return [code.text for code in by_rows]


def code_of(png: bytes) -> str:
    """What the one code of a picture says to somebody else's telephone."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    (text,) = codes(picture)
    return text


def _row(code: zxingcpp.Barcode, first: zxingcpp.Barcode) -> int:
    """Codes of one row stand at one height, give or take a part of a code."""
    height = first.position.bottom_left.y - first.position.top_left.y
    return round((code.position.top_left.y - first.position.top_left.y) / height)
