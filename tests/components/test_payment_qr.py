"""The picture, read back as a bank's app would: painted and given to a QR reader."""

import re
from base64 import b64decode

import cv2
import numpy as np
import pytest
from markupsafe import Markup

from components.payment_qr import payment_qr, qr_svg
from tests.domain.vectors import VECTORS
from tests.support.printed import code_of

SCALE = 6
WORKED = VECTORS["qr"][0]["string"]


def painted(svg: str) -> np.ndarray:
    size = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    picture = np.full((size, size), 255, np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        picture[int(y), int(x) : int(x) + int(width)] = 0
    return np.kron(picture, np.ones((SCALE, SCALE), np.uint8))


def png(picture: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


@pytest.mark.parametrize("text", [WORKED, "ST00012|Name=УК", "ST00012|Purpose=<script>&\"'😀"])
def test_a_reader_sees_the_very_text(text):
    assert code_of(png(painted(qr_svg(text)))) == text


def test_a_text_of_digits_is_read_too():
    assert code_of(png(painted(qr_svg("0123456789")))) == "0123456789"


def test_what_is_saved_says_the_same():
    """A telephone cannot read its own screen: its bank's app takes the picture that was saved."""
    code = payment_qr(WORKED)
    (saved,) = re.findall(r'href="data:image/png;base64,([^"]+)" download="[^"]+\.png"', code)
    assert code_of(b64decode(saved)) == WORKED


def test_it_has_a_quiet_zone_of_four_modules():
    picture = painted(qr_svg(WORKED))
    edge = 4 * SCALE
    assert picture[:edge].min() == 255
    assert picture[:, :edge].min() == 255
    assert picture[-edge:].min() == 255
    assert picture[:, -edge:].min() == 255
    assert picture[edge, edge] == 0


def test_it_is_named_for_those_who_do_not_see_it_and_safe_to_put_into_a_page():
    svg = qr_svg('ST00012|Name="><script>')
    assert isinstance(svg, Markup)
    assert 'role="img" aria-label="QR-код' in svg
    assert "script" not in svg


def test_the_background_is_painted_white_so_that_dark_pages_do_not_shine_through():
    assert re.search(r'<path fill="#fff" d="M0 0h(\d+)v\1H0z"/>', qr_svg(WORKED))
