"""A payment that is credited is told by mail: with it, once, and only to who wants it."""

from datetime import timedelta

import pytest

from portal.backend import Backend
from portal.db.parties import Resident
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.incoming.accepting import Accepted
from portal.services.incoming.channels import Channel
from portal.services.incoming.filing import Placed, Told, take
from portal.services.incoming.finding import Called
from portal.services.incoming.suspense import assign
from portal.services.mailing.receipts import FRESH
from portal.services.profile import choose_receipts
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.support.incoming import PAID_AT, a_channel, an_order, pays
from tests.support.letters import HEAD, letters
from tests.support.statements import counted

LETTER = """\
Платеж принят: 10,45\N{NO-BREAK SPACE}₽

Договор: DOM-12
Получатель: ООО «УК Дом-Сервис»
Когда: 24.11.2026 11:58
Через: Терминал в подъезде
Номер платежа: 1234567

По счету 2026-000017: 7,00\N{NO-BREAK SPACE}₽
В счет следующих месяцев: 3,45\N{NO-BREAK SPACE}₽

Все платежи — https://lk.example.ru/payments

Это сообщение об оплате, а не кассовый чек. Отвечать на него не нужно.

Чтобы отписаться, войдите на портал и выключите в «Профиле» (https://lk.example.ru/profile) \
«Квитанции об оплате на почту»."""


@pytest.fixture
def flat(backend: Backend) -> Flat:
    backend.letterhead = HEAD
    return a_house(backend).a_resident().an_agreement("DOM-12")


@pytest.fixture
def hall(flat: Flat) -> Channel:
    return a_channel(flat.house)


def test_the_letter_says_what_was_paid_and_for_what(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    flat.an_invoice(opening="7", number="2026-000017")
    pays(backend, hall, an_order("DOM-12", "10,45"))
    [letter] = letters(backend)
    assert letter["subject"] == "Платеж 10,45 ₽ принят, договор DOM-12"
    assert letter["body"] == LETTER
    assert (letter["address"], letter["created_at"]) == ("ivanov@example.ru", NOW)
    assert letter["message_id"].startswith("<receipt.")
    assert letter["message_id"].endswith("@example.ru>")
    assert backend.read_now(audit) == ()


def test_the_letter_names_a_payment_order_and_nobodys_account(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    key = f"{'4' * 20}/2026-11-24/10,45/{'5' * 20}/0042"
    pays(backend, hall, an_order("DOM-12", number=key))
    [letter] = letters(backend)
    assert "\nПлатежное поручение: № 0042 от 24.11.2026\n" in letter["body"]
    assert "5" * 20 not in letter["body"]
    assert "Номер платежа" not in letter["body"]


def test_a_repeated_payment_writes_no_second_letter(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    for _ in range(3):
        pays(backend, hall, an_order("DOM-12"))
    pays(backend, hall, an_order("DOM-12", "11"))  # refused: another sum under the number
    assert len(letters(backend)) == 1


def test_money_that_is_held_is_told_when_it_is_somebodys(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    """However long ago it was paid."""
    old = an_order("DOM-99", at=PAID_AT - FRESH - timedelta(days=90))
    lost = pays(backend, hall, old)
    assert letters(backend) == []
    assert isinstance(lost, Accepted)
    backend.write_now(assign, BUILDER, lost.receipt.number, "DOM-12", "чек жильца", NOW)
    [letter] = letters(backend)
    assert letter["resident_id"] == flat.person.id


def test_nobody_hears_of_what_he_paid_months_ago(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    for number, age in (("1", FRESH), ("2", FRESH + timedelta(seconds=1))):
        pays(backend, hall, an_order("DOM-12", number=number, at=NOW - age))
    assert [letter["key"][:8] for letter in letters(backend)] == ["receipt:"]


def test_without_a_mail_server_nothing_is_written_and_nothing_is_asked(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    backend.letterhead = None
    with counted(backend.engine) as without:
        pays(backend, hall, an_order("DOM-12"))
    assert letters(backend) == []
    backend.letterhead = HEAD
    with counted(backend.engine) as with_it:
        pays(backend, hall, an_order("DOM-12", number="2"))
    assert len(with_it) - len(without) <= 5


@pytest.mark.parametrize("email", [None, "", "иванов@example.ru", "ivanov@-", "a@b\r\nBcc: c@d.ru"])
def test_who_has_no_address_gets_none(
    backend: Backend, flat: Flat, hall: Channel, email: str | None
) -> None:
    """Or one that no letter can be sent to: it may have been loaded from an old system."""
    flat.house.changes(Resident, flat.person.id, email=email)
    assert pays(backend, hall, an_order("DOM-12")).is_new
    assert letters(backend) == []


def test_who_wants_none_gets_none_until_he_does(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    for number, wanted in enumerate((False, True, True, False)):
        backend.write_now(choose_receipts, flat.person.id, wanted=wanted)
        pays(backend, hall, an_order("DOM-12", number=str(number)))
    assert len(letters(backend)) == 2
    assert backend.read_now(audit) == ()


def test_what_others_write_begins_no_line_of_its_own(backend: Backend, flat: Flat) -> None:
    evil = "1\r\nBcc: evil@example.ru\r\n\r\n<b>https://evil.example/profile"
    hall = a_channel(flat.house, name=f"Терминал {evil}")
    pays(backend, hall, an_order("DOM-12", number=evil))
    [letter] = letters(backend)
    assert "\r" not in letter["body"] + letter["subject"]
    assert "\nBcc" not in letter["body"]
    assert "Номер платежа: 1 Bcc: evil@example.ru <b>" in letter["body"]


def test_a_file_of_a_thousand_payments_writes_a_letter_for_each(
    backend: Backend, flat: Flat, hall: Channel
) -> None:
    """In as few statements as it posts them."""
    holder = Called(flat.id, flat.person.id, flat.number, is_closed=False)
    placed = [
        Placed(
            Told(line, an_order("DOM-12", "1", str(line)), ("DOM-12",), "", "", True), holder, None
        )
        for line in range(1100)
    ]
    backend.write_now(take, hall, "451.csv", placed, NOW)
    written = letters(backend)
    assert len({letter["key"] for letter in written}) == len(placed)
    assert len({letter["message_id"] for letter in written}) == len(placed)
    assert Money.parse("1") == placed[0].amount
    assert backend.read_now(audit) == ()
