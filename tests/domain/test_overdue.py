"""What of a bill's lines is a debt: those in the resident's favour have paid their part of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.debt import Debt, Layer, Paid
from portal.domain.money import ZERO, Money
from portal.domain.overdue import Asked, Owed, owed
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import Rules
from portal.domain.penalty_stated import charged_proof, stated_before, stated_penalty
from portal.domain.percent import Percent
from portal.domain.period import Period
from portal.domain.proof import Proof
from portal.domain.settlement import shares
from portal.domain.timeline import Since

FIRST = date(2026, 12, 1)
RULES = Rules((Since(date(2026, 1, 1), Percent.parse("16")),))


def paid_in_turn(amounts: list[Money], payments: list[Money]) -> list[Asked]:
    """The lines of a bill to which these payments came, a day each."""
    unpaid = list(amounts)
    paid: list[list[tuple[date, Money]]] = [[] for _ in amounts]
    for number, payment in enumerate(payments):
        parts = shares(payment, unpaid)
        unpaid = [line - part for line, part in zip(unpaid, parts, strict=True)]
        for line, part in zip(paid, parts, strict=True):
            line.append((FIRST + timedelta(number), part))
    return [Asked(amount, tuple(parts)) for amount, parts in zip(amounts, paid, strict=True)]


def roubles(*amounts: str) -> list[Money]:
    return [Money.parse(amount) for amount in amounts]


def test_a_bill_without_favours_is_owed_as_it_stands():
    lines = paid_in_turn(roubles("100", "300"), roubles("40"))
    assert owed(lines) == (
        Owed(Money.parse("100"), (Paid(FIRST, Money.parse("10")),)),
        Owed(Money.parse("300"), (Paid(FIRST, Money.parse("30")),)),
    )


def test_a_recalculation_in_the_residents_favour_pays_the_others():
    lines = paid_in_turn(roubles("100", "-100", "300"), roubles("150", "150"))
    first, favour, last = owed(lines)
    assert (first.principal, favour, last.principal) == (
        Money.parse("75"), Owed(), Money.parse("225"),
    )  # fmt: skip
    assert [part.amount for part in last.paid] == roubles("112,50", "112,50")


def test_a_bill_in_the_residents_favour_is_no_debt():
    assert owed([Asked(Money.parse("5")), Asked(Money.parse("-6"))]) == (Owed(), Owed())
    assert owed([Asked(Money.parse("5")), Asked(Money.parse("-5"))]) == (Owed(), Owed())
    assert owed([]) == ()


@given(
    st.lists(st.integers(-30_000, 50_000).map(Money), min_size=1, max_size=6),
    st.lists(st.integers(1, 20_000).map(Money), max_size=5),
)
def test_whatever_was_paid_debts_are_the_bill_and_never_below_zero(amounts, payments):
    whole, taken, fits = Money.total(amounts), ZERO, []
    for payment in payments:
        if taken + payment <= whole:
            fits.append(payment)
            taken += payment
    found = owed(paid_in_turn(amounts, fits))
    assert Money.total(each.principal for each in found) == max(whole, ZERO)
    for each in found:
        layer = Layer(Debt(Period(2026, 10), FIRST, each.principal), each.paid)  # or it raises
        assert layer.unpaid >= ZERO
    got = Money.total(part.amount for each in found for part in each.paid)
    # A kopeck a line may wait for the next payment; what is paid in full is paid in full.
    assert abs((got - taken).kopecks) <= len(amounts)
    assert got == taken or taken < whole


def reckoned():
    debt = Debt(Period(2026, 10), date(2026, 11, 15), Money.parse("1965,12"))
    return penalty(Layer(debt), date(2026, 12, 31), RULES)


def test_a_charged_penalty_is_its_days_without_what_was_charged():
    proof = charged_proof(reckoned(), "17", Money.parse("4"))
    assert stated_penalty(proof) == Money.parse("5,96")
    assert stated_before(proof) == Money.parse("4")
    assert proof["formula"].endswith("; из нее вычтено начисленное раньше")
    assert "вычтено" not in charged_proof(reckoned(), "17", ZERO)["formula"]


@pytest.mark.parametrize(
    "change", [{"amount": 997}, {"days": 17}, {"debt": 196712}, {"divisor": 301}, {"first": 5}]
)
def test_a_row_that_is_not_what_it_says_is_noticed(change):
    proof = charged_proof(reckoned(), "17", ZERO)
    proof["inputs"]["rows"][0] |= change
    with pytest.raises(ValueError, match=r"penalty|first"):
        stated_penalty(proof)


def test_a_proof_of_something_else_states_no_penalty():
    strange: list[Proof] = [{}, {"inputs": {}}, {"inputs": {"rows": []}}]
    for proof in strange:
        with pytest.raises(ValueError, match=r"^{"):
            stated_penalty(proof)
    with pytest.raises(ValueError, match=r"^{"):
        stated_before({"inputs": {"rows": []}})
