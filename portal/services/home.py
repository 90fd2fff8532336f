"""«Главная»: what is owed and what happened.  What readings are missing, the devices tell."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.domain.bill import InvoiceSummary
from portal.domain.feed import EventKind, FeedEvent
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.person import SideBlock
from portal.services.invoices import unpaid_invoices
from portal.services.side_block import side_block


@dataclass(frozen=True, slots=True)
class Home:
    """On a phone the side block is the top of this page, so it comes along."""

    side: SideBlock
    unpaid: tuple[InvoiceSummary, ...]
    """In the order in which they fall due."""

    @property
    def events(self) -> tuple[FeedEvent, ...]:
        return self.side.events

    @property
    def owed(self) -> Money:
        """The debt over all agreements as the ledger has it; zero for who has paid in advance."""
        return max(-self.side.balance, ZERO)

    @property
    def to_pay(self) -> Money:
        """What remains of the unpaid invoices."""
        return Money.total(invoice.remainder for invoice in self.unpaid)

    @property
    def due_on(self) -> date | None:
        """The nearest day by which something is to be paid; it may have passed."""
        return self.unpaid[0].due_on if self.unpaid else None


def home(
    session: Session, resident: ResidentId, kinds: frozenset[EventKind], *, is_demo: bool = False
) -> Home:
    """Three statements, the side block's included.  Raises NotFound."""
    side = side_block(session, resident, kinds, is_demo=is_demo)
    return Home(side, unpaid_invoices(session, resident))
