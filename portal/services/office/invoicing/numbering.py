"""Numbers without gaps in each year of each operator, whose row is held meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.session import Session

_AGAIN: Final = "/1"
_invoice = table_of(Invoice)


@dataclass(frozen=True, slots=True)
class Number:
    """`text` is what people see."""

    year: int
    sequence: int
    text: str


def next_numbers(session: Session, operator_id: int, year: int, count: int) -> list[Number]:
    """The numbers that follow the last one; a loaded document may bear one of them already."""
    ours = _invoice.c.operator_id == operator_id
    newest = select(func.max(_invoice.c.sequence)).where(ours, _invoice.c.year == year)
    first = (session.scalar(newest) or 0) + 1
    texts = [f"{year}-{sequence:06}" for sequence in range(first, first + count)]
    taken = _taken(session, operator_id, texts)
    return [
        Number(year, sequence, text + _AGAIN if text in taken else text)
        for sequence, text in enumerate(texts, first)
    ]


def _taken(session: Session, operator_id: int, texts: Sequence[str]) -> set[str]:
    if not texts:
        return set()
    query = select(_invoice.c.number).where(
        _invoice.c.operator_id == operator_id,
        _invoice.c.sequence.is_(None),
        _invoice.c.number.between(texts[0], texts[-1]),
    )
    return set(session.scalars(query))
