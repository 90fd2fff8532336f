"""Penalty for paying late, by parts of a debt and grades of delay."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.debt import Layer, Paid, settled
from portal.domain.money import ZERO, Money
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import RateDay, Rules, UnknownRate
from portal.domain.percent import Percent
from portal.domain.rounding import nearest
from portal.domain.timeline import Days, Since
from tests.domain.debts import DUE, bills, days, owed, payments, sums
from tests.domain.vectors import VECTORS

RULES = Rules(key_rates=(Since(date(2025, 10, 27), Percent.parse("16.5")),))
YEAR_END = date(2026, 12, 31)

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
    st.sampled_from([(), RULES.caps]),
    st.sampled_from(RateDay),
    st.lists(stretches, max_size=2).map(tuple),
)


def late(count: int) -> date:
    """The day number `count` of delay."""
    return DUE + timedelta(count)


def whole(kopecks: int, day: date, *, is_capital_repair: bool = False) -> Layer:
    """A debt that was paid at once."""
    debt = owed(kopecks, is_capital_repair=is_capital_repair)
    return Layer(debt, (Paid(day, Money(kopecks)),))


def rate(text: str) -> tuple[Since[Percent], ...]:
    return (Since(date(2025, 1, 1), Percent.parse(text)),)


# --- worked by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["penalty"])
def test_the_worked_penalties(case):
    debt, day = Money.parse(case["debt"]), date.fromisoformat(case["paid"])
    layer = whole(debt.kopecks, day, is_capital_repair=case["capital_repair"])
    assert layer.debt.due_on == date.fromisoformat(case["due"])
    result = penalty(layer, YEAR_END, Rules(rate(case["rate"])))
    by_divisor = {row.divisor: row for row in result.rows}
    for divisor in (300, 130):
        row = by_divisor.get(divisor)
        assert (row.days.count if row else 0) == case[f"days_{divisor}"]
        assert (row.amount if row else ZERO) == Money.parse(case[f"part_{divisor}"])
    assert result.total == Money.parse(case["total"])


@pytest.mark.parametrize(
    ("kopecks", "paid_on", "is_capital_repair", "total"),
    [
        (5000_00, date(2026, 5, 15), False, 0),
        (5000_00, date(2026, 5, 16), False, 1_58),
        (5000_00, date(2026, 7, 14), False, 95_00),
        (5000_00, date(2026, 7, 15), False, 98_65),
        (1000_00, date(2026, 8, 1), True, 24_70),
    ],
)
def test_under_a_higher_key_rate_it_is_the_cap_that_counts(
    kopecks, paid_on, is_capital_repair, total
):
    layer = whole(kopecks, paid_on, is_capital_repair=is_capital_repair)
    assert penalty(layer, paid_on, RULES).total == Money(total)


def test_each_part_is_charged_for_until_the_day_on_which_it_was_paid():
    parts = (Paid(late(40), Money(2000_00)), Paid(late(95), Money(1000_00)))
    rows = penalty(Layer(owed(5000_00), parts), late(100), RULES).rows
    assert [(r.debt.kopecks, r.days, r.divisor, r.amount.kopecks, r.paid_on) for r in rows] == [
        (2000_00, Days(late(31), late(40)), 300, 6_33, late(40)),
        (1000_00, Days(late(31), late(90)), 300, 19_00, late(95)),
        (1000_00, Days(late(91), late(95)), 130, 3_65, late(95)),
        (2000_00, Days(late(31), late(90)), 300, 38_00, None),
        (2000_00, Days(late(91), late(100)), 130, 14_62, None),
    ]


def test_the_rate_of_the_day_of_payment_holds_for_all_days_of_what_it_paid():
    fallen = Rules((*rate("9"), Since(late(50), Percent.parse("6"))))
    parts = (Paid(late(49), Money(1000_00)), Paid(late(50), Money(1000_00)))
    rows = penalty(Layer(owed(2000_00), parts), YEAR_END, fallen).rows
    assert [(str(row.rate.text()), row.days.count, row.amount.kopecks) for row in rows] == [
        ("9", 19, 5_70),
        ("6", 20, 4_00),
    ]


def test_by_the_rate_of_each_day_a_row_is_cut_where_the_rate_changes():
    fallen = Rules((*rate("9"), Since(late(50), Percent.parse("6"))), rate_day=RateDay.EACH)
    rows = penalty(whole(1000_00, late(60)), YEAR_END, fallen).rows
    assert [(row.rate.text(), row.days, row.amount.kopecks) for row in rows] == [
        ("9", Days(late(31), late(49)), 5_70),
        ("6", Days(late(50), late(60)), 2_20),
    ]


def test_a_key_rate_that_falls_above_the_cap_cuts_nothing():
    falling = (*rate("16"), Since(late(50), Percent.parse("14")))
    rows = penalty(whole(1000_00, late(60)), YEAR_END, Rules(falling, rate_day=RateDay.EACH)).rows
    assert [(row.rate.text(), row.days.count) for row in rows] == [("9,5", 30)]


def test_from_2027_on_the_cap_is_gone():
    new_year = date(2027, 1, 1)
    assert [RULES.rate_on(day).text() for day in (YEAR_END, new_year)] == ["9,5", "16,5"]


def test_a_day_whose_rate_nobody_knows_is_named():
    sentence = "На 15 августа 2026 неизвестна ключевая ставка. Добавьте ее в таблицу ставок"
    with pytest.raises(UnknownRate, match=sentence) as caught:
        penalty(Layer(owed(1)), date(2026, 8, 15), Rules(()))
    assert caught.value.day == date(2026, 8, 15)
    late_table = (Since(date(2026, 6, 1), Percent.parse("9")),)
    with pytest.raises(UnknownRate, match="16 мая 2026"):
        penalty(Layer(owed(1)), late(60), Rules(late_table, rate_day=RateDay.EACH))


def test_while_nothing_is_charged_for_no_rate_is_asked_for():
    assert penalty(whole(5000_00, late(30)), YEAR_END, Rules(())).rows == ()


def test_exempt_days_are_not_charged_but_count_as_delay():
    pause = Days(late(40), late(100))
    free = Rules(rate("9.5"), exempt=(pause,))
    rows = penalty(Layer(owed(1300_00)), late(102), free).rows
    assert [(row.days, row.divisor) for row in rows] == [
        (Days(late(31), late(39)), 300),
        (Days(late(101), late(102)), 130),
    ]


def test_before_an_operator_s_first_day_nothing_is_charged():
    begins = Rules(rate("9.5"), exempt=(Days(date.min, late(59)),))
    (row,) = penalty(Layer(owed(1000_00)), late(60), begins).rows
    assert row.days == Days(late(60), late(60))


def test_a_payment_that_becomes_known_late_takes_back_what_was_too_much():
    charged = penalty(Layer(owed(5000_00)), late(90), RULES).total
    assert charged == Money(95_00)
    known_late = penalty(whole(5000_00, late(60)), late(120), RULES)
    assert known_late.beyond(charged) == Money(-47_50)
    assert known_late.beyond(ZERO) == Money(47_50)


def test_how_a_row_is_said():
    (row,) = penalty(whole(5000_00, late(90)), YEAR_END, RULES).rows
    assert str(row).replace("\N{NBSP}", " ") == (
        "5 000,00 ₽ × 9,5 % ÷ 300 × 60 дней (с 16 мая по 14 июля 2026) = 95,00 ₽"
    )


def test_the_proof_says_which_law_and_which_days():
    proof = penalty(whole(5000_00, late(91)), YEAR_END, RULES).proof
    assert proof["rule"] == "Жилищный кодекс РФ, статья 155, часть 14"
    assert proof["inputs"]["rows"][1] == {
        "first": "2026-07-15", "last": "2026-07-15", "days": 1, "debt": 5000_00,
        "rate": 9_500_000, "divisor": 130, "amount": 3_65, "paid_on": "2026-07-15",
    }  # fmt: skip
    assert {name: proof["inputs"][name] for name in ("period", "due_on", "debt", "through")} == {
        "period": "2026-03", "due_on": "2026-04-15", "debt": 5000_00, "through": "2026-12-31",
    }  # fmt: skip
    repair = penalty(whole(1, late(31), is_capital_repair=True), YEAR_END, RULES).proof
    assert repair["rule"].endswith("часть 14.1")
    open_row = penalty(Layer(owed(1)), late(31), RULES).proof["inputs"]["rows"][0]
    assert open_row["paid_on"] is None


# --- whatever is owed and paid -------------------------------------------------------------------


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
