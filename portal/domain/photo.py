"""The photo of a meter, kept as evidence beside its reading."""

import re
from enum import StrEnum

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class PhotoPolicy(StrEnum):
    """Whether a service takes a photo with each of its readings."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


def is_photo_hash(text: str) -> bool:
    """Whether `text` can be the SHA-256 of a stored picture, in small hexadecimal digits."""
    return _HASH.fullmatch(text) is not None


def photo_field(key: str) -> str:
    """The name under which a form carries, and an error marks, the photo of the counter `key`."""
    return f"photo:{key}"
