"""Any sequence of charges, invoices, payments, refunds, reversals, cancellations, settlements and
remittances, on a real database: nothing is lost between resident, operator and suppliers.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import make_url

from portal.backend import Backend
from portal.db.invoices import Allocation
from portal.db.settlements import Share
from portal.db.suppliers import ServiceTerms
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity, cost
from portal.domain.settlement import Figures, Scheme
from portal.services.audit import audit
from portal.services.ledger import NewCharge, post_charges
from tests.builders import ChargeRow, InvoiceRow
from tests.conftest import sqlite_address
from tests.support.billed import BEGINNING, OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import cancels, rows
from tests.support.refunding import refunds
from tests.support.settling import pays, remits, report, settles

RUNS, STEPS = 12, 40
"""Some hundred steps; the domain's own walk has its ten thousand."""
WATER = "АО «Водоканал»"
flats = st.sampled_from([0, 1])


class Books(RuleBasedStateMachine):
    template: Path

    @initialize()
    def opens(self) -> None:
        """Upkeep is the operator's own; of water he keeps 3 %, of the phone 30 roubles a month."""
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "portal.db"
        shutil.copy(self.template, path)
        self.door = Backend(sqlite_address(path))
        self.town: BilledHouse = a_billed_house(self.door, only=("upkeep", "zkh_cold", "phone"))
        self.town.house.adds(
            ServiceTerms, service_id=self.town.services["phone"].id, valid_from=BEGINNING,
            scheme="agency", supplier_id=self.town.supplier_id,
            commission_fixed=Money.parse("30"),
        )  # fmt: skip
        self.month = OCTOBER
        self.charged: list[ChargeRow] = []
        self.undone: set[int] = set()
        self.unbilled: list[tuple[int, ChargeRow]] = []
        self.standing: list[InvoiceRow] = []
        self.sent = ZERO
        self.papers = 0
        self.left: dict[int, Money] = {}
        self.returns = 0

    @property
    def now(self) -> datetime:
        return datetime(self.month.year, self.month.month, 20, 9, tzinfo=UTC)

    @rule(
        flat=flats,
        code=st.sampled_from(["upkeep", "zkh_cold", "phone"]),
        volume=st.integers(1, 90_000_000).map(Quantity),
    )
    def charge(self, flat: int, code: str, volume: Quantity) -> None:
        _, price_id, price = self.town.services[code].prices[0]
        is_own = code == "upkeep"
        new = NewCharge(
            agreement_id=self.town.flats[flat].id,
            operator_id=self.town.house.operator_id,
            account_id=self.town.accounts[flat].id,
            service_id=self.town.services[code].id,
            period=self.month,
            posted_at=self.now,
            volume=volume,
            price_id=price_id,
            price=price,
            amount=cost(volume, price),
            proof={"method": "metered"},
            scheme=Scheme.OWN if is_own else Scheme.AGENCY,
            supplier_id=None if is_own else self.town.supplier_id,
        )
        self._post(flat, new)

    @precondition(lambda self: len(self.undone) < len(self.charged))
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        alive = [charge for charge in self.charged if charge.id not in self.undone]
        wrong = data.draw(st.sampled_from(alive))
        self.undone.add(wrong.id)
        was = wrong.new
        flat = [one.id for one in self.town.flats].index(was.agreement_id)
        new = NewCharge(
            **{name: getattr(was, name) for name in NewCharge.__slots__}
            | {
                "period": self.month, "posted_at": self.now, "volume": -was.volume,
                "amount": -was.amount, "reverses_id": wrong.id, "proof": {"method": "reversal"},
            }
        )  # fmt: skip
        self._post(flat, new, is_reversal=True)

    def _post(self, flat: int, new: NewCharge, *, is_reversal: bool = False) -> None:
        (charge_id,) = self.town.house.writes(lambda session: post_charges(session, [new]))
        row = ChargeRow(charge_id, new)
        self.unbilled.append((flat, row))
        if not is_reversal:
            self.charged.append(row)

    @precondition(lambda self: self.unbilled)
    @rule()
    def ask(self) -> None:
        """For what no invoice asks for yet; below zero it pays others."""
        for flat, home in enumerate(self.town.flats):
            ours = [row for place, row in self.unbilled if place == flat]
            if ours:
                self.standing.append(home.an_invoice(ours, issued_on=self.now.date()))
        self.unbilled = []

    @rule(flat=flats, amount=st.integers(1, 700_000).map(Money))
    def pay(self, flat: int, amount: Money) -> None:
        self.left[pays(self.town.flats[flat], amount.plain, self.now)] = amount

    @precondition(lambda self: self.left)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        """Some or all of what is left of a payment, whatever it has paid meanwhile."""
        payment_id = data.draw(st.sampled_from(sorted(self.left)))
        amount = Money(data.draw(st.integers(1, self.left[payment_id].kopecks)))
        self.returns += 1
        refunds(self.door, payment_id, amount.plain, f"в-{self.returns}", self.now)
        self.left[payment_id] -= amount
        if not self.left[payment_id]:
            del self.left[payment_id]

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        invoice = data.draw(st.sampled_from(self.standing))
        self.standing.remove(invoice)
        cancels(self.town, invoice.number, self.now)

    @rule()
    def settle(self) -> None:
        settles(self.town, self.month)
        assert settles(self.town, self.month).shares == 0

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """Some or all of what is held; or the supplier returns some or all."""
        low, high = sorted((0, self.held.kopecks))
        amount = Money(data.draw(st.integers(low, high).filter(bool)))
        self.papers += 1
        remits(self.town, amount.plain, f"п/п {self.papers}", self.now)
        self.sent += amount

    @rule(is_in_time=st.booleans())
    def end_the_month(self, is_in_time: bool) -> None:
        """What was not settled before goes into the next one."""
        if is_in_time:
            settles(self.town, self.month)
        following = self.month.shifted(1)
        self.town.closes(self.month, self.now + timedelta(31))
        self.month = following

    @property
    def held(self) -> Money:
        told = report(self.town, self.month).get(WATER)
        return told.to_transfer if told else ZERO

    @invariant()
    def whatever_came_is_somebodys(self) -> None:
        if not hasattr(self, "town"):
            return
        figures = self._figures()
        assert figures.gap == ZERO
        shared = {row.allocation_id for row in rows(self.town, Share, "allocation_id")}
        came = Money.total(
            row.amount
            for row in rows(self.town, Allocation, "id", "credit_id", "amount")
            if row.credit_id is None and row.id in shared
        )
        assert figures.collected == came
        assert figures.transferred == self.sent
        assert figures.held == self.held

    def _figures(self) -> Figures:
        """Of all months together."""
        months = [OCTOBER.shifted(back) for back in range(self.month.months_since(OCTOBER) + 1)]
        return sum((self._of(month) for month in months), Figures())

    def _of(self, month: Period) -> Figures:
        parties = report(self.town, month).values()
        return sum((party.figures for party in parties), Figures())

    def teardown(self) -> None:
        if hasattr(self, "town"):
            found = [str(finding) for finding in self.door.read_now(audit)]
            self.door.close()
            self.folder.cleanup()
            assert found == []


def test_no_sequence_loses_a_kopeck(sqlite_url: str, full: bool) -> None:
    """A failure is told as it was found: to shrink it would take minutes, a database a step."""
    Books.template = Path(str(make_url(sqlite_url).database))
    runs = RUNS * (20 if full else 1)
    wanted = settings(max_examples=runs, stateful_step_count=STEPS, phases=[Phase.generate])
    run_state_machine_as_test(Books, settings=wanted)
