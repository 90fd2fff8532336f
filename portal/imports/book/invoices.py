"""Invoices: frozen with the words of the day on which they are loaded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.db import journal
from portal.db.invoices import Invoice, InvoiceLine
from portal.domain.bill import Requisites
from portal.domain.money import ZERO, Money
from portal.domain.period import short_day_text
from portal.imports.book.desk import NEW, UNCHANGED, Desk, unchangeable
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row, quoted

_FACTS = ("agreement_id", "period", "issued_on", "due_on", "total")
_LINE_FACTS = ("charge_id", "name", "unit", "volume", "price", "amount")


@dataclass(frozen=True, slots=True)
class _Checked:
    row: Row
    agreement: Entry
    lines: list[Entry]

    @property
    def key(self) -> tuple[int, str]:
        return self.agreement["operator_id"], self.row["number"]


def keep_invoices(desk: Desk) -> None:
    """Store the invoices that are new; those that are stored must be the same."""
    stored_lines = _stored_lines(desk)
    billed = {e["charge_id"] for e in desk.known["lines"].by_id.values()}
    fresh: list[_Checked] = []
    for row, key in desk.rows("invoices"):
        checked = _check(desk, row)
        if checked is None:
            desk.broken.add(("invoices", key))
        elif (stored := desk.known["invoices"].by_key.get(checked.key)) is not None:
            _compare(desk, checked, stored, stored_lines[stored["id"]])
        elif _is_billed_once(desk, checked, billed):
            fresh.append(checked)
        else:
            desk.broken.add(("invoices", key))
    _store(desk, fresh)


def _stored_lines(desk: Desk) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for line in sorted(desk.known["lines"].by_id.values(), key=lambda line: line["position"]):
        found[line["invoice_id"]].append(line)
    return found


def _check(desk: Desk, row: Row) -> _Checked | None:
    links = desk.links(row)
    if links is None:
        return None
    agreement = links["agreement"]
    if not desk.claims(row, "invoices", (agreement["operator_id"], row["number"])):
        return None
    charges = [desk.find(row, "charges", (key,)) for key in row.get("charges", ())]
    found = [charge for charge in charges if charge is not None]
    if len(found) < len(charges):
        return None
    lines = [_charged_line(desk, charge) for charge in found]
    lines += [_free_line(part) for part in row.get("lines", ())]
    fault = _fault(desk, row, agreement, found, lines)
    if fault:
        desk.complain(row, fault)
        return None
    return _Checked(row, agreement, lines)


def _fault(desk: Desk, row: Row, agreement: Entry, charges: list[Entry], lines: list[Entry]) -> str:
    total = Money.total(line["amount"] for line in lines)
    foreign = [charge for charge in charges if charge["agreement_id"] != agreement["id"]]
    if not lines:
        return "в счете нет ни одной строки"
    if foreign:
        return f"списание {quoted(foreign[0]['key'])} другого договора"
    if total != row["total"]:
        return f"сумма строк {total}, а в файле «total» {row['total']}"
    if total < ZERO:
        return f"итог {total} меньше нуля"
    return _day_fault(row, desk.today(desk.zone_of(agreement)))


def _day_fault(row: Row, today: date) -> str:
    if row["due_on"] < row["issued_on"]:
        return "срок оплаты раньше, чем выставлен счет"
    if row["issued_on"] > today:
        return f"дата {short_day_text(row['issued_on'])} еще не наступила"
    return ""


def _charged_line(desk: Desk, charge: Entry) -> Entry:
    service = desk.known["services"].by_id[charge["service_id"]]
    return {
        "charge_id": charge["id"],
        "name": service["name"],
        "unit": service["unit"],
        "volume": charge["volume"],
        "price": charge["price"],
        "amount": charge["amount"],
    }


def _free_line(part: Entry) -> Entry:
    return {name: part.get(name) for name in _LINE_FACTS}


def _compare(desk: Desk, checked: _Checked, stored: Entry, lines: list[Entry]) -> None:
    given = {name: checked.row.get(name) for name in _FACTS}
    given["agreement_id"] = checked.agreement["id"]
    for name in _FACTS:
        if stored[name] != given[name]:
            desk.complain(checked.row, unchangeable(name, stored[name], given[name]))
            return
    if [_told(line) for line in lines] != [_told(line) for line in checked.lines]:
        desk.complain(checked.row, "строки счета не те, что уже загружены; такое не меняют")
        return
    desk.count("invoices", UNCHANGED)


def _told(line: Entry) -> tuple[Any, ...]:
    """A line as it is compared: the words of a charged one may have been changed since."""
    if line["charge_id"] is not None:
        return line["charge_id"], line["amount"]
    return tuple(line[name] for name in _LINE_FACTS)


def _is_billed_once(desk: Desk, checked: _Checked, billed: set[int]) -> bool:
    """Notes the charges as billed; complains of one that another invoice has."""
    charges = [line["charge_id"] for line in checked.lines if line["charge_id"] is not None]
    if len(set(charges)) < len(charges) or billed & set(charges):
        desk.complain(checked.row, "одно из списаний уже стоит в счете")
        return False
    billed.update(charges)
    return True


def _store(desk: Desk, fresh: list[_Checked]) -> None:
    rows = [_columns(desk, checked) for checked in fresh]
    ids = journal.add_all(desk.session, Invoice, rows)
    lines: list[Entry] = []
    for checked, row, invoice_id in zip(fresh, rows, ids, strict=True):
        desk.known["invoices"].put(checked.key, row | {"id": invoice_id})
        lines += [
            line | {"invoice_id": invoice_id, "position": position}
            for position, line in enumerate(checked.lines, start=1)
        ]
    journal.add_all(desk.session, InvoiceLine, lines)
    desk.count("invoices", NEW, len(fresh))


def _columns(desk: Desk, checked: _Checked) -> Entry:
    operator = desk.known["operators"].by_id[checked.agreement["operator_id"]]
    named = {name: checked.row[name] for name in _FACTS if name != "agreement_id"}
    return named | {
        "operator_id": operator["id"],
        "agreement_id": checked.agreement["id"],
        "number": checked.row["number"],
        "payee": {name: operator[name] or "" for name in Requisites.__slots__},
        "payer": _payer(desk, checked.agreement),
    }


def _payer(desk: Desk, agreement: Entry) -> dict[str, str]:
    resident = desk.known["residents"].by_id[agreement["resident_id"]]
    premises = desk.known["premises"].by_id.get(agreement["premises_id"])
    return {
        "name": resident["name"],
        "address": premises["address"] if premises else "",
        "agreement": agreement["number"],
    }
