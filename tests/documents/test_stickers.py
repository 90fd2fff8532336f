"""The sheet of stickers, read back by a reader of PDFs and a reader of codes."""

import re
from datetime import UTC, datetime
from itertools import product

import cv2
import numpy as np
import pytest

from portal.documents.stickers import (
    COLUMNS,
    HEIGHT,
    INVITATION,
    LEFT,
    ON_A_SHEET,
    ROWS,
    STEP,
    TOP,
    WIDTH,
    stickers_pdf,
)
from portal.domain.sticker import Label, shown, spelt, token_of
from tests.support.printed import codes, pages, words

AT = datetime(2026, 11, 24, tzinfo=UTC)
PORTAL = "https://lk.uk-dom-service.ru"
A4 = (210.0, 297.0)
LONG = "Горячее водоснабжение: компонент на тепловую энергию, водоразборноциркуляционныйповыситель"
HOSTILE = "Счет\u202eчик\0\n<b>&amp;\x1b[1m 😀 ⋅ м³"


def a_label(number: int, *, portal: str = PORTAL, **said: str) -> Label:
    sticker = spelt(number.to_bytes(5))
    return Label(
        **{
            "address": f"{portal}/m/{token_of(b's' * 32, sticker)}",
            "number": shown(sticker),
            "flat": f"кв. {number}",
            "service": "Холодная вода",
            "device": "Счетчик холодной воды",
            "serial": f"4524{number}",
        }
        | said
    )


def printed(*labels: Label) -> bytes:
    return stickers_pdf(labels, "ул. Лесная, 7", AT)


@pytest.fixture(scope="module")
def many() -> tuple[list[Label], bytes]:
    labels = [a_label(number) for number in range(1, 2 * ON_A_SHEET + 4)]
    return labels, printed(*labels)


def test_every_code_of_every_page_holds_its_label_s_address(
    many: tuple[list[Label], bytes],
) -> None:
    labels, pdf = many
    read = [codes(page) for page in pages(pdf, 200)]
    assert [len(page) for page in read] == [ON_A_SHEET, ON_A_SHEET, 3]
    assert [code for page in read for code in page] == [label.address for label in labels]


def test_every_label_says_what_it_hangs_on(many: tuple[list[Label], bytes]) -> None:
    labels, pdf = many
    text = "\n".join(words(pdf))
    lines = [line.strip() for line in text.splitlines()]
    for label in labels:
        for said in (label.flat, f"№ {label.serial}", label.number):
            assert lines.count(said) == 1, said
    assert lines.count(INVITATION) == len(labels), "one line each"
    assert lines.count("Счетчик холодной воды") == len(labels)


def test_the_font_is_inside_and_the_file_says_what_it_is(many: tuple[list[Label], bytes]) -> None:
    _, pdf = many
    assert pdf.startswith(b"%PDF-")
    embedded = re.findall(rb"/FontName /[A-Z]{6}\+(PTSans(?:Bold)?)\b", pdf)
    assert sorted(embedded) == [b"PTSans", b"PTSansBold"]
    assert pdf.count(b"/FontFile2") == 2
    assert b"/Lang (ru)" in pdf
    assert len(pdf) < 300_000


def test_the_same_labels_give_the_same_bytes(many: tuple[list[Label], bytes]) -> None:
    labels, pdf = many
    assert printed(*labels) == pdf


def test_nothing_is_nearer_to_the_edge_than_printers_reach(many: tuple[list[Label], bytes]) -> None:
    _, pdf = many
    safe = 5.0
    dots = 150 / 25.4
    for page in pages(pdf, 150):
        assert page.shape == pytest.approx((A4[1] * dots, A4[0] * dots), abs=2)
        inked = np.argwhere(page < 250)
        (first_y, first_x), (last_y, last_x) = inked.min(0) / dots, inked.max(0) / dots
        assert first_x >= safe
        assert first_y >= safe
        assert last_x <= A4[0] - safe
        assert last_y <= A4[1] - safe


