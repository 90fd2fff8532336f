"""The lines of a registry, as text by column, whatever kind of file it is."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from portal.imports.bank.content import Complaints, decoded, lines_of
from portal.imports.bank.dbf import DbfTable
from portal.imports.bank.dbf_values import DbfValue
from portal.imports.bank.profile import Column, ImportProfile
from portal.imports.book.raw import shown

_LINE_MAX: Final = 4000
Given = Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in each line, and the lines with totals."""

    lines: list[tuple[int, Given]]
    controls: list[tuple[int, re.Match[str]]]


def of_text(content: bytes, profile: ImportProfile, complaints: Complaints) -> Source:
    """Raises BookFaults."""
    source = Source([], [])
    text = decoded(complaints, content, profile.encoding)
    splitter = _Splitter(profile)
    for number, line in lines_of(text, complaints):
        if len(line) > _LINE_MAX:
            complaints.add(number, f"слишком длинная строка: {len(line)} знаков")
        elif number <= profile.skip_lines:
            _check_heading(number, line, profile, complaints)
        elif profile.footer and (match := profile.footer.fullmatch(line.strip())):
            source.controls.append((number, match))
        elif not (profile.ignore and profile.ignore.fullmatch(line.strip())):
            cells = splitter.cells(line)
            if len(cells) < profile.width:
                found = f"столбцов {len(cells)}, а нужно {profile.width}"
                complaints.add(number, f"{found}: {shown(line)}")
            else:
                source.lines.append((number, _named(cells, profile)))
    return source


def of_table(table: DbfTable, profile: ImportProfile, complaints: Complaints) -> Source:
    """Raises BookFaults."""
    known = [field.name for field in table.fields]
    names: dict[Column, str] = {}
    for column, places in profile.columns.items():
        name = next((str(place) for place in places if place in known), "")
        if name:
            names[column] = name
        elif column in profile.needed:
            wanted, there = ", ".join(map(str, places)), ", ".join(known[:40])
            complaints.add(0, f"нет поля {wanted} ({column.words}), есть только {there}")
    complaints.refuse_if_any()
    return Source(list(_records(table, names)), [])


def _records(table: DbfTable, names: Mapping[Column, str]) -> Iterator[tuple[int, Given]]:
    for record in table.records:
        yield (
            record.number,
            {column: _worded(record.values.get(name)) for column, name in names.items()},
        )


def _worded(value: DbfValue) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case bool():
            return "да" if value else "нет"
        case date():
            return value.isoformat()
        case str():
            return value.strip()


class _Splitter:
    """Lines into cells; which of several delimiters it is, the first line shows."""

    def __init__(self, profile: ImportProfile) -> None:
        self._profile = profile
        self._delimiter = ""

    def cells(self, line: str) -> list[str]:
        if not self._delimiter:
            options = self._profile.delimiters
            fitting = (d for d in options if len(self._split(line, d)) >= self._profile.width)
            self._delimiter = next(fitting, options[0])
        return self._split(line, self._delimiter)

    def _split(self, line: str, delimiter: str) -> list[str]:
        if not self._profile.quote:
            return line.split(delimiter)
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            return []


def _check_heading(number: int, line: str, profile: ImportProfile, complaints: Complaints) -> None:
    """A payment that stands in the place of the heading must not be skipped in silence."""
    if profile.heading and not profile.heading.fullmatch(line.strip()):
        complaints.add(number, f"здесь должен стоять заголовок, а не {shown(line)}")


def _named(cells: list[str], profile: ImportProfile) -> Given:
    return {
        column: cells[place - 1].strip()
        for column, places in profile.columns.items()
        for place in places
        if isinstance(place, int) and place <= len(cells)
    }
