"""«Расход средств»: a month's charges of one agreement, and the way to the other months."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from portal.db.accounts import ServiceAccount
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.domain.device import NO_LOGIN
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.statement import Choice, MonthTotal, Statement
from portal.errors import Invalid, NotFound
from portal.services.months_compared import months_compared
from portal.services.side_block import DEFAULT_ZONE
from portal.services.statement_lines import NOTHING, statement_of

CHART_MONTHS = 12
# Days beyond these are typing errors; at the calendar's ends there are no zones.
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2999, 12, 31)

_agreement, _operator = table_of(Agreement), table_of(Operator)
_account, _charge = table_of(ServiceAccount), table_of(Charge)


@dataclass(frozen=True, slots=True)
class StatementQuery:
    """What the filters ask: a month, or days from–to where the operator's flag wants that.
    Without an agreement the first in force, or the account's; without a month, or for one that
    has not come yet, the newest with data.
    """

    agreement_id: int | None = None
    account_id: int | None = None
    period: Period | None = None
    from_day: date | None = None
    to_day: date | None = None
    hide_zero: bool = True


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The filters as chosen, the charges, the chart; `first` and `last` bound the months that
    are offered: those of the agreement, whichever of its accounts is chosen.
    """

    agreements: tuple[Choice, ...]
    accounts: tuple[Choice, ...]
    agreement_id: int | None
    account_id: int | None
    period: Period
    from_day: date
    to_day: date
    first: Period
    last: Period
    statement: Statement
    chart: tuple[MonthTotal, ...]

    @property
    def earlier(self) -> Period | None:
        """Where ‹ leads; the first month with data is the last one back."""
        return min(self.period.shifted(-1), self.last) if self.period > self.first else None

    @property
    def later(self) -> Period | None:
        """Where › leads; months to come are not offered."""
        return max(self.period.shifted(1), self.first) if self.period < self.last else None


@dataclass(frozen=True, slots=True)
class _Own:
    """An agreement of the resident, with its accounts."""

    choice: Choice
    zone: ZoneInfo
    accounts: tuple[Choice, ...]


def statement(
    session: Session, resident: ResidentId, asked: StatementQuery, now: datetime
) -> StatementPage:
    """At most four statements, whatever there is.

    Raises NotFound: the agreement or the account is not the resident's; Invalid: the days are
    in the wrong order.
    """
    own = _own_agreements(session, resident)
    asked = _consistent(own, asked)
    chosen = _chosen(own, asked)
    if chosen is None:
        return _empty(asked, now)
    wanted = _wanted(chosen.choice.id, asked)
    totals = _month_totals(session, wanted, asked)
    current = Period.at(now, chosen.zone)
    own_months = [month for month, total in totals.items() if total is not None]
    newest = max(own_months or totals, default=current)
    last = max([*totals, current])
    period = newest if asked.period is None or asked.period > last else asked.period
    from_day, to_day = _days(asked, period, now.astimezone(chosen.zone).date())
    is_by_days = asked.from_day is not None or asked.to_day is not None
    within = (
        _posted_within(from_day, to_day, chosen.zone) if is_by_days else _charge.c.period == period
    )
    is_told = period in totals and not is_by_days
    compared = months_compared(session, chosen.choice.id, period) if is_told else NOTHING
    return StatementPage(
        agreements=tuple(agreement.choice for agreement in own),
        accounts=chosen.accounts,
        agreement_id=chosen.choice.id,
        account_id=asked.account_id,
        period=period,
        from_day=from_day,
        to_day=to_day,
        first=min(totals, default=current),
        last=last,
        statement=statement_of(
            session, [*wanted, *_of_account(asked), within], chosen.zone, compared
        ),
        chart=_chart(totals, newest),
    )


