"""Loaded charges are whoever's the service was on their day; what stands stays as it was loaded."""

import pytest

from portal.db.invoices import Invoice
from portal.db.ledger import Charge, LedgerAccount, Transfer
from portal.db.suppliers import Supplier
from portal.services.audit import audit
from tests.imports.conftest import HOUSE, Town

SUPPLIER = """
[[suppliers]]
key = "vodokanal"
name = "АО «Водоканал»"
inn = "7736520080"
account = "40702810338360027201"
bank_name = "ПАО Сбербанк"
bic = "044525225"
"""
_ONE_INVOICE = """charges = ["17/2026-10", "17/house"]
lines = [{ name = "Долг до 2026 года", amount = "100,00" }]
total = "2 498,81"
"""
_TWO_INVOICES = """charges = ["17/house"]
lines = [{ name = "Долг до 2026 года", amount = "100,00" }]
total = "2 065,12"

[[invoices]]
number = "2026-10-В"
agreement = "DOM-2"
period = "2026-10"
issued_on = 2026-11-01
due_on = 2026-11-15
charges = ["17/2026-10"]
total = "433,69"
"""
APART = HOUSE.replace(_ONE_INVOICE, _TWO_INVOICES)


def terms(scheme: str, since: str, service: str = "zkh_cold") -> str:
    return f"""
[[service_terms]]
tariff = "ХВС"
service = "{service}"
valid_from = {since}
scheme = "{scheme}"
supplier = "vodokanal"
"""


def whose(town: Town) -> list[tuple[str, int | None]]:
    """The water of October and the upkeep."""
    return [(row.scheme, row.supplier_id) for row in town.rows(Charge)]


def test_a_charge_is_the_suppliers_by_the_terms_of_the_same_file(town: Town) -> None:
    town.loads(HOUSE + SUPPLIER + terms("agency", "2026-01-01"))
    supplier = town.row(Supplier)
    assert whose(town) == [("agency", supplier.id), ("own", None)]
    water, _ = town.rows(Charge)
    side = town.row(LedgerAccount, id=town.row(Transfer, charge_id=water.id).credit_id)
    assert (side.kind, side.owner) == ("supplier", f"1/{supplier.id}")
    assert town.backend.read_now(audit) == ()


@pytest.mark.parametrize(("since", "scheme"), [("2026-10-20", "agency"), ("2026-10-21", "own")])
def test_the_day_of_the_reading_decides_and_history_before_the_terms_is_the_operators(
    town: Town, since: str, scheme: str
) -> None:
    town.loads(HOUSE + SUPPLIER + terms("agency", since))
    assert whose(town)[0][0] == scheme
    assert town.backend.read_now(audit) == ()


@pytest.mark.parametrize(("since", "scheme"), [("2026-10-31", "agency"), ("2026-11-01", "own")])
def test_without_a_reading_the_day_of_posting_decides(town: Town, since: str, scheme: str) -> None:
    town.loads(HOUSE + SUPPLIER + terms("agency", since, "house"))
    assert [each for each, _ in whose(town)] == ["own", scheme]


def test_terms_that_come_later_leave_what_stands_and_loading_twice_is_loading_once(
    town: Town,
) -> None:
    town.loads()
    again = HOUSE + SUPPLIER + terms("agency", "2026-01-01")
    town.loads(again)
    before = town.counts()
    report = town.loads(again)
    assert (report.new, report.changed) == (0, 0)
    assert town.counts() == before
    assert whose(town) == [("own", None), ("own", None)]
    assert town.backend.read_now(audit) == ()


def test_what_is_paid_to_a_supplier_himself_has_an_invoice_with_his_requisites(town: Town) -> None:
    text = APART + SUPPLIER + terms("direct", "2026-01-01")
    town.loads(text)
    supplier = town.row(Supplier)
    own, his = town.rows(Invoice)
    assert (own.supplier_id, his.supplier_id) == (None, supplier.id)
    assert (own.payee["name"], his.payee["name"]) == ("ООО «УК Дом-Сервис»", supplier.name)
    assert town.backend.read_now(audit) == ()
    report = town.loads(text)
    assert (report.new, report.changed) == (0, 0)


def test_one_invoice_for_two_payees_is_refused(town: Town) -> None:
    text = HOUSE + SUPPLIER + terms("direct", "2026-01-01")
    with_old_debt = APART + SUPPLIER + terms("direct", "2026-01-01", "house")
    for each in (text, with_old_debt):
        (fault,) = town.refuses(each)
        assert fault.endswith(
            "в одном счете то, за что платят разным получателям («direct»): разделите его"
        )
