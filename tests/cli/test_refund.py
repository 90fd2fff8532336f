"""`refund`: what the operator types and reads."""

from datetime import UTC, datetime

import pytest

from portal.backend import Backend
from portal.services.audit import audit
from tests.builders import Flat, a_house
from tests.cli.conftest import Cli
from tests.support.incoming import a_channel, an_order, pays
from tests.support.refunding import unpaid

WHY = ("--note", "Ошибка")
PAID_AT = datetime(2026, 10, 24, 9, tzinfo=UTC)


@pytest.fixture
def flat(backend: Backend, in_november: None) -> Flat:
    """Its payment of a terminal paid an invoice; another waits for its owner."""
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="10", number="2026-1")
    channel = a_channel(flat.house)
    pays(backend, channel, an_order("DOM-12", at=PAID_AT))
    pays(backend, channel, an_order("DOM-21", number="2", at=PAID_AT))
    return flat


def test_a_part_goes_back_and_then_the_rest(cli: Cli, backend: Backend, flat: Flat) -> None:
    part = ("refund", "1234567", "--amount", "3", "--document", "п/п 1", *WHY)
    for verb in ("записан", "был записан раньше"):
        told = cli(*part)
        assert (told.code, told.err) == (0, "")
        first, *_ = told.out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
        done = f"возврат 3,00 ₽ документом п/п 1 {verb}"
        assert first == f"Платеж № 1234567, 10,45 ₽, договор DOM-12: {done}."
    told = cli("refund", "1234567", "--document", "п/п 2", *WHY)
    assert "возврат 7,45 ₽" in told.out.replace("\N{NO-BREAK SPACE}", " ")
    assert "снова не оплачено 7,45 ₽" in told.out.replace("\N{NO-BREAK SPACE}", " ")
    assert unpaid(backend) == {"2026-1": "10,00"}
    assert backend.read_now(audit) == ()


def test_what_is_nobodys_goes_back_whole(cli: Cli, backend: Backend, flat: Flat) -> None:
    told = cli("refund", "2", "--document", "п/п 1", *WHY)
    assert "невыясненное поступление: возврат 10,45" in told.out
    assert "Невыясненных поступлений: 0" in cli("suspense").out
    assert backend.read_now(audit) == ()


def test_where_two_channels_have_the_number_one_is_asked_for(
    cli: Cli, backend: Backend, flat: Flat
) -> None:
    pays(backend, a_channel(flat.house, "mall"), an_order("DOM-12", at=PAID_AT))
    told = cli("refund", "1234567", "--document", "п/п 1", *WHY)
    assert (told.code, "--channel" in told.err, "hall, mall" in told.err) == (1, True, True)
    assert cli("refund", "1234567", "--channel", "mall", "--document", "п/п 1", *WHY).code == 0
    (line,) = cli("audit").out.splitlines()
    assert "нарушений нет" in line


def test_a_payment_order_is_named_as_its_payer_names_it(
    cli: Cli, backend: Backend, flat: Flat
) -> None:
    """He is not shown the accounts of its key; another payer's bank may number alike."""
    channel = a_channel(flat.house, "bank-files", "file")
    keys = [f"{'4' * 20}/2026-10-24/10,45/{payer}/0_2" for payer in ("1" * 20, "2" * 20)]
    pays(backend, channel, an_order("DOM-12", number=keys[0], at=PAID_AT))
    asked = ("refund", "0_2", "--document", "п/п 1", *WHY)
    assert cli("refund", "012", "--document", "п/п 1", *WHY).code == 1
    assert "возврат 10,45" in cli(*asked).out.replace("\N{NO-BREAK SPACE}", " ")

    pays(backend, channel, an_order("DOM-12", number=keys[1], at=PAID_AT))
    told = cli(*asked)
    assert (told.code, all(key in told.err.replace("\n", "") for key in keys)) == (1, True)
    assert cli("refund", keys[1], "--document", "п/п 2", *WHY).code == 0
    assert backend.read_now(audit) == ()


def test_what_cannot_go_back_is_refused(cli: Cli, flat: Flat) -> None:
    def code(*words: str) -> int:
        return cli("refund", *words).code

    assert code("99", "--document", "п/п 1", *WHY) == 1
    assert code("1234567", "--amount", "10,46", "--document", "п/п 1", *WHY) == 1
    assert code("1234567", "--on", "2026-10-01", "--document", "п/п 1", *WHY) == 1
    assert code("1234567", "--amount", "пять", "--document", "п/п 1", *WHY) == 2
    assert code("1234567", "--on", "вчера", "--document", "п/п 1", *WHY) == 2
    assert code("1234567", *WHY) == 2
