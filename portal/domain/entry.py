"""An entry of readings as it is confirmed: what was typed, what it will cost."""

from dataclasses import dataclass
from datetime import date

from portal.domain.made import made_often
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.domain.reading import Question


@made_often(frozen=True, slots=True)
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
    price: Price | None
    """None where it depends on how much a month's volume is: see `price_words`."""
    amount: Money
    is_first: bool
    """The first value of a chain: stored, and nothing is charged."""
    instead_of: Money | None
    """A correction: the sum that was charged for the value which it replaces."""
    question: Question | None
    sentence: str
    """The question in words; empty without one."""
    has_photo: bool = False
    """A photo of the meter is attached."""
    charged_for: Period | None = None
    """The month with which it is charged; then `amount` only tells what it may come to."""
    price_words: str = ""
    """The prices of a month's bands of consumption."""

    @property
    def is_correction(self) -> bool:
        return self.instead_of is not None

    @property
    def difference(self) -> Money:
        """By how much the debt grows now: of a correction less what was charged before."""
        if self.charged_for is not None:
            return ZERO
        return self.amount - (self.instead_of or ZERO)


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """All values of one entry."""

    taken_on: date
    lines: tuple[EntryLine, ...]

    @property
    def total(self) -> Money:
        """By how much the debt grows: of a correction the difference, which may be negative."""
        return Money.total(line.difference for line in self.lines)

    @property
    def foreseen(self) -> str:
        """«≈ 725,00 ₽»: what all may come to, with those that are charged with their month."""
        return f"≈ {Money.total(line.amount for line in self.lines)}"

    @property
    def is_charged(self) -> bool:
        """Whether anything is charged when it is stored."""
        return any(line.charged_for is None for line in self.lines)

    @property
    def is_charged_later(self) -> bool:
        """Whether anything is charged with its month."""
        return any(line.charged_for is not None for line in self.lines)

    @property
    def is_less(self) -> bool:
        return self.total < ZERO
