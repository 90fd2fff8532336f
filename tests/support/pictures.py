"""Pictures that cameras make, and what others send in their place; all built here."""

from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

ORIENTATION = 0x0112
GPS = 0x8825
ON_ITS_SIDE = 6
"""EXIF: the camera was turned; the picture is to be turned a quarter clockwise."""


def a_scene(width: int = 800, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Grey, its upper left corner red."""
    image = Image.new("RGB", (width, height), "#808080")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="#ff0000")
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    into = BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def a_jpeg(width: int = 800, height: int = 600, **options: Any) -> bytes:
    return encoded(a_scene(width, height), **options)


def a_plain_jpeg(width: int, height: int) -> bytes:
    """As many points as wanted in few bytes."""
    return encoded(Image.new("L", (width, height), 128), quality=20)


def a_telling_jpeg() -> bytes:
    """Taken on its side, with the place, a comment and a colour profile in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = ON_ITS_SIDE
    exif[0x0110] = "Pixel 12"
    exif.get_ifd(GPS).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 36.0, 56.0)})
    return a_jpeg(exif=exif, comment=b"<script>", icc_profile=b"profile" * 20)


def noise(width: int, height: int) -> bytes:
    """What no encoder makes small."""
    points = Random(7).randbytes(width * height * 3)
    return encoded(Image.frombytes("RGB", (width, height), points), quality=95)


def several(kind: str) -> bytes:
    """Two pictures in one file."""
    second = Image.new("RGB", (800, 600), "#0000ff")
    return encoded(a_scene(), kind, save_all=True, append_images=[second])


def segments(jpeg: bytes) -> list[int]:
    """The markers before the points, by their second byte; nothing may follow the picture."""
    assert jpeg[:2] == b"\xff\xd8"
    assert jpeg.index(b"\xff\xd9") == len(jpeg) - 2
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        assert jpeg[at] == 0xFF
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return found
