"""What PHP's literals mean: quotes and their escapes, numbers, array keys, a value inside a text.

A text of PHP is bytes, so the escapes of double quotes are bytes too; they are read in the encoding
of the file that holds them.  Sources: the PHP manual, «Strings», «Integers», «Arrays».
"""

import re
from decimal import Decimal, InvalidOperation

_SINGLE = re.compile(r"\\([\\'])")
_DOUBLE = re.compile(
    r"\\(?:(?P<named>[nrtvef\\$\"])"
    r"|(?P<octal>[0-7]{1,3})"
    r"|x(?P<hex>[0-9A-Fa-f]{1,2})"
    r"|u\{(?P<point>[0-9A-Fa-f]+)\})"
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "e": "\x1b", "f": "\f"}
_WHOLE_KEY = re.compile(r"(?:0|-?[1-9][0-9]*)\Z", re.ASCII)
_LARGEST = 2**63 - 1
_SMALLEST = -(2**63)
_BASES = {"0x": 16, "0b": 2, "0o": 8}


def single_quoted(body: str) -> str:
    r"""The text between single quotes: only `\\` and `\'` are escapes, `\n` is two characters."""
    return _SINGLE.sub(r"\1", body)


def double_quoted(body: str, encoding: str, *, is_heredoc: bool = False) -> str:
    r"""The text between double quotes, without interpolation; an escape PHP lacks stays as written,
    and in a heredoc `\"` does too.

    Raises UnicodeError when the escapes make bytes that are no text in `encoding`.
    """
    made = bytearray()
    position = 0
    for escape in _DOUBLE.finditer(body):
        is_kept = is_heredoc and escape["named"] == '"'
        meant = escape.group().encode() if is_kept else _escaped(escape, encoding)
        made += body[position : escape.start()].encode(encoding) + meant
        position = escape.end()
    made += body[position:].encode(encoding)
    return made.decode(encoding)


def _escaped(escape: re.Match[str], encoding: str) -> bytes:
    if named := escape["named"]:
        return _NAMED.get(named, named).encode(encoding)
    if octal := escape["octal"]:
        return bytes([int(octal, 8) & 0xFF])  # PHP lets "\400" overflow to zero
    if hexadecimal := escape["hex"]:
        return bytes([int(hexadecimal, 16)])
    point = int(escape["point"], 16)
    if point > 0x10FFFF:  # noqa: PLR2004 - the last character of Unicode
        raise UnicodeError
    return chr(point).encode(encoding)


def whole(written: str) -> int | Decimal:
    """An integer literal in any base; one beyond 64 bits is a float in PHP, so a Decimal here.

    Raises ValueError for what PHP refuses too, such as `09`.
    """
    digits = written.replace("_", "").lower()
    base = _BASES.get(digits[:2]) or (8 if digits != "0" and digits.startswith("0") else 10)
    number = int(digits, base)
    return number if number <= _LARGEST else Decimal(number)


def fraction(written: str) -> Decimal:
    """A float literal, kept exact; ValueError for what the grammar passes and PHP does not."""
    try:
        return Decimal(written.replace("_", ""))
    except InvalidOperation as error:
        raise ValueError(written) from error


def array_key(value: object) -> int | str | None:
    """The key PHP makes of `value`: "8" is 8, true is 1, null is ""; None when it refuses it."""
    if isinstance(value, str):
        number = int(value) if _WHOLE_KEY.match(value) else _LARGEST + 1
        return number if _SMALLEST <= number <= _LARGEST else value
    if value is None:
        return ""
    if isinstance(value, bool | int | Decimal):
        return int(value)
    return None


def joined(value: object) -> str | None:
    """What `.` makes of `value`; None for an array and for a float, whose spelling PHP decides."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    return str(value) if isinstance(value, int) else None
