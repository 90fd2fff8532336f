"""The text of a payment QR: ГОСТ Р 56042-2014, «ST00012», which any bank's app can scan."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from portal.domain.bill import Requisites
from portal.domain.money import Money
from portal.domain.period import Period

HEADER = "ST0001"
UTF_8 = "2"
HOUSING = "02"  # TechCode: housing services
SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
NAME_MAX = 160
BANK_NAME_MAX = 45
PURPOSE_MAX = 160  # the standard has 210; a widespread reader enforces 160
MANDATORY_BYTES_MAX = 300
# Above this a telephone's camera begins to struggle with the size of the picture.
SCANNABLE_BYTES = 500
# What the largest code holds, ISO/IEC 18004, version 40 at level M; what gives way to it.
DRAWABLE_BYTES = 2331
_EXPENDABLE = ("MiddleName", "FirstName", "LastName", "PersAcc")
_NAMES_OF_A_PERSON = 3
_KEYS = (
    "Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc", "PayeeINN", "KPP", "Sum", "Purpose",
    "LastName", "FirstName", "MiddleName", "PayerAddress", "PersAcc", "PaymPeriod", "TechCode",
)  # fmt: skip
_SPELLING = {key.lower(): key for key in _KEYS}


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as the bank's form is filled in; what is empty the person types there."""

    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    address: str = ""

    @classmethod
    def named(cls, name: str, address: str) -> Self:
        """A name of exactly three words is surname, name and patronymic; of any other shape
        nobody can say which is which, and it is left out.
        """
        words = name.split()
        if len(words) != _NAMES_OF_A_PERSON:
            return cls(address=address)
        last, first, middle = words
        return cls(last, first, middle, address)


def payment_qr(
    payee: Requisites,
    amount: Money,
    purpose: str,
    *,
    personal_account: str,
    period: Period,
    payer: Payer,
) -> str:
    """The text to be drawn.  Words that are too long are cut to the standard's limits; the
    payer's address is left out where it would make the picture too dense to scan, his name and
    personal account where no picture would hold them.

    Raises ValueError: `amount` is not above zero.
    """
    if amount.kopecks <= 0:
        raise ValueError(amount)
    fields = _mandatory(payee) | _filled(
        PayeeINN=payee.inn,
        KPP=payee.kpp,
        Sum=str(amount.kopecks),
        Purpose=_clean(purpose)[:PURPOSE_MAX].rstrip(),
        LastName=payer.last_name,
        FirstName=payer.first_name,
        MiddleName=payer.middle_name,
        PayerAddress=payer.address,
        PersAcc=personal_account,
        PaymPeriod=f"{period.month:02}{period.year:04}",
        TechCode=HOUSING,
    )
    _shed(fields, ("PayerAddress",), SCANNABLE_BYTES)
    _shed(fields, _EXPENDABLE, DRAWABLE_BYTES)
    return _joined(fields)


def parse_payment_qr(text: str) -> dict[str, str]:
    """The fields of a payment QR, whatever the case in which their keys are written; keys that
    this module does not write keep their spelling.

    Raises ValueError: not a payment QR.
    """
    match = re.match(rf"{HEADER}[123](.)", text)
    if match is None:
        raise ValueError("не платежный QR-код")
    parts = [part.partition("=") for part in text[match.end() :].split(match[1]) if part]
    if not all(equals for _, equals, _ in parts):
        raise ValueError("в платежном QR-коде поле без значения")
    return {_SPELLING.get(key.lower(), key): value for key, _, value in parts}


def _mandatory(payee: Requisites) -> dict[str, str]:
    """The five fields that come first; the name gives way until they fit into their bytes."""
    fields = {
        "Name": _clean(payee.name)[:NAME_MAX].rstrip(),
        "PersonalAcc": _clean(payee.account),
        "BankName": _clean(payee.bank_name)[:BANK_NAME_MAX].rstrip(),
        "BIC": _clean(payee.bic),
        "CorrespAcc": _clean(payee.corr_account) or "0",
    }
    while _mandatory_bytes(fields) > MANDATORY_BYTES_MAX and fields["Name"]:
        fields["Name"] = fields["Name"][:-1].rstrip()
    return fields


def _mandatory_bytes(fields: dict[str, str]) -> int:
    return len("|".join(f"{key}={value}" for key, value in fields.items()).encode())


def _shed(fields: dict[str, str], expendable: tuple[str, ...], most_bytes: int) -> None:
    """Leave out one expendable field after the other until the text is short enough."""
    for key in expendable:
        if len(_joined(fields).encode()) > most_bytes:
            fields.pop(key, None)


def _filled(**fields: str) -> dict[str, str]:
    cleaned = {key: _clean(value) for key, value in fields.items()}
    return {key: value for key, value in cleaned.items() if value}


def _joined(fields: dict[str, str]) -> str:
    """One separator between all fields: the first that occurs in none of them."""
    words = "".join(fields.values())
    separator = next((mark for mark in SEPARATORS if mark not in words), "")
    if not separator:
        separator = SEPARATORS[0]
        fields = {key: value.replace(separator, " ") for key, value in fields.items()}
    pairs = (f"{key}={value}" for key, value in fields.items())
    return f"{HEADER}{UTF_8}{separator}{separator.join(pairs)}"


def _clean(text: str) -> str:
    """Without line ends and other control characters, which have no place in a QR's fields."""
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(spaced.split())
