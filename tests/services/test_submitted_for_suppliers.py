"""A reading that is charged as it comes is charged for whoever supplies on its day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge, LedgerAccount, Transfer
from portal.db.session import Session
from portal.db.suppliers import ServiceTerms, Supplier
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.builders import NOW, Counter, House, a_house
from tests.support.billed import NOVEMBER, BilledHouse
from tests.support.entries import an_entry, submit
from tests.support.invoiced import issues
from tests.support.settling import pays, report, settles
from tests.support.statements import counted

EARLIER, LATER = date(2026, 10, 1), date(2026, 11, 20)
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


class Supplied:
    """Water that is read on the 24th, and two companies that may supply it."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.house: House = a_house(backend)
        self.person = self.house.a_resident()
        service = self.house.a_service("zkh_water", "Холодная вода", price="53,41")
        self.flat = self.person.an_agreement("DOM-1")
        account = self.flat.an_account()
        self.water: Counter = account.a_meter(service).opens_at("248", on=date(2026, 10, 21))
        self.service_id = service.id
        self.old, self.new = (self.supplier(key) for key in ("vodokanal", "rosvoda"))
        self.town = BilledHouse(
            self.house, {"zkh_water": service}, [self.flat], [account], [self.water], self.old, 0
        )

    def supplier(self, key: str) -> int:
        return self.house.adds(
            Supplier, key=key, name=key, inn="7736520080",
            account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
        )  # fmt: skip

    def agrees(self, since: date, scheme: str, supplier_id: int | None, **more: Any) -> None:
        self.house.adds(
            ServiceTerms, service_id=self.service_id, valid_from=since, scheme=scheme,
            supplier_id=supplier_id, **more,
        )  # fmt: skip

    def submits(self, value: str, on: date = date(2026, 11, 24), seen: int | None = None) -> None:
        key = f"{self.water.account.id}/zkh_water"
        assert self.water.newest is not None
        entry = an_entry({key: value}, {key: seen or self.water.newest.id}, on.isoformat())
        submit(self.backend, self.person.id, entry, NOW)

    def charged(self) -> list[tuple[Any, ...]]:
        """Whose each charge is, what it is, and the ledger's sides."""
        charge, transfer = table_of(Charge), table_of(Transfer)
        debit, credit = table_of(LedgerAccount).alias(), table_of(LedgerAccount).alias()
        query = (
            select(charge.c.scheme, charge.c.supplier_id, charge.c.amount, debit.c.kind,
                   credit.c.kind)
            .join(transfer, transfer.c.charge_id == charge.c.id)
            .join(debit, debit.c.id == transfer.c.debit_id)
            .join(credit, credit.c.id == transfer.c.credit_id)
            .order_by(charge.c.id)
        )  # fmt: skip

        def asked(session: Session) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.execute(query)]

        return self.backend.read_now(asked)

    def proved(self) -> list[str]:
        return [str(finding) for finding in self.backend.read_now(audit)]


@pytest.fixture
def supplied(backend: Backend) -> Supplied:
    return Supplied(backend)


EIGHT = Money.parse("427,28")


def test_of_an_agency_it_is_the_suppliers(supplied):
    percent = Quantity.parse("3")
    supplied.agrees(EARLIER, "agency", supplied.old, commission_percent=percent)
    supplied.submits("256")
    assert supplied.charged() == [("agency", supplied.old, EIGHT, "resident", "supplier")]
    assert supplied.proved() == []


def test_directly_it_is_owed_to_the_supplier_himself(supplied):
    supplied.agrees(EARLIER, "direct", supplied.old)
    supplied.submits("256")
    assert supplied.charged() == [("direct", supplied.old, EIGHT, "resident", "supplier_direct")]
    assert supplied.proved() == []


def test_without_terms_it_is_the_operators(supplied):
    supplied.submits("256")
    assert supplied.charged() == [("own", None, EIGHT, "resident", "income")]


@pytest.mark.parametrize(
    ("day", "whose"), [(date(2026, 11, 19), "old"), (date(2026, 11, 20), "new")]
)
def test_the_day_of_the_reading_decides(supplied, day, whose):
    supplied.agrees(EARLIER, "agency", supplied.old)
    supplied.agrees(LATER, "direct", supplied.new)
    supplied.submits("256", day)
    scheme = {"old": "agency", "new": "direct"}[whose]
    assert [row[:2] for row in supplied.charged()] == [(scheme, getattr(supplied, whose))]


def test_a_reading_of_before_all_terms_is_the_operators(supplied):
    supplied.agrees(LATER, "agency", supplied.old)
    supplied.submits("256", date(2026, 11, 19))
    assert [row[:2] for row in supplied.charged()] == [("own", None)]


def test_terms_that_are_still_to_come_change_nothing(supplied):
    supplied.agrees(date(2026, 11, 25), "agency", supplied.old)
    supplied.submits("256")
    assert [row[:2] for row in supplied.charged()] == [("own", None)]


def test_a_correction_keeps_whose_it_was(supplied):
    """Also after the terms of its day were written anew."""
    supplied.agrees(EARLIER, "agency", supplied.old)
    supplied.submits("256")
    supplied.agrees(LATER, "direct", supplied.new)
    supplied.submits("257", seen=supplied.water.newest.id + 1)
    nine = Money.parse("480,69")
    assert supplied.charged() == [
        ("agency", supplied.old, EIGHT, "resident", "supplier"),
        ("agency", supplied.old, -EIGHT, "supplier", "resident"),
        ("agency", supplied.old, nine, "resident", "supplier"),
    ]
    assert supplied.proved() == []


def test_terms_cost_a_submission_no_statement(supplied):
    with counted(supplied.backend.engine) as without:
        supplied.submits("256", date(2026, 11, 22))
    supplied.agrees(EARLIER, "agency", supplied.old)
    with counted(supplied.backend.engine) as with_them:
        supplied.submits("257", date(2026, 11, 23), seen=supplied.water.newest.id + 1)
    selects = [[one for one in some if one.startswith("SELECT")] for some in (without, with_them)]
    assert len(selects[0]) == len(selects[1])


def test_it_is_asked_for_and_settled_with_the_commission_of_its_day(supplied):
    percent = [Quantity.parse(text) for text in ("3", "5")]
    supplied.agrees(EARLIER, "agency", supplied.old, commission_percent=percent[0])
    supplied.agrees(date(2026, 11, 24), "agency", supplied.old, commission_percent=percent[1])
    supplied.submits("256", date(2026, 11, 23))
    supplied.town.closes(NOVEMBER, DECEMBER)
    issues(supplied.town, NOVEMBER, DECEMBER)
    pays(supplied.flat, "427,28", DECEMBER)
    settles(supplied.town, NOVEMBER.shifted(1))
    figures = report(supplied.town, NOVEMBER.shifted(1))["vodokanal"].figures
    assert (figures.collected, figures.commission) == (EIGHT, Money.parse("12,82"))
    assert figures.held == Money.parse("414,46")
    assert supplied.proved() == []
