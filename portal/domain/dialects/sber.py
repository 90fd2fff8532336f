"""Сбербанк's online protocol number 1, as LANBilling's gateway speaks it.

`ACTION=check|payment`.  A repeated payment is told that it is one, with what the first one got.
"""

import re
from enum import Enum
from typing import Final

from portal.domain.dialect import Asked, Dialect, Fields, Found, response
from portal.domain.incoming import (
    Command,
    Receipt,
    Refusal,
    account_of,
    amount_of,
    moment_of,
    moscow,
    number_of,
    written,
)

_MOMENT = re.compile(
    r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})_"
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)",
    re.ASCII,
)


class Code(Enum):
    """The protocol's whole table; only a temporary fault is tried again."""

    OK = 0
    TEMPORARY = 1
    NO_ACTION = 2
    NO_ACCOUNT = 3
    BAD_ACCOUNT = 4
    INACTIVE = 5
    BAD_NUMBER = 6
    FORBIDDEN = 7
    DUPLICATE = 8
    BAD_AMOUNT = 9
    TOO_SMALL = 10
    TOO_LARGE = 11
    BAD_DATE = 12
    INTERNAL = 300


CODES: Final = {
    Refusal.TEMPORARY: Code.TEMPORARY,
    Refusal.NO_COMMAND: Code.NO_ACTION,
    Refusal.MALFORMED: Code.INTERNAL,
    Refusal.BAD_NUMBER: Code.BAD_NUMBER,
    Refusal.BAD_ACCOUNT: Code.BAD_ACCOUNT,
    Refusal.BAD_AMOUNT: Code.BAD_AMOUNT,
    Refusal.BAD_DATE: Code.BAD_DATE,
    Refusal.NOT_FOUND: Code.NO_ACCOUNT,
    Refusal.CLOSED: Code.INACTIVE,
    Refusal.FORBIDDEN: Code.FORBIDDEN,
    Refusal.TOO_SMALL: Code.TOO_SMALL,
    Refusal.TOO_LARGE: Code.TOO_LARGE,
    Refusal.CONFLICT: Code.BAD_NUMBER,
    Refusal.NO_PAYMENT: Code.BAD_NUMBER,
    Refusal.CANCELLED: Code.BAD_NUMBER,
    Refusal.NOTHING_TO_CANCEL: Code.BAD_NUMBER,
    Refusal.NOT_CANCELLABLE: Code.FORBIDDEN,
}


def _asked(command: Command, fields: Fields) -> Asked:
    account = account_of(fields.get("ACCOUNT", ""))
    if command is Command.CHECK:
        amount = amount_of(fields["AMOUNT"]) if fields.get("AMOUNT") else None
        return Asked(command, account=account, amount=amount or None)
    return Asked(
        command,
        number_of(fields.get("PAY_ID", "")),
        account,
        amount_of(fields.get("AMOUNT", "")),
        moment_of(fields.get("PAY_DATE", ""), _MOMENT),
    )


def _found(_asked: Asked, found: Found) -> str:
    return response(
        (
            ("CODE", Code.OK.value),
            ("MESSAGE", "OK"),
            ("FIO", found.payer),
            ("BALANCE", written(found.balance)),
            ("REC_SUM", written(found.to_pay)),
        )
    )


def _accepted(receipt: Receipt) -> str:
    return _taken(receipt, Code.OK, "OK")


def _repeated(receipt: Receipt, _first: str) -> str:
    return _taken(receipt, Code.DUPLICATE, "Платеж с таким номером уже принят")


def _taken(receipt: Receipt, code: Code, message: str) -> str:
    return response(
        (
            ("CODE", code.value),
            ("MESSAGE", message),
            ("EXT_ID", receipt.number),
            ("AMOUNT", written(receipt.amount)),
            ("REG_DATE", f"{moscow(receipt.accepted_at):%d.%m.%Y_%H:%M:%S}"),
        )
    )


def _refused(_fields: Fields, refusal: Refusal) -> str:
    return response((("CODE", CODES[refusal].value), ("MESSAGE", refusal.value)))


DIALECT: Final = Dialect(
    name="sber",
    title="протокол № 1 Сбербанка",
    command_field="ACTION",
    commands={"check": Command.CHECK, "payment": Command.PAY},
    asked=_asked,
    found=_found,
    accepted=_accepted,
    repeated=_repeated,
    done=_accepted,
    refused=_refused,
)
