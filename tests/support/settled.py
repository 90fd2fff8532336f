"""A resident whose every page has something to show, in words of the test's choosing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.backend import Backend
from portal.db.access import DeviceToken, WebSession
from portal.db.accounts import Agent, CustomField, FieldValue
from portal.db.tariffs import Tariff
from portal.domain.money import Money
from portal.domain.period import Period
from portal.services.notices import mark_read
from tests.builders import (
    NOW,
    Account,
    ChargeRow,
    Flat,
    House,
    InvoiceRow,
    Person,
    ServiceRow,
    a_house,
)
from tests.support.acquiring import a_card_channel, begins
from tests.support.incoming import a_channel
from tests.support.promising import takes_promises

Say = Callable[[str], str]
SECOND_SERIAL = "nomer_pasporta"


@dataclass(frozen=True)
class Settled:
    """What the addresses of his pages are made of."""

    person: Person
    flat: Flat
    account: Account
    service_id: str
    """The external id of a service whose form opens."""
    closed_service_id: str
    unpaid: InvoiceRow
    paid: InvoiceRow
    read_notice: int
    unread_notice: int
    session_id: int
    session_elsewhere: int
    token_id: int
    shop: str
    """The key of the channel through which he pays by card."""
    begun: str
    """The token of a payment of which the bank has said nothing yet."""

    @property
    def house(self) -> House:
        return self.person.house


def as_it_is(word: str) -> str:
    return word


def a_settled_resident(
    backend: Backend, say: Say = as_it_is, *, key: str = "ук", size: int = 1, login: str = "абонент"
) -> Settled:
    """`say` makes each name that a page shows; `size` multiplies what there is of everything."""
    house = a_house(
        backend, key, name=say("УК «Дом-Сервис»"), bank_name=say("ПАО Сбербанк"),
        phone=say("8 800 200-00-00"), email=say("дом@пример.рф"), site=say("дом.рф"),
    )  # fmt: skip
    house.changes(Agent, house.agent_id, name=say("Агент ЖКХ"))
    house.changes(Tariff, house.tariff_id, name=say("Тариф ЖКХ"))
    takes_promises(house)
    person = house.a_resident(
        say("Иванов Иван"), login=say(login), phone=say("+79161234567"), email=say("иван@дом.рф")
    )
    flat = person.an_agreement(say(f"ДОГ-{key}"), address=say("ул. Ленина, д. 1, кв. 2"))
    services = _services(house, say, size)
    passport = house.adds(CustomField, name=f"{SECOND_SERIAL}_{key}", title=say("Паспорт"))
    accounts = [_account(flat, say, number, services) for number in range(size)]
    for account in accounts:
        house.adds(FieldValue, account_id=account.id, field_id=passport, value=say("Паспорт 77"))
    unpaid, paid = _bills(flat, accounts[0], say, size)
    _second_agreement(house, person, say, size)
    read, unread = _news(house, person, say, size)
    here, elsewhere = (_session(house, person, agent) for agent in ("Firefox Linux", ""))
    return Settled(
        person, flat, accounts[0], services[0].external_id, services[2].external_id,
        unpaid, paid, read, unread, here, elsewhere, _token(house, person),
        *_shop(flat, unpaid, say),
    )  # fmt: skip


@dataclass(frozen=True)
class _Service:
    external_id: str
    row: ServiceRow


def _services(house: House, say: Say, size: int) -> list[_Service]:
    """Metered ones of the module; the last lets nobody but the operator write."""
    named = [
        (f"zkh_{word}_{house.operator_id}_{number}", say(name), say(unit), may_manage)
        for number in range(size)
        for word, name, unit, may_manage in (
            ("voda", "Холодная вода", "м³", True),
            ("svet", "Электроэнергия", "кВт⋅ч", True),
            ("gaz", "Газ", "м³", False),
        )
    ]
    return [
        _Service(
            say(external_id),
            house.a_service(say(external_id), name, unit=unit, resident_may_manage=may_manage),
        )
        for external_id, name, unit, may_manage in named
    ]


def _account(flat: Flat, say: Say, number: int, services: list[_Service]) -> Account:
    """Readings of two months, the second of which used nothing."""
    house = flat.house
    account = flat.an_account(say(f"Стояк {number + 1}"), serial=say("1237531773"))
    for service in services:
        meter = account.a_meter(service.row)
        meter.opens_at("100", date(2026, 9, 1))
        meter.reads("110,5", date(2026, 9, 20))
        meter.reads("123,25", date(2026, 10, 20))
    october = datetime(2026, 10, 30, 9, tzinfo=UTC)
    account.is_charged(house.a_periodic_service(say("Содержание жилья")), "54,3", at=october)
    still = house.a_service(house.unique("prochee"), say("Домофон"))
    account.is_charged(still, "0", at=october)
    return account


@dataclass
class _Named(ChargeRow):
    """A charge whose line of the invoice the test names."""

    name: str
    unit: str

    @classmethod
    def of(cls, charge: ChargeRow, say: Say) -> "_Named":
        return cls(charge.id, charge.new, say("Домофон"), say("шт."))

    def line(self) -> dict[str, Any]:
        return super().line() | {"name": self.name, "unit": self.unit}


def _bills(flat: Flat, account: Account, say: Say, size: int) -> tuple[InvoiceRow, InvoiceRow]:
    """An overdue one, paid in part, and a paid one."""
    house = flat.house
    service = house.a_service(house.unique("prochee"), say("Домофон"))
    paid = unpaid = None
    for back in range(size):
        month = Period(2026, 10).shifted(-2 * back)
        posted = datetime(month.year, month.month, 25, 9, tzinfo=UTC)
        charge = _Named.of(account.is_charged(service, "400", at=posted), say)
        unpaid = unpaid or flat.an_invoice([charge], number=say("СЧ-1"), opening="12,50")
        earlier = _Named.of(account.is_charged(service, "300", at=posted - timedelta(days=31)), say)
        paid = flat.an_invoice([earlier], number=say(f"СЧ-{back + 2}"))
        flat.a_payment(
            "837",
            at=posted,
            external_id=say(f"ПЛ-{house.operator_id}-{back}"),
            pays=[(paid, "837")],
        )
    assert paid is not None
    assert unpaid is not None
    receipt = say(f"КВ-{house.operator_id}")
    flat.a_payment("100", channel=say("касса"), external_id=receipt, pays=[(unpaid, "100")])
    return unpaid, paid


def _second_agreement(house: House, person: Person, say: Say, size: int) -> None:
    for number in range(size):
        garage = person.an_agreement(
            say(f"ГАР-{house.operator_id}-{number}"), address=say("Гараж 7")
        )
        garage.an_account(say("Гараж"), serial=None, state=10)


def _news(house: House, person: Person, say: Say, size: int) -> tuple[int, int]:
    """One event of each kind, a notice that was read and one that was not."""
    read = house.a_notice(say("Отключение горячей воды"), say("С 9 до 17 часов"), to=person)
    house.backend.write_now(mark_read, person.id, read, NOW)
    unread = house.a_notice(say("Собрание жильцов во дворе"), say("В субботу\nв полдень"))
    for _ in range(size - 1):
        house.a_notice(say("Собрание жильцов во дворе"), say("В субботу"))
    hours = iter(range(1, 100))
    for _ in range(size):
        for kind, facts in _facts(say, read).items():
            person.an_event(kind, NOW - timedelta(hours=next(hours)), **facts)
    return read, unread


def _facts(say: Say, notice_id: int) -> dict[str, dict[str, Any]]:
    return {
        "tariff": {"tariff": say("Тариф ЖКХ")},
        "payment": {"amount": Money.parse("2500").kopecks},
        "lock": {"state": 10, "login": say("Стояк 1")},
        "message": {"title": say("Отключение горячей воды"), "notice_id": notice_id},
        "service": {"service": say("Холодная вода"), "amount": Money.parse("2017,45").kopecks},
    }


def _token(house: House, person: Person) -> int:
    return house.adds(
        DeviceToken, token_digest=house.unique("key"), resident_id=person.id, name="Умный дом",
        scope="read", made_at=NOW, last_used_at=NOW,
    )  # fmt: skip


def _shop(flat: Flat, unpaid: InvoiceRow, say: Say) -> tuple[str, str]:
    """Cards are taken, as at a terminal; one payment has been begun."""
    house = flat.house
    key = f"card-{house.operator_id}"
    a_card_channel(house, key, name=say("Карта и СБП"))
    a_channel(house, f"hall-{house.operator_id}", name=say("Терминал"), place=say("Подъезд 1"))
    return key, begins(flat, "5", unpaid.id, channel=key)


def _session(house: House, person: Person, user_agent: str) -> int:
    return house.adds(
        WebSession, token_digest=house.unique("digest"), resident_id=person.id, created_at=NOW,
        remembered=True, user_agent=user_agent, address="192.0.2.7", last_seen_at=NOW,
        confirmed_at=NOW,
    )  # fmt: skip
