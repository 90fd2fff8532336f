"""The resident himself, as every page's frame shows him."""

from dataclasses import dataclass

from portal.domain.feed import FeedEvent
from portal.domain.money import Money
from portal.domain.promise import Promise


@dataclass(frozen=True, slots=True)
class SideBlock:
    """The side block: who is signed in, what is unpaid, what happened."""

    name: str
    login: str
    phone: str
    email: str
    address: str
    agreement: str
    unpaid_invoices: int
    balance: Money
    """Positive: paid in advance; negative: owed."""
    unread_notices: int
    timezone: str
    readings_due_day: int
    """The day of the month until which readings are wanted."""
    events: tuple[FeedEvent, ...]
    promise: Promise | None = None
    """Of those that are not kept yet the one that is due first."""

    @property
    def initials(self) -> str:
        """«МП» for «Петрова Мария Ивановна» read as name and surname."""
        words = [word for word in self.name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in reversed(words[:2])).upper() or "?"
