"""Which services an account has in a month, and on which of its days."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.domain.charging.facts import AccountFacts, Quantities, ServiceFacts
from portal.domain.charging.methods import Method
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since, pieces, value_on

_ONE = (Since(date.min, Quantity(SCALE)),)


def services_of(
    account: AccountFacts, month: Period
) -> Iterable[tuple[ServiceFacts, tuple[Days, ...]]]:
    """Those of each tariff with its unbroken rows of days, in the order of time; without services
    that have no day.

    A fee for whole months is not taken anew when the tariff changes to another that has it too.
    """
    days = account.served and account.served.within(Days.of(month))
    found: dict[int, tuple[ServiceFacts, tuple[Days, ...]]] = {}
    fees: dict[str, int] = {}
    for piece in pieces(days, (account.tariffs,)) if days else ():
        tariff = value_on(account.tariffs, piece.first)
        for service in tariff.services if tariff else ():
            runs = _runs(piece, account.quantity.get(service.service_id, ()))
            if runs and not _is_paid(service, fees):
                _, before = found.get(service.service_id, (service, ()))
                found[service.service_id] = service, before + runs
    return found.values()


def _is_paid(service: ServiceFacts, fees: dict[str, int]) -> bool:
    """Whether a service of another id has taken the month's fee."""
    if service.method is not Method.PERIODIC_MONTH:
        return False
    return fees.setdefault(service.external_id, service.service_id) != service.service_id


def quantity_of(account: AccountFacts, service_id: int) -> Quantities:
    """How many of a service it has: one until it is said."""
    return _ONE + tuple(account.quantity.get(service_id, ()))


def _runs(days: Days, quantity: Quantities) -> tuple[Days, ...]:
    """`days` without those on which it has none of the service."""
    if not quantity:  # nearly always
        return (days,)
    runs: list[Days] = []
    for piece in pieces(days, (_ONE + tuple(quantity),)):
        if value_on(quantity, piece.first) == Quantity(0):
            continue
        if runs and runs[-1].last + timedelta(1) == piece.first:
            runs[-1] = Days(runs[-1].first, piece.last)
        else:
            runs.append(piece)
    return tuple(runs)
