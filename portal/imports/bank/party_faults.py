"""What cannot be true of the requisites in a statement.  The money came all the same, so nothing is
refused for it: somebody is to look whether the file is right.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from portal.domain.requisites import account_fault, bic_fault, inn_fault
from portal.imports.bank.exchange import Incoming
from portal.imports.bank.exchange_values import Party

_FOREIGN: Final = 5
"""Signs of a foreign organisation's code (КИО), which stands in place of an ИНН."""


def party_faults(incoming: Iterable[Incoming]) -> tuple[str, ...]:
    """Each fault once, with the line of the document that has it first."""
    found: dict[str, int] = {}
    for each in incoming:
        document = each.document
        for who, party in (("плательщик", document.payer), ("получатель", document.payee)):
            for fault in _faults(party):
                found.setdefault(f"{who}, {fault}", document.line)
    return tuple(f"строка {line}: {fault}" for fault, line in found.items())


def _faults(party: Party) -> Iterator[str]:
    """A bank leaves out what it does not know, or writes nothing but zeros."""
    if party.inn.strip("0") and len(party.inn) != _FOREIGN:
        yield from filter(None, [inn_fault(party.inn)])
    if party.bic:
        yield from filter(None, [bic_fault(party.bic)])
        accounts = sorted(party.accounts)
        yield from filter(None, (account_fault(account, party.bic) for account in accounts))
