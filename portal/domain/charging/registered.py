"""What others registered: works that were done once, and what another system counted."""

from collections.abc import Iterable
from itertools import groupby

from portal.domain.charging.case import Case, used
from portal.domain.charging.facts import Used, Work
from portal.domain.charging.fees import one_time, rated, usage
from portal.domain.charging.line import Line
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.money import Money
from portal.domain.quantity import Quantity


def works(case: Case) -> ServiceMonth:
    """A line a day of works of one service.  Raises NotChargeable."""
    own = [work for work in case.account.works if work.service.service_id == _id(case)]
    days = groupby(sorted(own, key=lambda work: work.done_on), key=lambda work: work.done_on)
    lines = tuple(line for _, done in days for line in _of_day(case, list(done)))
    return case.became(lines, used(lines))


def usages(case: Case) -> ServiceMonth:
    """What was only counted and what was priced too, each together.  Raises NotChargeable."""
    own = [used for used in case.account.used if used.service.service_id == _id(case)]
    lines = (*_counted(case, own), *_priced(case, own))
    return case.became(lines, Quantity(sum(used.volume.micro for used in own)))


def _id(case: Case) -> int:
    return case.service.service_id


def _of_day(case: Case, done: list[Work]) -> tuple[Line, ...]:
    quantity = Quantity(sum(work.quantity.micro for work in done))
    known = {"works": [work.key for work in done]}
    return one_time(done[0].done_on, quantity, case.service.prices, known=known)


def _counted(case: Case, rows: Iterable[Used]) -> tuple[Line, ...]:
    own = [row for row in rows if row.amount is None]
    if not own:
        return ()
    volume = Quantity(sum(row.volume.micro for row in own))
    known = {"records": [row.external_id for row in own]}
    return usage(case.days, volume, case.service.prices, known=known)


def _priced(case: Case, rows: Iterable[Used]) -> tuple[Line, ...]:
    own = [(row, row.amount) for row in rows if row.amount is not None]
    if not own:
        return ()
    known = {
        "records": [row.external_id for row, _ in own],
        "used": sum(row.volume.micro for row, _ in own),
    }
    amount = Money.total(amount for _, amount in own)
    return rated(case.days, amount, case.service.prices, known=known)
