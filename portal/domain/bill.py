"""Invoices and payments as the resident sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


@dataclass(frozen=True, slots=True)
class Requisites:
    """Where money is to be sent, as frozen in an invoice."""

    name: str
    inn: str
    kpp: str
    account: str
    bank_name: str
    bic: str
    corr_account: str


@dataclass(frozen=True, slots=True)
class InvoiceFigures:
    """What an invoice says beside its lines, frozen with them.  `opening` was owed when the month
    began, `paid` came in during the month.
    """

    opening: Money
    charged: Money
    recalculated: Money
    penalty: Money
    paid: Money

    @property
    def to_pay(self) -> Money:
        """Below zero: an advance."""
        return self.opening + self.charged + self.recalculated + self.penalty - self.paid


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """An invoice in a list; payable while `remainder` is above zero.  A `total` below zero is in
    the resident's favour.
    """

    invoice_id: int
    number: str
    agreement: str
    period: Period
    issued_on: date
    due_on: date
    total: Money
    paid: Money
    cancels: str = ""
    """The number of the invoice that this one takes back."""
    cancelled_by: str = ""
    """The number of the document that takes this one back."""
    payee: str = ""
    """Who is paid directly; empty where it is the operator."""

    @property
    def is_settled_by_paying(self) -> bool:
        """It asked for money, and nobody took it back."""
        return self.total.kopecks > 0 and not self.cancels and not self.cancelled_by

    @property
    def remainder(self) -> Money:
        return self.total - self.paid

    @property
    def is_unpaid(self) -> bool:
        return self.remainder.kopecks > 0

    @property
    def is_owed_for_others(self) -> bool:
        """Taken back when it was paid, so that what was paid went on to other invoices; then the
        payment went back to the payer.  What they took is owed here, and is not late.
        """
        return bool(self.cancelled_by) and self.is_unpaid


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    """One frozen line of an invoice."""

    name: str
    unit: str
    volume: Quantity | None
    price: Price | None
    amount: Money


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """One invoice opened: its lines, whom to pay, the text of the payment QR."""

    summary: InvoiceSummary
    payer_name: str
    payer_address: str
    items: tuple[InvoiceItem, ...]
    requisites: Requisites
    purpose: str
    qr_text: str
    figures: InvoiceFigures | None = None
    """None of a loaded document, and of one that cancels another."""
    reason: str = ""
    """Why it cancels another, or was cancelled."""
    passed_on: tuple[str, ...] = ()
    """Of a cancelled one: which other invoices took what was paid of it."""
    returned: Money = ZERO
    """What went back to the payer of what was paid of it."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment in the history; `channel` is already the word that people are shown."""

    payment_id: int
    agreement: str
    paid_at: datetime
    channel: str
    external_id: str
    amount: Money
    applied_to: tuple[str, ...]
    """Numbers of the invoices that it paid."""
    refunded: Money = ZERO
    """What of it went back to the payer."""
