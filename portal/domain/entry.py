"""An entry of readings as it is confirmed: what was typed, what it will cost."""

from dataclasses import dataclass
from datetime import date

from portal.domain.money import Money
from portal.domain.quantity import Price, Quantity
from portal.domain.reading import Question


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One value of the entry, already judged.  Values are written as on the meter."""

    key: str
    device: str
    service: str
    unit: str
    previous_text: str
    previous_on: date | None
    current_text: str
    volume: Quantity
    price: Price
    amount: Money
    is_first: bool
    """The first value of a chain: stored, and nothing is charged."""
    is_correction: bool
    question: Question | None
    sentence: str
    """The question in words; empty without one."""


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """All values of one entry."""

    taken_on: date
    lines: tuple[EntryLine, ...]

    @property
    def total(self) -> Money:
        """What will be charged; of a correction the new sum, not the difference."""
        return Money.total(line.amount for line in self.lines)
