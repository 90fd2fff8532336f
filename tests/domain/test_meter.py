"""The dial of a meter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.quantity import Quantity

dials = st.builds(Dial, st.integers(1, 12), st.integers(0, 6))


@st.composite
def dials_with_values(draw, count=1):
    """A dial and values that it can show."""
    dial = draw(dials)
    step = 10 ** (6 - dial.fraction_digits)
    steps = st.integers(0, dial.capacity.micro // step - 1)
    return dial, *(Quantity(draw(steps) * step) for _ in range(count))


def q(text: str) -> Quantity:
    return Quantity.parse(text)


@given(dials_with_values())
def test_what_is_shown_is_the_value_in_the_dials_shape(dial_and_value):
    dial, value = dial_and_value
    assert dial.fits(value)
    assert q(dial.show(value)) == value
    assert len(dial.show(value)) == len(dial.shape)


@pytest.mark.parametrize(
    ("dial", "value", "shown"),
    [
        (Dial(5, 3), "248,12", "00248,120"),
        (Dial(5, 0), "3", "00003"),
        (Dial(5, None), "248,12", "00248,12"),
        (UNKNOWN_DIAL, "248,12", "248,12"),
        (Dial(2, 1), "12345,678", "12345,678"),
    ],
)
def test_how_a_value_looks_on_it(dial, value, shown):
    assert dial.show(q(value)) == shown


@pytest.mark.parametrize(
    ("dial", "shape"),
    [
        (Dial(5, 3), "00000,000"),
        (Dial(6, 0), "000000"),
        (Dial(4, None), "0000"),
        (UNKNOWN_DIAL, ""),
    ],
)
def test_its_shape(dial, shape):
    assert dial.shape == shape
    assert dial.is_known is bool(shape)


@pytest.mark.parametrize(
    ("dial", "value", "fits"),
    [
        (Dial(5, 3), "99999,999", True),
        (Dial(5, 3), "100000", False),
        (Dial(5, 3), "1,0001", False),
        (Dial(5, 0), "1,1", False),
        (Dial(5, None), "1,123456", True),
        (UNKNOWN_DIAL, "123456789012,123456", True),
        (Dial(None, 2), "1,123", False),
    ],
)
def test_what_it_can_show(dial, value, fits):
    assert dial.fits(q(value)) is fits


def test_the_worked_rollover():
    assert Dial(5, 0).rolled_over(q("99998"), q("3")) == q("5")


@given(dials_with_values(2))
def test_rolling_over_is_counting_on_past_the_end(dial_and_values):
    dial, previous, current = dial_and_values
    used = dial.rolled_over(previous, current)
    if current >= previous:
        assert used is None
        return
    assert used is not None
    assert Quantity(0) < used < dial.capacity
    assert (previous + used).micro % dial.capacity.micro == current.micro


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_nobody_knows_where_an_unknown_dial_ends(previous, current):
    assert UNKNOWN_DIAL.rolled_over(Quantity(previous), Quantity(current)) is None
