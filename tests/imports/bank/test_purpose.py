"""Whose payment it is, by the words of its purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.period import Period
from portal.imports.bank.purpose import (
    Names,
    candidates,
    invoice_numbers,
    month_named,
    registry_mark,
)

ACCOUNT, UNIFIED, SERVICE, AGREEMENT = Names

ONE = {
    "л/с 0001234567": (ACCOUNT, "0001234567"),
    "Л/С № 1234": (ACCOUNT, "1234"),
    "л/с№1234, октябрь": (ACCOUNT, "1234"),
    "ЛС:1234;Иванов": (ACCOUNT, "1234"),
    "л.с. 1234": (ACCOUNT, "1234"),
    "лицевой счет № 1234": (ACCOUNT, "1234"),
    "лицевому счёту 1234.": (ACCOUNT, "1234"),
    "лиц.сч. 1234": (ACCOUNT, "1234"),
    "лиц. счет 1234": (ACCOUNT, "1234"),
    "л/сч N 1234": (ACCOUNT, "1234"),
    "л/счет 1234": (ACCOUNT, "1234"),
    "ЖКУ 10.2026 л/с DOM-2 кв. 5": (ACCOUNT, "DOM-2"),
    "PersAcc=0001234567": (ACCOUNT, "0001234567"),
    "ЕЛС № 70АБ123456": (UNIFIED, "70АБ123456"),
    "единый лицевой счет 70АБ123456": (UNIFIED, "70АБ123456"),
    "оплата 70АБ123456 кв. 1": (UNIFIED, "70АБ123456"),
    "ИЖКУ: 70АБ123456-01": (SERVICE, "70АБ123456-01"),
    "по 70АБ123456-01, Иванов": (SERVICE, "70АБ123456-01"),
    "по договору № DOM-2": (AGREEMENT, "DOM-2"),
    "дог. 17 за октябрь": (AGREEMENT, "17"),
    "договор от 01.02.2020 г. № 5": (AGREEMENT, "5"),
}


@pytest.mark.parametrize("purpose", ONE)
def test_a_number_is_found_by_its_words(purpose: str) -> None:
    assert [(each.names, each.number) for each in candidates(purpose)] == [ONE[purpose]]


@pytest.mark.parametrize(
    "purpose",
    [
        "", "Оплата ЖКУ за октябрь 2026, Иванов, ул. Ленина, 1, кв. 2", "пульс 12", "р/с 4070281",
        "л/с и квартира 5", "договор от 01.02.2020", "лс 1,50 руб", "договор управления домом 5",
        "сумма 1234.56 без НДС",
    ],
)  # fmt: skip
def test_other_numbers_are_nobodys(purpose: str) -> None:
    assert candidates(purpose) == ()


def test_the_most_telling_number_comes_first_and_each_once() -> None:
    purpose = "Договор № 17/2026, 70АБ123456-01, ЕЛС 70АБ123456, л/с 0042 (л/с 0042, л/с 7)"
    assert [each.number for each in candidates(purpose)] == [
        "0042", "7", "70АБ123456", "70АБ123456-01", "17/2026", "17",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("purpose", "number"),
    [
        ("Перечисление средств по реестру № 451 от 24.11.2026", "451"),
        ("Реестр платежей физических лиц N 12-7", "12-7"),
        ("согласно реестра от 24.11.2026 № 5", "5"),
        ("реестру №451 л/с 40702810338360027201", "451"),
        ("Платежи по реестру за 24.11.2026", ""),
    ],
)
def test_a_lump_for_a_registry(purpose: str, number: str) -> None:
    mark = registry_mark(purpose)
    assert mark is not None
    assert mark.number == number


@pytest.mark.parametrize("purpose", ["Росреестр № 5", "л/с 17, выписка из реестра", "ЖКУ"])
def test_no_lump(purpose: str) -> None:
    assert registry_mark(purpose) is None


INVOICES = {
    "Оплата ЖКУ за 10.2026, договор DOM-12, счет № 2026-000017": ("2026-000017",),
    "счета № 17, № 18 и № 19 за лето": ("17", "18", "19"),
    "по счетам 17, 18": ("17", "18"),
    "счету N 17/2 от 01.11.2026": ("17/2",),
    "счёт № N-5, счет № 5, счет № N-5": ("N-5", "5"),
    "лицевой счет № 7, счет № 8": ("8",),
    "Л/СЧЕТ № 6, р/счет 4070281, расчетный счет № 1, единый лицевой счет № 3": (),
    "счет-фактура № 4, расчет № 5, счетчик № 6": (),
    "": (),
}


@pytest.mark.parametrize("purpose", INVOICES)
def test_invoices_are_named_and_accounts_are_none(purpose: str) -> None:
    assert invoice_numbers(purpose) == INVOICES[purpose]


MONTHS_NAMED = {
    "Оплата ЖКУ за 10.2026, договор DOM-12, счет № 17": Period(2026, 10),
    "ЖКУ ЗА ОКТЯБРЬ 2026 г.": Period(2026, 10),
    "за 9.2026": None,
    "за 09/2026 и за 09.2026": Period(2026, 9),
    "за 09.2026, за 10.2026": None,
    "за 10.2026.5, указ 10.2026, за 13.2026, от 01.10.2026": None,
    "": None,
}


@pytest.mark.parametrize("purpose", MONTHS_NAMED)
def test_the_month_that_is_paid_is_named(purpose: str) -> None:
    assert month_named(purpose) == MONTHS_NAMED[purpose]


@given(st.text(st.sampled_from("л/с№. договореестрчИЖКУЕЛС0123456789АБ-"), max_size=2000))
def test_any_words_are_looked_through(purpose: str) -> None:
    assert all(each.number in purpose for each in candidates(purpose))
    registry_mark(purpose)
    month_named(purpose)
    assert all(each in purpose for each in invoice_numbers(purpose))
