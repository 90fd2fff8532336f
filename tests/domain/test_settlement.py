"""What of a payment is whose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    summed,
    transfer,
)
from tests.domain.vectors import VECTORS

TWO_AND_A_HALF = Terms(Scheme.AGENCY, Share(Percent.parse("2.5")))
THIRTY = Terms(Scheme.AGENCY, Fee(Money(30_00)))
DIRECT = Terms(Scheme.DIRECT)

money = st.integers(-10_000_00, 10_000_00).map(Money)
paid = st.integers(1, 10_000_00).map(Money)
commissions = st.one_of(
    st.builds(Share, st.integers(0, 100_000_000).map(Percent)),
    st.builds(Fee, st.integers(0, 100_00).map(Money)),
)
terms = st.sampled_from([OWN, DIRECT]) | st.builds(Terms, st.just(Scheme.AGENCY), commissions)
lines = st.lists(money, min_size=1, max_size=8)
documents = lines.filter(lambda unpaid: Money.total(unpaid) >= ZERO)


def of(*roubles: int) -> list[Money]:
    return [Money(rouble * 100) for rouble in roubles]


# --- shares of a document ------------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["split"])
def test_the_worked_split_of_a_payment_over_its_document(case):
    unpaid = [Money.parse(line) for line in case["lines"]]
    assert shares(Money.parse(case["total"]), unpaid) == [Money.parse(one) for one in case["out"]]


def test_a_line_in_the_residents_favour_pays_the_others_in_the_same_proportion():
    assert shares(Money(300_00), of(1000, -400)) == of(500, -200)


def test_lines_that_add_up_to_nothing_settle_one_another():
    assert shares(ZERO, of(500, -500)) == of(500, -500)


@given(documents, st.data())
def test_shares_add_up_to_the_payment_and_none_is_more_than_its_line(unpaid, data):
    whole = Money.total(unpaid).kopecks
    amount = Money(data.draw(st.integers(0, whole)))
    parts = shares(amount, unpaid)
    assert Money.total(parts) == amount
    for part, line in zip(parts, unpaid, strict=True):
        assert min(line, ZERO) <= part <= max(line, ZERO)


@given(documents, st.data())
def test_shares_are_within_two_kopecks_of_exact_proportion(unpaid, data):
    """One for each rounding: of the lines in the resident's favour together, and of the line."""
    whole = Money.total(unpaid).kopecks
    amount = data.draw(st.integers(0, whole))
    for part, line in zip(shares(Money(amount), unpaid), unpaid, strict=True):
        assert abs(part.kopecks * whole - amount * line.kopecks) < 2 * max(whole, 1)


@given(documents, st.data())
def test_paid_in_parts_a_document_ends_at_its_lines(unpaid, data):
    left = list(unpaid)
    for _ in range(data.draw(st.integers(0, 4))):
        amount = Money(data.draw(st.integers(0, Money.total(left).kopecks)))
        parts = shares(amount, left)
        left = [line - part for line, part in zip(left, parts, strict=True)]
    assert shares(Money.total(left), left) == left


@pytest.mark.parametrize(("amount", "unpaid"), [(-1, [5]), (6, [5]), (1, []), (-1, [-5])])
def test_what_is_no_payment_of_a_document(amount, unpaid):
    with pytest.raises(ValueError, match="₽"):
        shares(Money(amount), [Money(line) for line in unpaid])


# --- a line: whose is what was collected for it --------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "figures"),
    [
        (OWN, Figures(collected=Money(1000_00), own=Money(1000_00))),
        (DIRECT, Figures(collected=Money(1000_00), transferred=Money(1000_00))),
        (
            TWO_AND_A_HALF,
            Figures(collected=Money(1000_00), commission=Money(25_00), held=Money(975_00)),
        ),
        (
            THIRTY,
            Figures(collected=Money(1000_00), commission=Money(30_00), held=Money(970_00)),
        ),
    ],
)
def test_a_thousand_roubles_under_each_scheme(agreed, figures):
    assert collection(agreed, ZERO, Money(1000_00)) == figures


def test_a_fee_comes_out_of_the_first_money_and_once():
    first = collection(THIRTY, ZERO, Money(20_00))
    second = collection(THIRTY, Money(20_00), Money(50_00))
    assert (first.commission, first.held) == (Money(20_00), ZERO)
    assert (second.commission, second.held) == (Money(10_00), Money(40_00))


