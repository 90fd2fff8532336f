"""What is asked of a bank that takes payments by card and through СБП, and how it can fail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from portal.domain.money import Money
from portal.domain.paying import BankRefund, BankTold, Way


class Unreachable(Exception):
    """No answer, or none that can be understood: whether the bank did it is not known."""


class Declined(Exception):
    """The bank has said no, in words that are for the log alone: nothing was done."""


class Unknown(Declined):
    """It does not know the shop, or its secret: what it has is not told."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bank has answered to `question`, which is the method, the path and the key, but
    never what proves who we are; `is_whole`: to its end.
    """

    question: str
    status: int
    body: bytes
    is_whole: bool = True


Keep: TypeAlias = Callable[[Heard], Awaitable[int | None]]
"""Keeps an answer before anything is made of it; tells the number under which it is kept."""


async def forget(_heard: Heard) -> None:
    """For shops that only tests have."""


@dataclass(frozen=True, slots=True)
class Shop:
    """An operator's agreement with the bank; without `base_url` at the bank's own address."""

    shop_id: str
    secret: str = field(repr=False)
    base_url: str | None = None
    keep: Keep = field(default=forget, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the fiscal receipt (54-ФЗ) needs to know: where it goes and which taxes there are."""

    email: str
    phone: str
    vat_code: int
    tax_system: int | None = None


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment to be begun; `token` is its key: however often it is asked for, it is one."""

    token: str
    account: str
    amount: Money
    way: Way
    description: str
    return_url: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund to be made of the bank's payment `payment_number`; `token` is its key."""

    token: str
    payment_number: str
    amount: Money
    description: str
    receipt: Receipt | None = None


class Acquirer(Protocol):
    """All raise Unreachable and Declined, and whatever the shop's `keep` raises."""

    async def create(self, shop: Shop, new: NewPayment) -> BankTold:
        """Begin a payment, or be told what became of it."""

    async def find(self, shop: Shop, external_id: str) -> BankTold:
        """What the bank says of a payment now."""

    async def give_back(self, shop: Shop, new: NewRefund) -> BankRefund:
        """Give money back, or be told what became of it."""

    async def find_refund(self, shop: Shop, external_id: str) -> BankRefund:
        """What the bank says of a refund now."""
