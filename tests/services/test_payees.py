"""Whose money a charge is: the ledger's sides, and how the audit proves them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge, LedgerAccount, Transfer
from portal.db.session import Session
from portal.db.suppliers import Supplier
from portal.domain.charging.line import Line, Priced
from portal.domain.charging.norm import by_raised_norm
from portal.domain.charging.recalculated import recalculation
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.timeline import Days, constant
from portal.services.audit import audit
from portal.services.ledger import NewCharge, post_charges
from portal.services.ledger_sides import in_order, payee_side, resident_side
from tests.builders import NOW, Account, House, ServiceRow, a_house
from tests.domain.charging.facts import always

NOVEMBER = Period(2026, 11)
OCTOBER = Period(2026, 10)


class Supplied:
    """A flat with a service that somebody else supplies."""

    def __init__(self, backend: Backend) -> None:
        self.house: House = a_house(backend)
        self.flat = self.house.a_resident().an_agreement("DOM-12")
        self.account: Account = self.flat.an_account()
        self.service: ServiceRow = self.house.a_periodic_service("Холодная вода", "53,41")
        self.supplier_id = self.house.adds(
            Supplier, key="vodokanal", name="АО «Водоканал»", inn="7736520080",
            account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
        )  # fmt: skip

    def charges(self, line: Line, **more: Any) -> int:
        new = NewCharge(
            agreement_id=self.flat.id,
            operator_id=self.house.operator_id,
            account_id=self.account.id,
            service_id=self.service.id,
            posted_at=NOW,
            volume=line.volume,
            price_id=line.price_id,
            price=line.price,
            amount=line.amount,
            proof=line.proof,
            part=line.part,
            period=NOVEMBER,
            **more,
        )
        (charge_id,) = self.house.writes(lambda session: post_charges(session, [new]))
        return charge_id

    def lines(self, persons: int = 2) -> tuple[Line, ...]:
        """Of November: what a norm and the raising coefficient make."""
        _, price_id, price = self.service.prices[0]
        return by_raised_norm(
            Days.of(NOVEMBER), constant(persons), always("4,745"), always("1,5"),
            constant(Priced(price_id, price)),
        )  # fmt: skip

    def moved(self, charge_id: int) -> tuple[tuple[str, str], tuple[str, str], Money]:
        debit, credit = table_of(LedgerAccount).alias(), table_of(LedgerAccount).alias()
        transfer = table_of(Transfer)

        def query(session: Session) -> Any:
            return session.execute(
                select(
                    debit.c.kind, debit.c.owner, credit.c.kind, credit.c.owner, transfer.c.amount
                )
                .join(debit, debit.c.id == transfer.c.debit_id)
                .join(credit, credit.c.id == transfer.c.credit_id)
                .where(transfer.c.charge_id == charge_id)
            ).one()

        kind, owner, other_kind, other_owner, amount = self.house.backend.read_now(query)
        return (kind, owner), (other_kind, other_owner), amount


@pytest.fixture
def supplied(backend: Backend) -> Supplied:
    return Supplied(backend)


def found(supplied: Supplied) -> list[str]:
    return [finding.sentence for finding in supplied.house.backend.read_now(audit)]


def test_an_own_service_is_the_operators_income(supplied):
    base, _ = supplied.lines()
    operator = str(supplied.house.operator_id)
    assert supplied.moved(supplied.charges(base)) == (
        resident_side(supplied.flat.id), ("income", operator), base.amount,
    )  # fmt: skip
    assert found(supplied) == []


def test_of_an_agency_the_operator_owes_the_supplier(supplied):
    base, _ = supplied.lines()
    charge = supplied.charges(base, scheme="agency", supplier_id=supplied.supplier_id)
    owner = f"{supplied.house.operator_id}/{supplied.supplier_id}"
    assert supplied.moved(charge)[1] == ("supplier", owner)
    assert found(supplied) == []


def test_directly_the_resident_owes_the_supplier(supplied):
    base, _ = supplied.lines()
    charge = supplied.charges(base, scheme="direct", supplier_id=supplied.supplier_id)
    assert supplied.moved(charge)[1] == ("supplier_direct", str(supplied.supplier_id))
    assert found(supplied) == []


def test_a_reversal_takes_the_money_from_whom_it_went_to(supplied):
    base, _ = supplied.lines()
    agency = {"scheme": "agency", "supplier_id": supplied.supplier_id}
    charge = supplied.charges(base, **agency)
    opposite = Line(
        base.part, base.days, -base.volume, base.price_id, base.price, -base.amount,
        {"method": "reversal", "inputs": {"charge": charge}},
    )  # fmt: skip
    undone = supplied.charges(opposite, reverses_id=charge, **agency)
    debit, credit, _ = supplied.moved(charge)
    assert supplied.moved(undone) == (credit, debit, base.amount)
    assert found(supplied) == []
    assert supplied.flat.person.balance == Money(0)


def test_an_excess_is_proved_by_its_base(supplied):
    """Its rounded amount may be a kopeck off its own volume × price."""
    for line in supplied.lines(1):
        supplied.charges(line)
    assert found(supplied) == []


def test_a_recalculation_is_proved_by_what_it_names(supplied):
    base = supplied.lines()[0]
    supplied.charges(base)
    (less,) = recalculation(OCTOBER, [], [base])
    supplied.charges(less, for_period=OCTOBER)
    assert found(supplied) == []
    assert supplied.flat.person.balance == Money(0)


def _forge(supplied: Supplied, charge_id: int, **values: Any) -> list[str]:
    supplied.house.changes(Charge, charge_id, **values)
    return found(supplied)


def test_money_that_went_to_another_is_noticed(supplied):
    base, _ = supplied.lines()
    charge = supplied.charges(base, scheme="agency", supplier_id=supplied.supplier_id)
    sentences = _forge(supplied, charge, scheme="direct")
    assert any("не те счета" in sentence for sentence in sentences)


def test_a_supplier_of_nothing_is_noticed(supplied):
    base, _ = supplied.lines()
    sentences = _forge(supplied, supplied.charges(base), supplier_id=supplied.supplier_id)
    assert sentences == ["схема «собственная услуга», а поставщик 1"]


def test_an_excess_for_a_supplier_is_noticed(supplied):
    _, excess = supplied.lines()
    supplied.charges(excess, scheme="agency", supplier_id=supplied.supplier_id)
    assert found(supplied) == ["повышающий коэффициент начислен не исполнителю"]


def test_an_excess_of_another_base_is_noticed(supplied):
    _, excess = supplied.lines()
    charge = supplied.charges(excess)
    proof = {**excess.proof, "inputs": {}}
    assert _forge(supplied, charge, proof=proof) == [
        f"по объяснению сумму {excess.amount} не пересчитать"
    ]


def test_a_recalculation_of_another_month_than_its_charge_is_noticed(supplied):
    base = supplied.lines()[0]
    first = supplied.charges(base)
    (less,) = recalculation(OCTOBER, [], [base])
    supplied.charges(less, for_period=OCTOBER, corrects_id=first)
    assert found(supplied) == [f"исправляет списание {first} другой услуги, месяца или получателя"]


def test_a_month_that_is_charged_before_it_came_is_noticed(supplied):
    (less,) = recalculation(OCTOBER.shifted(2), [], [supplied.lines()[0]])
    supplied.charges(less, for_period=OCTOBER.shifted(2))
    assert "перерасчет в 2026-11 за 2026-12, который был позже" in found(supplied)


def test_a_line_for_another_month_that_is_no_recalculation_is_noticed(supplied):
    supplied.charges(supplied.lines()[0], for_period=OCTOBER)
    assert found(supplied) == ["начислено в 2026-11 за 2026-10, а это не перерасчет"]


def test_a_line_at_a_price_of_later_days_is_noticed(supplied):
    later = supplied.service.costs("60", date(2026, 11, 20)).prices[1]
    base = supplied.lines()[0]
    charge = supplied.charges(base)
    sentences = _forge(supplied, charge, price_id=later[1])
    assert "цена тогда ещё не действовала" in sentences


def test_a_ledger_account_is_opened_once(supplied):
    for line in supplied.lines():
        supplied.charges(line)
    table = table_of(LedgerAccount)

    def count(session: Session) -> Any:
        return session.scalar(select(func.count()).select_from(table))

    assert supplied.house.backend.read_now(count) == 2


def test_a_sum_in_the_residents_favour_moves_the_other_way():
    resident, payee = resident_side(7), payee_side("agency", 1, 2)
    assert in_order(resident, payee, is_owed=True) == (resident, payee)
    assert in_order(resident, payee, is_owed=False) == (payee, resident)
    assert payee == ("supplier", "1/2")
