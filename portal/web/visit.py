"""One request as the front saw it: who asks, from where, under which reference number."""

import secrets
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from portal.services.sessions import SignedIn

SIGNED_IN = "zhkh"
"""Where an action finds the `SignedIn` of its request's scope, or None."""
_VISIT = "zhkh.visit"


def new_number() -> str:
    """A reference number that a person can read out."""
    text = secrets.token_hex(4).upper()
    return f"{text[:4]}-{text[4:]}"


@dataclass(slots=True)
class Visit:
    """`address` is the person's own: a proxy's word counts only when the proxy is trusted.

    `where` is the page that is shown, with its query; in a live tab it moves with the person.
    `painted` is the screen of the first answer; it is let go once the page is live.
    `read_at`, of the monotonic clock: what is shown was read after it.
    """

    address: str
    token: str | None = field(repr=False)
    where: str = "/"
    signed_in: SignedIn | None = None
    number: str = field(default_factory=new_number)
    painted: str = ""
    read_at: float = field(default_factory=time.monotonic)


def remember(scope: MutableMapping[str, Any], visit: Visit) -> None:
    """Lay the visit, and who is signed in, where the others find them."""
    scope[_VISIT] = visit
    scope[SIGNED_IN] = visit.signed_in


def visit_of(scope: Mapping[str, Any]) -> Visit:
    """The visit of a request's or a socket's ASGI scope."""
    visit: Visit = scope[_VISIT]
    return visit
