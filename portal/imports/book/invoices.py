"""Invoices: frozen with the words of the day on which they are loaded."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.db.invoices import Invoice, InvoiceLine
from portal.db.suppliers import Supplier
from portal.domain.bill import Requisites
from portal.domain.money import ZERO, Money
from portal.domain.period import short_day_text
from portal.domain.quantity import cost
from portal.domain.settlement import Scheme
from portal.imports.book.desk import NEW, UNCHANGED, Desk
from portal.imports.book.keeping import unchangeable
from portal.imports.book.known import Entry, fetch
from portal.imports.book.reading import Row, quoted
from portal.imports.book.stand_ins import is_stand_in

_FACTS = ("agreement_id", "period", "issued_on", "due_on", "total")
_LINE_FACTS = ("charge_id", "name", "unit", "volume", "price", "amount")


@dataclass(frozen=True, slots=True)
class _Checked:
    row: Row
    agreement: Entry
    lines: list[Entry]
    supplier_id: int | None
    """Whom the resident owes it directly; None: the operator."""

    @property
    def key(self) -> tuple[int, str]:
        return self.agreement["operator_id"], self.row["number"]


def keep_invoices(desk: Desk) -> None:
    """Store the invoices that are new; those that are stored must be the same."""
    stored_lines = _stored_lines(desk)
    billed = {line["charge_id"] for line in desk.known["lines"].by_key.values()}
    fresh: list[_Checked] = []
    for row, _ in desk.rows("invoices"):
        checked = _check(desk, row)
        if checked is None:
            continue
        stored = desk.known["invoices"].by_key.get(checked.key)
        if stored is not None:
            _compare(desk, checked, stored, stored_lines[stored["id"]])
        else:
            _bill_once(desk, checked, billed)
            fresh.append(checked)
    _store(desk, fresh)


def _stored_lines(desk: Desk) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for line in sorted(desk.known["lines"].by_key.values(), key=lambda line: line["position"]):
        found[line["invoice_id"]].append(line)
    return found


def _check(desk: Desk, row: Row) -> _Checked | None:
    """None for a second one of the same number."""
    agreement = desk.links(row)["agreement"]
    if not desk.claims(row, "invoices", (agreement["operator_id"], row["number"])):
        return None
    charges = [desk.find(row, "charges", (key,)) for key in row.get("charges", ())]
    lines = [_charged_line(desk, charge) for charge in charges]
    lines += [_free_line(part) for part in row.get("lines", ())]
    # What was owed before the portal is the operator's, so a free line is too.
    payees = {_directly(charge) for charge in charges} | {None for _ in row.get("lines", ())}
    faults = [_charges_fault(agreement, charges), _payee_fault(payees), _total_fault(row, lines)]
    faults += [_line_fault(part) for part in row.get("lines", ())]
    if {"issued_on", "due_on"} <= row.values.keys():
        faults.append(_day_fault(row, desk.today(desk.zone_of(agreement))))
    for fault in filter(None, faults):
        desk.complain(row, fault)
    return _Checked(row, agreement, lines, max(payees, key=bool, default=None))


def _directly(charge: Entry) -> int | None:
    """To which supplier a charge is owed without the operator."""
    return charge.get("supplier_id") if charge.get("scheme") == Scheme.DIRECT else None


def _payee_fault(payees: Collection[int | None]) -> str:
    if len(payees) <= 1:
        return ""
    return "в одном счете то, за что платят разным получателям («direct»): разделите его"


def _charges_fault(agreement: Entry, charges: list[Entry]) -> str:
    for charge in charges:
        if charge["agreement_id"] not in {agreement["id"], None} and not is_stand_in(agreement):
            return f"списание {quoted(charge['key'])} другого договора"
    return ""


def _total_fault(row: Row, lines: list[Entry]) -> str:
    amounts = [line["amount"] for line in lines]
    if not row.is_whole or None in amounts:
        return ""
    total = Money.total(amounts)
    if not lines:
        return "в счете нет ни одной строки"
    if total != row["total"]:
        return f"сумма строк {total}, а в файле «total» {row['total']}"
    return f"итог {total} меньше нуля" if total < ZERO else ""


def _day_fault(row: Row, today: date) -> str:
    if row["due_on"] < row["issued_on"]:
        return "срок оплаты раньше, чем выставлен счет"
    if row["issued_on"] > today:
        return f"дата {short_day_text(row['issued_on'])} ещё не наступила"
    return ""


def _charged_line(desk: Desk, charge: Entry) -> Entry:
    service = desk.known["services"].by_id.get(charge["service_id"], {})
    return {
        "charge_id": charge["id"],
        "name": service.get("name"),
        "unit": service.get("unit"),
        "volume": charge["volume"],
        "price": charge["price"],
        "amount": charge["amount"],
    }


def _free_line(part: Entry) -> Entry:
    return {name: part.get(name) for name in _LINE_FACTS}


def _line_fault(part: Entry) -> str:
    """A free line may leave out its volume or price; with both it is their product."""
    if not {"name", "volume", "price", "amount"} <= part.keys():
        return ""
    volume, price, amount = part["volume"], part["price"], part["amount"]
    exact = cost(volume, price)
    if amount == exact:
        return ""
    name = quoted(part["name"])
    return f"строка {name}: {volume} × {price} = {exact}, а в файле {amount}"


def _compare(desk: Desk, checked: _Checked, stored: Entry, lines: list[Entry]) -> None:
    given = {name: checked.row.get(name) for name in _FACTS}
    given["agreement_id"] = checked.agreement["id"]
    for name in _FACTS:
        if stored[name] != given[name] and checked.row.is_whole:
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


def _bill_once(desk: Desk, checked: _Checked, billed: set[int]) -> None:
    """Notes the charges as billed; complains where one was before."""
    charges = [line["charge_id"] for line in checked.lines if line["charge_id"] is not None]
    if len(set(charges)) < len(charges) or billed & set(charges):
        desk.complain(checked.row, "одно из списаний уже стоит в счете")
    billed.update(charges)


def _store(desk: Desk, fresh: list[_Checked]) -> None:
    directly = {checked.supplier_id for checked in fresh} - {None}
    suppliers = {row["id"]: row for row in fetch(desk.session, Supplier, "id", directly)}
    rows = [_columns(desk, checked, suppliers) for checked in fresh]
    lines: list[Entry] = []
    for checked, row, invoice_id in zip(fresh, rows, desk.insert(Invoice, rows), strict=True):
        desk.known["invoices"].put(checked.key, row | {"id": invoice_id})
        lines += [
            line | {"invoice_id": invoice_id, "position": position}
            for position, line in enumerate(checked.lines, start=1)
        ]
    desk.insert(InvoiceLine, lines)
    desk.count("invoices", NEW, len(fresh))


def _columns(desk: Desk, checked: _Checked, suppliers: Mapping[int, Entry]) -> Entry:
    supplier_id = checked.supplier_id
    operator = desk.known["operators"].by_id[checked.agreement["operator_id"]]
    named = {name: checked.row.get(name) for name in _FACTS if name != "agreement_id"}
    return named | {
        "operator_id": operator["id"],
        "agreement_id": checked.agreement["id"],
        "number": checked.row["number"],
        "supplier_id": supplier_id,
        "payee": _requisites(operator if supplier_id is None else suppliers[supplier_id]),
        "payer": _payer(desk, checked.agreement),
    }


def _requisites(party: Entry) -> dict[str, str]:
    return {name: party[name] or "" for name in Requisites.__slots__}


def _payer(desk: Desk, agreement: Entry) -> dict[str, str]:
    resident = desk.known["residents"].by_id[agreement["resident_id"]]
    premises = desk.known["premises"].by_id.get(agreement["premises_id"])
    return {
        "name": resident["name"],
        "address": premises["address"] if premises else "",
        "agreement": agreement["number"],
    }
