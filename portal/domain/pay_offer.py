"""What the page «Оплата» offers: whom to pay, for what, and by which ways."""

from dataclasses import dataclass
from datetime import date

from portal.domain.bill import InvoiceSummary, Requisites
from portal.domain.money import Money
from portal.domain.pay_sum import PaySum
from portal.domain.paying import Way
from portal.domain.statement import Choice


@dataclass(frozen=True, slots=True)
class PayWay:
    """One way of a channel that is open; its bounds are in the sum's own kopecks, None is none."""

    channel: str
    way: Way
    amount_min: Money | None = None
    amount_max: Money | None = None

    @property
    def key(self) -> str:
        """What the form sends."""
        return f"{self.channel}/{self.way}"


@dataclass(frozen=True, slots=True)
class PayPoint:
    """A terminal, or a bank's own page, where the number of the agreement is all that is asked."""

    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class PayOffer:
    """`payable` are the unpaid invoices of the agreement that can be paid together, in the order in
    which they fall due; `elsewhere` those of others, who are paid directly.  `total` is None while
    nothing says how much: then there is no `qr_text` either.
    """

    agreements: tuple[Choice, ...]
    agreement: Choice
    is_closed: bool
    payable: tuple[InvoiceSummary, ...]
    elsewhere: tuple[InvoiceSummary, ...]
    other_debts: tuple[tuple[Choice, Money], ...]
    """What the invoices of the resident's other agreements ask for."""
    chosen: frozenset[int]
    total: PaySum | None
    ways: tuple[PayWay, ...]
    points: tuple[PayPoint, ...]
    requisites: Requisites
    purpose: str
    qr_text: str
    today: date

    @property
    def paid_elsewhere(self) -> Money:
        return Money.total(each.remainder for each in self.elsewhere)

    @property
    def chosen_invoices(self) -> tuple[InvoiceSummary, ...]:
        return tuple(each for each in self.payable if each.invoice_id in self.chosen)
