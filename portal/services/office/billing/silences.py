"""Readings that tell of months before their own: which of these were never charged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Select, bindparam, select

from portal.db.accounts import ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.domain.charging.metered import METERED_MONTH
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.period import Period
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import Served
from portal.services.office.billing.report import Lacking

_charge, _agreement = table_of(Charge), table_of(Agreement)
_account, _service = table_of(ServiceAccount), table_of(Service)
_NAMES = (
    select(_agreement.c.number, _account.c.login, _service.c.name)
    .join(_account, _account.c.agreement_id == _agreement.c.id)
    .join(_service, _service.c.id == bindparam("service"))
    .where(_account.c.id == bindparam("account"))
)
_Charged: TypeAlias = Mapping[int, Mapping[Period, set[Served]]]
"""What of each agreement was charged for each month."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The months from `first` to that before `until`, of which only a later reading tells."""

    agreement_id: int
    served: Served
    first: Period
    until: Period


@dataclass(frozen=True, slots=True)
class Missed:
    """A closed month that a reading tells of and that has no charge of its service; `is_run`:
    others of the agreement have, so that it only lacked the reading.
    """

    silence: Silence
    period: Period
    is_run: bool

    @property
    def sentence(self) -> str:
        title = self.period.title
        return (
            f"{title} закрыт, но не начислен, а показания охватывают и его. Начислите его: "
            f"bill --period {self.period}"
        )


def silences(
    agreement_id: int, services: Iterable[ServiceMonth], period: Period
) -> Iterator[Silence]:
    for service in services:
        for line in service.lines:
            first = _first_month(line.proof)
            if first is not None and first < period:
                served = service.account_id, service.service_id
                yield Silence(agreement_id, served, first, period)
                break


def missed(session: Session, months: Months, told: Collection[Silence]) -> Iterator[Missed]:
    """None before the first month of an agreement that was charged at all: what was before the
    portal nobody knows here.
    """
    if not told or months.closed is None:
        return
    charged = _charged(session, {each.agreement_id for each in told})
    for silence in told:
        own = charged.get(silence.agreement_id, {})
        for period in _months(silence):
            is_later = bool(own) and period > min(own)
            if is_later and months.is_closed(period) and silence.served not in own.get(period, ()):
                yield Missed(silence, period, is_run=period in own)


def lacks_of(session: Session, some: Collection[Missed]) -> Iterator[Lacking]:
    """The months that nobody has charged, in words."""
    for each in some:
        account_id, service_id = each.silence.served
        asked = {"account": account_id, "service": service_id}
        row = session.execute(_NAMES, asked).one()
        yield Lacking(row.number, row.login, row.name, each.sentence)


def _first_month(proof: Mapping[str, Any]) -> Period | None:
    if proof["method"] != METERED_MONTH:
        return None
    return Period.of(date.fromisoformat(proof["inputs"]["interval"]["from"]))


def _months(silence: Silence) -> Iterator[Period]:
    count = silence.until.months_since(silence.first)
    return (silence.first.shifted(number) for number in range(count))


def _charged(session: Session, agreement_ids: Collection[int]) -> _Charged:
    found: dict[int, dict[Period, set[Served]]] = defaultdict(lambda: defaultdict(set))
    query = _charges(places_for(agreement_ids))
    for row in session.execute(query, among("agreement", agreement_ids)):
        of = row.for_period or row.period
        found[row.agreement_id][of].add((row.account_id, row.service_id))
    return found


@cache
def _charges(places: int) -> Select[Any]:
    columns = (
        _charge.c.agreement_id, _charge.c.account_id, _charge.c.service_id, _charge.c.period,
        _charge.c.for_period,
    )  # fmt: skip
    return select(*columns).where(is_among(_charge.c.agreement_id, "agreement", places)).distinct()
