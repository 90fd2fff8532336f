"""By what a bank's document is known whenever it is exported again."""

import re
from datetime import date
from typing import Final

from portal.domain.money import Money

_DOCUMENT: Final = re.compile(
    r"(?:\d+:)?[^/]+/\d{4}-\d\d-\d\d/\d[\d,]*/\w*/(?P<number>.+)", re.DOTALL
)


def document_key(account: str, day: date, amount: Money, payer: str, number: str) -> str:
    """Only the number may hold a stroke, and it comes last: no two keys read alike."""
    parts = (account, day.isoformat(), amount.plain, re.sub(r"\W", "", payer))
    return "/".join((*parts, number))


def document_number(key: str) -> str | None:
    """The number in such a key; None: it is the key of a payment in a registry."""
    match = _DOCUMENT.fullmatch(key)
    return match and match["number"]
