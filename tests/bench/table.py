"""The one table that `make bench` prints."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, ours, beside what, the ratio, and what is to be reached."""

    what: str
    ours: str
    beside: str = ""
    ratio: str = ""
    reach: str = ""


HEAD = Row("what", "ours", "beside", "ratio", "reach")


def text(rows: Iterable[Row]) -> str:
    cells = [astuple(HEAD), *(astuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
