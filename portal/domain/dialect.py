"""What a terminal's protocol has to say for itself: how it asks, and the words of each answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from xml.sax.saxutils import escape

from portal.domain.incoming import Command, Malformed, Order, Receipt, Refusal
from portal.domain.money import Money

XML: Final = "text/xml; charset=utf-8"
Fields = Mapping[str, str]
"""What was sent, by the names as the protocol spells them."""
Part = tuple[str, str | int]


class Found(Protocol):
    """What a terminal may be shown of an agreement; a `balance` below zero is owed."""

    @property
    def payer(self) -> str: ...
    @property
    def balance(self) -> Money: ...
    @property
    def to_pay(self) -> Money: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that can be answered; a check may be without a sum, and only a payment has a
    moment.
    """

    command: Command
    external_id: str = ""
    account: str = ""
    amount: Money | None = None
    paid_at: datetime | None = None

    @property
    def order(self) -> Order:
        """Of a payment.  Raises Malformed."""
        if self.amount is None or self.paid_at is None:
            raise Malformed(Refusal.MALFORMED)
        return Order(self.external_id, self.account, self.amount, self.paid_at)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A protocol.  `name` is its address below `/pay/` and its word in the operator's file, `title`
    says to people whose it is.  `command_field` is how its commands are found; every function but
    `asked` writes the text of an answer.
    """

    name: str
    title: str
    command_field: str
    commands: Mapping[str, Command]
    asked: Callable[[Command, Fields], Asked]
    """Raises Malformed."""
    found: Callable[[Asked, Found], str]
    accepted: Callable[[Receipt], str]
    repeated: Callable[[Receipt, str], str]
    """Also given what the first message was answered."""
    done: Callable[[Receipt], str]
    """To a question for the status, and to a cancellation."""
    refused: Callable[[Fields, Refusal], str]
    place: str | None = ""
    """Where residents find it, if a channel does not say that itself; None: nowhere that they can
    go to.
    """
    media_type: str = XML

    def command_of(self, fields: Fields) -> Command | None:
        return self.commands.get(fields.get(self.command_field, ""))


def response(parts: Iterable[Part], inner: str = "") -> str:
    """`inner` is XML already."""
    told = "".join(element(name, value) for name, value in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<response>{told}{inner}</response>\n'


def element(name: str, value: Any, attributes: str = "") -> str:  # noqa: ANN401 - text or number
    """Without what XML cannot hold (1.0, 2.2)."""
    text = "".join(sign for sign in str(value) if sign.isprintable())
    return f"<{name}{attributes}>{escape(text)}</{name}>"
