"""Whatever is sent as a photo: a small upright JPEG without a word beside it, or a refusal."""

from io import BytesIO

import pytest
from PIL import Image

from portal.errors import Invalid
from portal.services.photo_picture import (
    LARGEST_BYTES,
    LONGEST_SIDE,
    NO_PHOTO,
    TOO_LARGE,
    TOO_SMALL,
    picture_of,
)
from tests.support.pictures import (
    a_jpeg,
    a_plain_jpeg,
    a_scene,
    a_telling_jpeg,
    encoded,
    noise,
    segments,
    several,
)

SCRIPT = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF_AND_SCRIPT = encoded(a_scene(), "GIF").replace(b"GIF89a", b"GIF89a/*", 1) + b"*/=1;alert(1)"

HOSTILE = {
    "nothing": (b"", NO_PHOTO),
    "a PNG by the name of a JPEG": (encoded(a_scene(), "PNG"), NO_PHOTO),
    "an SVG": (SVG, NO_PHOTO),
    "a page": (SCRIPT, NO_PHOTO),
    "a page before a JPEG": (SCRIPT + a_jpeg(), NO_PHOTO),
    "a GIF that is a script": (GIF_AND_SCRIPT, NO_PHOTO),
    "a moving GIF": (several("GIF"), NO_PHOTO),
    "a moving WebP": (several("WEBP"), NO_PHOTO),
    "a moving PNG": (several("PNG"), NO_PHOTO),
    "a TIFF": (encoded(a_scene(), "TIFF"), NO_PHOTO),
    "half a JPEG": (a_jpeg()[: len(a_jpeg()) // 2], NO_PHOTO),
    "a JPEG's beginning": (a_jpeg()[:20], NO_PHOTO),
    "41 megapixels": (a_plain_jpeg(8200, 5000), TOO_LARGE),
    "a header of four gigapixels": (a_jpeg().replace(b"\x02\x58\x03\x20", b"\xff\xff\xff\xff", 1),
                                    TOO_LARGE),
    "1x1": (a_jpeg(1, 1), TOO_SMALL),
    "a thread": (a_jpeg(4000, 2), TOO_SMALL),
}  # fmt: skip

HARMLESS = {
    "a photo": (a_jpeg(), (800, 600)),
    "a large one": (a_jpeg(4000, 3000), (1600, 1200)),
    "40 megapixels": (a_plain_jpeg(8000, 5000), (1600, 1000)),
    "a page behind a JPEG": (a_jpeg() + SCRIPT, (800, 600)),
    "a page inside a JPEG": (a_jpeg(comment=SCRIPT), (800, 600)),
    "printer's colours": (encoded(a_scene(mode="CMYK")), (800, 600)),
    "grey": (encoded(a_scene(mode="L")), (800, 600)),
    "progressive": (a_jpeg(progressive=True), (800, 600)),
    "two in one file": (several("MPO"), (800, 600)),
    "on its side, with its place": (a_telling_jpeg(), (600, 800)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_photo_is_refused(kind: str) -> None:
    sent, sentence = HOSTILE[kind]
    with pytest.raises(Invalid) as refusal:
        picture_of(sent)
    assert (refusal.value.field, refusal.value.sentence) == ("photo", sentence)


@pytest.mark.parametrize("kind", HARMLESS)
def test_of_a_photo_only_its_points_are_kept(kind: str) -> None:
    sent, size = HARMLESS[kind]
    picture = picture_of(sent)
    assert (picture.width, picture.height) == size
    assert len(picture.data) <= LARGEST_BYTES
    # JFIF's own header, tables and the frame: no EXIF, no profile, no comment.
    assert set(segments(picture.data)) <= {0xE0, 0xDB, 0xC0, 0xC4}
    for word in (b"script", b"Exif", b"profile", b"Pixel"):
        assert word not in picture.data
    with Image.open(BytesIO(picture.data)) as stored:
        assert (stored.size, stored.mode, dict(stored.getexif())) == (size, "RGB", {})


def test_a_photo_stands_upright() -> None:
    """Red is in the sensor's upper left corner, so in the upright picture it is on the right."""
    with Image.open(BytesIO(picture_of(a_telling_jpeg()).data)) as upright:
        corners = [upright.convert("RGB").getpixel(at) for at in ((590, 10), (10, 10), (590, 790))]
    assert [is_red(each) for each in corners] == [True, False, False]


def test_printers_colours_are_not_turned_over() -> None:
    with Image.open(BytesIO(picture_of(encoded(a_scene(mode="CMYK"))).data)) as stored:
        assert is_red(stored.getpixel((10, 10)))


@pytest.mark.parametrize(("width", "height"), [(1600, 1600), (200, 1600)])
def test_even_noise_becomes_small_enough(width: int, height: int) -> None:
    picture = picture_of(noise(width, height))
    assert len(picture.data) <= LARGEST_BYTES
    assert max(picture.width, picture.height) <= LONGEST_SIDE


def test_the_same_bytes_make_the_same_picture() -> None:
    assert picture_of(a_telling_jpeg()) == picture_of(a_telling_jpeg())


def is_red(point: object) -> bool:
    assert isinstance(point, tuple)
    red, green, blue = point
    return bool(red > 180 and green < 90 and blue < 90)