def test_a_line_in_the_residents_favour_gives_its_percentage_back_and_costs_no_fee():
    assert collection(TWO_AND_A_HALF, ZERO, Money(-100_00)).commission == Money(-2_50)
    assert collection(THIRTY, ZERO, Money(-100_00)).commission == ZERO


@given(terms, money, money)
def test_nothing_is_lost_in_a_collection(agreed, before, share):
    assert collection(agreed, before, share).gap == ZERO


@given(terms, money, money)
def test_a_reversal_moves_everything_back(agreed, before, share):
    there, back = collection(agreed, before, share), collection(agreed, before + share, -share)
    assert there + back == Figures()


@given(terms, st.lists(money, max_size=6))
def test_in_whatever_parts_it_comes_a_line_costs_the_commission_of_its_sum(agreed, parts):
    figures, before = Figures(), ZERO
    for part in parts:
        figures += collection(agreed, before, part)
        before += part
    assert figures == collection(agreed, ZERO, before)


@given(terms, paid)
def test_a_commission_is_never_negative_nor_more_than_what_was_collected(agreed, collected):
    figures = collection(agreed, ZERO, collected)
    assert ZERO <= figures.commission <= collected
    assert figures.held >= ZERO


@pytest.mark.parametrize("percent", ["-0.1", "100.000001"])
def test_a_percentage_lies_between_nothing_and_all(percent):
    with pytest.raises(ValueError, match="%"):
        Share(Percent.parse(percent))


def test_a_fee_is_not_below_zero():
    with pytest.raises(ValueError, match="₽"):
        Fee(Money(-1))


@pytest.mark.parametrize("scheme", [Scheme.OWN, Scheme.DIRECT])
def test_who_collects_for_nobody_keeps_no_commission(scheme):
    with pytest.raises(ValueError, match=scheme):
        Terms(scheme, Fee(Money(1)))


# --- a settlement --------------------------------------------------------------------------------


def test_a_month_of_one_supplier():
    month = charge(Money(5000_00)) + charge(Money(-200_00))
    month += collection(TWO_AND_A_HALF, ZERO, Money(4000_00))
    month += transfer(month.held, Money(3000_00))
    assert month == Figures(
        charged=Money(4800_00), collected=Money(4000_00), commission=Money(100_00),
        transferred=Money(3000_00), held=Money(900_00),
    )  # fmt: skip
    assert month.gap == ZERO


def test_a_gap_is_seen():
    assert Figures(collected=Money(100), held=Money(99)).gap == Money(1)


def test_no_more_goes_on_than_is_held():
    assert transfer(Money(100_00), Money(100_00)).held == Money(-100_00)
    with pytest.raises(ValueError, match=r"К перечислению 100,00.₽, а не 100,01.₽"):
        transfer(Money(100_00), Money(100_01))
    with pytest.raises(ValueError, match=r"не должен возвращать 0,01.₽"):
        transfer(Money(100_00), Money(-1))


def test_a_supplier_returns_what_was_reversed_after_its_money_went_on():
    assert transfer(Money(-50_00), Money(-50_00)) == Figures(
        transferred=Money(-50_00), held=Money(50_00)
    )
    with pytest.raises(ValueError, match=r"должен вернуть 50,00.₽, а не 50,01.₽"):
        transfer(Money(-50_00), Money(-50_01))
    with pytest.raises(ValueError, match=r"должен вернуть 50,00.₽$"):
        transfer(Money(-50_00), Money(1))


def test_the_figures_of_each_key_in_the_order_of_their_coming():
    facts = [("water", 1), ("heat", 2), ("water", 4)]
    sums = summed(facts, key=lambda fact: fact[0], of=lambda fact: charge(Money(fact[1])))
    assert list(sums.items()) == [("water", charge(Money(5))), ("heat", charge(Money(2)))]


def test_how_the_schemes_are_called():
    assert [scheme.label for scheme in Scheme] == [
        "собственная услуга", "агентская схема", "прямые расчеты",
    ]  # fmt: skip


@given(st.lists(st.tuples(terms, money), min_size=1, max_size=6), terms)
def test_lines_that_add_up_to_nothing_are_settled_with_their_signs(agreed, last):
    """Whosever they are: of no money that came nothing is made and nothing is lost."""
    lines = [line for _, line in agreed] + [-Money.total(line for _, line in agreed)]
    parts = shares(ZERO, lines)
    assert parts == lines
    all_terms = [each for each, _ in agreed] + [last]
    settled = [collection(each, ZERO, part) for each, part in zip(all_terms, parts, strict=True)]
    assert Money.total(each.collected for each in settled) == ZERO
    assert {each.gap for each in settled} == {ZERO}
