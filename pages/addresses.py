"""Addresses that several pages name, and reading their parts: what no page of ours leads to is not
found.
"""

from collections.abc import Iterable, Mapping

from portal.domain.period import Period
from portal.errors import NotFound

PROFILE = "/profile"
PAD = "/pad"
PAYMENT = "/payment"
PROMISE = "/payments/promise"
CHANGE = "/zkh/change"
"""Back to the form of an entry, with what was typed."""
_DIGITS_MAX = 18
_YEARS = range(1900, 3000)  # each with a month before and a month after


def number(asked: Mapping[str, str], name: str) -> int | None:
    """A whole number, None where the address has none.  Raises NotFound."""
    text = asked.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise NotFound
    return int(text)


def own_number(asked: Mapping[str, str], name: str) -> int:
    """A whole number that must be there.  Raises NotFound."""
    found = number(asked, name)
    if found is None:
        raise NotFound
    return found


def numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Whole numbers, each once, in the order given.  Raises NotFound."""
    return tuple(dict.fromkeys(own_number({"": text}, "") for text in texts))


def period(asked: Mapping[str, str], name: str = "period") -> Period | None:
    """«2014-05».  Raises NotFound."""
    text = asked.get(name, "")
    try:
        found = Period.parse(text) if text else None
    except ValueError:
        raise NotFound from None
    if found is not None and found.year not in _YEARS:
        raise NotFound
    return found
