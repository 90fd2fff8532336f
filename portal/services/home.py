"""«Главная»: what is owed and what happened.  What readings are missing, the devices tell."""

from dataclasses import dataclass
from datetime import datetime

from portal.db.session import Session
from portal.domain.bill import InvoiceSummary
from portal.domain.feed import EventKind
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.person import SideBlock
from portal.domain.promise import PromiseOffer
from portal.services.invoices import unpaid_invoices
from portal.services.promises import offers
from portal.services.side_block import side_block


@dataclass(frozen=True, slots=True)
class Home:
    """On a phone the side block is the top of this page, so it comes along."""

    side: SideBlock
    unpaid: tuple[InvoiceSummary, ...]
    """In the order in which they fall due."""
    offers: tuple[PromiseOffer, ...] = ()

    @property
    def to_pay(self) -> Money:
        """By the invoices."""
        return Money.total(invoice.remainder for invoice in self.unpaid)

    @property
    def unbilled(self) -> Money:
        """What the ledger's debt holds beyond the invoices."""
        return max(-self.side.balance - self.to_pay, ZERO)

    @property
    def advance(self) -> Money:
        """What was paid and has not gone to an invoice."""
        return max(self.side.balance + self.to_pay, ZERO)

    @property
    def owed(self) -> Money:
        """The debt over all agreements as the ledger has it; zero for who has paid in advance."""
        return max(-self.side.balance, ZERO)


def home(
    session: Session, resident: ResidentId, kinds: frozenset[EventKind], now: datetime
) -> Home:
    """Four statements, the side block's included.  Raises NotFound."""
    side, unpaid = side_block(session, resident, kinds), unpaid_invoices(session, resident)
    return Home(side, unpaid, offers(session, resident, unpaid, now))
