"""Penalty of whatever is owed and paid, under whatever rates."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.debt import Layer, Paid, settled
from portal.domain.money import ZERO, Money
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import CAPS, RateDay, Rules
from portal.domain.percent import Percent
from portal.domain.rounding import nearest
from portal.domain.timeline import Days, Since
from tests.domain.debts import YEAR_END, bills, days, late, owed, payments, sums, whole

changes = st.lists(
    st.tuples(days, st.integers(0, 25_000_000).map(Percent)), max_size=4, unique_by=lambda c: c[0]
)
timelines = changes.map(
    lambda rows: (
        Since(date(2025, 1, 1), Percent.parse("7.5")),
        *(Since(*row) for row in sorted(rows)),
    )
)
stretches = st.tuples(days, days).map(lambda pair: Days(min(pair), max(pair)))
rules = st.builds(
    Rules,
    timelines,
    st.sampled_from([(), CAPS]),
    st.sampled_from(RateDay),
    st.lists(stretches, max_size=2).map(tuple),
)


@given(bills(), payments, days, rules)
def test_it_is_never_negative_and_the_sum_of_its_rows(debts, money, through, rules):
    for layer in settled(debts, money).layers:
        result = penalty(layer, through, rules)
        assert all(row.amount >= ZERO for row in result.rows)
        assert result.total == Money.total(row.amount for row in result.rows)


@given(bills(), payments, days, rules)
def test_its_amount_can_be_recomputed_from_its_proof_alone(debts, money, through, rules):
    for layer in settled(debts, money).layers:
        result = penalty(layer, through, rules)
        rows = result.proof["inputs"]["rows"]
        assert result.total.kopecks == sum(
            nearest(row["debt"] * row["rate"] * row["days"], 10**8 * row["divisor"]) for row in rows
        )


@given(bills(), payments, days, rules)
def test_no_day_is_charged_twice_too_early_after_payment_or_while_exempt(
    debts, money, through, rules
):
    for layer in settled(debts, money).layers:
        seen: set[tuple[date | None, date]] = set()
        for row in penalty(layer, through, rules).rows:
            delay = [(day - layer.debt.due_on).days for day in (row.days.first, row.days.last)]
            assert delay[0] > 30
            assert row.divisor == (130 if delay[0] > 90 and is_plain(layer) else 300)
            assert row.divisor == 130 or not is_plain(layer) or delay[1] <= 90
            assert row.days.last <= (row.paid_on or through) <= through
            assert not any(row.days.within(exempt) for exempt in rules.exempt)
            charged = {(row.paid_on, row.days.first + timedelta(n)) for n in range(row.days.count)}
            assert not seen & charged
            seen |= charged


def is_plain(layer: Layer) -> bool:
    return not layer.debt.is_capital_repair


@given(bills(), payments, days, rules)
def test_every_late_day_of_every_part_is_charged_for(debts, money, through, rules):
    for layer in settled(debts, money).layers:
        rows = penalty(layer, through, rules).rows
        by_hand = ZERO.kopecks
        for amount, last in parts_by_hand(layer, through):
            first = layer.debt.due_on + timedelta(31)
            late_days = (first + timedelta(n) for n in range((last - first).days + 1))
            by_hand += amount * sum(
                not any(day in exempt for exempt in rules.exempt) for day in late_days
            )
        assert sum(row.debt.kopecks * row.days.count for row in rows) == by_hand


def parts_by_hand(layer: Layer, through: date) -> list[tuple[int, date]]:
    known = [part for part in layer.paid if part.paid_on <= through]
    rest = layer.debt.principal.kopecks - sum(part.amount.kopecks for part in known)
    return [*((part.amount.kopecks, part.paid_on) for part in known), (rest, through)]


@given(st.integers(0, 300), st.integers(0, 300), sums, timelines, st.booleans())
def test_who_pays_later_never_pays_less(one, other, amount, key_rates, is_capital_repair):
    by_day = Rules(key_rates, (), RateDay.EACH)
    earlier, later = (
        penalty(
            whole(amount.kopecks, late(n), is_capital_repair=is_capital_repair), late(n), by_day
        )
        for n in sorted((one, other))
    )
    assert earlier.total <= later.total


@given(st.integers(0, 300), sums, sums, rules)
def test_who_owes_more_never_pays_less(count, one, other, rules):
    less, more = (
        penalty(whole(amount.kopecks, late(count)), late(count), rules).total
        for amount in sorted((one, other))
    )
    assert less <= more


@given(st.lists(sums, min_size=1, max_size=5), st.data(), rules)
def test_a_debt_paid_in_parts_costs_what_its_parts_would_as_debts_of_their_own(
    amounts, data, rules
):
    counts = data.draw(st.lists(st.integers(0, 200), min_size=len(amounts), unique=True))
    parts = [Paid(late(n), amount) for n, amount in zip(counts, amounts, strict=False)]
    together = Layer(owed(sum(amount.kopecks for amount in amounts)), tuple(parts))
    alone = [whole(part.amount.kopecks, part.paid_on) for part in parts]
    assert penalty(together, YEAR_END, rules).total == Money.total(
        penalty(layer, YEAR_END, rules).total for layer in alone
    )


@given(sums, st.integers(31, 200), timelines)
def test_each_row_by_day_has_the_one_rate_of_all_its_days(amount, count, key_rates):
    by_day = Rules(key_rates, (), RateDay.EACH)
    rows = penalty(whole(amount.kopecks, late(count)), YEAR_END, by_day).rows
    for row in rows:
        for n in range(row.days.count):
            assert by_day.rate_on(row.days.first + timedelta(n)) == row.rate
    for one, following in pairwise(rows):
        assert one.rate != following.rate or one.divisor != following.divisor


@given(sums, st.integers(0, 400), rules)
def test_capital_repair_never_costs_a_hundred_and_thirtieth(amount, count, rules):
    layer = whole(amount.kopecks, late(count), is_capital_repair=True)
    repair = penalty(layer, YEAR_END, rules)
    assert {row.divisor for row in repair.rows} <= {300}
    plain = penalty(whole(amount.kopecks, late(count)), YEAR_END, rules)
    assert repair.total.kopecks <= plain.total.kopecks + len(plain.rows)  # each rounds for itself


@given(sums, st.integers(-100, 30), rules)
def test_thirty_days_cost_nothing(amount, count, rules):
    assert penalty(whole(amount.kopecks, late(count)), YEAR_END, rules).total == ZERO


@given(bills(), payments, days, rules)
def test_what_is_charged_month_by_month_adds_up_to_what_is_owed_in_the_end(
    debts, money, through, rules
):
    for layer in settled(debts, money).layers:
        charged = ZERO
        for day in (date(2026, 6, 30), date(2026, 9, 30), through):
            charged += penalty(layer, day, rules).beyond(charged)
        assert charged == penalty(layer, through, rules).total
