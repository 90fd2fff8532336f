"""Money between resident, operator and suppliers: what of a payment is whose."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.domain.money import ZERO, Money, split
from portal.domain.percent import Percent

T = TypeVar("T")
K = TypeVar("K")


class Scheme(StrEnum):
    """How a service is settled."""

    OWN = "own"
    """The operator's own service."""
    AGENCY = "agency"
    """The operator collects for the supplier and keeps a commission."""
    DIRECT = "direct"
    """The resident pays the supplier; the money never lies with the operator."""

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Scheme.OWN: "собственная услуга",
    Scheme.AGENCY: "агентская схема",
    Scheme.DIRECT: "прямые расчеты",
}


@dataclass(frozen=True, slots=True)
class Share:
    """So much of what is collected.

    Raises ValueError: less than nothing or more than all.
    """

    percent: Percent

    def __post_init__(self) -> None:
        if not Percent(0) <= self.percent <= Percent.parse("100"):
            raise ValueError(self.percent)

    def due(self, collected: Money) -> Money:
        """Of all that was collected for one line, rounded once."""
        return self.percent.of(collected)


@dataclass(frozen=True, slots=True)
class Fee:
    """So much for a month of a service and an account, out of the first money that is collected
    for it, in however many lines it is charged.

    Raises ValueError: less than nothing.
    """

    amount: Money

    def __post_init__(self) -> None:
        if self.amount < ZERO:
            raise ValueError(self.amount)

    def due(self, collected: Money) -> Money:
        """Never more than was collected; a line in the resident's favour costs no fee."""
        return min(self.amount, max(collected, ZERO))


Commission = Share | Fee
NO_COMMISSION = Fee(ZERO)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with a supplier.  A charged line keeps for good the terms of the day on
    which it was charged, so its commission depends on nothing but what was collected for it.

    Raises ValueError: a commission where the operator collects for nobody.
    """

    scheme: Scheme
    commission: Commission = NO_COMMISSION

    def __post_init__(self) -> None:
        if self.scheme is not Scheme.AGENCY and self.commission != NO_COMMISSION:
            raise ValueError(self.scheme)


OWN = Terms(Scheme.OWN)


@dataclass(frozen=True, slots=True)
class Figures:
    """What adds up to a settlement, by supplier and period or by whatever else is asked.

    `collected` = `transferred` + `commission` + `held` + `own`; of a supplier nothing is `own`,
    of the operator's own services everything collected is.
    """

    charged: Money = ZERO
    collected: Money = ZERO
    commission: Money = ZERO
    transferred: Money = ZERO
    held: Money = ZERO
    """The supplier's money that lies with the operator: what is to be transferred.  Negative when
    a payment was reversed after its money went on; the supplier then owes it.
    """
    own: Money = ZERO

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.charged + other.charged,
            self.collected + other.collected,
            self.commission + other.commission,
            self.transferred + other.transferred,
            self.held + other.held,
            self.own + other.own,
        )

    @property
    def gap(self) -> Money:
        """Nothing, or the books are wrong."""
        whose = (self.transferred, self.commission, self.held, self.own)
        return self.collected - Money.total(whose)


def charge(amount: Money) -> Figures:
    """Of a charged line; below zero of a recalculation in the resident's favour."""
    return Figures(charged=amount)


def collection(terms: Terms, before: Money, share: Money) -> Figures:
    """What one payment's `share` of a line moves when `before` had been collected for the line;
    of a reversed payment the share is below zero.

    Whatever came and went in whatever order, the commission of a line is what its terms ask of
    the money that is left there.
    """
    due = terms.commission.due
    return kept(terms.scheme, share, due(before + share) - due(before))


def kept(scheme: Scheme, share: Money, commission: Money) -> Figures:
    """What a collected `share` moves when it is known what the operator keeps of it; only of what
    he collects for a supplier does he keep a commission.
    """
    match scheme:
        case Scheme.OWN:
            return Figures(collected=share, own=share)
        case Scheme.DIRECT:
            return Figures(collected=share, transferred=share)
        case Scheme.AGENCY:
            return Figures(collected=share, commission=commission, held=share - commission)


