"""Payments by card and through СБП: what a resident means to pay, what the bank says of it, and
what follows.  The bank alone knows whether money was taken: what it has not said nobody knows.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Final

from portal.domain.money import ZERO, Money

CURRENCY: Final = "RUB"
REPEATABLE: Final = timedelta(hours=24)
"""How long a bank remembers under which key a payment was asked for (ЮKassa, «Идемпотентность»):
asked later, it might make a second one.
"""
REPEATABLE_MARGIN: Final = timedelta(hours=1)
"""Before the bank forgets: clocks differ, and a call takes its time."""
WATCHED: Final = timedelta(days=30)
"""How long we ask by ourselves what became of a payment: the portal may have been off for days."""


class Way(StrEnum):
    """How it is paid, spelt as in the files of operators."""

    CARD = "card"
    SBP = "sbp"


class PayState(Enum):
    """What the resident is told; `REFUSED` is a payment that the bank would not even begin,
    `RESOLVED` one that people have looked into, and it was not credited by itself.
    """

    WAITING = "waiting"
    CHECKING = "checking"
    RESOLVED = "resolved"
    DONE = "done"
    CANCELED = "canceled"
    REFUSED = "refused"


class Step(StrEnum):
    """What has happened to an intent, each once.  Money may come after all the others: a bank that
    was late counts.
    """

    SENT = "sent"
    DECLINED = "declined"
    CANCELED = "canceled"
    STRANGE = "strange"
    PAID = "paid"


class Status(StrEnum):
    """The bank's own words; any other means that it is not decided yet."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class Verdict(Enum):
    """What a bank's word comes to; `STRANGE` is for people to look at, and moves no money."""

    CREDIT = "credit"
    WAIT = "wait"
    CANCELED = "canceled"
    STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class PayOrder:
    """What the form of a resident says: through which channel, by its key, and for what, in the
    order in which it is to be paid.  `origin` is the one of ours on which he is signed in, and to
    which the bank sends him back; None: whichever is usual.
    """

    channel: str
    way: Way
    agreement_id: int
    amount: Money
    invoice_ids: tuple[int, ...] = ()
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class PayTold:
    """A payment as its page shows it.  `number` is ours, `external_id` the bank's; `advance` is
    what no invoice has asked for, `outcome` what people say who have looked into it.
    """

    token: str
    agreement: str
    amount: Money
    way: Way
    channel: str
    state: PayState
    begun_at: datetime
    ended_at: datetime | None = None
    number: int | None = None
    external_id: str | None = None
    confirmation_url: str | None = None
    invoices: tuple[str, ...] = ()
    applied_to: tuple[str, ...] = ()
    advance: Money = ZERO
    refunded: Money = ZERO
    outcome: str = ""


def looked_into(shown: PayTold, at: datetime | None, outcome: str | None) -> PayTold:
    """`shown`, or what people have said of it `at` that time: as long as nobody can make anything
    of what the bank tells.
    """
    if shown.state is not PayState.CHECKING or at is None or outcome is None:
        return shown
    return replace(shown, state=PayState.RESOLVED, ended_at=at, outcome=outcome)


@dataclass(frozen=True, slots=True)
class Intent:
    """What was asked of the bank; `external_id` is its number, once it has told one."""

    token: str
    account: str
    amount: Money
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class BankTold:
    """What the bank itself says of one payment, asked by us; `amount` None is no sum that can be.
    `raw` is all of it, to the letter, and `kept_as` the number of the message that it is; None: it
    is kept nowhere yet.
    """

    external_id: str
    status: str
    is_paid: bool
    amount: Money | None
    currency: str
    account: str
    token: str
    confirmation_url: str | None = None
    paid_at: datetime | None = None
    raw: str = ""
    kept_as: int | None = None


@dataclass(frozen=True, slots=True)
class BankRefund:
    """What the bank itself says of money that it has given back, asked by us: of its payment
    `payment_id`.
    """

    external_id: str
    payment_id: str
    status: str
    amount: Money | None
    currency: str
    refunded_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        return self.status not in {Status.SUCCEEDED, Status.CANCELED}

    @property
    def given_back(self) -> Money | None:
        """None: nothing has gone back."""
        is_done = self.status == Status.SUCCEEDED and self.currency == CURRENCY
        return self.amount if is_done and self.amount else None


def judge(intent: Intent, told: BankTold) -> Verdict:
    """Money is credited for one thing only: the bank says of this very payment that it has
    succeeded and is paid, with our sum, currency and account.
    """
    if not _is_this(intent, told):
        return Verdict.STRANGE
    if told.status == Status.CANCELED:
        return Verdict.CANCELED
    if told.status != Status.SUCCEEDED:
        return Verdict.WAIT
    agreed = (told.amount, told.currency, told.account) == (
        intent.amount, CURRENCY, intent.account,
    )  # fmt: skip
    return Verdict.CREDIT if told.is_paid and agreed else Verdict.STRANGE


def state_of(newest: Step | None, *, has_ever_paid: bool) -> PayState:
    """What is true for the resident after these steps.  Nothing heard, and something that nobody
    expected, is alike: it is being looked into.
    """
    if has_ever_paid:
        return PayState.DONE
    return PayState.CHECKING if newest is None else _STATES.get(newest, PayState.CHECKING)


def pause(age: timedelta) -> timedelta:
    """After how long to ask again about a payment of this age: growing, for most end at once."""
    longest = _LONGEST if age < _YOUNG else _DAILY
    return min(max(age / 5, _SHORTEST), longest)


_SHORTEST, _LONGEST, _DAILY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_YOUNG: Final = timedelta(days=2)
_STATES: Final = {
    Step.SENT: PayState.WAITING,
    Step.DECLINED: PayState.REFUSED,
    Step.CANCELED: PayState.CANCELED,
}


def _is_this(intent: Intent, told: BankTold) -> bool:
    is_known = intent.external_id is None or intent.external_id == told.external_id
    return is_known and told.token == intent.token
