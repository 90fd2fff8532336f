"""Money that an operator asks a bank to give back to whoever paid by card or through СБП."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.money import Money
from portal.domain.paying import CURRENCY, BankRefund, Status


class RefundStep(StrEnum):
    """What has happened to a request, each once.  After `LOST` nobody knows whether the bank did it
    and it may not be asked anew; `STRANGE` is for people to look at.
    """

    SENT = "sent"
    DECLINED = "declined"
    CANCELED = "canceled"
    STRANGE = "strange"
    LOST = "lost"
    DONE = "done"


OPEN = frozenset({None, RefundStep.SENT})
"""Of these the bank may give the money back yet; None is before the first step."""


@dataclass(frozen=True, slots=True)
class AskedBack:
    """What was asked of the bank: so much of its payment; `external_id` is the bank's number of the
    refund, once it has told one.
    """

    payment_number: str
    amount: Money
    external_id: str | None = None


def judge_refund(asked: AskedBack, told: BankRefund) -> RefundStep:
    """Which step the bank's word comes to: it has to speak of this very refund."""
    is_this = asked.external_id in {None, told.external_id}
    agreed = (told.payment_id, told.amount, told.currency) == (
        asked.payment_number, asked.amount, CURRENCY,
    )  # fmt: skip
    if not is_this or not agreed:
        return RefundStep.STRANGE
    match told.status:
        case Status.SUCCEEDED:
            return RefundStep.DONE
        case Status.CANCELED:
            return RefundStep.CANCELED
        case _:
            return RefundStep.SENT
