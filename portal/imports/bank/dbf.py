"""Tables of dBase III, as exchanged in this trade; our own small reader, because the libraries
read a damaged file as a shorter one or raise whatever comes.

Source: the header has 32 bytes, then 32 a field, then 0D; a record is a flag and the fields' bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from struct import Struct
from typing import Final

from portal.imports.bank.content import LINES_MAX, Complaints, refuse_large
from portal.imports.bank.dbf_values import KINDS, DbfValue
from portal.imports.book.raw import Wrong, shown

__all__ = ["DbfField", "DbfRecord", "DbfTable", "DbfValue", "dbf_of"]

_HEADER = Struct("<B3xIHH17xB2x")
_FIELD = Struct("<11sc4xBB14x")
_END_OF_FIELDS: Final = 0x0D
_VERSIONS: Final = frozenset({0x03, 0x30})
"""dBase III without memos, and Visual FoxPro's table of the same build."""
_ENCODINGS: Final = {0x26: "cp866", 0x65: "cp866", 0x57: "cp1251", 0xC9: "cp1251"}
"""By the language driver; 57 is «ANSI», which in Russia is windows-1251."""
_DELETED: Final = ord("*")
_RECORD_FLAGS: Final = frozenset({_DELETED, ord(" ")})


@dataclass(frozen=True, slots=True)
class DbfField:
    name: str
    kind: str
    start: int
    length: int
    decimals: int


@dataclass(frozen=True, slots=True)
class DbfRecord:
    """`number` counts from one, deleted records included."""

    number: int
    values: Mapping[str, DbfValue]


@dataclass(frozen=True, slots=True)
class DbfTable:
    """The records that are not deleted."""

    encoding: str
    fields: tuple[DbfField, ...]
    records: tuple[DbfRecord, ...]
    deleted: int


@dataclass(frozen=True, slots=True)
class _Head:
    count: int
    header_size: int
    record_size: int
    encoding: str


def dbf_of(content: bytes, complaints: Complaints, encoding: str) -> DbfTable:
    """`encoding` is for a table that does not name its own.

    Values that are wrong are complained of and left out.  Raises BookFaults: it is no such table,
    or its parts do not fit together.
    """
    refuse_large(complaints, content)
    try:
        head = _head(content, encoding)
        fields = tuple(_fields(content[: head.header_size]))
        _check_sizes(content, head, fields)
    except Wrong as wrong:
        raise complaints.refused(0, str(wrong)) from None
    records: list[DbfRecord] = []
    deleted = 0
    for number, record in _records(content, head):
        if record[0] not in _RECORD_FLAGS:
            complaints.add(number, "запись не начинается ни пробелом, ни «*»: файл испорчен")
        elif record[0] == _DELETED:
            deleted += 1
        else:
            values = _values(record, fields, head.encoding, complaints, number)
            records.append(DbfRecord(number, values))
    return DbfTable(head.encoding, fields, tuple(records), deleted)


def _head(content: bytes, encoding: str) -> _Head:
    """Raises Wrong."""
    if len(content) <= _HEADER.size or content[0] not in _VERSIONS:
        raise Wrong("это не таблица DBF: сохраните её в формате dBase III без полей memo")
    _, count, header_size, record_size, driver = _HEADER.unpack_from(content)
    if count > LINES_MAX:
        raise Wrong("записей слишком много: выгрузите таблицу частями")
    return _Head(count, header_size, record_size, _ENCODINGS.get(driver, encoding))


def _fields(header: bytes) -> Iterator[DbfField]:
    """Raises Wrong."""
    names: set[str] = set()
    start, at = 1, _HEADER.size
    while at < len(header) and header[at] != _END_OF_FIELDS:
        if at + _FIELD.size > len(header):
            raise Wrong("заголовок таблицы обрывается")
        field = _field(header[at : at + _FIELD.size], start)
        if field.name in names:
            raise Wrong(f"поле {field.name} описано дважды")
        names.add(field.name)
        yield field
        start, at = start + field.length, at + _FIELD.size
    if at >= len(header) or not names:
        raise Wrong("в заголовке таблицы нет полей или их конца")


def _field(described: bytes, start: int) -> DbfField:
    """Raises Wrong."""
    name, kind, length, decimals = _FIELD.unpack(described)
    title = name.split(b"\0")[0].decode("ascii", "replace").strip().upper()
    letter = kind.decode("ascii", "replace")
    if not title.isidentifier():
        raise Wrong(f"{shown(title)} не имя поля: файл испорчен")
    if letter not in KINDS:
        raise Wrong(
            f"поле {title}: тип {shown(letter)} не читается, бывает {', '.join(KINDS)}: "
            "сохраните таблицу в dBase III"
        )
    if not KINDS[letter].shortest <= length <= KINDS[letter].longest:
        raise Wrong(f"поле {title}: длина {length} не бывает у типа {letter}")
    return DbfField(title, letter, start, length, decimals)


def _check_sizes(content: bytes, head: _Head, fields: tuple[DbfField, ...]) -> None:
    """Raises Wrong."""
    expected = 1 + sum(field.length for field in fields)
    if head.record_size != expected:
        raise Wrong(f"запись по заголовку {head.record_size} байт, а поля дают {expected}")
    room = len(content) - head.header_size
    if room < head.count * head.record_size:
        whole = max(0, room) // head.record_size
        raise Wrong(f"файл обрывается: по заголовку записей {head.count}, а в файле {whole}")
    if room - head.count * head.record_size > head.record_size:
        raise Wrong(f"после {head.count} записей заголовка в файле есть ещё: он испорчен")


def _records(content: bytes, head: _Head) -> Iterator[tuple[int, bytes]]:
    for index in range(head.count):
        at = head.header_size + index * head.record_size
        yield index + 1, content[at : at + head.record_size]


def _values(
    record: bytes,
    fields: tuple[DbfField, ...],
    encoding: str,
    complaints: Complaints,
    number: int,
) -> dict[str, str | Decimal | date | bool | None]:
    values: dict[str, DbfValue] = {}
    for field in fields:
        raw = record[field.start : field.start + field.length]
        try:
            values[field.name] = KINDS[field.kind].read(raw, encoding)
        except Wrong as wrong:
            complaints.add(number, f"поле {field.name}: {wrong}")
    return values
