"""Months that their operators have closed: nothing is posted there any more, and what a file tells
of them is found by a run.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Select, func, select

from portal.db.accounts import AccountTariff, ServiceAccount
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.domain.period import Period
from portal.imports.book.desk import Desk
from portal.imports.book.format import TITLES
from portal.imports.book.known import Entry, portions
from portal.imports.book.reading import Row as FileRow
from portal.services.ledger import NewCharge
from portal.services.office.billing.late import LateFacts
from portal.services.office.billing.periods import Months, months_of

_agreement, _account = table_of(Agreement), table_of(ServiceAccount)
_history, _charge = table_of(AccountTariff), table_of(Charge)
_DAYS: Final = ("valid_from", "left_on", "done_on", "period")
_OF_SERVICE: Final = ("prices", "bands", "norms", "coefficients", "service_terms")
_OF_HOUSE: Final = ("house_facts", "house_choices", "house_volumes")
_OF_PREMISES: Final = ("premises_facts", "absences")
_OF_ACCOUNT: Final = ("account_tariffs", "account_facts", "usages", "works")


class ClosedMonths(dict[int, Months]):
    """By the operator; nobody changes them until the load ends."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def __missing__(self, operator_id: int) -> Months:
        self[operator_id] = months_of(self._desk.session, operator_id)
        return self[operator_id]


def refuse_closed(desk: Desk, row: FileRow, charge: NewCharge, months: ClosedMonths) -> None:
    """Complains where a new charge would be posted to a closed month."""
    if charge.operator_id < 0:  # the file's own operator, of a load that is doomed
        return
    own = months[charge.operator_id]
    if own.is_closed(charge.period) and own.first_open is not None:
        desk.complain(
            row,
            f"{charge.period.title} закрыт, проводить в нем больше нечего. Проведите с "
            f"{own.first_open} или позже, либо снова откройте месяц: zhkh-portal reopen",
        )


def late_warnings(desk: Desk) -> tuple[str, ...]:
    """What the file added that holds in closed months: runs of them find the difference.  Only
    for a load without faults.
    """
    told = {table: rows for table, rows in desk.added.items() if rows}
    months = ClosedMonths(desk)
    late = LateFacts(months)
    begun: dict[int, Period | None] = {}
    for table, operator_id, entry in _owned(desk, told):
        if months[operator_id].closed is None:
            continue
        if operator_id not in begun:
            begun[operator_id] = _first_charged(desk, operator_id)
        if (first := begun[operator_id]) is not None:
            late.note(operator_id, max(first, _month(entry)), _title(table))
    return late.sentences


def _owned(desk: Desk, told: Mapping[str, list[Entry]]) -> Iterator[tuple[str, int, Entry]]:
    """Each new fact with every operator whose months it decides."""
    for tables, column, operators in (
        (_OF_SERVICE, "service_id", _by_service),
        (_OF_HOUSE, "house_id", _by_house),
        (_OF_PREMISES, "premises_id", _by_premises),
        (_OF_ACCOUNT, "account_id", _by_account),
    ):
        rows = [(table, entry) for table in tables for entry in told.get(table, [])]
        owners = operators(desk, {entry[column] for _, entry in rows}) if rows else {}
        for table, entry in rows:
            for operator_id in sorted(owners.get(entry[column], ())):
                yield table, operator_id, entry


def _by_service(desk: Desk, ids: Iterable[int]) -> dict[int, set[int]]:
    """Whoever has accounts with the service's tariff, or had."""
    tariffs = {each: desk.known["services"].by_id[each]["tariff_id"] for each in ids}
    present = _pairs(desk, _operators(_account.c.tariff_id), _account.c.tariff_id, tariffs.values())
    former = _operators(_history.c.tariff_id).join(_history, _history.c.account_id == _account.c.id)
    past = _pairs(desk, former, _history.c.tariff_id, tariffs.values())
    return {each: present[tariff] | past[tariff] for each, tariff in tariffs.items()}


def _by_house(desk: Desk, ids: Iterable[int]) -> dict[int, set[int]]:
    return {each: {desk.known["houses"].by_id[each]["operator_id"]} for each in ids}


def _by_premises(desk: Desk, ids: Iterable[int]) -> dict[int, set[int]]:
    query = select(_agreement.c.premises_id, _agreement.c.operator_id).distinct()
    return _pairs(desk, query, _agreement.c.premises_id, ids)


def _by_account(desk: Desk, ids: Iterable[int]) -> dict[int, set[int]]:
    return _pairs(desk, _operators(_account.c.id), _account.c.id, ids)


def _operators(column: Any) -> Select[Any]:  # noqa: ANN401 - of any table
    return (
        select(column, _agreement.c.operator_id)
        .select_from(_account)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .distinct()
    )


def _pairs(
    desk: Desk,
    query: Select[Any],
    column: Any,  # noqa: ANN401 - likewise
    values: Iterable[int],
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for some in portions(sorted(set(values))):
        for row in desk.session.execute(query.where(column.in_(some))):
            value, operator_id = tuple(row)
            found[value].add(operator_id)
    return found


def _first_charged(desk: Desk, operator_id: int) -> Period | None:
    """Before it there is nothing to run anew."""
    first = func.min(_charge.c.period, type_=_charge.c.period.type)
    of_operator = _agreement.c.operator_id == operator_id
    query = select(first).join(_agreement, _agreement.c.id == _charge.c.agreement_id)
    period: Period | None = desk.session.scalar(query.where(of_operator))
    return period


def _month(entry: Entry) -> Period:
    day = next(entry[name] for name in _DAYS if name in entry)
    return day if isinstance(day, Period) else Period.of(day)


def _title(table: str) -> str:
    """As a part of a sentence."""
    title = TITLES[table]
    return title[0].lower() + title[1:]
