"""Judging the payments of a file against the database, and storing what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from portal.db import journal
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.errors import Refused
from portal.imports.bank.money import FileMoney
from portal.imports.book.faults import refusal
from portal.services.incoming.file_channels import FileChannel
from portal.services.incoming.filing import Placed, Told, sort_out, take

AT_ONCE = 1000
"""Payments in one transaction: terminals wait for it, and some answer must come in time."""


@dataclass(frozen=True, slots=True)
class BankReport:
    """What an import did, or would do."""

    credited: tuple[Placed, ...]
    held: tuple[Placed, ...]
    known: tuple[Told, ...]

    @classmethod
    def of(cls, parts: Iterable["BankReport"]) -> "BankReport":
        every = tuple(parts)
        return cls(
            tuple(chain.from_iterable(part.credited for part in every)),
            tuple(chain.from_iterable(part.held for part in every)),
            tuple(chain.from_iterable(part.known for part in every)),
        )


def portions(money: FileMoney) -> Iterator[FileMoney]:
    """Parts that are stored one after the other once a trial of the whole was not refused: an
    import that breaks off between them is completed by running it again.
    """
    for start in range(0, len(money.payments), AT_ONCE):
        yield replace(money, payments=money.payments[start : start + AT_ONCE])


def import_money(
    session: Session,
    officer: Officer,
    to: FileChannel,
    money: FileMoney,
    now: datetime,
    *,
    is_applied: bool,
) -> BankReport:
    """Store the payments that are new if `is_applied`, else only tell of them.

    Raises BookFaults with every payment that stands in the way of all; Refused: the channel is
    closed.
    """
    if not to.channel.is_open:
        raise Refused(f"Канал «{to.channel.key}» закрыт: платежей он не принимает")
    found = sort_out(session, to.channel, money.payments, now)
    if found.faults:
        raise refusal(money.name, found.faults, money.counted)
    if is_applied and found.placed:
        take(session, to.channel, money.source, found.placed, now)
        journal.note(session, file=money.source, officer=officer.name)
    return BankReport(
        tuple(each for each in found.placed if each.holder is not None),
        tuple(each for each in found.placed if each.holder is None),
        found.known,
    )
