"""Judging the payments of a file against the database, and storing what is new."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from portal.services.incoming.lumps import NOTHING, Weighed, keep_lumps, keep_registry, weigh
from portal.services.incoming.twice import twins

AT_ONCE = 1000
"""Payments in one transaction: terminals wait for it, and some answer must come in time."""


@dataclass(frozen=True, slots=True)
class BankReport:
    """What an import did, or would do."""

    credited: tuple[Placed, ...]
    held: tuple[Placed, ...]
    known: tuple[Told, ...]
    weighed: Weighed = NOTHING

    @property
    def is_anything_new(self) -> bool:
        return bool(self.credited or self.held or self.weighed.new)

    @property
    def twins(self) -> Mapping[str, str]:
        """By the numbers of those held for it what is probably the same money."""
        return {each.told.order.external_id: each.twin for each in self.held if each.twin}

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
    tried: BankReport | None = None,
) -> BankReport:
    """Tell what is new; once that was `tried` with the whole file, store the payments.

    Raises BookFaults with every payment that stands in the way of all; Refused: the channel is
    closed.
    """
    if not to.channel.is_open:
        raise Refused(f"Канал «{to.channel.key}» закрыт: платежей он не принимает")
    found = sort_out(session, to.channel, money.payments, now)
    if found.faults:
        raise refusal(money.name, found.faults, money.counted)
    same = _twins(session, to, found.placed) if tried is None else tried.twins
    placed = [each.held_as(same.get(each.told.order.external_id)) for each in found.placed]
    if tried is not None and placed:
        take(session, to.channel, money.source, placed, now)
        journal.note(session, file=money.source, officer=officer.name)
    return BankReport(
        tuple(each for each in placed if each.holder is not None),
        tuple(each for each in placed if each.holder is None),
        found.known,
        tried.weighed if tried else weigh(session, to.channel, money.new_lumps, money.registry),
    )


def import_sums(
    session: Session, officer: Officer, to: FileChannel, money: FileMoney, now: datetime
) -> None:
    """Keep the sums for registries, and what a registry comes to once its payments are stored."""
    is_new = keep_lumps(session, to.channel, money.source, money.new_lumps, now)
    if money.registry is not None:
        is_new |= keep_registry(session, to.channel, money.registry, now)
    if is_new:
        journal.note(session, file=money.source, officer=officer.name)


def _twins(session: Session, to: FileChannel, placed: Sequence[Placed]) -> Mapping[str, str]:
    """A terminal's own registry has the numbers of its messages: nothing of it comes twice."""
    return twins(session, to.channel, placed) if to.is_for_files else {}
