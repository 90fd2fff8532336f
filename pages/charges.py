"""«Расход средств»: what was charged in a month, and how each number came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup

from components.amount import amount_card
from components.charge_table import NO_COLUMNS, Columns, charge_tables
from components.filters import account_select, agreement_select, date_range, filters
from components.month_switch import month_switch
from components.stack import stack
from components.usage_chart import usage_chart
from pages.addresses import number, period
from pages.cabinet import ACCOUNT, cabinet, load
from pages.screen import Asked, Screen
from portal.config import Flags
from portal.domain.period import Period
from portal.errors import Invalid, NotFound
from portal.services.statement import StatementPage, StatementQuery, statement

ADDRESS, TITLE = "/charges", "Расход средств"


async def charges_page(asked: Asked) -> Screen:
    """`/charges?period=2014-05&agreement=…&account=…`, or `…&from=…&to=…` where the operator
    wants days.  Raises NotFound: an address that no page of ours leads to.
    """
    by_month = asked.flags.use_month_and_year_selects_on_charges_page
    query = _query(asked.query, by_month=by_month, hide_zero=_hides_zero(asked.flags))
    errors: dict[str, str] = {}
    try:
        person, found = await load(asked, statement, query, asked.now)
    except Invalid as refusal:
        errors[refusal.field] = refusal.sentence
        plain = StatementQuery(query.agreement_id, query.account_id, hide_zero=query.hide_zero)
        person, found = await load(asked, statement, plain, asked.now)
    shown = _Shown(found, by_month=by_month)
    switch = _by_month(shown) if by_month else _by_days(shown, query, errors)
    columns = _columns(asked.flags)
    body = stack(_filters(shown), switch, _chart(shown), charge_tables(found.statement, columns))
    return cabinet(asked, person, TITLE, body, (ACCOUNT,))


def _query(asked: Mapping[str, str], *, by_month: bool, hide_zero: bool) -> StatementQuery:
    return StatementQuery(
        agreement_id=number(asked, "agreement"),
        account_id=number(asked, "account"),
        period=period(asked) if by_month else None,
        from_day=None if by_month else _day(asked.get("from", "")),
        to_day=None if by_month else _day(asked.get("to", "")),
        hide_zero=hide_zero,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound from None


def _hides_zero(flags: Flags) -> bool:
    return flags.hide_statictics_entries_with_no_amount


def _columns(flags: Flags) -> Columns:
    if not flags.utility_stat_enabled:
        return NO_COLUMNS
    return Columns(
        external=flags.utility_stat_external,
        external_name=flags.utility_stat_external_name,
        date=flags.utility_stat_date,
        date_name=flags.utility_stat_date_name,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """What was found, and how the operator wants periods chosen."""

    found: StatementPage
    by_month: bool

    @property
    def chosen(self) -> dict[str, str]:
        """The agreement and the account, as the address carries them."""
        both = {"agreement": self.found.agreement_id, "account": self.found.account_id}
        return {name: str(value) for name, value in both.items() if value is not None}

    @property
    def period(self) -> dict[str, str]:
        if self.by_month:
            return {"period": str(self.found.period)}
        return _days(self.found.from_day, self.found.to_day)

    @property
    def month(self) -> Period | None:
        """None: the chosen days are no whole month."""
        month = Period.of(self.found.from_day)
        is_whole = (month.first_day, month.last_day) == (self.found.from_day, self.found.to_day)
        return month if is_whole else None

    def address(self, month: Period) -> str:
        """The page of another month under the same filters."""
        period = {"period": str(month)} if self.by_month else _days(month.first_day, month.last_day)
        return f"{ADDRESS}?{urlencode({**period, **self.chosen})}"


def _days(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def _filters(shown: _Shown) -> Markup:
    found = shown.found
    if not found.agreements:
        return Markup()
    selects = [
        agreement_select(found.agreements, found.agreement_id),
        account_select(found.accounts, found.account_id),
    ]
    return filters(ADDRESS, selects, shown.period)


def _by_month(shown: _Shown) -> Markup:
    found = shown.found
    return month_switch(found.period, found.earlier, found.later, shown.address)


def _by_days(shown: _Shown, typed: StatementQuery, errors: Mapping[str, str]) -> Markup:
    """Refused days stay in their fields beside the charges of other ones."""
    first, last = shown.found.from_day, shown.found.to_day
    if errors:
        first, last = typed.from_day or first, typed.to_day or last
    return date_range(ADDRESS, first, last, shown.chosen, errors)


def _chart(shown: _Shown) -> Markup:
    def with_data(month: Period) -> str:
        return shown.address(month) if month >= shown.found.first else ""

    chart = usage_chart(shown.found.chart, shown.month, with_data)
    label = "Всего за месяц" if shown.by_month else "Всего за период"
    return amount_card(label, shown.found.statement.total, chart)
