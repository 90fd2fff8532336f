"""The payment QR's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.bill import Requisites
from portal.domain.money import Money
from portal.domain.payment_qr import (
    MANDATORY_BYTES_MAX,
    SCANNABLE_BYTES,
    SEPARATORS,
    Payer,
    parse_payment_qr,
    payment_qr,
)
from portal.domain.period import Period
from tests.domain.vectors import VECTORS

PAYEE = Requisites(
    name="ООО «УК Дом-Сервис»",
    inn="7736520080",
    kpp="997650001",
    account="40702810338360027201",
    bank_name="ПАО Сбербанк",
    bic="044525225",
    corr_account="30101810400000000225",
)
ADDRESS = "г. Москва, ул. Ленина, д. 1, кв. 2"
IVANOV = Payer.named("Иванов Иван Иванович", ADDRESS)
OCTOBER = Period(2026, 10)


def a_qr(payee: Requisites = PAYEE, payer: Payer = IVANOV, purpose: str = "") -> str:
    return payment_qr(
        payee,
        Money(4028_75),
        purpose or "Оплата ЖКУ за 10.2026 л/с 0001234567",
        personal_account="0001234567",
        period=OCTOBER,
        payer=payer,
    )


def with_name(name: str, bank_name: str = PAYEE.bank_name, corr_account: str = "") -> Requisites:
    return Requisites(name, PAYEE.inn, PAYEE.kpp, PAYEE.account, bank_name, PAYEE.bic, corr_account)


def test_the_worked_example_to_the_letter():
    (worked,) = VECTORS["qr"]
    assert a_qr() == worked["string"]
    assert len(a_qr().encode()) == worked["total_utf8"]
    assert len(a_qr().encode("cp1251")) == worked["total_cp1251"]


def test_the_mandatory_block_of_the_worked_example_is_as_long_as_computed():
    (worked,) = VECTORS["qr"]
    mandatory = a_qr().removeprefix("ST00012|").partition("|PayeeINN")[0]
    assert len(mandatory.encode()) == worked["mandatory_bytes_utf8"]


def test_the_smallest_one_says_only_what_is_known():
    payee = Requisites("УК", "7736520080", "", PAYEE.account, "Банк", PAYEE.bic, "")
    text = payment_qr(
        payee, Money(1), "", personal_account="", period=OCTOBER, payer=Payer.named("Абонент", "")
    )
    assert text == (
        "ST00012|Name=УК|PersonalAcc=40702810338360027201|BankName=Банк|BIC=044525225|CorrespAcc=0"
        "|PayeeINN=7736520080|Sum=1|PaymPeriod=102026|TechCode=02"
    )


def test_a_bar_in_a_value_changes_the_separator_everywhere():
    text = a_qr(with_name("УК | Дом"))
    assert text.startswith("ST00012#Name=УК | Дом#PersonalAcc=")
    assert text.endswith("#PaymPeriod=102026#TechCode=02")
    assert parse_payment_qr(text)["Name"] == "УК | Дом"


def test_when_every_separator_is_taken_the_bars_give_way():
    text = a_qr(with_name(f"УК {SEPARATORS}"))
    assert parse_payment_qr(text)["Name"] == f"УК {SEPARATORS.replace('|', ' ')}"


@pytest.mark.parametrize("ugly", ["УК\r\nДом", "УК\nДом", " УК\tДом ", "УК\x00Дом"])
def test_line_ends_and_control_characters_do_not_get_in(ugly):
    assert parse_payment_qr(a_qr(with_name(ugly)))["Name"] == "УК Дом"


def test_long_words_are_cut_to_the_standards_limits():
    fields = parse_payment_qr(a_qr(with_name("N" * 400, "B" * 90), purpose="П" * 300))
    assert len(fields["Name"]) <= 160
    assert fields["BankName"] == "B" * 45
    assert fields["Purpose"] == "П" * 160


def test_the_name_gives_way_until_the_mandatory_block_fits_into_its_bytes():
    text = a_qr(with_name("Ж" * 160, "Б" * 45, PAYEE.corr_account))
    mandatory = text.removeprefix("ST00012|").partition("|PayeeINN")[0]
    assert MANDATORY_BYTES_MAX - 1 <= len(mandatory.encode()) <= MANDATORY_BYTES_MAX
    assert parse_payment_qr(text)["CorrespAcc"] == PAYEE.corr_account


def test_an_address_that_would_make_it_too_dense_is_left_out():
    long = "г. Москва, " * 12
    assert "PayerAddress" not in parse_payment_qr(a_qr(payer=Payer.named("Иванов", long)))
    assert len(a_qr(payer=Payer.named("Иванов", long)).encode()) <= SCANNABLE_BYTES


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Иванов Иван Иванович", ("Иванов", "Иван", "Иванович")),
        ("  Иванов   Иван Иванович ", ("Иванов", "Иван", "Иванович")),
        ("Абонент", ("", "", "")),
        ("Иванов Иван", ("", "", "")),
        ("Оглы Али Вели Мамедов", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_only_a_name_of_three_words_is_taken_apart(name, names):
    payer = Payer.named(name, "")
    assert (payer.last_name, payer.first_name, payer.middle_name) == names


@pytest.mark.parametrize("kopecks", [0, -1])
def test_there_is_nothing_to_scan_without_a_sum(kopecks):
    with pytest.raises(ValueError, match="₽"):
        payment_qr(PAYEE, Money(kopecks), "x", personal_account="1", period=OCTOBER, payer=Payer())


def test_keys_are_read_in_any_case_and_strange_ones_as_they_are():
    text = "ST00012|name=УК|PERSONALACC=1|persAcc=7|sum=100|RegType=5"
    assert parse_payment_qr(text) == {
        "Name": "УК", "PersonalAcc": "1", "PersAcc": "7", "Sum": "100", "RegType": "5"
    }  # fmt: skip


def test_an_equals_sign_belongs_to_the_value():
    assert parse_payment_qr("ST00012|Purpose=a=b")["Purpose"] == "a=b"


@pytest.mark.parametrize("text", ["", "https://example.org", "ST00014|Name=x", "ST00012|Name"])
def test_what_is_no_payment_qr_is_refused(text):
    with pytest.raises(ValueError, match="QR"):
        parse_payment_qr(text)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200)


@given(name=words, bank=words, purpose=words, address=words)
def test_whatever_the_words_it_can_be_read_again(name, bank, purpose, address):
    text = a_qr(with_name(name, bank), Payer(address=address), purpose)
    fields = parse_payment_qr(text)
    assert fields["Sum"] == "402875"
    assert fields["PersonalAcc"] == PAYEE.account
    assert list(fields)[:5] == ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]
    assert "\n" not in text
    assert "\r" not in text
