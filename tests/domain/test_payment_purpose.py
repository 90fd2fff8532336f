"""What a bank is told of a payment for several invoices."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.bill import InvoiceSummary
from portal.domain.money import ZERO, Money
from portal.domain.payment_purpose import joint_purpose, purpose_of
from portal.domain.payment_qr import PURPOSE_MAX
from portal.domain.period import Period
from portal.imports.bank.purpose import candidates

DAY = date(2026, 11, 5)


def invoice(number: str, agreement: str = "ДОМ-12") -> InvoiceSummary:
    return InvoiceSummary(5, number, agreement, Period(2026, 10), DAY, DAY, Money(100), ZERO)


def test_one_invoice_is_named_with_its_month() -> None:
    one = invoice("2026-000012")
    assert joint_purpose("ДОМ-12", [one]) == purpose_of(one)
    assert purpose_of(one) == "Оплата ЖКУ за 10.2026, договор ДОМ-12, счет № 2026-000012"


def test_several_are_named_by_their_numbers() -> None:
    assert joint_purpose("ДОМ-12", [invoice("7"), invoice("8")]) == (
        "Оплата ЖКУ, договор ДОМ-12, счета № 7, 8"
    )


def test_without_invoices_it_is_an_advance() -> None:
    assert joint_purpose("ДОМ-12", []) == "Аванс за ЖКУ, договор ДОМ-12"


def test_what_has_no_room_is_counted() -> None:
    many = [invoice(f"2026-{number:06}") for number in range(40)]
    purpose = joint_purpose("ДОМ-12", many)
    assert len(purpose) <= PURPOSE_MAX
    named = purpose.count("2026-")
    assert purpose.endswith(f" и еще {40 - named}")
    assert named == 9


def test_our_own_import_finds_the_agreement_in_it() -> None:
    for named in ([], [invoice("7")], [invoice("7"), invoice("8")]):
        assert candidates(joint_purpose("ДОМ-12", named))[0].number == "ДОМ-12"


@given(st.lists(st.text("0123456789-/", min_size=1, max_size=60), min_size=2, max_size=60))
def test_it_always_fits_into_a_bank_s_field(numbers: list[str]) -> None:
    assert len(joint_purpose("ДОМ-12", [invoice(number) for number in numbers])) <= PURPOSE_MAX
