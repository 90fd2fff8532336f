"""A payment that a bank's statement tells of: by what the books know it, and by what people do."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.domain.money import Money

_KEY: Final = re.compile(r"(?:\d+:)?\d{20}/(\d{4}-\d\d-\d\d)/\d+,\d\d/\w*/(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Платежное поручение; str() is «№ 0042 от 24.11.2026», as people call it."""

    number: str
    day: date

    def __str__(self) -> str:
        number = f"№\N{NO-BREAK SPACE}{self.number} " if self.number else ""
        return f"{number}от\N{NO-BREAK SPACE}{self.day:%d.%m.%Y}"


def order_key(account: str, order: PaymentOrder, amount: Money, payer: str) -> str:
    """What tells it apart from every other that came to `account`; `payer` is his own account.
    Only the number may hold a stroke, and it comes last: no two keys read alike.
    """
    parts = (account, order.day.isoformat(), amount.plain, re.sub(r"\W", "", payer))
    return "/".join((*parts, order.number))


def payment_order(external_id: str) -> PaymentOrder | None:
    """The order of a key: the account in it is nobody's business.  None: it is no such key."""
    found = _KEY.fullmatch(external_id)
    if found is None:
        return None
    try:
        return PaymentOrder(found[2], date.fromisoformat(found[1]))
    except ValueError:
        return None
