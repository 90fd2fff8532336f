"""What a payment of a bank's statement is called, and what it is known by."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import Money
from portal.domain.payment_order import PaymentOrder, order_key, payment_order

OURS, PAYER = "40702810000000000001", "40817810000000000042"


@given(
    st.text(), st.dates(), st.integers(1, 10**15).map(Money), st.sampled_from(["", PAYER]),
    st.sampled_from(["", "2:", "17:"]),
)  # fmt: skip
def test_whatever_the_number_it_is_read_from_the_key_again(number, day, amount, payer, repeat):
    order = PaymentOrder(number, day)
    assert payment_order(repeat + order_key(OURS, order, amount, payer)) == order


@pytest.mark.parametrize(
    "number", ["", "1234567", "2026-11-87057436-12", "a/b/c", f"{OURS}/2026-13-01/1,00//7"]
)
def test_the_numbers_of_others_are_no_keys(number):
    assert payment_order(number) is None


def test_people_call_it_by_number_and_day():
    shown = str(PaymentOrder("0042", date(2026, 11, 24)))
    assert shown == "№\N{NO-BREAK SPACE}0042 от\N{NO-BREAK SPACE}24.11.2026"
    assert str(PaymentOrder("", date(2026, 11, 24))) == "от\N{NO-BREAK SPACE}24.11.2026"
