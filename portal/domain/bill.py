"""Invoices and payments as the resident sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.money import Money
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
class InvoiceSummary:
    """An invoice in a list; payable while `remainder` is above zero."""

    invoice_id: int
    number: str
    agreement: str
    period: Period
    issued_on: date
    due_on: date
    total: Money
    paid: Money

    @property
    def remainder(self) -> Money:
        return self.total - self.paid

    @property
    def is_unpaid(self) -> bool:
        return self.remainder.kopecks > 0


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
