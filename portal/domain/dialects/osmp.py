"""OSMP: the protocol of QIWI's terminals, which many others speak too.

`command=check|pay`; `status` and `cancel` are extensions, which name a payment by its txn_id.  A
repeated payment or cancellation is answered as the first one was, to the letter.
"""

import re
from enum import Enum
from typing import Final

from portal.domain.dialect import Asked, Dialect, Fields, Found, element, response
from portal.domain.incoming import (
    Command,
    Malformed,
    Receipt,
    Refusal,
    account_of,
    amount_of,
    moment_of,
    number_of,
    written,
)
from portal.domain.money import Money

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)",
    re.ASCII,
)


class Result(Enum):
    """The protocol's whole table: code, and whether the payment system gives up at it (what is
    not fatal it repeats for a day).
    """

    OK = 0, False
    TEMPORARY = 1, False
    BAD_ACCOUNT = 4, True
    NO_ACCOUNT = 5, True
    FORBIDDEN = 7, True
    FORBIDDEN_TECHNICALLY = 8, True
    BAD_SIGNATURE = 10, True
    BAD_EXTRA = 31, True
    RATE_CHANGED = 32, True
    OTHER_CURRENCY = 40, True
    INACTIVE = 79, True
    NOT_FINISHED = 90, False
    TOO_SMALL = 241, True
    TOO_LARGE = 242, True
    UNKNOWABLE = 243, True
    OTHER = 300, True

    @property
    def code(self) -> int:
        return self.value[0]

    @property
    def is_fatal(self) -> bool:
        return self.value[1]


RESULTS: Final = {
    Refusal.TEMPORARY: Result.TEMPORARY,
    Refusal.NO_COMMAND: Result.OTHER,
    Refusal.MALFORMED: Result.OTHER,
    Refusal.BAD_NUMBER: Result.OTHER,
    Refusal.BAD_ACCOUNT: Result.BAD_ACCOUNT,
    Refusal.BAD_AMOUNT: Result.OTHER,
    Refusal.BAD_DATE: Result.OTHER,
    Refusal.NOT_FOUND: Result.NO_ACCOUNT,
    Refusal.CLOSED: Result.INACTIVE,
    Refusal.FORBIDDEN: Result.FORBIDDEN,
    Refusal.TOO_SMALL: Result.TOO_SMALL,
    Refusal.TOO_LARGE: Result.TOO_LARGE,
    Refusal.CONFLICT: Result.OTHER,
    Refusal.NO_PAYMENT: Result.OTHER,
    Refusal.CANCELLED: Result.OTHER,
    Refusal.NOTHING_TO_CANCEL: Result.INACTIVE,
    Refusal.NOT_CANCELLABLE: Result.FORBIDDEN,
}


def _asked(command: Command, fields: Fields) -> Asked:
    number = number_of(fields.get("txn_id", ""))
    if command in {Command.STATUS, Command.CANCEL}:
        return Asked(command, number)
    account = account_of(fields.get("account", ""))
    if command is Command.CHECK:
        return Asked(command, number, account, _sum_of_check(fields.get("sum", "")))
    moment = moment_of(fields.get("txn_date", ""), _MOMENT)
    return Asked(command, number, account, amount_of(fields.get("sum", "")), moment)


def _sum_of_check(text: str) -> Money | None:
    """It binds nobody, and a terminal that has not asked for it yet sends nothing or zero."""
    return (amount_of(text) or None) if text else None


def _found(asked: Asked, found: Found) -> str:
    fields = (("Плательщик", found.payer), ("К оплате", written(found.to_pay)))
    inner = "".join(
        element(f"field{n}", value, f' name="{name}"') for n, (name, value) in enumerate(fields, 1)
    )
    parts = (("osmp_txn_id", asked.external_id), ("result", Result.OK.code), ("comment", "OK"))
    return response(parts, f"<fields>{inner}</fields>")


def _accepted(receipt: Receipt) -> str:
    return response(
        (
            ("osmp_txn_id", receipt.external_id),
            ("prv_txn", receipt.number),
            ("sum", written(receipt.amount)),
            ("result", Result.OK.code),
            ("comment", "OK"),
        )
    )


def _refused(fields: Fields, refusal: Refusal) -> str:
    """The number is told back only if it is one."""
    try:
        number = number_of(fields.get("txn_id", ""))
    except Malformed:
        number = ""
    result = RESULTS[refusal]
    return response((("osmp_txn_id", number), ("result", result.code), ("comment", refusal.value)))


DIALECT: Final = Dialect(
    name="osmp",
    title="QIWI, терминалы, протокол № 2 Сбербанка",
    command_field="command",
    commands={each.value: each for each in Command},
    asked=_asked,
    found=_found,
    accepted=_accepted,
    repeated=lambda _receipt, first: first,
    done=_accepted,
    refused=_refused,
)
