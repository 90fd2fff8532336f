"""Penalty for paying late, by parts of a debt and grades of delay."""

from datetime import date

import pytest

from portal.domain.debt import Layer, Paid
from portal.domain.money import ZERO, Money
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import RateDay, Rules, UnknownRate
from portal.domain.percent import Percent
from portal.domain.timeline import Days, Since
from tests.domain.debts import YEAR_END, late, owed, whole
from tests.domain.vectors import VECTORS

RULES = Rules(key_rates=(Since(date(2025, 10, 27), Percent.parse("16.5")),))


def rate(text: str) -> tuple[Since[Percent], ...]:
    return (Since(date(2025, 1, 1), Percent.parse(text)),)


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


def test_a_payment_on_the_day_of_reckoning_is_known():
    (row,) = penalty(whole(1000_00, late(40)), late(40), RULES).rows
    assert (row.paid_on, row.days.last) == (late(40), late(40))
    (row,) = penalty(whole(1000_00, late(41)), late(40), RULES).rows
    assert (row.paid_on, row.days.last) == (None, late(40))


def test_what_was_paid_on_one_day_is_one_part_however_it_was_noted():
    parts = (Paid(late(50), Money(1)), Paid(late(40), Money(7)), Paid(late(50), Money(2)))
    rows = penalty(Layer(owed(10), parts), YEAR_END, RULES).rows
    assert [(row.debt.kopecks, row.paid_on) for row in rows] == [(7, late(40)), (3, late(50))]


def test_the_end_of_the_cap_cuts_a_row_by_the_rate_of_each_day():
    by_day = Rules(RULES.key_rates, rate_day=RateDay.EACH)
    (_, before, after) = penalty(Layer(owed(100_00)), date(2027, 1, 2), by_day).rows
    assert (before.days.last, before.rate.text()) == (YEAR_END, "9,5")
    assert (after.days.count, after.rate.text()) == (2, "16,5")


@pytest.mark.parametrize(
    ("pauses", "charged"),
    [
        ([(20, 31)], [(32, 40)]),
        ([(31, 31)], [(32, 40)]),
        ([(40, 40)], [(31, 39)]),
        ([(40, 90)], [(31, 39)]),
        ([(36, 37), (33, 34)], [(31, 32), (35, 35), (38, 40)]),
        ([(33, 36), (34, 35)], [(31, 32), (37, 40)]),
        ([(20, 30), (41, 50)], [(31, 40)]),
        ([(31, 40)], []),
    ],
)
def test_what_exempt_days_leave(pauses, charged):
    free = Rules(rate("9.5"), exempt=tuple(Days(late(a), late(b)) for a, b in pauses))
    rows = penalty(Layer(owed(1300_00)), late(40), free).rows
    assert [row.days for row in rows] == [Days(late(a), late(b)) for a, b in charged]


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
