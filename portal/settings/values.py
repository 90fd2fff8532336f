"""How a written value becomes a flag's value, or is refused.

Every reader takes the value as its source gave it and raises Impossible with what to write instead.
The three sources write differently: TOML has types; the environment has only texts; PHP, as the old
cabinet ran it, took 1 and "1" for true.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from html.parser import HTMLParser
from typing import Any, TypeAlias

from portal.php_config import Unknown
from portal.settings.faults import Impossible
from portal.settings.pattern import CategoryPattern


class Dialect(Enum):
    """Where a value was written; `value` is how a person is told."""

    TOML = "файл TOML"
    PHP = "файл PHP"
    ENVIRONMENT = "переменная"


FlagReader: TypeAlias = Callable[[object, Dialect], Any]

_SWITCHES: Mapping[Dialect, Mapping[str, bool]] = {
    Dialect.TOML: {},
    Dialect.PHP: {"1": True, "0": False},
    Dialect.ENVIRONMENT: {
        "true": True, "1": True, "yes": True, "on": True,
        "false": False, "0": False, "no": False, "off": False,
    },
}  # fmt: skip
_WORDS = {None: "null", True: "true", False: "false"}
_RUBLE = frozenset({"RUB", "RUR"})  # the second is how the old billing's own manual prints it
_LONGEST_PASSWORD = 1024
_DIGITS = re.compile(r"[0-9]{1,9}")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")  # a space that may not break stays
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BREAKING = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)


def switch(value: object, dialect: Dialect) -> bool:
    if isinstance(value, bool):
        return value
    written = str(value).strip().lower() if isinstance(value, str | int) else ""
    if written not in _SWITCHES[dialect]:
        raise Impossible("Запишите true или false")
    return _SWITCHES[dialect][written]


def password_length(value: object, dialect: Dialect) -> int:
    if isinstance(value, str) and dialect is not Dialect.TOML:
        value = int(value) if _DIGITS.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST_PASSWORD:
        raise Impossible(f"Запишите целое число от 0 до {_LONGEST_PASSWORD}")
    return value


def raw_text(value: object, _dialect: Dialect) -> str:
    """A text that no browser reads as HTML, such as a mask; nothing in it is changed."""
    if not isinstance(value, str):
        raise Impossible("Запишите текст в кавычках")
    if value != _without_broken(value):  # a variable that holds cp1251
        raise Impossible("Запишите текст в UTF-8")
    return value


def field_name(value: object, dialect: Dialect) -> str:
    name = raw_text(value, dialect).strip()
    if not name:
        raise Impossible("Запишите имя дополнительного поля, например device_serial")
    return name


def prose(value: object, dialect: Dialect) -> str:
    """A text for people: the old cabinet printed it as HTML, so it is read as HTML."""
    return plain_text(raw_text(value, dialect))


def heading(value: object, dialect: Dialect) -> str:
    text = prose(value, dialect).replace("\n", " ")
    if not text:
        raise Impossible("Запишите непустой заголовок столбца")
    return text


def currency(value: object, _dialect: Dialect) -> str:
    """Always RUB: the portal computes in kopecks and knows no other money."""
    if not isinstance(value, str) or value.strip().upper() not in _RUBLE:
        raise Impossible("Портал считает только в рублях: запишите RUB")
    return "RUB"


def category_pattern(value: object, dialect: Dialect) -> CategoryPattern:
    return CategoryPattern(raw_text(value, dialect))


def plain_text(html: str) -> str:
    """What a reader of that HTML would see: entities unescaped, no tags, a line for <br> or <p>."""
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    lines = (_SPACES.sub(" ", line).strip() for line in reader.seen().split("\n"))
    return "\n".join(line for line in lines if line)


def shown(value: object) -> str:
    """The refused value as a person wrote it, short enough for one line."""
    if isinstance(value, Unknown):
        return f"значение «{_short(value.written)}» портал не вычисляет"
    if value is None or isinstance(value, bool):
        return f"значение {_WORDS[value]} не подходит"
    if isinstance(value, dict | list):
        return "здесь не может стоять массив"
    if isinstance(value, str | int | Decimal):
        return f"значение «{_short(str(value))}» не подходит"
    return "значение не подходит"  # a date or a time of TOML


def _without_broken(text: str) -> str:
    return text.encode(errors="replace").decode()


def _short(text: str) -> str:
    line = _without_broken(" ".join(text.split()))
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - a glance


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self._unseen += tag in _UNSEEN
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(_SPACES.sub(" ", data))

    def seen(self) -> str:
        return "".join(self._pieces)

    def _break_at(self, tag: str) -> None:
        if tag in _BREAKING:
            self._pieces.append("\n")
