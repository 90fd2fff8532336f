"""Everybody and everything that bills are made of: from operators to service accounts."""

from collections.abc import Callable, Iterator

from portal.db.accounts import Agent, CustomField, FieldValue, ServiceAccount
from portal.db.base import Base, table_of
from portal.db.houses import House
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.suppliers import Supplier
from portal.db.tariffs import Price, Service, Tariff
from portal.domain import requisites
from portal.domain.charging.methods import Fallback, Method
from portal.domain.feed import EventKind
from portal.domain.photo import PhotoPolicy
from portal.imports.book.catalogue import keep_sources, service_columns
from portal.imports.book.desk import Desk
from portal.imports.book.format import FIELD_VALUES
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row
from portal.imports.book.signing_in import (
    password_columns,
    refuse_doubled_logins,
    refuse_shared_names,
)

Shape = Callable[[Desk, Row, dict[str, Entry]], Entry]
"""Columns that are not simply the fields."""


def keep_directory(desk: Desk) -> None:
    for manner in (OPERATORS, SUPPLIERS):
        _keep(desk, manner, _requisites)
    for manner in (AGENTS, CUSTOM_FIELDS, TARIFFS):
        _keep(desk, manner)
    _keep(desk, SERVICES, service_columns)
    keep_sources(desk)
    keep(desk, PRICES, list(_prices(desk)))
    refuse_doubled_logins(desk)
    _keep(desk, RESIDENTS, _sign_in)
    for manner in (HOUSES, PREMISES):
        _keep(desk, manner)
    _keep(desk, AGREEMENTS)
    refuse_shared_names(desk)
    for plan, old in _keep(desk, ACCOUNTS, _moments):
        _announce(desk, plan, old)
    keep(desk, VALUES, list(_field_values(desk)))


def _keep(
    desk: Desk, manner: Manner, shape: Shape | None = None
) -> list[tuple[Plan, Entry | None]]:
    return keep(desk, manner, list(_plans(desk, manner, shape or _plain)))


def _plans(desk: Desk, manner: Manner, shape: Shape) -> Iterator[Plan]:
    for row, key in desk.rows(manner.table):
        if desk.claims(row, manner.table, key):
            links = desk.links(row)
            ids = {f"{name}_id": entry["id"] for name, entry in links.items()}
            yield Plan(row, key, columns(row, manner.model) | ids | shape(desk, row, links))


def columns(row: Row, model: type[Base]) -> Entry:
    """The row's fields that are columns; an empty text clears a column that may be empty."""
    table = table_of(model)
    return {
        name: None if value == "" and table.c[name].nullable else value
        for name, value in row.values.items()
        if name in table.c
    }


def _plain(_desk: Desk, _row: Row, _links: dict[str, Entry]) -> Entry:
    return {}


def _requisites(desk: Desk, row: Row, _links: dict[str, Entry]) -> Entry:
    inn, kpp, bic = row.get("inn"), row.get("kpp"), row.get("bic")
    faults = [
        requisites.inn_fault(inn) if inn else "",
        requisites.kpp_fault(kpp) if kpp else "",
        requisites.bic_fault(bic) if bic else "",
    ]
    account, corr_account = row.get("account"), row.get("corr_account")
    if bic:
        faults.append(requisites.settlement_fault(account, bic) if account else "")
        faults.append(requisites.correspondent_fault(corr_account, bic) if corr_account else "")
    for fault in filter(None, faults):
        desk.complain(row, fault)
    return {}


def _sign_in(desk: Desk, row: Row, _links: dict[str, Entry]) -> Entry:
    return password_columns(desk, row)


def _moments(desk: Desk, row: Row, links: dict[str, Entry]) -> Entry:
    zone = desk.zone_of(links["agreement"])
    named = [name for name in ("tariff_since", "state_since") if name in row.values]
    return {name: desk.moment(row, name, zone) for name in named}


def _prices(desk: Desk) -> Iterator[Plan]:
    for row, _ in desk.rows("prices"):
        tariff = desk.find(row, "tariffs", (row["tariff"],))
        service = desk.service(row, tariff)
        if "price" not in row.values:
            desk.unpriced.add(service["id"])
            continue
        key = (service["id"], row["valid_from"])
        if desk.claims(row, "prices", key):
            yield Plan(row, key, columns(row, Price) | {"service_id": service["id"]})


def _announce(desk: Desk, plan: Plan, old: Entry | None) -> None:
    """The events of the side block: a tariff or a state that came into force."""
    account = desk.known["accounts"].by_key[plan.key]
    tariff = desk.known["tariffs"].by_id[account["tariff_id"]]["name"]
    facts = {
        "tariff_since": (EventKind.TARIFF, {"tariff": tariff}),
        "state_since": (EventKind.LOCK, {"state": account["state"], "login": account["login"]}),
    }
    resident = desk.known["agreements"].by_id[account["agreement_id"]]["resident_id"]
    for name, (kind, words) in facts.items():
        since = account[name]
        if since is not None and (old is None or old[name] != since):
            desk.tell(resident, kind, since, words)


def _field_values(desk: Desk) -> Iterator[Plan]:
    for row, key in desk.rows("accounts"):
        account = desk.known["accounts"].by_key[key]
        for name, value in row.get("fields", {}).items():
            field = desk.find(row, "custom_fields", (name,))
            own = {"account_id": account["id"], "field_id": field["id"]}
            yield Plan(row, tuple(own.values()), own | {"value": value})


def _operator_defaults(_plan: Plan) -> Entry:
    return {"timezone": "Europe/Moscow", "readings_due_day": 25, "charges_penalty": False}


def _service_defaults(plan: Plan) -> Entry:
    is_metered = plan.row["kind"] == "one_time"
    method = Method(plan.row.get("method", Method.METERED if is_metered else Method.FIXED))
    return {
        "method": method.value,
        "resident_may_manage": method.is_given_by_residents,
        "position": plan.row.number,
        "photo": PhotoPolicy.OFF.value,
        "fallback": Fallback.NONE.value,
    }


def _account_defaults(plan: Plan) -> Entry:
    return {"login": "", "state": 0, "position": plan.row.number}


OPERATORS = Manner("operators", Operator, _operator_defaults, fixed=frozenset({"timezone"}))
SUPPLIERS = Manner("suppliers", Supplier)
AGENTS = Manner("agents", Agent)
CUSTOM_FIELDS = Manner("custom_fields", CustomField)
TARIFFS = Manner("tariffs", Tariff, lambda _: {"kind": "services"}, fixed=frozenset({"kind"}))
SERVICES = Manner("services", Service, _service_defaults, fixed=frozenset({"kind", "unit"}))
PRICES = Manner("prices", Price, fixed=frozenset({"price"}))
# The person may have changed the rest since, and the file must not undo it.
RESIDENTS = Manner(
    "residents",
    Resident,
    lambda _: {"must_change_password": True},
    once=frozenset({"phone", "email", "password_hash", "must_change_password"}),
)
HOUSES = Manner("houses", House)
PREMISES = Manner(
    "premises",
    Premises,
    settled=dict.fromkeys(("area", "heated_area", "residents_registered"), "premises_facts"),
)
AGREEMENTS = Manner("agreements", Agreement, fixed=frozenset({"resident_id", "operator_id"}))
ACCOUNTS = Manner("accounts", ServiceAccount, _account_defaults, fixed=frozenset({"agreement_id"}))
VALUES = Manner(FIELD_VALUES, FieldValue)
