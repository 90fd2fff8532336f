"""Letters to residents: in whose name they go, and when a letter that did not go is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from typing import Final

from portal.domain.profile import ContactFault, parse_email

NAME_MAX: Final = 100
PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440)
)
"""After the first try, the second …: what a greylist wants is minutes, a broken mailbox days
(RFC 5321, 4.5.4.1: four or five days in all).
"""


class End(StrEnum):
    """What a try of a letter came to; the last two end it."""

    FAILED = "failed"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Sender:
    """«ООО «Дом» <lk@example.ru>»: who letters are from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all letters of this installation have in common; `portal` is where residents find it,
    empty where nobody has said so.
    """

    sender: Sender
    portal: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` is paragraphs between empty lines; in one of them each line may be «name: value»."""

    subject: str
    text: str


def parse_sender(written: str) -> Sender:
    """«lk@example.ru» or «Name <lk@example.ru>».  Raises ContactFault."""
    name, address = parseaddr(written)
    known = {address, f"{name} <{address}>", f'"{name}" <{address}>'}
    if not name.isprintable() or len(name) > NAME_MAX or written.strip() not in known:
        raise ContactFault("Проверьте отправителя: он пишется как Имя <name@example.ru>")
    return Sender(name, wire_address(address))


def wire_address(email: str) -> str:
    """The address as every mail server knows it: a Cyrillic domain in punycode.

    Raises ContactFault: it is none, or its mailbox is one that few servers know how to call.
    """
    mailbox, _, domain = parse_email(email).rpartition("@")
    try:
        wired = domain.encode("idna").decode()
    except UnicodeError as fault:
        raise ContactFault("Проверьте e-mail: такого домена не бывает") from fault
    if not mailbox.isascii() or not wired:
        raise ContactFault("Проверьте e-mail: до знака @ нужны латинские буквы и цифры")
    return f"{mailbox}@{wired}"


def next_try(failures: int, last: datetime) -> datetime | None:
    """When a letter that failed so many times is due again; None: never."""
    return last + PAUSES[failures - 1] if failures <= len(PAUSES) else None
