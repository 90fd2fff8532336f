"""Whoever forges a document and the journal with it is told by the documents themselves."""

from typing import Any

import pytest

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.support.billed import OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, cancels, issues

KOPECK = Money(1)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """Document 1 is cancelled by document 3; document 2 stands."""
    town = a_billed_house(backend, only=("upkeep", "internet"))
    town.flats[0].a_payment("100", at=NOW)
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    cancels(town, "2026-000001")
    issues(town)
    assert backend.read_now(audit) == ()
    return town


@pytest.mark.parametrize(
    ("model", "row_id", "values", "rule", "sentence"),
    [
        (Invoice, 4, {"sequence": 5}, Rule.DOCUMENT, "документов 4, а номера с 1 по 5"),
        (Invoice, 2, {"year": 2025, "sequence": 1}, Rule.DOCUMENT, "а номер 2025 года"),
        (Invoice, 2, {"charged": KOPECK}, Rule.DOCUMENT, "начисления, перерасчеты и пени дают"),
        (Invoice, 2, {"penalty": KOPECK}, Rule.DOCUMENT, "пени 0,01"),
        (Invoice, 2, {"recalculated": None}, Rule.DOCUMENT, "нет его сумм"),
        (Invoice, 2, {"opening": None}, Rule.DOCUMENT, "нет долга на начало"),
        (Invoice, 3, {"total": KOPECK}, Rule.DOCUMENT, "отменяет счет на"),
        (Invoice, 3, {"agreement_id": 2}, Rule.DOCUMENT, "другого договора, месяца"),
        (Invoice, 3, {"cancels_id": 2}, Rule.DOCUMENT, "не обратна строке"),
        (InvoiceLine, 5, {"amount": KOPECK}, Rule.INVOICE, "а списано −"),
        (InvoiceLine, 3, {"turn": 3}, Rule.DOCUMENT, "очередь 3 не для такого"),
        (Allocation, 3, {"amount": Money.parse("100,01")}, Rule.ALLOCATION, "разнесено"),
        (Allocation, 3, {"invoice_id": 2}, Rule.ALLOCATION, "документ одного договора"),
    ],
)  # fmt: skip
def test_a_forged_document_is_found(
    town: BilledHouse, model: type[Base], row_id: int, values: dict[str, Any], rule: Rule,
    sentence: str,
) -> None:  # fmt: skip
    town.house.changes(model, row_id, **values)
    found = town.backend.read_now(audit)
    assert any(each.rule is rule and sentence in each.sentence for each in found), (
        table_of(model).name,
        [str(each) for each in found],
    )


def test_a_line_of_another_payee_is_found(town: BilledHouse) -> None:
    town.house.changes(Invoice, 2, supplier_id=town.supplier_id)
    assert "деньги не этого получателя" in str(town.backend.read_now(audit)[0])
