"""What a bank's word comes to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.money import Money
from portal.domain.paying import (
    WATCHED,
    BankTold,
    Intent,
    PayState,
    Step,
    Verdict,
    judge,
    pause,
    state_of,
)

INTENT = Intent("token", "0001234567", Money(402875))
PAID = BankTold("bank-1", "succeeded", True, Money(402875), "RUB", "0001234567", "token")


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.CREDIT),
        ({"status": "pending"}, Verdict.WAIT),  # vector 51
        ({"status": "waiting_for_capture"}, Verdict.WAIT),
        ({"status": "Succeeded"}, Verdict.WAIT),
        ({"status": "canceled", "is_paid": False}, Verdict.CANCELED),
        ({"amount": Money(402800)}, Verdict.STRANGE),  # vector 52
        ({"amount": None}, Verdict.STRANGE),
        ({"currency": "KZT"}, Verdict.STRANGE),
        ({"account": "1234567"}, Verdict.STRANGE),
        ({"is_paid": False}, Verdict.STRANGE),
        ({"token": "other"}, Verdict.STRANGE),
        ({"token": "other", "status": "canceled"}, Verdict.STRANGE),
    ],
)
def test_one_thing_alone_is_credited(change: dict[str, Any], verdict: Verdict):
    assert judge(INTENT, replace(PAID, **change)) is verdict


@pytest.mark.parametrize("status", ["pending", "succeeded", "canceled"])
def test_another_number_of_the_bank_is_another_payment(status: str):
    known = replace(INTENT, external_id="bank-1")
    assert judge(known, PAID) is Verdict.CREDIT
    other = replace(PAID, external_id="bank-2", status=status)
    assert judge(known, other) is Verdict.STRANGE


def test_what_the_resident_is_told():
    told = {step: state_of(step, has_ever_paid=False) for step in (None, *Step)}
    assert told[None] is told[Step.STRANGE] is PayState.CHECKING
    assert told[Step.SENT] is PayState.WAITING
    assert told[Step.DECLINED] is PayState.REFUSED
    assert told[Step.CANCELED] is PayState.CANCELED
    assert {state_of(step, has_ever_paid=True) for step in Step} == {PayState.DONE}


def test_the_pauses_grow_and_end():
    ages = [timedelta(minutes=minutes) for minutes in (0, 3, 10, 60, 600, 3000, 30_000)]
    pauses = [pause(age).total_seconds() / 60 for age in ages]
    assert pauses == [1, 1, 2, 12, 60, 600, 1440]
    age, asked = timedelta(minutes=3), 0
    while age < WATCHED:
        age, asked = age + pause(age), asked + 1
    assert asked < 110
