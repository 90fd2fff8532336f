"""A bank's statement in 1CClientBankExchange: which documents brought money to our accounts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import Path
from typing import TypeVar

from portal.domain.money import Money
from portal.domain.payment_order import PaymentOrder, order_key
from portal.imports.bank.compare import Operation
from portal.imports.bank.content import Complaints, content_of, decoded
from portal.imports.bank.exchange_lines import Part, encoding_of, of_part, sections_of
from portal.imports.bank.exchange_totals import Books
from portal.imports.bank.exchange_values import (
    BankDocument,
    Turnover,
    document_of,
    turnover_of,
)
from portal.imports.bank.purpose import Candidate, RegistryMark, candidates, registry_mark

T = TypeVar("T")


class Nature(Enum):
    PAYMENT = auto()
    """Somebody paid for an account, by the purpose or not."""
    LUMP = auto()
    """One sum for a registry of many payments, which says whose they are."""
    OWN = auto()
    """Between accounts of our own: nobody's payment."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came to `account`, one of ours; `external_id` is the same whenever the document
    is exported again.
    """

    document: BankDocument
    account: str
    external_id: str
    nature: Nature
    registry: RegistryMark | None
    candidates: tuple[Candidate, ...]

    @property
    def amount(self) -> Money:
        return self.document.amount

    @property
    def credited_on(self) -> date:
        return self.document.credited_on or self.document.day

    @property
    def operation(self) -> Operation:
        return Operation(self.external_id, self.amount, self.account)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that adds up; `others` counts the documents that brought our accounts nothing,
    `strangers` are accounts of the file that are not ours.
    """

    name: str
    turnovers: tuple[Turnover, ...]
    incoming: tuple[Incoming, ...]
    others: int
    strangers: tuple[str, ...]

    @property
    def total(self) -> Money:
        return Money.total(each.amount for each in self.incoming)


def read_statement(path: Path, ours: Collection[str]) -> Statement:
    """Raises BookFaults."""
    return statement_of(path.name, content_of(path), ours)


def statement_of(name: str, content: bytes, ours: Collection[str]) -> Statement:
    """`ours` are the numbers of our settlement accounts.

    Raises BookFaults with all that is wrong: nothing is taken of a statement that does not add up.
    """
    complaints = Complaints(name)
    text = decoded(complaints, content, encoding_of(content))
    header, *sections = sections_of(text, complaints)
    documents = list(_present(document_of(s, complaints) for s in of_part(sections, Part.DOCUMENT)))
    turnovers = list(
        _present(turnover_of(s, header, complaints) for s in of_part(sections, Part.ACCOUNT))
    )
    complaints.refuse_if_any()  # a missing part would make every total look wrong
    books = Books(turnovers)
    _complain_of_strangers(books, ours, complaints)
    credited = list(_credited(documents, {*ours, *books.accounts}))
    for document, account in credited:
        books.credit(document, account, complaints)
    books.complain(complaints)
    complaints.refuse_if_any()
    incoming = tuple(_incoming([pair for pair in credited if pair[1] in ours], ours))
    strangers = tuple(account for account in books.accounts if account not in ours)
    return Statement(name, tuple(turnovers), incoming, len(documents) - len(incoming), strangers)


def _complain_of_strangers(books: Books, ours: Collection[str], complaints: Complaints) -> None:
    if not books.accounts:
        complaints.add(0, "в файле нет ни одного раздела «СекцияРасчСчет»: сверить не с чем")
    elif not set(books.accounts) & set(ours):
        listed = ", ".join(books.accounts[:5])
        complaints.add(0, f"в выписке нет счетов исполнителя, только {listed}")


def _credited(
    documents: Iterable[BankDocument], accounts: Collection[str]
) -> Iterator[tuple[BankDocument, str]]:
    """The documents that brought money to one of `accounts`, with that account."""
    for document in documents:
        sides = (document.payee.account, document.payee.settlement_account)
        account = next((side for side in sides if side in accounts), "")
        if account and document.credited_on:
            yield document, account


def _incoming(
    credited: Iterable[tuple[BankDocument, str]], ours: Collection[str]
) -> Iterator[Incoming]:
    """Of documents that agree in everything that identifies them the second and later are
    numbered: the statement adds up only with each of them, so each is money of its own.
    """
    repeats: Counter[str] = Counter()
    for document, account in credited:
        key = _key(document, account)
        repeats[key] += 1
        external_id = key if repeats[key] == 1 else f"{repeats[key]}:{key}"
        mark = registry_mark(document.purpose)
        nature = _nature(document, mark, ours)
        found = candidates(document.purpose)
        yield Incoming(document, account, external_id, nature, mark, found)


def _key(document: BankDocument, account: str) -> str:
    payer = document.payer.account or document.payer.settlement_account
    order = PaymentOrder(document.number, document.day)
    return order_key(account, order, document.amount, payer)


def _nature(document: BankDocument, mark: RegistryMark | None, ours: Collection[str]) -> Nature:
    if document.payer.accounts & set(ours):
        return Nature.OWN
    return Nature.PAYMENT if mark is None else Nature.LUMP


def _present(found: Iterable[T | None]) -> Iterator[T]:
    return (each for each in found if each is not None)
