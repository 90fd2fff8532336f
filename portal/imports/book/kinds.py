"""What may stand in a field: one function a kind, from TOML's value to the domain's; numbers with
a unit are in `amounts`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from portal.domain.charging.methods import FORMER_WORDS, Method
from portal.domain.period import Period
from portal.domain.profile import ContactFault, parse_email, parse_phone
from portal.errors import Invalid
from portal.imports.book.raw import TEXT_MAX, Wrong, shown, string, worded
from portal.services.password_rules import judge_initial_password

DayT = TypeVar("DayT", bound=date)
Kind = Callable[[Any], Any]
LONG_TEXT_MAX = 20_000
FIRST_YEAR, LAST_YEAR = 1900, 2999
_ADDRESS_PART = re.compile(r"[\w.:-]{1,64}")


def text(value: object) -> str:
    """One line, not empty."""
    line = optional_text(value)
    if not line:
        raise Wrong("не может быть пустым")
    return line


def optional_text(value: object) -> str:
    line = string(value, TEXT_MAX).strip()
    if "\n" in line:
        raise Wrong("пишется одной строкой")
    return line


def long_text(value: object) -> str:
    body = string(value, LONG_TEXT_MAX).strip()
    if not body:
        raise Wrong("не может быть пустым")
    return body


def key(value: object) -> str:
    """A name by which other rows, and people who sign in, refer to this one; a whole number
    will do.
    """
    name = text(worded(value))
    if not name.isprintable():
        raise Wrong("есть невидимый знак: наберите вручную, не копируя")
    return name


def address_part(value: object) -> str:
    """An external id: it becomes a part of a page's address."""
    word = key(value)
    if _ADDRESS_PART.fullmatch(word) is None:
        raise Wrong(f"«{word}» не годится: только буквы, цифры и знаки _ . : - (до 64 знаков)")
    return word


def phone(value: object) -> str:
    """A resident's: one that he himself could enter, and kept as it was written."""
    return _contact(parse_phone, value)


def email(value: object) -> str:
    """Likewise."""
    return _contact(parse_email, value)


def _contact(parse: Callable[[str], str], value: object) -> str:
    written = optional_text(value)
    try:
        parse(written)
    except ContactFault as fault:
        raise Wrong(str(fault)) from None
    return written


def initial_password(value: object) -> str:
    password = string(value, TEXT_MAX)
    try:
        judge_initial_password(password)
    except Invalid as fault:
        raise Wrong(fault.sentence) from None
    return password


def word(*words: str) -> Kind:
    def one_of(value: object) -> str:
        if value not in words:
            listed = ", ".join(f"«{each}»" for each in words)
            raise Wrong(f"{shown(value)} не годится, бывает: {listed}")
        return str(value)

    return one_of


def words(*possible: str) -> Kind:
    """A list of some of them, each once."""

    def some_of(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise Wrong(f"нужен список в квадратных скобках, а стоит {shown(value)}")
        return tuple(dict.fromkeys(word(*possible)(each) for each in value))

    return some_of


def method(value: object) -> str:
    """The present word for a way of charging; those of former files mean the same."""
    if isinstance(value, str) and value in FORMER_WORDS:
        return FORMER_WORDS[value].value
    return str(word(*Method)(value))


def whole(low: int, high: int) -> Kind:
    def number(value: object) -> int:
        if type(value) is not int:
            raise Wrong(f"нужно целое число без кавычек, а стоит {shown(value)}")
        if not low <= value <= high:
            raise Wrong(f"{value} не годится, бывает от {low} до {high}")
        return value

    return number


def one_of(*numbers: int) -> Kind:
    def number(value: object) -> int:
        if type(value) is not int:
            raise Wrong(f"нужно целое число без кавычек, а стоит {shown(value)}")
        if value not in numbers:
            raise Wrong(f"{value} не годится, бывает: {', '.join(map(str, numbers))}")
        return value

    return number


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"нужно true или false, а стоит {shown(value)}")
    return value


def day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Wrong(f"нужна дата без кавычек и без времени: 2014-05-28, а стоит {shown(value)}")
    return _of_our_times(value)


def moment(value: object) -> datetime:
    """With an offset, or without: then it is in the operator's zone."""
    if not isinstance(value, datetime):
        raise Wrong(f"нужны дата и время без кавычек: 2014-05-28T07:55:00, а стоит {shown(value)}")
    return _of_our_times(value)


def zone(value: object) -> str:
    name = text(value)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise Wrong(f"«{name}» не часовой пояс. Пишется так: Europe/Moscow") from None


def period(value: object) -> Period:
    try:
        return Period.parse(string(value, TEXT_MAX))
    except ValueError:
        raise Wrong(f'нужен месяц в кавычках: "2014-05", а стоит {shown(value)}') from None


def texts(value: object) -> dict[str, str]:
    """An inline table of texts, such as `{ device_serial = "1237531773" }`."""
    if not isinstance(value, dict):
        raise Wrong(f"нужна таблица в фигурных скобках, а стоит {shown(value)}")
    return {text(name): optional_text(worded(part)) for name, part in value.items()}


def tables(value: object) -> list[dict[str, Any]]:
    """Inline tables, their fields not looked at yet."""
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise Wrong("нужен список таблиц: [{ … }, { … }]")
    return value


def keys(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong(f"нужен список в квадратных скобках, а стоит {shown(value)}")
    return tuple(key(part) for part in value)


def address_parts(value: object) -> tuple[str, ...]:
    """Several codes, each once."""
    if not isinstance(value, list):
        raise Wrong(f"нужен список в квадратных скобках, а стоит {shown(value)}")
    return tuple(dict.fromkeys(address_part(part) for part in value))


def _of_our_times(day: DayT) -> DayT:
    """Beyond these years a moment may have no equal in another zone."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong(f"год {day.year} не годится, бывает от {FIRST_YEAR} до {LAST_YEAR}")
    return day