def _own_agreements(session: Session, resident: ResidentId) -> list[_Own]:
    rows = session.execute(
        select(
            _agreement.c.id, _agreement.c.number, _operator.c.timezone,
            _account.c.id.label("account_id"), _account.c.login,
        )
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .outerjoin(_account, _account.c.agreement_id == _agreement.c.id)
        .where(_agreement.c.resident_id == resident)
        .order_by(
            _agreement.c.closed_on.is_not(None), _agreement.c.id,
            _account.c.position, _account.c.id,
        )
    )  # fmt: skip
    found: dict[int, _Own] = {}
    for row in rows:
        choice = Choice(row.id, row.number)
        known = found.get(row.id) or _Own(choice, ZoneInfo(row.timezone), ())
        if row.account_id is not None:
            account = Choice(row.account_id, row.login or NO_LOGIN)
            known = _Own(choice, known.zone, (*known.accounts, account))
        found[row.id] = known
    return list(found.values())


def _consistent(own: list[_Own], asked: StatementQuery) -> StatementQuery:
    """Whoever changes the agreement on the page sends the other agreement's account along."""
    agreement_of = {each.id: flat.choice.id for flat in own for each in flat.accounts}
    home = agreement_of.get(asked.account_id or 0)
    if home is None or asked.agreement_id in {None, home}:
        return asked
    return replace(asked, account_id=None)


def _chosen(own: list[_Own], asked: StatementQuery) -> _Own | None:
    fitting = [
        agreement
        for agreement in own
        if asked.agreement_id in {None, agreement.choice.id}
        and (
            asked.account_id is None
            or any(account.id == asked.account_id for account in agreement.accounts)
        )
    ]
    if not fitting and (asked.agreement_id is not None or asked.account_id is not None):
        raise NotFound
    return fitting[0] if fitting else None


def _wanted(agreement_id: int, asked: StatementQuery) -> list[ColumnElement[bool]]:
    """The agreement's charges that are shown at all, of all months and accounts."""
    conditions = [_charge.c.agreement_id == agreement_id]
    if asked.hide_zero:
        conditions.append(_charge.c.amount != ZERO)
    return conditions


def _of_account(asked: StatementQuery) -> list[ColumnElement[bool]]:
    return [] if asked.account_id is None else [_charge.c.account_id == asked.account_id]


def _month_totals(
    session: Session, wanted: list[ColumnElement[bool]], asked: StatementQuery
) -> dict[Period, Money | None]:
    """Of the agreement's months with data; None where the chosen account has none.  Where zero
    charges are hidden they are no data.
    """
    total: ColumnElement[Any] = func.sum(_charge.c.amount)
    if asked.account_id is not None:
        total = total.filter(*_of_account(asked))
    rows = session.execute(
        select(_charge.c.period, total.label("total")).where(*wanted).group_by(_charge.c.period)
    )
    return {row.period: row.total for row in rows}


def _chart(totals: Mapping[Period, Money | None], newest: Period) -> tuple[MonthTotal, ...]:
    months = [newest.shifted(-back) for back in reversed(range(CHART_MONTHS))]
    return tuple(MonthTotal(month, totals.get(month) or ZERO) for month in months)


def _days(asked: StatementQuery, period: Period, today: date) -> tuple[date, date]:
    if asked.from_day is None and asked.to_day is None:
        return period.first_day, period.last_day
    to_day = min(asked.to_day or today, LATEST_DAY)
    from_day = max(asked.from_day or Period.of(to_day).first_day, EARLIEST_DAY)
    if from_day > to_day:
        raise Invalid("from", "Начало периода позже его конца")
    return from_day, to_day


def _posted_within(from_day: date, to_day: date, zone: ZoneInfo) -> ColumnElement[bool]:
    """In the whole days from–to of the operator's zone."""
    start = datetime.combine(from_day, time.min, zone)
    end = datetime.combine(to_day + timedelta(days=1), time.min, zone)
    return (_charge.c.posted_at >= start) & (_charge.c.posted_at < end)


def _empty(asked: StatementQuery, now: datetime) -> StatementPage:
    """Of a resident who has no agreement."""
    current = Period.at(now, ZoneInfo(DEFAULT_ZONE))
    period = min(asked.period or current, current)
    return StatementPage(
        agreements=(),
        accounts=(),
        agreement_id=None,
        account_id=None,
        period=period,
        from_day=period.first_day,
        to_day=period.last_day,
        first=current,
        last=current,
        statement=Statement((), ()),
        chart=_chart({}, current),
    )
