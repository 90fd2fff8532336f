"""What a bank sends, as it may be stored."""

import json
import re
from typing import Any

from portal.services.incoming.inbox import MESSAGE_MAX

# A card's number has 13 to 19 digits; fields that are named like secrets are blanked as well.
_DIGITS = re.compile(r"(?<!\d)\d{13,19}(?!\d)")
_SECRET = re.compile(
    r"pass|pwd|secret|sign|token|cvv|cvc|pan$|pin$|^number$|^card$|first6|last4|expiry|^title$"
    r"|e-?mail|phone|^customer$|full_?name|holder|^ip$",
    re.IGNORECASE,
)
"""Also of the payer, whose money it is without them; «title» is «Bank card *4444»."""
# Each run of signs is read once: a message may be all dots.
_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"
    r"|\+7[\s(-]{0,2}\d{3}[\s)-]{0,2}\d{3}[\s-]?\d\d[\s-]?\d\d(?!\d)"
)


def kept(raw: str) -> str:
    """What a bank sends as it may be stored: without cards, secrets, addresses and telephones of
    people, and bounded.
    """
    try:
        told = json.dumps(_blanked(json.loads(raw)), ensure_ascii=False)
    except (ValueError, RecursionError):
        told = raw
    shown = _PERSONAL.sub("***", _DIGITS.sub("***", told)).replace("\0", "\\x00")
    return shown.encode(errors="backslashreplace").decode()[:MESSAGE_MAX]


def _blanked(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {
            name: "***" if _SECRET.search(name) else _blanked(inner)
            for name, inner in value.items()
        }
    return [_blanked(each) for each in value] if isinstance(value, list) else value
