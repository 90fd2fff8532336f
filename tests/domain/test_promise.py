"""A promise is judged by the operator's terms, and kept by what comes in after it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import ZERO, Money
from portal.domain.promise import (
    NoPromise,
    Promise,
    PromiseOffer,
    PromiseTerms,
    Standing,
    promised_amount,
)

TODAY = date(2026, 11, 24)
TERMS = PromiseTerms(Money(100_00), Money(5000_00), 10, debt_max=Money(20_000_00))
OFFER = PromiseOffer(1, "DOM-12", Money(4028_75), TODAY, TERMS)
WORD = Promise(Money(1000_00), date(2026, 11, 20), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("came_in", "today", "standing"),
    [
        (0, date(2026, 11, 30), Standing.ACTIVE),
        (999_99, date(2026, 11, 30), Standing.ACTIVE),
        (999_99, date(2026, 12, 1), Standing.OVERDUE),
        (1000_00, date(2026, 11, 21), Standing.KEPT),
        (1000_00, date(2026, 12, 25), Standing.KEPT),
        (5000_00, date(2026, 12, 25), Standing.KEPT),
    ],
)
def test_a_promise_is_kept_by_the_sum_and_overdue_after_its_day(came_in, today, standing):
    assert replace(WORD, came_in=Money(came_in)).standing(today) is standing


@given(st.integers(0, 3000_00), st.integers(-60, 60))
def test_what_remains_and_what_came_in_make_the_sum_until_it_is_kept(came_in, days):
    promise = replace(WORD, came_in=Money(came_in))
    is_kept = promise.standing(WORD.due_on + timedelta(days)) is Standing.KEPT
    assert is_kept is (promise.remainder == ZERO)
    if not is_kept:
        assert promise.remainder + promise.came_in == promise.amount


def test_it_can_be_promised_what_is_owed_by_the_terms():
    assert (OFFER.refusal, OFFER.most, OFFER.due_on) == ("", Money(4028_75), date(2026, 12, 4))
    assert replace(OFFER, owed=Money(8000_00)).most == TERMS.amount_max
    for kopecks in (100_00, 1500_50, 4028_75):
        OFFER.judge(Money(kopecks))


REFUSED = {
    "an active one": (replace(OFFER, promise=WORD), "Платеж уже обещан до 30 ноября 2026"),
    "an overdue one": (
        replace(OFFER, promise=WORD, today=date(2026, 12, 1)), "Прежнее обещание не исполнено",
    ),
    "no terms": (replace(OFFER, terms=None), "обещанных платежей нет"),
    "a closed agreement": (replace(OFFER, is_closed=True), "обещанных платежей нет"),
    "no debt": (replace(OFFER, owed=ZERO), "обещать нечего"),
    "too much debt": (replace(OFFER, owed=Money(20_000_01)), "пока он не больше"),
    "too little debt": (replace(OFFER, owed=Money(99_99)), "проще оплатить"),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_nothing_can_be_promised(why):
    offer, sentence = REFUSED[why]
    assert sentence in offer.refusal
    with pytest.raises(NoPromise, match=sentence):
        offer.judge(Money(100_00))


def test_a_debt_at_the_limit_is_within_it():
    assert replace(OFFER, owed=Money(20_000_00)).refusal == ""
    unlimited = replace(TERMS, debt_max=None)
    assert replace(OFFER, terms=unlimited, owed=Money(10**9)).refusal == ""


@pytest.mark.parametrize(
    ("offer", "kopecks", "sentence"),
    [
        (OFFER, 99_99, "не меньше 100,00"),
        (OFFER, 4028_76, "столько сейчас не оплачено"),
        (replace(OFFER, owed=Money(8000_00)), 5000_01, "больше не принимают"),
    ],
)
def test_a_sum_out_of_bounds_is_refused(offer, kopecks, sentence):
    with pytest.raises(NoPromise, match=sentence):
        offer.judge(Money(kopecks))


@pytest.mark.parametrize("text", ["1500,50", " 1 500.5 ", "1 500,50 ₽", "1 500,50"])
def test_a_sum_as_people_write_it(text):
    assert promised_amount(text) == Money(1500_50)


@pytest.mark.parametrize("text", ["", " ₽ ", "abc", "0", "-5", "1,234", "1e3", "½", "9" * 400])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(NoPromise):
        promised_amount(text)
