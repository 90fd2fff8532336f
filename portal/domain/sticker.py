"""The sticker on a meter: its number, the signed token in its QR code, what is printed on it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

PATH = "/m/"
"""Where the portal answers to a token."""
NUMBER_BYTES = 5
_NUMBER_SIGNS, _SIGNATURE_BYTES, _SIGNATURE_SIGNS = 8, 10, 16
_GROUP = 4
# Signs that numbers lack, as they are misread.
_MISREAD = str.maketrans("018", "olb", "- ")


@dataclass(frozen=True, slots=True)
class Label:
    """One sticker as it is printed.  `address` is what its QR code holds; nothing says whose the
    meter is.
    """

    address: str
    number: str
    flat: str
    service: str
    device: str
    serial: str


def spelt(random: bytes) -> str:
    """A sticker's number of NUMBER_BYTES random bytes: it tells nothing and follows no other."""
    return base64.b32encode(random).decode().lower()


def shown(number: str) -> str:
    """«k7m2-xq5p», as it is printed."""
    return f"{number[:_GROUP]}-{number[_GROUP:]}"


def read_number(typed: str) -> str:
    """The number of a sticker that is named by it, by its token or by its whole address."""
    told = typed.strip().rpartition(PATH)[2]
    return told.lower().translate(_MISREAD)[:_NUMBER_SIGNS]


def token_of(secret: bytes, number: str) -> str:
    """24 signs a-z and 2-7: the number, then eighty bits of its signature."""
    key = b"sticker:" + number.encode()
    signature = hmac.new(secret, key, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
    return number + spelt(signature)


def signed_number(secret: bytes, token: str) -> str | None:
    """The number of a token that this installation has signed, else None."""
    if len(token) != _NUMBER_SIGNS + _SIGNATURE_SIGNS or not token.isascii():
        return None
    number = token[:_NUMBER_SIGNS]
    return number if hmac.compare_digest(token, token_of(secret, number)) else None
