"""«Счета» and «Платежи» together with what they can be narrowed by."""

from dataclasses import dataclass
from datetime import datetime

from portal.db.session import Session
from portal.domain.bill import InvoiceSummary, PaymentLine
from portal.domain.identity import ResidentId
from portal.domain.period import Period
from portal.domain.statement import Choice
from portal.services.agreements import agreements
from portal.services.invoices import invoices
from portal.services.paying.receipts import Begun, begun
from portal.services.payments import payment_years, payments
from portal.services.promises import takes_promises


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """`periods` are those of the chosen agreement's invoices, newest first."""

    agreements: tuple[Choice, ...]
    periods: tuple[Period, ...]
    invoices: tuple[InvoiceSummary, ...]


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """`years` are those in which anything was paid, newest first; `begun` is what was begun
    here.
    """

    agreements: tuple[Choice, ...]
    years: tuple[int, ...]
    payments: tuple[PaymentLine, ...]
    begun: Begun
    takes_promises: bool


def invoices_page(
    session: Session,
    resident: ResidentId,
    agreement_id: int | None = None,
    period: Period | None = None,
) -> InvoicesPage:
    """Raises NotFound: the agreement is not the resident's."""
    own = agreements(session, resident)
    every = invoices(session, resident, agreement_id)
    periods = tuple(sorted({invoice.period for invoice in every}, reverse=True))
    shown = tuple(invoice for invoice in every if period in {None, invoice.period})
    return InvoicesPage(own, periods, shown)


def payments_page(
    session: Session,
    resident: ResidentId,
    agreement_id: int | None,
    year: int | None,
    now: datetime,
) -> PaymentsPage:
    """Raises NotFound: the agreement is not the resident's."""
    own = agreements(session, resident)
    found = payments(session, resident, agreement_id, year)
    return PaymentsPage(
        agreements=own,
        years=payment_years(session, resident),
        payments=found,
        begun=begun(session, resident, now),
        takes_promises=takes_promises(session, resident),
    )
