"""Any sequence of bills, payments, reversals and transfers, beside a till that is counted by hand.

The till knows coins in envelopes, not figures: it is what the operator would find in the safe.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.domain.money import ZERO, Money
from portal.domain.percent import Percent
from portal.domain.settlement import (
    OWN,
    Fee,
    Figures,
    Scheme,
    Share,
    Terms,
    charge,
    collection,
    shares,
    transfer,
)

STEPS = 10_000
"""At least, over all runs together; a hundred times as many in a full run."""
RUNS = 260

SUPPLIERS = ("water", "heat", "operator", "telephony")
MONTHS = (1, 2, 3)
NEGOTIABLE = st.sampled_from(
    [
        Terms(Scheme.AGENCY, Share(Percent.parse("2.5"))),
        Terms(Scheme.AGENCY, Share(Percent.parse("33.333333"))),
        Terms(Scheme.AGENCY, Fee(Money(30_07))),
        Terms(Scheme.AGENCY),
        Terms(Scheme.DIRECT),
    ]
)
Account = tuple[str, int]


@dataclass
class BookedLine:
    account: Account
    terms: Terms
    amount: Money
    collected: Money = ZERO


@dataclass
class Received:
    amount: Money
    parts: list[tuple[BookedLine, Money]]
    is_reversed: bool = False


@dataclass
class Safe:
    """Coins, by whose envelope they lie in."""

    received: int = 0
    sent: defaultdict[Account, int] = field(default_factory=lambda: defaultdict(int))


class Settlement(RuleBasedStateMachine):
    steps = 0
    """Of all runs."""

    def __init__(self) -> None:
        super().__init__()
        Settlement.steps -= 1  # the state before the first step is looked at as well
        self.books: defaultdict[Account, Figures] = defaultdict(Figures)
        self.terms = dict.fromkeys(SUPPLIERS, Terms(Scheme.AGENCY)) | {"operator": OWN}
        self.documents: list[list[BookedLine]] = []
        self.payments: list[Received] = []
        self.safe = Safe()

    @rule(supplier=st.sampled_from(["water", "heat", "telephony"]), terms=NEGOTIABLE)
    def agree(self, supplier: str, terms: Terms) -> None:
        """On lines that are charged from now on."""
        self.terms[supplier] = terms

    @rule(
        month=st.sampled_from(MONTHS),
        amounts=st.lists(
            st.tuples(st.sampled_from(SUPPLIERS), st.integers(-300_00, 900_00)),
            min_size=1,
            max_size=5,
        ),
    )
    def bill(self, month: int, amounts: list[tuple[str, int]]) -> None:
        lines = [
            BookedLine((supplier, month), self.terms[supplier], Money(kopecks))
            for supplier, kopecks in amounts
        ]
        for line in lines:
            self.books[line.account] += charge(line.amount)
        if Money.total(line.amount for line in lines) >= ZERO:
            self.documents.append(lines)

    @precondition(lambda self: self.documents)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        lines = data.draw(st.sampled_from(self.documents))
        unpaid = [line.amount - line.collected for line in lines]
        amount = Money(data.draw(st.integers(0, Money.total(unpaid).kopecks)))
        parts = list(zip(lines, shares(amount, unpaid), strict=True))
        self._collect(parts)
        self.payments.append(Received(amount, parts))
        self.safe.received += amount.kopecks

    @precondition(lambda self: any(not one.is_reversed for one in self.payments))
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        alive = [one for one in self.payments if not one.is_reversed]
        payment = data.draw(st.sampled_from(alive))
        payment.is_reversed = True
        self._collect([(line, -part) for line, part in payment.parts])
        self.safe.received -= payment.amount.kopecks

    @precondition(lambda self: any(figures.held for figures in self.books.values()))
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """Some or all of it; or the supplier returns some or all."""
        owing = [account for account, figures in self.books.items() if figures.held]
        account = data.draw(st.sampled_from(owing))
        held = self.books[account].held
        bounds = sorted((0, held.kopecks))
        amount = Money(data.draw(st.integers(*bounds)))
        self.books[account] += transfer(held, amount)
        self.safe.sent[account] += amount.kopecks

    def _collect(self, parts: list[tuple[BookedLine, Money]]) -> None:
        for line, part in parts:
            self.books[line.account] += collection(line.terms, line.collected, part)
            line.collected += part

    @invariant()
    def a_step_is_counted(self) -> None:
        Settlement.steps += 1

    @invariant()
    def collected_is_transferred_and_commission_and_held(self) -> None:
        for (supplier, _), figures in self.books.items():
            whose = (figures.transferred, figures.commission, figures.held, figures.own)
            assert figures.collected == Money.total(whose)
            assert figures.gap == ZERO
            assert figures.own == (figures.collected if supplier == "operator" else ZERO)

    @invariant()
    def every_coin_in_the_safe_is_somebodys(self) -> None:
        """What came in, less what went on to suppliers, is held for them, earned or own."""
        agency = sum(self.safe.sent.values())
        direct = sum(line.collected.kopecks for line in self._lines() if is_direct(line))
        figures = self.books.values()
        there = sum(f.held.kopecks + f.commission.kopecks + f.own.kopecks for f in figures)
        assert self.safe.received - agency - direct == there

    @invariant()
    def each_account_has_collected_what_its_payments_brought(self) -> None:
        by_hand: defaultdict[Account, int] = defaultdict(int)
        for payment in self.payments:
            for line, part in payment.parts if not payment.is_reversed else ():
                by_hand[line.account] += part.kopecks
        for account, figures in self.books.items():
            assert figures.collected.kopecks == by_hand[account]

    @invariant()
    def each_commission_is_what_the_lines_terms_ask(self) -> None:
        by_hand: defaultdict[Account, int] = defaultdict(int)
        for line in self._lines():
            by_hand[line.account] += line.terms.commission.due(line.collected).kopecks
        for account, figures in self.books.items():
            assert figures.commission.kopecks == by_hand[account]

    @invariant()
    def no_line_has_more_than_it_asks(self) -> None:
        for line in self._lines():
            assert min(line.amount, ZERO) <= line.collected <= max(line.amount, ZERO)

    def _lines(self) -> list[BookedLine]:
        return [line for document in self.documents for line in document]


def is_direct(line: BookedLine) -> bool:
    return line.terms.scheme is Scheme.DIRECT


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_no_sequence_loses_a_kopeck(full: bool) -> None:
    wanted = settings(max_examples=RUNS, stateful_step_count=60)
    for _ in range(100 if full else 1):
        Settlement.steps = 0
        run_state_machine_as_test(Settlement, settings=wanted)
        assert Settlement.steps >= STEPS