def test_labels_lie_inside_their_cuts(many: tuple[list[Label], bytes]) -> None:
    """Around each cut a strip stays white, its marks excepted: a cut 1 mm off costs nothing."""
    _, pdf = many
    dots = 300 / 25.4
    page = pages(pdf, 300)[0]
    for row, column in product(range(ROWS), range(COLUMNS)):
        left, top = LEFT + column * STEP, TOP + row * HEIGHT
        for x, y, width, height in (
            (left + 2, top - 1, WIDTH - 4, 2),
            (left - 1, top + 2, 2, HEIGHT - 4),
        ):
            strip = page[
                round(y * dots) : round((y + height) * dots),
                round(x * dots) : round((x + width) * dots),
            ]
            assert strip.min() > 250, (row, column)


def test_there_are_marks_to_cut_along(many: tuple[list[Label], bytes]) -> None:
    _, pdf = many
    dots = 300 / 25.4
    page = pages(pdf, 300)[0]
    for row, column in product(range(ROWS + 1), range(COLUMNS)):
        for x in (LEFT + column * STEP, LEFT + column * STEP + WIDTH):
            across, down = round(x * dots), round((TOP + row * HEIGHT) * dots)
            near = page[down - 3 : down + 4, across - 3 : across + 4]
            assert near.min() < 200, (row, column)


DOMAINS = ["https://d.ru", PORTAL, "https://lichny-kabinet.upravlyayuschaya-kompaniya.ru"]


@pytest.mark.parametrize("portal", DOMAINS, ids=len)
def test_a_code_is_two_centimetres_wide_and_is_read_from_a_poor_picture(portal: str) -> None:
    """Half a print's dots, blurred, askew, dim, on a wet label: as a phone sees it."""
    label = a_label(7, portal=portal)
    page = pages(printed(label), 300)[0]
    dots = 300 / 25.4
    picture = page[
        round(TOP * dots) : round((TOP + HEIGHT) * dots),
        round(LEFT * dots) : round((LEFT + WIDTH) * dots),
    ]
    dark = np.argwhere(picture[: round(27 * dots), : round(28 * dots)] < 128)
    assert (np.ptp(dark, axis=0) / dots).min() >= 20
    assert codes(spoilt(picture)) == [label.address]


def spoilt(picture: np.ndarray) -> np.ndarray:
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    turned = cv2.warpAffine(
        small,
        cv2.getRotationMatrix2D((width / 2, height / 2), 17, 0.9),
        (width, height),
        borderValue=(255.0,),
    )
    blurred = cv2.GaussianBlur(turned, (0, 0), 0.8)
    cv2.circle(blurred, (round(width * 0.25), round(height * 0.42)), 6, (140.0,), -1)
    dim = (blurred * 0.5 + 60).astype(np.uint8)
    noise = np.random.default_rng(1).normal(0, 6, dim.shape)
    return np.clip(dim + noise, 0, 255).astype(np.uint8)


def test_what_is_too_long_is_cut_and_stays_in_its_label() -> None:
    labels = [a_label(number, service=LONG, device=LONG, serial="9" * 80) for number in range(1, 5)]
    pdf = printed(*labels)
    (text,) = words(pdf)
    assert text.count("…") == 3 * len(labels)
    lines = [line.strip() for line in text.splitlines()]
    assert all(label.flat in lines and label.number in lines for label in labels)
    page = pages(pdf, 200)[0]
    assert codes(page) == [label.address for label in labels]
    dots = 200 / 25.4
    gap = page[:, round((LEFT + WIDTH - 1) * dots) : round((LEFT + WIDTH - 0.3) * dots)]
    assert np.count_nonzero(gap.min(axis=1) < 200) <= (ROWS + 1) * 2, "nothing but marks"


def test_odd_words_are_printed_as_far_as_the_font_goes(caplog: pytest.LogCaptureFixture) -> None:
    (text,) = words(printed(a_label(1, service=HOSTILE, device="", serial="", flat="")))
    said = " ".join(text.split())
    assert "Счет чик <b>&amp; [1m ? ? м³" in said
    assert "№" not in said
    assert caplog.text == ""


def test_no_labels_no_pages() -> None:
    assert len(pages(printed(), 50)) <= 1
