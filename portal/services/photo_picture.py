"""Making a picture of what somebody sends: decoded, turned upright, encoded anew.

Nothing of the sent bytes is kept, so neither a place and a device's number, nor a page or a script
that hides in a picture, can be stored.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from portal.errors import Invalid
from portal.services.core_queue import CoreQueue

# Pillow's own limit is laxer and only warns: what is too large is judged here, by the header.
Image.MAX_IMAGE_PIXELS = None

FIELD = "photo"
LARGEST_BYTES = 300_000
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
SHORTEST_SIDE = 200
_QUALITIES = (85, 75, 65, 50, 35)
# A picture that no quality makes small enough, such as noise, loses a quarter of its sides.
_SMALLER = (3, 4)
# Cameras put several pictures into one file, and Pillow then calls it MPO: the first one counts.
_FORMATS = frozenset({"JPEG", "MPO"})

NO_PHOTO = "Это не снимок камеры или он поврежден: нужен файл JPEG. Сфотографируйте счетчик ещё раз"
TOO_LARGE = (
    "Снимок слишком большой: в нем больше 40 миллионов точек. Сфотографируйте с меньшим размером"
)
TOO_SMALL = "Снимок слишком мелкий: цифр не разобрать. Сфотографируйте счетчик ещё раз"

PICTURES = CoreQueue(
    "zkh-photo", "Сейчас приходит слишком много снимков. Повторите через минуту", 1, 30
)
"""One at a time: a large picture takes 120 MB while it is decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of at most LARGEST_BYTES without any metadata; `sha256` is that of `data`."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def picture_of(sent: bytes) -> Picture:
    """Takes up to a second of a core.  Raises Invalid(`photo`): no JPEG, damaged, more than
    LARGEST_PIXELS, smaller than SHORTEST_SIDE.
    """
    try:
        upright = _decoded(sent)
    except Invalid:
        raise
    except Exception as fault:  # a decoder of strangers' bytes may fail in any way
        raise Invalid(FIELD, NO_PHOTO) from fault
    return _encoded(upright)


def _decoded(sent: bytes) -> Image.Image:
    with Image.open(BytesIO(sent), formats=["JPEG"]) as image:
        _judge(image)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def _judge(image: Image.Image) -> None:
    """By the header alone, before any point is decoded."""
    if image.format not in _FORMATS:
        raise Invalid(FIELD, NO_PHOTO)
    if image.width * image.height > LARGEST_PIXELS:
        raise Invalid(FIELD, TOO_LARGE)
    if min(image.size) < SHORTEST_SIDE:
        raise Invalid(FIELD, TOO_SMALL)


def _encoded(upright: Image.Image) -> Picture:
    """Pasted onto a new picture: Pillow would carry a comment over to the file."""
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    while True:
        for quality in _QUALITIES:
            into = BytesIO()
            clean.save(into, "JPEG", quality=quality, optimize=True)
            if into.tell() <= LARGEST_BYTES:
                return Picture(into.getvalue(), *clean.size)
        part, whole = _SMALLER
        clean = clean.resize((clean.width * part // whole, clean.height * part // whole))
