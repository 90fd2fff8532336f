"""Whose money a charge is: the one definition, for every door through which a charge comes."""

from dataclasses import dataclass
from datetime import date

from portal.domain.settlement import Scheme
from portal.domain.timeline import Timeline, value_on


@dataclass(frozen=True, slots=True)
class Payee:
    """By which scheme the money is settled, and with which supplier."""

    scheme: str = Scheme.OWN
    supplier_id: int | None = None


OWN_PAYEE = Payee()


def payee_on(terms: Timeline[Payee], day: date) -> Payee:
    """By the dated terms of the service; before the first of them it is the operator's own."""
    return value_on(terms, day) or OWN_PAYEE
