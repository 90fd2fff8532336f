"""From the file's text to rows of known shape; whatever is wrong in them is collected."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.imports.book.faults import BookFaults, guess, nearest, unreadable
from portal.imports.book.fields import Field, Table
from portal.imports.book.format import BY_NAME, TABLES
from portal.imports.book.raw import Unquoted, Wrong
from portal.imports.book.syntax import syntax_fault

_HEADER = re.compile(r"^[ \t]*\[(\[)?[ \t]*([\w-]+)[ \t]*\](?(1)\])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: only what is written there and has the right shape.  Of a row that is
    not whole something is missing; its faults are told already.
    """

    table: Table
    number: int
    place: str
    label: str
    values: Mapping[str, Any]
    is_whole: bool

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - each field has a type of its own
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - likewise
        return self.values.get(name, default)


@dataclass(frozen=True, slots=True)
class Book:
    """A file as it was read, with the faults that can be seen without a database."""

    name: str
    rows: Mapping[str, tuple[Row, ...]]
    faults: tuple[str, ...] = ()
    is_invented: bool = False
    """Of the demonstration: its passwords are shown to everybody, so they may be simple."""


@dataclass(slots=True)
class _Desk:
    name: str
    lines: Mapping[str, list[int]]
    faults: list[str] = field(default_factory=list)

    def place(self, table: str, number: int) -> str:
        """«дом.toml, строка 12, [[prices]]»."""
        return f"{self.at(table, number)}, [[{table}]]"

    def at(self, table: str, number: int = 0) -> str:
        """«дом.toml, строка 12»; the line only where it is certain."""
        known = self.lines.get(table, [])
        return f"{self.name}, строка {known[number]}" if number < len(known) else self.name


def read_book(path: Path) -> Book:
    """The book in the file.  Faults inside its rows are kept in `Book.faults`, so that
    `load_book` can name all that is wrong at once.

    Raises BookFaults: it cannot be opened, is not TOML at all, or has no row.
    """
    text, document = read_toml(path)
    book = book_of(path.name, document, _header_lines(text, document))
    if not book.faults and not any(book.rows.values()):
        raise BookFaults([f"{path.name}: в файле нет ни одной записи"])
    return book


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The text, and what it says; a fraction without quotes is `Unquoted`.  Raises BookFaults."""
    text = _text(path)
    try:
        return text, tomllib.loads(text, parse_float=Unquoted)
    except tomllib.TOMLDecodeError as fault:
        raise BookFaults([f"{path.name}, {syntax_fault(str(fault))}"]) from None
    except RecursionError:
        raise BookFaults([f"{path.name}: слишком много вложенных скобок"]) from None
    except ValueError:  # Python refuses to read a whole number of thousands of digits
        raise BookFaults([f"{path.name}: в одном из чисел слишком много цифр"]) from None


def book_of(
    name: str, document: Mapping[str, Any], lines: Mapping[str, list[int]] | None = None
) -> Book:
    """The book in a document as `tomllib` gives it; `name` is how faults call it."""
    desk = _Desk(name, lines or {})
    desk.faults += [
        f"{desk.at(word)}: нет такой таблицы «{word}»{guess(word, BY_NAME)}"
        for word in document
        if word not in BY_NAME
    ]
    rows = {table.name: tuple(_rows(desk, table, document.get(table.name, []))) for table in TABLES}
    return Book(name, rows, tuple(desk.faults))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BookFaults([f"{path.name}: файл не в кодировке UTF-8"]) from None
    except OSError as fault:
        raise unreadable(path, fault) from None


def _header_lines(text: str, document: Mapping[str, Any]) -> dict[str, list[int]]:
    """The line of each `[[table]]` or `[table]`, for tables where every header was found: the same
    words inside a text of several lines must not shift the count.
    """
    found: dict[str, list[int]] = {}
    position, line = 0, 1
    for match in _HEADER.finditer(text):
        line += text.count("\n", position, match.start(2))
        position = match.start(2)
        found.setdefault(match[2], []).append(line)
    return {name: lines for name, lines in found.items() if _headers(document, name) == len(lines)}


def _headers(document: Mapping[str, Any], name: str) -> int:
    """How many headers the table must have: one a row of a list."""
    table = document.get(name)
    return len(table) if isinstance(table, list) else int(isinstance(table, dict))


def _rows(desk: _Desk, table: Table, listed: object) -> Iterator[Row]:
    if not isinstance(listed, list) or not all(isinstance(part, dict) for part in listed):
        desk.faults.append(
            f"{desk.at(table.name)}: таблица «{table.name}» пишется как [[{table.name}]]"
        )
        return
    for number, given in enumerate(listed):
        yield _row(desk, table, number, given)


def _row(desk: _Desk, table: Table, number: int, given: dict[str, Any]) -> Row:
    given = _with_key(table, given)
    place, label = desk.place(table.name, number), _label(table, number, given)
    values, faults, strangers = parse_fields(table.fields, given)
    desk.faults += [f"{place} {label}: {fault}" for fault in (*strangers, *faults)]
    return Row(table, number, place, label, values, is_whole=not faults)


def parse_fields(
    fields: tuple[Field, ...], given: dict[str, Any]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The values of a row's fields, the sentences about those that are wrong or missing, and
    those about names that mean nothing here: nothing of the row is missing for them.
    """
    known = {field.name: field for field in fields}
    meant = {name: nearest(name, known.keys() - given) for name in given if name not in known}
    strangers = [f"нет такого поля «{name}»" for name, near in meant.items() if not near]
    faults = [
        f"нет такого поля «{name}», может быть «{near}»?" for name, near in meant.items() if near
    ]
    faults += [
        f"не хватает поля «{field.name}»"
        for field in fields
        if field.required and field.name not in given and field.name not in meant.values()
    ]
    values: dict[str, Any] = {}
    for name in (name for name in given if name in known):
        try:
            values[name] = _value(known[name], given[name], faults)
        except Wrong as wrong:
            faults.append(f"поле «{name}»: {wrong}")
    return values, faults, strangers


def _value(field: Field, given: object, faults: list[str]) -> object:
    value = field.kind(given)
    if not field.parts:
        return value
    parts = []
    for number, part in enumerate(value, start=1):
        values, inner, strangers = parse_fields(field.parts, part)
        faults += [
            f"поле «{field.name}», {number}-я запись: {fault}" for fault in (*strangers, *inner)
        ]
        parts.append(values)
    return tuple(parts)


def _with_key(table: Table, given: dict[str, Any]) -> dict[str, Any]:
    if not table.named_by or "key" in given or table.named_by not in given:
        return given
    return given | {"key": given[table.named_by]}


def _label(table: Table, number: int, given: dict[str, Any]) -> str:
    """«17» or «17 / zkh_1 / 2014-02-10»; the row's number where its key is missing."""
    parts = [given.get(name) for name in table.label]
    if any(part is None or isinstance(part, list | dict) for part in parts):
        return f"№ {number + 1}"
    return " / ".join(quoted(str(part)[:80]) for part in parts)


def quoted(word: str) -> str:
    """A key inside a sentence: a bare number, anything else in quotation marks."""
    return word if word.isdecimal() else f"«{word}»"
