"""Which readings are accepted, questioned, refused."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.money import ZERO, Money
from portal.domain.quantity import Price, Quantity, cost
from portal.domain.reading import (
    Chain,
    Impossible,
    Question,
    TooEarly,
    check_day,
    judge,
    parse_day,
    parse_value,
)

PRICE = Price.parse("2,79")
WATER = Dial(5, 3)
TODAY = date(2026, 11, 24)


def q(text: str) -> Quantity:
    return Quantity.parse(text)


def a_chain(previous: str | None, *volumes: str, dial: Dial = WATER) -> Chain:
    return Chain(
        dial,
        "м³",
        q(previous) if previous is not None else None,
        date(2026, 10, 20) if previous is not None else None,
        tuple(q(volume) for volume in volumes),
    )


# --- what was typed -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["00248,120", "248.12", " 248,12 ", "0248,12"])
def test_people_write_the_same_value_in_many_ways(text):
    assert parse_value(text, WATER) == q("248,12")


@pytest.mark.parametrize("text", ["", "abc", "12,3,4", "1e3", "<script>"])
def test_what_is_no_number_is_quoted_beside_an_example(text):
    with pytest.raises(Impossible) as refusal:
        parse_value(text, WATER)
    assert f"«{text}» не число" in str(refusal.value)
    assert "00000,000" in str(refusal.value)


def test_a_megabyte_is_not_quoted():
    with pytest.raises(Impossible) as refusal:
        parse_value("x" * 10**6, UNKNOWN_DIAL)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("text", ["-1", "\N{MINUS SIGN}0,001"])
def test_counters_do_not_go_below_zero(text):
    with pytest.raises(Impossible, match="отрицательными"):
        parse_value(text, WATER)


@pytest.mark.parametrize("text", ["100000", "1,2345"])
def test_more_digits_than_the_meter_has_are_refused_with_its_shape(text):
    with pytest.raises(Impossible, match="00000,000"):
        parse_value(text, WATER)


def test_without_known_digits_only_the_fraction_can_be_too_long():
    assert parse_value("123456789", Dial(None, 2)) == q("123456789")
    with pytest.raises(Impossible, match="после запятой"):
        parse_value("1,234", Dial(None, 2))


# --- its date -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2026-11-24", "24.11.2026", " 24.11.2026 "])
def test_dates_come_from_browsers_and_from_people(text):
    assert parse_day(text) == TODAY


def test_a_day_needs_no_leading_zero():
    assert parse_day("1.2.2026") == date(2026, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2026",
        "2026-13-01",
        "вчера",
        "24.11",
        "24.11.2026.1",
        "24.11.26",
        "0026-11-24",
        "9999999999-1-1",
        "24/11/2026",
        "24.1_1.2026",
        "+24.11.2026",
        "-2026-11-24",
        "24. 11.2026",
        "٢٤.١١.٢٠٢٦",
        "2026.11.24",
    ],
)
def test_what_is_no_date_is_quoted(text):
    with pytest.raises(Impossible, match=f"«{re.escape(text)}» не дата"):
        parse_day(text)


def test_a_missing_date_is_asked_for():
    with pytest.raises(Impossible, match="Укажите дату"):
        parse_day(" ")


def test_tomorrow_and_the_time_before_the_previous_reading_are_refused():
    check_day(TODAY, TODAY, TODAY)
    check_day(TODAY, TODAY, None)
    with pytest.raises(Impossible, match="ещё не наступила"):
        check_day(date(2026, 11, 25), TODAY, None)
    with pytest.raises(Impossible, match="20 октября 2026"):
        check_day(date(2026, 10, 19), TODAY, date(2026, 10, 20))
    check_day(date(2026, 10, 20), TODAY, date(2026, 10, 20))


def test_a_day_whose_reading_stands_for_good_is_not_offered():
    with pytest.raises(TooEarly, match="Укажите 21 октября 2026 или более позднюю") as refused:
        check_day(date(2026, 10, 19), TODAY, date(2026, 10, 20), is_fixed=True)
    assert refused.value.earliest == date(2026, 10, 21)
    with pytest.raises(TooEarly, match="Укажите эту дату или более позднюю") as refused:
        check_day(date(2026, 10, 19), TODAY, date(2026, 10, 20))
    assert refused.value.earliest == date(2026, 10, 20)


# --- the verdict --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("previous", "current", "volume", "kopecks"),
    [
        ("11823,9", "12547", "723,1", 2017_45),
        ("12547", "13721", "1174", 3275_46),
        ("13721", "14235", "514", 1434_06),
        ("248", "248", "0", 0),
    ],
)
def test_the_manuals_readings(previous, current, volume, kopecks):
    verdict = judge(a_chain(previous), q(current), PRICE)
    assert (verdict.volume, verdict.amount) == (q(volume), Money(kopecks))
    assert (verdict.question, verdict.sentence, verdict.is_first) == (None, "", False)


def test_the_first_of_a_chain_opens_it_and_charges_nothing():
    verdict = judge(a_chain(None), q("99999"), PRICE)
    assert verdict.is_first
    assert (verdict.volume, verdict.amount, verdict.question) == (Quantity(0), ZERO, None)


def test_the_rollover_is_asked_about_with_its_sum():
    chain = a_chain("99998", dial=Dial(5, 0))
    verdict = judge(chain, q("3"), PRICE)
    assert verdict.question is Question.ROLLOVER
    assert (verdict.volume, verdict.amount) == (q("5"), Money(13_95))
    for words in ("99998 → 00003", "расход 5 м³", str(Money(13_95))):
        assert words in verdict.sentence


@pytest.mark.parametrize(
    ("chain", "value"),
    [
        (a_chain("256", dial=UNKNOWN_DIAL), "255"),  # nobody knows where the dial ends
        (a_chain("256", dial=Dial(5, 0)), "255"),  # 99999 units are not plausible
        (a_chain("99000", "1", "1", "1", dial=Dial(5, 0)), "0"),  # a thousand is not usual
        (a_chain("98999", dial=Dial(5, 0)), "0"),  # a hundredth of the dial is the limit
    ],
)
def test_a_lower_value_is_refused_in_the_old_cabinets_words(chain, value):
    with pytest.raises(Impossible) as refusal:
        judge(chain, q(value), PRICE)
    current, previous = chain.dial.show(q(value)), chain.dial.show(chain.previous_value)
    assert str(refusal.value) == (
        "Вы указали текущее значение меньше чем предыдущее. "
        f"Текущее: {current}. Предыдущее: {previous}"
    )


def test_up_to_a_hundredth_of_the_dial_may_have_rolled_over_without_history():
    assert judge(a_chain("99000", dial=Dial(5, 0)), q("0"), PRICE).volume == q("1000")


def test_with_a_history_a_rollover_may_be_five_times_the_usual():
    chain = a_chain("99990", "4", "4", "4", dial=Dial(5, 0))
    assert judge(chain, q("10"), PRICE).volume == q("20")
    with pytest.raises(Impossible):
        judge(chain, q("11"), PRICE)


@pytest.mark.parametrize(
    ("previous", "volumes", "value", "is_asked"),
    [
        ("123", (), "1237", True),  # a digit too many
        ("123", (), "1230", True),  # exactly ten times
        ("123", (), "1229,999", False),
        ("1000", ("8", "8", "8"), "1040", False),  # exactly five times the usual
        ("1000", ("8", "8", "8"), "1040,001", True),
        ("1000", ("8", "8"), "1900", False),  # two are no history
        ("1000", ("8", "8", "0", "0"), "1900", False),  # nor are zeros
        ("1000", ("0", "8", "0", "8", "8"), "1041", True),
        ("1000", ("1", "2", "9", "10"), "1010", False),  # the lower middle one, 2
        ("1000", ("1", "2", "9", "10"), "1027,5", False),  # between the two in the middle
        ("1000", ("1", "2", "9", "10"), "1027,501", True),
    ],
)
def test_what_is_far_above_the_usual_is_asked_about_in_roubles(previous, volumes, value, is_asked):
    verdict = judge(a_chain(previous, *volumes), q(value), PRICE)
    assert (verdict.question is Question.LARGE) is is_asked
    assert (str(verdict.amount) in verdict.sentence) is is_asked
    assert verdict.volume == q(value) - q(previous)


@pytest.mark.parametrize(
    ("dial", "previous", "volumes", "value", "is_asked"),
    [
        (WATER, "0", (), "99999", True),  # the whole dial
        (WATER, "0", (), "12345", True),  # «12,345» without its comma
        (WATER, "0", (), "30", False),  # some months of a flat that really used it
        (WATER, "0", (), "100", False),  # exactly a thousandth of the dial
        (WATER, "0", (), "100,001", True),
        (WATER, "0", ("8", "8"), "101", True),  # two are no history
        (WATER, "0", ("8", "8", "8"), "40", False),  # a new meter, and the usual of the old one
        (WATER, "0", ("8", "8", "8"), "41", True),
        (WATER, "0", ("0", "0", "0"), "101", True),  # zeros are no history
        (WATER, "0,5", (), "4,999", False),
        (WATER, "0,5", (), "5", True),  # ten times as much, little as it is
        (WATER, "0,5", ("8", "8", "8"), "5", True),  # the usual, but ten times as much
        (WATER, "3", ("30", "30", "30"), "33", True),
        (WATER, "10", (), "99,999", False),
        (WATER, "10", (), "100", True),
        (WATER, "12", (), "119", False),  # not ten times as much
        (Dial(6, 2), "100", (), "1100", True),
        (Dial(9, 0), "1", (), "10", True),
        (Dial(3, 0), "0", (), "101", True),  # small dials: a hundred units all the same
        (Dial(4, 0), "0", (), "100", False),
        (Dial(4, 0), "0", (), "101", True),
        (Dial(6, 2), "0", (), "1000", False),  # a month or two of electricity
        (Dial(6, 2), "0", (), "1000,01", True),
        (Dial(9, 0), "0", (), "1000", False),  # digits that nobody uses do not count
        (Dial(9, 0), "0", (), "1001", True),
        (UNKNOWN_DIAL, "0", (), "100", False),
        (UNKNOWN_DIAL, "0", (), "101", True),
    ],
)
def test_a_counter_of_little_history_is_asked_about_beyond_what_a_flat_uses(
    dial, previous, volumes, value, is_asked
):
    verdict = judge(a_chain(previous, *volumes, dial=dial), q(value), PRICE)
    assert (verdict.question is Question.LARGE) is is_asked
    assert (str(verdict.amount) in verdict.sentence) is is_asked


counted = st.integers(0, 10**11 - 1).map(Quantity)
histories = st.lists(st.integers(0, 10**9).map(Quantity), max_size=13).map(tuple)
tariffs = st.integers(0, 10**10).map(Price)


@given(counted, counted, histories, tariffs)
def test_whatever_is_accepted_follows_from_the_two_values(previous, current, volumes, price):
    chain, end = Chain(WATER, "м³", previous, TODAY, volumes), Quantity(10**11)
    try:
        verdict = judge(chain, current, price)
    except Impossible:
        assert current < previous
        return
    assert (previous + verdict.volume).micro % end.micro == current.micro
    assert verdict.amount == cost(verdict.volume, price)
    assert Quantity(0) <= verdict.volume < end
    assert (verdict.question is Question.ROLLOVER) is (current < previous)
    assert bool(verdict.sentence) is (verdict.question is not None)


@given(counted, counted, counted, histories, tariffs)
def test_a_higher_value_never_costs_less_nor_is_asked_about_less(one, other, third, volumes, price):
    previous, low, high = sorted([one, other, third])
    chain = Chain(WATER, "м³", previous, TODAY, volumes)
    less, more = judge(chain, low, price), judge(chain, high, price)
    assert less.volume <= more.volume
    assert less.amount <= more.amount
    assert less.question is None or more.question is not None


dials = st.builds(Dial, st.none() | st.integers(1, 12), st.none() | st.just(6))


def values_of(dial: Dial) -> st.SearchStrategy[tuple[Dial, int]]:
    """Millionths that the dial can show."""
    digits = 6 if dial.integer_digits is None else min(dial.integer_digits, 6)
    return st.tuples(st.just(dial), st.integers(1, 10 ** (digits + 6) - 1))


@given(dials.flatmap(values_of), st.integers(0, 10**8), tariffs)
def test_a_new_counter_is_never_charged_for_a_fortune_unasked(shown, before, price):
    dial, micro = shown
    value, previous = Quantity(micro), Quantity(before % micro)
    assert dial.fits(value)
    verdict = judge(Chain(dial, "м³", previous, TODAY, ()), value, price)
    if verdict.question is None:
        assert verdict.volume <= Quantity(max(10**9, 9 * previous.micro))


@given(dials, st.integers(0, 10**8).map(Quantity), tariffs)
def test_the_first_hundred_units_of_a_counter_are_never_asked_about(dial, value, price):
    assume(dial.fits(value))
    assert judge(Chain(dial, "м³", Quantity(0), TODAY, ()), value, price).question is None


@given(dials, st.integers(1, 10**7), st.integers(0, 10**8), histories, tariffs)
def test_ten_times_the_previous_value_is_always_asked_about(dial, before, more, volumes, price):
    value = Quantity(10 * before + more)
    assume(dial.fits(value))
    verdict = judge(Chain(dial, "м³", Quantity(before), TODAY, volumes), value, price)
    assert verdict.question is Question.LARGE
    assert str(verdict.amount) in verdict.sentence


# --- what is charged with its month -------------------------------------------------------------


def test_what_is_charged_later_is_asked_about_with_what_it_may_come_to():
    def foreseen(volume: Quantity) -> Money:
        return Money(volume.micro // 10_000)

    calm = judge(a_chain("100"), q("107"), PRICE, foreseen)
    assert (calm.amount, calm.question) == (Money(7_00), None)
    large = judge(a_chain("100", "5", "6", "7"), q("150"), PRICE, foreseen)
    assert (large.amount, large.question) == (Money(50_00), Question.LARGE)
    assert f"намного больше обычного, будет начислено примерно {large.amount}" in large.sentence
    through = judge(a_chain("99998", "5", "6", "7"), q("3"), PRICE, foreseen)
    assert (through.amount, through.question) == (Money(5_00), Question.ROLLOVER)
    assert f"расход 5 м³, примерно {through.amount}. Всё верно?" in through.sentence
    assert "списано" not in large.sentence + through.sentence


def test_of_a_first_value_nothing_is_foreseen():
    def foreseen(_volume: Quantity) -> Money:
        raise AssertionError

    assert judge(a_chain(None), q("107"), PRICE, foreseen).is_first
