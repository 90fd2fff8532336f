"""Reading the meters of accounts as a month is charged by them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, bindparam, select

from portal.db.accounts import Meter as MeterRow
from portal.db.accounts import Refusal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.readings import Reading as ReadingRow
from portal.db.session import Session
from portal.domain.charging.deciding import is_decided
from portal.domain.period import Period
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import Served
from portal.services.office.billing.series import Register, Rows, of_rows, register

_meter, _reading = table_of(MeterRow), table_of(ReadingRow)
_newer, _refusal = _reading.alias("newer"), table_of(Refusal)
_LATELY = 2
"""Months before the one that is asked for: who is read each month has two readings in them."""


Alike: TypeAlias = Mapping[Served, Collection[int]]
"""Of a service of an account those of its other tariffs under the same code."""
NOTHING_ALIKE: Final[Alike] = {}
NOTHING_JOINED: Final[Mapping[Served, Served]] = {}


@dataclass(slots=True)
class _Hung:
    """The meters of one service of one account, and the acts about them."""

    meters: Rows = field(default_factory=list)
    refusals: Rows = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        return len(self.meters) <= 1 and not self.refusals


def registers(
    session: Session,
    months: Months,
    account_ids: Collection[int],
    month: Period | None = None,
    alike: Alike = NOTHING_ALIKE,
) -> dict[int, dict[int, Register]]:
    """By the account and the service, in two statements.  Where `month` is given: the last series
    that began by its end, for what was charged while a meter lacked stays so when there is a new
    one.  If the readings of lately decide it, the meters have only these, however long they have
    been read: then it takes two statements more.  A meter that is described under one of `alike`
    services counts for all of them.
    """
    hung = _hung(session, account_ids)
    joined = _joined(hung, alike)
    if month is None:
        return _found(months, hung, _read(session, account_ids), joined=joined)
    since = month.shifted(-_LATELY).first_day
    found = _found(months, hung, _read(session, account_ids, since), month, joined)
    more = _undecided(found, hung, month) | _silent(session, account_ids, found)
    if more:
        theirs = {served: rows for served, rows in hung.items() if served[0] in more}
        found |= _found(months, theirs, _read(session, more), month, joined)
    return found


def _hung(session: Session, account_ids: Collection[int]) -> dict[Served, _Hung]:
    accounts, places = among("account", account_ids), places_for(account_ids)
    hung: dict[Served, _Hung] = defaultdict(_Hung)
    for row in session.execute(_meters(places), accounts).all():
        own = hung[row.account_id, row.service_id]
        if not own.meters or row.id != own.meters[-1].id:
            own.meters.append(row)
        if row.refused_on is not None and row.id == own.meters[0].id:
            own.refusals.append(row)
    return hung


def _read(session: Session, account_ids: Collection[int], since: date = date.min) -> Rows:
    asked = among("account", account_ids) | {"since": since}
    return list(session.execute(_readings(places_for(account_ids)), asked).all())


def _joined(hung: Mapping[Served, _Hung], alike: Alike) -> dict[Served, Served]:
    """Of services without a meter those under which theirs is described."""
    found = {}
    for (account_id, service_id), others in alike.items():
        described = [(account_id, each) for each in others if (account_id, each) in hung]
        if described and (account_id, service_id) not in hung:
            latest = max(described, key=lambda each: hung[each].meters[-1].installed_on)
            found[account_id, service_id] = latest
    return found


def _found(
    months: Months,
    hung: Mapping[Served, _Hung],
    rows: Rows,
    month: Period | None = None,
    joined: Mapping[Served, Served] = NOTHING_JOINED,
) -> dict[int, dict[int, Register]]:
    read: dict[int, Rows] = defaultdict(list)
    undescribed: dict[Served, Rows] = defaultdict(list)
    for row in rows:
        served = row.account_id, row.service_id
        meter_id: int | None = row.meter_id
        if meter_id is None and served in joined:
            meter_id = _meter_on(hung[joined[served]].meters, row.taken_on)
        (undescribed[served] if meter_id is None else read[meter_id]).append(row)
    found: dict[int, dict[int, Register]] = defaultdict(dict)
    for (account_id, service_id), own in hung.items():
        found[account_id][service_id] = register(months, own.meters, read, month, own.refusals)
    for (account_id, service_id), alone in undescribed.items():
        unnamed = Register(of_rows(months, None, alone), None)
        found[account_id].setdefault(service_id, unnamed)
    for (account_id, service_id), (_, described) in joined.items():
        if described in found.get(account_id, ()):
            found[account_id][service_id] = found[account_id][described]
    return found


def _meter_on(hung: Rows, day: date) -> int | None:
    """The one that hung there; `hung` in the order of their fitting."""
    there: list[int] = [row.id for row in hung if row.installed_on <= day]
    return there[-1] if there else None


def _undecided(
    found: Mapping[int, Mapping[int, Register]], hung: Mapping[Served, _Hung], month: Period
) -> set[int]:
    """Accounts with a meter of which more is to be known than what was read of it lately."""
    return {
        account_id
        for account_id, own in found.items()
        for service_id, each in own.items()
        if each.obstacle is not None
        or not hung.get((account_id, service_id), _Hung()).is_plain
        or not is_decided(each.meters, month)
    }


def _silent(
    session: Session, account_ids: Collection[int], found: Mapping[int, Mapping[int, Register]]
) -> set[int]:
    """Accounts with a service of which nothing was read lately, and no meter is described."""
    query = _ever_read(places_for(account_ids))
    rows = session.execute(query, among("account", account_ids)).all()
    return {row[0] for row in rows if row[1] not in found.get(row[0], ())}


@cache
def _meters(places: int) -> Select[Any]:
    """With each act about it a row: acts are rare, and a statement of their own would not be."""
    about = (_refusal.c.account_id == _meter.c.account_id) & (
        _refusal.c.service_id == _meter.c.service_id
    )
    acts = (
        _refusal.c.refused_on, _refusal.c.document, _refusal.c.admitted_on,
        _refusal.c.admitted_value,
    )  # fmt: skip
    return (
        select(_meter, *acts)
        .outerjoin(_refusal, about)
        .where(is_among(_meter.c.account_id, "account", places))
        .order_by(_meter.c.installed_on, _meter.c.id, _refusal.c.refused_on)
    )


@cache
def _readings(places: int) -> Select[Any]:
    """Those that nothing supersedes, in the order of their chain."""
    return (
        select(
            _reading.c.id, _reading.c.account_id, _reading.c.service_id, _reading.c.meter_id,
            _reading.c.taken_on, _reading.c.value, _reading.c.source, _reading.c.accepted_at,
        )
        .outerjoin(_newer, _newer.c.supersedes_id == _reading.c.id)
        .where(
            is_among(_reading.c.account_id, "account", places),
            _reading.c.taken_on >= bindparam("since"),
            _newer.c.id.is_(None),
        )
        .order_by(_reading.c.taken_on, _reading.c.id)
    )  # fmt: skip


@cache
def _ever_read(places: int) -> Select[Any]:
    of_accounts = is_among(_reading.c.account_id, "account", places)
    return select(_reading.c.account_id, _reading.c.service_id).where(of_accounts).distinct()
