"""Whose months a fact decides: the operators and agreements of a service, a house, a flat."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, select

from portal.db.accounts import AccountTariff, ServiceAccount
from portal.db.base import table_of
from portal.db.parties import Agreement, Premises
from portal.imports.book.desk import Desk
from portal.imports.book.known import portions

_agreement, _account, _premises = table_of(Agreement), table_of(ServiceAccount), table_of(Premises)
_history = table_of(AccountTariff)
Concerned: TypeAlias = Mapping[int, Collection[int]]
"""By the id of an operator the ids of his agreements."""


def concerned_by(
    desk: Desk, owners: Iterable[tuple[str, int]]
) -> Mapping[tuple[str, int], Concerned]:
    """By the column that names the owner of a fact, and its id; a statement or two for each kind
    of owner.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for column, owner in owners:
        ids[column].add(owner)
    return {
        (column, owner): concerned
        for column, some in sorted(ids.items())
        for owner, concerned in _FINDING[column](desk, some).items()
    }


def _by_service(desk: Desk, ids: Collection[int]) -> dict[int, Concerned]:
    """Whoever has accounts with the service's tariff, or had."""
    tariffs = {each: desk.known["services"].by_id[each]["tariff_id"] for each in ids}
    present = _found(desk, _of_accounts(_account.c.tariff_id), tariffs.values())
    former = _of_accounts(_history.c.tariff_id).join(
        _history, _history.c.account_id == _account.c.id
    )
    past = _found(desk, former, tariffs.values())
    both = {tariff: _with(present[tariff], past[tariff]) for tariff in set(tariffs.values())}
    return {each: both[tariff] for each, tariff in tariffs.items()}


def _with(some: Concerned, others: Concerned) -> Concerned:
    return {
        operator_id: {*some.get(operator_id, ()), *others.get(operator_id, ())}
        for operator_id in {*some, *others}
    }


def _by_house(desk: Desk, ids: Collection[int]) -> dict[int, Concerned]:
    query = select(_premises.c.house_id, _agreement.c.operator_id, _agreement.c.id)
    joined = query.join(_agreement, _agreement.c.premises_id == _premises.c.id)
    return _found(desk, joined, ids)


def _by_premises(desk: Desk, ids: Collection[int]) -> dict[int, Concerned]:
    query = select(_agreement.c.premises_id, _agreement.c.operator_id, _agreement.c.id)
    return _found(desk, query, ids)


def _by_account(desk: Desk, ids: Collection[int]) -> dict[int, Concerned]:
    return _found(desk, _of_accounts(_account.c.id), ids)


def _by_agreement(desk: Desk, ids: Collection[int]) -> dict[int, Concerned]:
    query = select(_agreement.c.id, _agreement.c.operator_id, _agreement.c.id.label("own"))
    return _found(desk, query, ids)


_FINDING: Final[Mapping[str, Callable[[Desk, Collection[int]], dict[int, Concerned]]]] = {
    "service_id": _by_service,
    "house_id": _by_house,
    "premises_id": _by_premises,
    "account_id": _by_account,
    "agreement_id": _by_agreement,
}


def _of_accounts(column: Any) -> Select[Any]:  # noqa: ANN401 - of any table
    return (
        select(column, _agreement.c.operator_id, _agreement.c.id)
        .select_from(_account)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
    )


def _found(desk: Desk, query: Select[Any], values: Iterable[int]) -> dict[int, Concerned]:
    """By the first column of `query`, every one of `values`."""
    listed = sorted(set(values))
    found: dict[int, dict[int, set[int]]] = {value: {} for value in listed}
    column = next(iter(query.selected_columns))
    for some in portions(listed):
        for value, operator_id, agreement_id in desk.session.execute(query.where(column.in_(some))):
            found[value].setdefault(operator_id, set()).add(agreement_id)
    return dict(found)