def transfer(held: Money, amount: Money) -> Figures:
    """Of money that goes on to the supplier; below zero of money that the supplier returns.

    Raises ValueError, one sentence for the operator: more than is held, or than is to be returned.
    """
    if not min(held, ZERO) <= amount <= max(held, ZERO):
        raise ValueError(_excess(held, amount))
    return Figures(transferred=amount, held=-amount)


def _excess(held: Money, amount: Money) -> str:
    if held < ZERO:
        return f"Поставщик должен вернуть {-held}" + (f", а не {-amount}" if amount < ZERO else "")
    if amount < ZERO:
        return f"Поставщик не должен возвращать {-amount}: лишнего ему не перечисляли"
    return f"К перечислению {held}, а не {amount}"


def summed(
    facts: Iterable[T], key: Callable[[T], K], of: Callable[[T], Figures]
) -> dict[K, Figures]:
    """The figures of `facts` by `key`, in the order in which the keys come first."""
    sums: dict[K, Figures] = {}
    for fact in facts:
        name = key(fact)
        sums[name] = sums.get(name, Figures()) + of(fact)
    return sums


def shares(amount: Money, unpaid: Sequence[Money]) -> list[Money]:
    """What of a payment belongs to each line of its document, in proportion to what is still
    unpaid of the lines (Правила 354, п. 118); the parts add up to `amount` exactly.

    A line in the resident's favour pays the others in the same proportion: its part is below
    zero.  No part is more than its line, so what is paid in parts ends at the lines themselves,
    and lines that add up to nothing settle one another as soon as nothing is paid.

    Raises ValueError: the payment is below zero or more than all the lines; the rest of it is an
    advance, and a reversal is the opposite of what was shared.
    """
    whole = Money.total(unpaid)
    if amount == whole:
        return list(unpaid)
    if not ZERO <= amount < whole:
        raise ValueError(amount)
    credit = _credit(amount, unpaid)
    owed = split(amount + credit, [max(line.kopecks, 0) for line in unpaid])
    if not credit:
        return owed
    favours = split(-credit, [max(-line.kopecks, 0) for line in unpaid])
    return [one + other for one, other in zip(owed, favours, strict=True)]


def shares_in_turn(
    amount: Money, unpaid: Sequence[Money], comes_last: Sequence[bool]
) -> list[Money]:
    """`shares` of a document with penalties: those lines have nothing before all the others are
    paid (ГК РФ, ст. 319).  Where either of the two asks for nothing they are paid as one.

    Raises ValueError.
    """
    first, last = (
        [line if late is wanted else ZERO for line, late in zip(unpaid, comes_last, strict=True)]
        for wanted in (False, True)
    )
    owed = Money.total(first)
    if owed <= ZERO or Money.total(last) <= ZERO:
        return shares(amount, unpaid)
    if amount <= owed:
        return shares(amount, first)
    rest = shares(amount - owed, last)
    return [one + other for one, other in zip(first, rest, strict=True)]


def returned(amount: Money, given: Sequence[Money], comes_last: Sequence[bool] = ()) -> list[Money]:
    """What each line of a document gives back of what a payment gave it when `amount` of that is
    taken back: in the same proportion, but what comes last goes back first; and what is taken back
    whole is what was given.  Below zero, but for a line in the resident's favour.

    Raises ValueError: more than was given.
    """
    stays = [not late for late in comes_last] or [False] * len(given)
    return [-part for part in shares_in_turn(amount, given, stays)]


def _credit(amount: Money, unpaid: Sequence[Money]) -> Money:
    """How much of the lines in the resident's favour goes with `amount`, rounded down."""
    favour = -sum(min(line.kopecks, 0) for line in unpaid)
    return Money(amount.kopecks * favour // Money.total(unpaid).kopecks)
