"""What a load did, table by table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.imports.book.desk import CHANGED, NEW, UNCHANGED
from portal.imports.book.format import TITLES

_HEADINGS = ("Таблица", "новых", "изменено", "без изменений")


@dataclass(frozen=True, slots=True)
class TableReport:
    """How many rows of one table of the file were new, changed, as before."""

    table: str
    new: int
    changed: int
    unchanged: int

    @property
    def title(self) -> str:
        return TITLES[self.table]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The tables that the file fills, in the order of the format."""

    book: str
    tables: tuple[TableReport, ...]
    warnings: tuple[str, ...] = ()
    """What was stored as the file says, and should be looked at again."""

    @property
    def new(self) -> int:
        return sum(table.new for table in self.tables)

    @property
    def changed(self) -> int:
        return sum(table.changed for table in self.tables)

    def text(self) -> str:
        """An aligned table for a terminal."""
        rows = [_HEADINGS] + [
            (t.title, str(t.new), str(t.changed), str(t.unchanged)) for t in self.tables
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
        return "\n".join(_line(row, widths) for row in rows)


def report_of(
    book: str, tallies: Mapping[str, Mapping[str, int]], warnings: Iterable[str]
) -> LoadReport:
    tables = (
        TableReport(table, tally.get(NEW, 0), tally.get(CHANGED, 0), tally.get(UNCHANGED, 0))
        for table in TITLES
        if (tally := tallies.get(table))
    )
    filled = tuple(t for t in tables if t.new or t.changed or t.unchanged)
    return LoadReport(book, filled, tuple(warnings))


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    title, *numbers = row
    aligned = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
    return "  ".join([title.ljust(widths[0]), *aligned])
