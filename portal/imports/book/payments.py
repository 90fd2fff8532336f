"""Payments, and which invoices they pay."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.db import journal
from portal.db.invoices import Allocation
from portal.domain.feed import EventKind, payment_facts
from portal.domain.money import ZERO, Money
from portal.imports.book.desk import NEW, UNCHANGED, Desk
from portal.imports.book.keeping import unchangeable
from portal.imports.book.known import Entry, Key, portions
from portal.imports.book.reading import Row, quoted
from portal.imports.book.stand_ins import is_stand_in
from portal.services.ledger import NewPayment, post_payments
from portal.services.office.billing.periods import months_of
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.invoicing.remaining import turns_of

_FACTS = ("agreement_id", "amount", "paid_at")


@dataclass(frozen=True, slots=True)
class _Checked:
    row: Row
    payment: NewPayment
    parts: dict[int, Money]
    """What each invoice gets, by its id."""

    @property
    def key(self) -> Key:
        return self.payment.channel, self.payment.external_id


def keep_payments(desk: Desk) -> None:
    """Post the payments that are new; those that are stored must be the same."""
    paid: dict[int, Money] = defaultdict(lambda: ZERO)
    stored_parts: dict[int, dict[int, Money]] = defaultdict(dict)
    for entry in desk.known["allocations"].by_key.values():
        paid[entry["invoice_id"]] += entry["amount"]
        # What it gave later, when something had been taken from the invoice, no file told.
        stored_parts[entry["payment_id"]].setdefault(entry["invoice_id"], entry["amount"])
    fresh: list[_Checked] = []
    for row, key in desk.rows("payments"):
        checked = _check(desk, row) if desk.claims(row, "payments", key) else None
        stored = desk.known["payments"].by_key.get(key)
        if checked is not None and stored is not None:
            _compare(desk, checked, stored, stored_parts[stored["id"]])
        elif checked is not None:
            _allocate(desk, checked, paid)
            fresh.append(checked)
    for some in portions(fresh):
        if not desk.is_doomed:
            _post(desk, some)
    if not desk.is_doomed:
        _pay_what_fell_due(desk, fresh)


def _check(desk: Desk, row: Row) -> _Checked | None:
    """None for a row that is not whole: what could be checked of it was complained of."""
    agreement = desk.links(row)["agreement"]
    parts = _parts(desk, row, agreement)
    if not row.is_whole:
        return None
    paid_at, accepted_at = _moments(desk, row, agreement)
    total = Money.total(parts.values())
    if total > row["amount"]:
        desk.complain(row, f"по счетам разнесено {total}, а платеж {row['amount']}")
    payment = NewPayment(
        agreement_id=agreement["id"],
        channel=row["channel"],
        external_id=row["external_id"],
        amount=row["amount"],
        paid_at=paid_at,
        accepted_at=accepted_at,
        note=row.get("note"),
    )
    return _Checked(row, payment, parts)


def _moments(desk: Desk, row: Row, agreement: Entry) -> tuple[datetime, datetime]:
    """When it was paid and when it came in; the latter, unless told, is the same."""
    zone = desk.zone_of(agreement)
    paid_at = desk.moment(row, "paid_at", zone)
    is_told = "accepted_at" in row.values
    return paid_at, desk.moment(row, "accepted_at", zone) if is_told else paid_at


def _parts(desk: Desk, row: Row, agreement: Entry) -> dict[int, Money]:
    parts: dict[int, Money] = {}
    for part in row.get("invoices", ()):
        if "number" not in part:
            continue
        number = part["number"]
        invoice = desk.known["invoices"].by_key.get((agreement["operator_id"], number))
        fault = _part_fault(desk, row, number, agreement, parts)
        if fault and not is_stand_in(agreement):
            desk.complain(row, fault)
        elif invoice is not None and "amount" in part:
            parts[invoice["id"]] = part["amount"]
    return parts


def _part_fault(
    desk: Desk, row: Row, number: str, agreement: Entry, parts: dict[int, Money]
) -> str:
    invoices = desk.known["invoices"].by_key
    invoice = invoices.get((agreement["operator_id"], number))
    if invoice is None:
        others = [operator for operator, other in invoices if other == number]
        if others:
            name = desk.known["operators"].by_id[others[0]]["name"]
            return f"счет {quoted(number)} выставил другой исполнитель, {quoted(name)}"
        return f"счет {quoted(number)} не описан, а на него ссылается платеж {row.label}"
    if invoice["agreement_id"] != agreement["id"]:
        return f"счет {quoted(number)} другого договора"
    return f"счет {quoted(number)} назван дважды" if invoice["id"] in parts else ""


def _compare(desk: Desk, checked: _Checked, stored: Entry, stored_parts: dict[int, Money]) -> None:
    for name in _FACTS:
        given = getattr(checked.payment, name)
        if stored[name] != given:
            desk.complain(checked.row, unchangeable(name, stored[name], given))
            return
    if any(stored_parts.get(invoice) != part for invoice, part in checked.parts.items()):
        desk.complain(checked.row, "разнесено по счетам не так, как уже загружено")
        return
    desk.count("payments", UNCHANGED)


def _allocate(desk: Desk, checked: _Checked, paid: dict[int, Money]) -> None:
    """Notes what the invoices get; complains where one would get more than it asks."""
    for invoice_id, part in checked.parts.items():
        invoice = desk.known["invoices"].by_id[invoice_id]
        paid[invoice_id] += part
        total = invoice["total"]
        if total is not None and paid[invoice_id] > total:
            desk.complain(
                checked.row,
                f"на счет {quoted(invoice['number'])} разнесено {paid[invoice_id]}, "
                f"а он на {total}",
            )


def _pay_what_fell_due(desk: Desk, fresh: list[_Checked]) -> None:
    """With payments that do not say what they pay, as issuing invoices does it; nobody else
    allocates meanwhile.  A file with invoices of the same agreement is history, which says itself
    what was paid with what.
    """
    known = desk.known["agreements"].by_id
    told = {row.get("agreement") for row in desk.book.rows["invoices"]}
    agreements = {
        each.payment.agreement_id
        for each in fresh
        if not each.parts and known[each.payment.agreement_id]["number"] not in told
    }
    for operator_id in sorted({known[each]["operator_id"] for each in agreements}):
        months_of(desk.session, operator_id)
    for some in portions(sorted(agreements)):
        allocate(desk.session, some, desk.now)


def _post(desk: Desk, some: list[_Checked]) -> None:
    ids = post_payments(desk.session, [checked.payment for checked in some])
    parts: list[dict[str, Any]] = []
    turns = turns_of(desk.session, {invoice_id for each in some for invoice_id in each.parts})
    for checked, payment_id in zip(some, ids, strict=True):
        payment = checked.payment
        parts += [
            {
                "payment_id": payment_id, "invoice_id": invoice_id, "amount": part,
                "turn": turns.get(invoice_id, 0),
            }
            for invoice_id, part in checked.parts.items()
        ]  # fmt: skip
        resident = desk.known["agreements"].by_id[payment.agreement_id]["resident_id"]
        told = payment_facts(payment.amount)
        desk.tell(resident, EventKind.PAYMENT, payment.paid_at, told)
    journal.add_all(desk.session, Allocation, parts)
    desk.count("payments", NEW, len(some))
