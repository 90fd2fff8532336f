"""What months are charged by: terms, norms, houses, people, usage, rates.  All of it is added and
never changed: what holds from another day is another row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.db.base import table_of
from portal.db.rates import RateCap
from portal.imports.book.bands import keep_bands
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry, Key
from portal.imports.book.known_month import SHELVED, Shelved
from portal.imports.book.month_faults import (
    absence_faults,
    account_fact_faults,
    cap_faults,
    house_choice_faults,
    house_volume_faults,
    premises_fact_faults,
    terms_faults,
    usage_faults,
    work_faults,
)
from portal.imports.book.reading import Row, quoted
from portal.imports.book.registers import register_of, service_of
from portal.imports.book.stand_ins import is_stand_in

Faults = Callable[[Desk, Row], Iterator[str]]
_CAPS = Shelved("rate_caps", RateCap, ("valid_from",))


def _none(_desk: Desk, _row: Row) -> Iterator[str]:
    yield from ()


def _alone(_desk: Desk, _row: Row) -> Entry:
    return {}


def _of_links(desk: Desk, row: Row) -> Entry:
    return {f"{name}_id": entry["id"] for name, entry in desk.links(row).items()}


def _of_service(desk: Desk, row: Row) -> Entry:
    return {"service_id": service_of(desk, row)["id"]}


def _of_terms(desk: Desk, row: Row) -> Entry:
    supplier = row.get("supplier")
    found = desk.find(row, "suppliers", (supplier,))["id"] if supplier else None
    return _of_service(desk, row) | {"supplier_id": found}


def _of_coefficient(desk: Desk, row: Row) -> Entry:
    return _of_service(desk, row) | {"kind": "coefficient"}


def _of_house_choice(desk: Desk, row: Row) -> Entry:
    told = {"service_external_id": row["service"], "season_months": row.get("season_months")}
    return _of_links(desk, row) | told


def _of_house_volume(desk: Desk, row: Row) -> Entry:
    told = {"service_external_id": row["service"], "revision": row.get("revision", 0)}
    return _of_links(desk, row) | told


def _of_register(desk: Desk, row: Row) -> Entry:
    account_id, service_id = register_of(desk, row).ids
    return {"account_id": account_id, "service_id": service_id}


def _of_due_day(desk: Desk, row: Row) -> Entry:
    return {"operator_id": None} | _of_links(desk, row)


def _of_day_off(_desk: Desk, row: Row) -> Entry:
    return {"is_working": row.get("is_working", False)}


@dataclass(frozen=True, slots=True)
class _Kept:
    """`of` answers the columns that are not simply fields: the owner's id first of all."""

    shelved: Shelved
    of: Callable[[Desk, Row], Entry]
    faults: Faults = _none

    @property
    def manner(self) -> Manner:
        names = frozenset(column.name for column in table_of(self.shelved.model).columns)
        return Manner(self.shelved.table, self.shelved.model, fixed=names)


_KEPT = (
    _Kept(SHELVED["service_terms"], _of_terms, terms_faults),
    _Kept(SHELVED["norms"], _of_service),
    _Kept(SHELVED["coefficients"], _of_coefficient),
    _Kept(SHELVED["house_facts"], _of_links),
    _Kept(SHELVED["house_choices"], _of_house_choice, house_choice_faults),
    _Kept(SHELVED["house_volumes"], _of_house_volume, house_volume_faults),
    _Kept(SHELVED["premises_facts"], _of_links, premises_fact_faults),
    _Kept(SHELVED["absences"], _of_links, absence_faults),
    _Kept(SHELVED["account_tariffs"], _of_links),
    _Kept(SHELVED["account_facts"], _of_register, account_fact_faults),
    _Kept(SHELVED["usages"], _of_register, usage_faults),
    _Kept(SHELVED["works"], _of_register, work_faults),
    _Kept(SHELVED["key_rates"], _alone),
    _Kept(_CAPS, _alone, cap_faults),
    _Kept(SHELVED["due_days"], _of_due_day),
    _Kept(SHELVED["days_off"], _of_day_off),
)


def keep_month(desk: Desk) -> None:
    for kept in _KEPT:
        keep(desk, kept.manner, list(_plans(desk, kept)))
    keep_bands(desk)
    _refuse_missed_revisions(desk)
    _refuse_tariffs_beside_their_history(desk)


def _plans(desk: Desk, kept: _Kept) -> Iterator[Plan]:
    shelved = kept.shelved
    for row, _ in desk.rows(shelved.table):
        told = columns(row, shelved.model) | kept.of(desk, row)
        key = tuple(told[name] for name in shelved.key)
        if desk.claims(row, shelved.table, key):
            for fault in kept.faults(desk, row) if row.is_whole else ():
                desk.complain(row, fault)
            yield Plan(row, key, told)


def _refuse_missed_revisions(desk: Desk) -> None:
    volumes = desk.known["house_volumes"].by_key
    for row, (house, code, period) in desk.rows("house_volumes"):
        number = row.get("revision", 0)
        house_id = desk.known["houses"].by_key.get((house,), {}).get("id")
        if number and house_id and (house_id, code, period, number - 1) not in volumes:
            desk.complain(row, f"исправление № {number}, а № {number - 1} не загружено")


def _refuse_tariffs_beside_their_history(desk: Desk) -> None:
    """The tariff of an account that has a history is one of it: else nobody would know from when
    it holds.
    """
    history: dict[int, set[int]] = {}
    for entry in desk.known["account_tariffs"].by_key.values():
        history.setdefault(entry["account_id"], set()).add(entry["tariff_id"])
    for key, row in _accounts_told_of(desk).items():
        account = desk.known["accounts"].by_key.get(key)
        if account is not None and _is_beside(desk, account, history.get(account["id"], set())):
            name = quoted(desk.known["tariffs"].by_id[account["tariff_id"]]["key"])
            desk.complain(row, f"тарифа {name} нет в истории: добавьте его день в account_tariffs")


def _is_beside(desk: Desk, account: Entry, history: set[int]) -> bool:
    """Not judged where one of the tariffs is not described."""
    tariffs = desk.known["tariffs"].by_id
    is_clear = not any(
        is_stand_in(tariffs.get(each, {})) for each in (account["tariff_id"], *history)
    )
    return bool(history) and is_clear and account["tariff_id"] not in history


def _accounts_told_of(desk: Desk) -> dict[Key, Row]:
    """The file's accounts, and those of which it tells only the history."""
    told: dict[Key, Row] = {}
    for table, name in (("accounts", "key"), ("account_tariffs", "account")):
        for row, _ in desk.rows(table):
            told.setdefault((row[name],), row)
    return told
