"""What stands in a field of a DBF table: bytes of a fixed length, of one of a few types."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from portal.imports.book.kinds import FIRST_YEAR, LAST_YEAR
from portal.imports.book.raw import Wrong, shown, string

DbfValue = str | Decimal | date | bool | None
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_LONGEST: Final = 254
_LONGEST_NUMBER: Final = 20
_DAY_LENGTH: Final = 8
_PADDING: Final = " \0"


@dataclass(frozen=True, slots=True)
class DbfKind:
    """A type's lengths in bytes, and its reader, which raises Wrong."""

    shortest: int
    longest: int
    read: Callable[[bytes, str], DbfValue]


def _text(raw: bytes, encoding: str) -> str:
    """Without the spaces that fill it up; zeros at its beginning stay."""
    try:
        return string(raw.decode(encoding).rstrip(_PADDING), _LONGEST)
    except UnicodeDecodeError as fault:
        raise Wrong(f"байт {raw[fault.start]:02X} не знак кодировки {encoding}") from None


def _number(raw: bytes, _: str) -> Decimal | None:
    """Exactly as written; nothing where it is blank."""
    written = _ascii(raw)
    if not written:
        return None
    if _NUMBER.fullmatch(written) is None:
        raise Wrong(f"{shown(written)} не число")
    return Decimal(written)


def _day(raw: bytes, _: str) -> date | None:
    written = _ascii(raw)
    if not written:
        return None
    parts = _DAY.fullmatch(written)
    try:
        day = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(f"{shown(written)} не дата")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(f"год {day.year} не годится, бывает от {FIRST_YEAR} до {LAST_YEAR}")
    return day


def _flag(raw: bytes, _: str) -> bool | None:
    written = _ascii(raw).upper()
    if written in {"", "?"}:
        return None
    if written not in {"T", "Y", "F", "N"}:
        raise Wrong(f"{shown(written)} не «да» и не «нет»")
    return written in {"T", "Y"}


def _ascii(raw: bytes) -> str:
    return raw.decode("latin-1").strip(_PADDING)


KINDS: Final = {
    "C": DbfKind(1, _LONGEST, _text),
    "N": DbfKind(1, _LONGEST_NUMBER, _number),
    "F": DbfKind(1, _LONGEST_NUMBER, _number),
    "D": DbfKind(_DAY_LENGTH, _DAY_LENGTH, _day),
    "L": DbfKind(1, 1, _flag),
}
