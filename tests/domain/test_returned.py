"""What a payment gave and what went back of it: no kopeck and no day is lost between the two."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.debt import Debt, Layer, Paid
from portal.domain.money import ZERO, Money
from portal.domain.overdue import Asked, owed
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import Rules
from portal.domain.percent import Percent
from portal.domain.period import Period
from portal.domain.settlement import returned, shares
from portal.domain.timeline import Since

DUE = date(2026, 11, 15)
RULES = Rules((Since(date(2026, 1, 1), Percent.parse("16")),))
THROUGH = date(2026, 12, 31)
kopecks = st.integers(-30_000, 50_000).map(Money)


def december(day: int) -> date:
    return date(2026, 12, day)


def paid(day: int, roubles: str) -> Paid:
    return Paid(december(day), Money.parse(roubles))


def layer(paid_: tuple[Paid, ...], back: tuple[Paid, ...]) -> Layer:
    return Layer(Debt(Period(2026, 10), DUE, Money.parse("1000")), paid_, back)


# --- of the lines of a document -----------------------------------------------------------------


def test_each_line_gives_back_in_proportion_to_what_it_got():
    given_ = [Money(300_00), Money(150_00), Money(50_00)]
    assert returned(Money(100_00), given_) == [Money(-60_00), Money(-30_00), Money(-10_00)]
    assert returned(Money(500_00), given_) == [-part for part in given_]
    with pytest.raises(ValueError, match="500,01"):
        returned(Money(500_01), given_)


@given(
    st.lists(kopecks, min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 60_000)), max_size=5),
)
def test_whatever_is_paid_and_taken_back_the_lines_hold(amounts, moves):
    """Each pays as it can, and each takes back of its own as it can; in the end all goes back."""
    whole = Money.total(amounts)
    assume(whole > ZERO)
    unpaid, given_ = list(amounts), [[ZERO] * len(amounts) for _ in moves]

    def move(number: int, parts: list[Money]) -> None:
        for place, part in enumerate(parts):
            unpaid[place] -= part
            given_[number][place] += part
            assert min(ZERO, amounts[place]) <= unpaid[place] <= max(ZERO, amounts[place])

    for number, (pays, takes) in enumerate(moves):
        paying = min(Money(pays), Money.total(unpaid))
        move(number, shares(paying, unpaid))
        taking = min(Money(takes), Money.total(given_[number]))
        if taking:
            move(number, returned(taking, given_[number]))
        assert Money.total(given_[number]) == paying - taking
    for number in reversed(range(len(moves))):
        left = Money.total(given_[number])
        if left:
            move(number, returned(left, given_[number]))
        # Lines that settle one another when nothing is asked for stay settled.
        assert Money.total(given_[number]) == ZERO
    assert Money.total(unpaid) == whole


# --- of a debt ----------------------------------------------------------------------------------


def test_a_debt_that_went_back_is_owed_again_from_the_day_after():
    """1 000,00 × 9,5 % ÷ 300: for 16–20 December 1,58, for 26–31 December 1,90."""
    reckoned = penalty(layer((paid(20, "1000"),), (paid(25, "1000"),)), THROUGH, RULES)
    assert [(str(row.days), row.amount.plain, row.paid_on) for row in reckoned.rows] == [
        ("с 16 по 20 декабря 2026", "1,58", december(20)),
        ("с 26 по 31 декабря 2026", "1,90", None),
    ]


def test_what_came_and_went_on_one_day_was_never_there():
    never = penalty(layer((), ()), THROUGH, RULES)
    same_day = penalty(layer((paid(20, "400"),), (paid(20, "400"),)), THROUGH, RULES)
    assert same_day.rows == never.rows


def test_what_went_back_in_time_costs_from_the_first_day_of_delay():
    early = Paid(date(2026, 11, 20), Money.parse("1000"))
    back = Paid(date(2026, 11, 30), Money.parse("1000"))
    assert penalty(layer((early,), (back,)), THROUGH, RULES).total == Money.parse("5,07")
    assert penalty(layer((early,), ()), THROUGH, RULES).rows == ()


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ((), (paid(20, "1"),)),
        ((paid(20, "100"),), (paid(19, "1"),)),
        ((paid(20, "100"),), (paid(21, "101"),)),
        ((paid(20, "1000"), paid(21, "1")), (paid(22, "1"),)),
    ],
)
def test_more_than_was_paid_by_then_cannot_have_gone_back(came, back):
    with pytest.raises(ValueError, match="₽"):
        layer(came, back)


@given(st.lists(st.tuples(st.integers(16, 31), st.integers(-100_000, 100_000)), max_size=8))
def test_each_day_is_charged_for_what_was_owed_on_it(moves):
    """Whatever came or went on the day itself counts from the next one."""
    unpaid = 100_000
    came: list[Paid] = []
    back: list[Paid] = []
    for day, amount in sorted(moves):
        part = max(min(amount, unpaid), unpaid - 100_000)
        unpaid -= part
        if part:
            (came if part > 0 else back).append(Paid(december(day), Money(abs(part))))
    debt = layer(tuple(came), tuple(back))
    rows = penalty(debt, THROUGH, RULES).rows
    for day in map(december, range(16, 32)):
        charged = sum(row.debt.kopecks for row in rows if row.days.first <= day <= row.days.last)
        before = sum(amount.kopecks for when, amount in debt.moves if when < day)
        assert charged == 100_000 - before


@given(
    st.lists(kopecks, min_size=1, max_size=5),
    st.lists(st.integers(1, 20_000).map(Money), min_size=1, max_size=4),
    st.data(),
)
def test_what_of_a_bill_went_back_is_a_debt_again(amounts, payments, data):
    whole = Money.total(amounts)
    assume(whole > ZERO)
    unpaid = list(amounts)
    paid_: list[list[tuple[date, Money]]] = [[] for _ in amounts]
    day = DUE

    def move(parts: list[Money]) -> None:
        for place, part in enumerate(parts):
            unpaid[place] -= part
            paid_[place].append((day, part))

    for payment in payments:
        paying = min(payment, Money.total(unpaid))
        day += timedelta(data.draw(st.integers(0, 2)))
        parts = shares(paying, unpaid)
        move(parts)
        taking = Money(data.draw(st.integers(0, Money.total(parts).kopecks)))
        if taking:
            day += timedelta(data.draw(st.integers(0, 2)))
            move(returned(taking, parts))
    lines = [Asked(amount, tuple(part)) for amount, part in zip(amounts, paid_, strict=True)]
    found = owed(lines)
    left = ZERO
    for each in found:
        # Or it raises: more came than is asked, or more went than came.
        left += Layer(Debt(Period(2026, 10), DUE, each.principal), each.paid, each.returned).unpaid
    # A kopeck a line may wait for the next payment.
    assert abs((left - Money.total(unpaid)).kopecks) <= len(amounts) * len(payments)
