"""The small values that screens show."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.bill import InvoiceSummary
from portal.domain.browser import browser_words
from portal.domain.device import Device, Register, state_name
from portal.domain.entry import EntryLine, EntrySummary
from portal.domain.meter import UNKNOWN_DIAL
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.person import SideBlock
from portal.domain.quantity import Price, Quantity
from portal.domain.statement import ChargeLine, Statement

AT = datetime(2014, 5, 28, tzinfo=UTC)


def a_line(amount: int) -> ChargeLine:
    return ChargeLine(
        charge_id=1, account_id=1, account_login="Абонент", tariff="Тариф ЖКХ",
        service="Услуга ЖКХ № 1", unit="м³", is_periodic=False, amount=Money(amount),
        volume=Quantity.parse("514"), price=Price.parse("2,79"), posted_at=AT,
        is_reversal=amount < 0, value="14235", taken_on=None, previous_value="13721",
        previous_on=None,
    )  # fmt: skip


def test_a_statement_adds_up():
    statement = Statement((a_line(100),), (a_line(20), a_line(-3)), (a_line(7),))
    assert statement.periodic_total == Money(100)
    assert statement.one_time_total == Money(17)
    assert statement.penalty_total == Money(7)
    assert statement.total == Money(124)


@pytest.mark.parametrize(
    ("total", "paid", "remainder", "is_unpaid"),
    [
        (100, 0, 100, True),
        (100, 99, 1, True),
        (100, 100, 0, False),
        (0, 0, 0, False),
        (-5, 0, -5, False),
    ],
)
def test_an_invoice_is_unpaid_while_something_remains(total, paid, remainder, is_unpaid):
    day = date(2026, 11, 1)
    invoice = InvoiceSummary(1, "1", "D", Period(2026, 10), day, day, Money(total), Money(paid))
    assert invoice.remainder == Money(remainder)
    assert invoice.is_unpaid is is_unpaid


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Петрова Мария Ивановна", "МП"),
        ("Абонент", "А"),
        ("", "?"),
        ("<script> 1", "?"),
        ("иванов-петров иван", "ИИ"),
        ("№ 7 Ли", "Л"),
    ],
)
def test_initials(name, initials):
    person = SideBlock(
        name=name, login="", phone="", email="", address="", agreement="", unpaid_invoices=0,
        balance=Money(0), unread_notices=0, timezone="Europe/Moscow",
        readings_due_day=25, events=(),
    )  # fmt: skip
    assert person.initials == initials


@pytest.mark.parametrize(
    ("state", "name", "is_closed"),
    [
        (0, "активен", False),
        (1, "недостаточно средств", False),
        (2, "отключен пользователем", False),
        (3, "отключен администратором", True),
        (4, "недостаточно средств", False),
        (5, "исчерпан лимит", False),
        (10, "выключен", True),
        (77, "состояние 77", False),
    ],
)
def test_states_of_accounts(state, name, is_closed):
    device = Device(1, "", "", state, None, ())
    assert state_name(state) == name
    assert (name in device.closed_reason) is is_closed
    assert bool(device.closed_reason) is is_closed


def test_a_device_without_login_and_serial_says_so():
    assert Device(1, "", "", 0, None, ()).title == "Нет логина учетной записи"
    assert Device(1, "", "", 0, None, ()).serial_text == "Нет серийного номера"
    named = Device(1, "Абонент (ЖКХ)", "1237531773", 0, None, ())
    assert (named.title, named.serial_text) == ("Абонент (ЖКХ)", "1237531773")


def test_the_key_of_a_counter_names_its_account_and_service():
    register = Register(
        12, 3, "zkh_1", "", "", None, UNKNOWN_DIAL, None, is_open=True, is_given=False
    )
    assert register.key == "12/zkh_1"


def test_an_entry_adds_up():
    zero = Quantity(0)
    lines = tuple(
        EntryLine(
            "1/zkh_1", "", "", "", "", None, "", zero, Price(0), Money(kopecks),
            is_first=False, instead_of=None, question=None, sentence="",
        )
        for kopecks in (100, 23)
    )  # fmt: skip
    assert EntrySummary(AT.date(), lines).total == Money(123)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36", "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/131 Safari/537 YaBrowser/24.1",
            "Яндекс Браузер, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131 Safari/537 Edg/131", "Edge, Windows"),
        ("curl/8.0", "Неизвестный браузер"),
        ("", "Неизвестный браузер"),
    ],
)
def test_browsers_by_the_words_of_their_owners(agent, words):
    assert browser_words(agent) == words
