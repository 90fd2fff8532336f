"""What TOML gives, before anything is made of it."""

import re
import unicodedata
from datetime import date, datetime, time

TEXT_MAX = 500
# Control characters, NUL among them, which PostgreSQL cannot store; a newline is all right.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Wrong(Exception):
    """The value is not of its kind; str() is the Russian sentence."""


class Unquoted(str):
    """A number with a fraction that was written without quotes, as it stands in the file."""

    __slots__ = ()


def worded(value: object) -> object:
    return str(value) if type(value) is int else value


def string(value: object, limit: int) -> str:
    if not isinstance(value, str) or isinstance(value, Unquoted):
        raise Wrong(f"нужен текст в кавычках, а стоит {shown(value)}")
    if len(value) > limit:
        raise Wrong(f"слишком длинно: {len(value)} знаков, а можно {limit}")
    if _CONTROL.search(value):
        raise Wrong("есть недопустимый управляющий знак")
    # Telephones and desktops compose «й» differently; what is typed at sign-in is NFC too.
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


def shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"«{value[:40]}»"
        case dict():
            return "таблица"
        case list():
            return "список"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
