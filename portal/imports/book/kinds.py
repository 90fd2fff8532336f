"""What may stand in a field: one function a kind, from TOML's value to the domain's.

Money and volumes are strings: TOML's own fractions are binary and would round silently.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity, Scaled
from portal.errors import Invalid
from portal.services.password_rules import judge_initial_password

Kind = Callable[[Any], Any]
TEXT_MAX = 500
LONG_TEXT_MAX = 20_000
# Control characters, NUL among them, which PostgreSQL cannot store; a newline is all right.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ADDRESS_PART = re.compile(r"[\w.:-]{1,64}")


class Wrong(Exception):
    """The value is not of its kind; str() is the Russian sentence."""


class Unquoted(str):
    """A number with a fraction that was written without quotes, as it stands in the file."""

    __slots__ = ()


def text(value: object) -> str:
    """One line, not empty."""
    line = optional_text(value)
    if not line:
        raise Wrong("не может быть пустым")
    return line


def optional_text(value: object) -> str:
    line = _string(value, TEXT_MAX).strip()
    if "\n" in line:
        raise Wrong("пишется одной строкой")
    return line


def long_text(value: object) -> str:
    body = _string(value, LONG_TEXT_MAX).strip()
    if not body:
        raise Wrong("не может быть пустым")
    return body


def key(value: object) -> str:
    """A name by which other rows, and people who sign in, refer to this one; a whole number
    will do.
    """
    name = text(_worded(value))
    if not name.isprintable():
        raise Wrong("есть невидимый знак: наберите вручную, не копируя")
    return name


def address_part(value: object) -> str:
    """An external id: it becomes a part of a page's address."""
    word = key(value)
    if _ADDRESS_PART.fullmatch(word) is None:
        raise Wrong(f"«{word}» не годится: только буквы, цифры и знаки _ . : - (до 64 знаков)")
    return word


def initial_password(value: object) -> str:
    password = _string(value, TEXT_MAX)
    try:
        judge_initial_password(password)
    except Invalid as fault:
        raise Wrong(fault.sentence) from None
    return password


def word(*words: str) -> Kind:
    def one_of(value: object) -> str:
        if value not in words:
            listed = ", ".join(f"«{each}»" for each in words)
            raise Wrong(f"{_shown(value)} не годится, бывает: {listed}")
        return str(value)

    return one_of


def whole(low: int, high: int) -> Kind:
    def number(value: object) -> int:
        if type(value) is not int:
            raise Wrong(f"нужно целое число без кавычек, а стоит {_shown(value)}")
        if not low <= value <= high:
            raise Wrong(f"{value} не годится, бывает от {low} до {high}")
        return value

    return number


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"нужно true или false, а стоит {_shown(value)}")
    return value


def day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Wrong(f"нужна дата без кавычек и без времени: 2014-05-28, а стоит {_shown(value)}")
    return value


def moment(value: object) -> datetime:
    """With an offset, or without: then it is in the operator's zone."""
    if not isinstance(value, datetime):
        raise Wrong(f"нужны дата и время без кавычек: 2014-05-28T07:55:00, а стоит {_shown(value)}")
    return value


def zone(value: object) -> str:
    name = text(value)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise Wrong(f"«{name}» не часовой пояс. Пишется так: Europe/Moscow") from None


def period(value: object) -> Period:
    try:
        return Period.parse(_string(value, TEXT_MAX))
    except ValueError:
        raise Wrong(f'нужен месяц в кавычках: "2014-05", а стоит {_shown(value)}') from None


def money(value: object) -> Money:
    """Any sign."""
    try:
        return Money.parse(_number(value))
    except ValueError:
        raise Wrong(f'{_shown(value)} не сумма. Пишется так: "2 500,00"') from None


def positive_money(value: object) -> Money:
    amount = money(value)
    if amount.kopecks <= 0:
        raise Wrong("сумма должна быть больше нуля")
    return amount


def quantity(value: object) -> Quantity:
    """Any sign."""
    return Quantity(_scaled(value).micro)


def counted(value: object) -> Quantity:
    """A volume that cannot be below zero."""
    return Quantity(_not_negative(value).micro)


def price(value: object) -> Price:
    return Price(_not_negative(value).micro)


def texts(value: object) -> dict[str, str]:
    """An inline table of texts, such as `{ device_serial = "1237531773" }`."""
    if not isinstance(value, dict):
        raise Wrong(f"нужна таблица в фигурных скобках, а стоит {_shown(value)}")
    return {text(name): optional_text(_worded(part)) for name, part in value.items()}


def keys(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong(f"нужен список в квадратных скобках, а стоит {_shown(value)}")
    return tuple(key(part) for part in value)


def _scaled(value: object) -> Scaled:
    try:
        return Scaled.parse(_number(value))
    except ValueError:
        raise Wrong(
            f'{_shown(value)} не число. Пишется так: "11823,9" (до 12 цифр до запятой и 6 после)'
        ) from None


def _not_negative(value: object) -> Scaled:
    number = _scaled(value)
    if number.micro < 0:
        raise Wrong("не может быть меньше нуля")
    return number


def _number(value: object) -> str:
    if isinstance(value, Unquoted):
        comma = value.replace(".", ",")
        raise Wrong(f'дробное число пишется в кавычках: "{comma}", иначе оно неточное')
    return str(value) if type(value) is int else _string(value, TEXT_MAX)


def _worded(value: object) -> object:
    return str(value) if type(value) is int else value


def _string(value: object, limit: int) -> str:
    if not isinstance(value, str) or isinstance(value, Unquoted):
        raise Wrong(f"нужен текст в кавычках, а стоит {_shown(value)}")
    if len(value) > limit:
        raise Wrong(f"слишком длинно: {len(value)} знаков, а можно {limit}")
    if _CONTROL.search(value):
        raise Wrong("есть недопустимый управляющий знак")
    # Telephones and desktops compose «й» differently; what is typed at sign-in is NFC too.
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))


def _shown(value: object) -> str:
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
