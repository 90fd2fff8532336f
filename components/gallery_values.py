"""The people and things of the examples, the ordinary ones and the hostile."""

from datetime import UTC, date, datetime

from components.chrome import Chrome, MenuEntry
from portal.domain.demo import DEMO_LOGINS
from portal.domain.device import Device, KnownReading, Register
from portal.domain.feed import FeedEvent, event_line
from portal.domain.meter import Dial
from portal.domain.money import Money
from portal.domain.person import SideBlock
from portal.domain.quantity import Price, Quantity

TODAY = date(2026, 11, 24)
ZONE = "Europe/Moscow"
HOSTILE = '<script>alert("ё")</script>\' onload=x 🔥 שלום \u202eобратно\u202c \x00\x1b'
LONG = "Индивидуальный прибор учёта горячего водоснабжения кухня № 12"
UNBROKEN = "ИндивидуальныйПриборУчётаГорячегоВодоснабженияКухняНомер0012"

DEMO = DEMO_LOGINS


def events() -> tuple[FeedEvent, ...]:
    at = datetime(2026, 11, 23, 4, 55, tzinfo=UTC)
    return (
        event_line("payment", at, {"amount": 2500_00}),
        event_line("service", at, {"service": "Интернет", "amount": 600_00}),
        event_line("message", at, {"notice_id": 3, "title": "Отключение горячей воды"}),
        event_line("tariff", at, {"tariff": "Тариф ЖКХ"}),
        event_line("lock", at, {"state": 10, "login": "Абонент (услуги)"}),
    )


def person(name: str = "Петрова Мария Ивановна", *, unpaid: int = 2) -> SideBlock:
    return SideBlock(
        name=name,
        login="DOM-12",
        phone="71111234567",
        email="email@email.ru",
        address="Лесная, 7, кв. 12",
        agreement="ДОМ-12",
        unpaid_invoices=unpaid,
        balance=Money(-4812_36),
        unread_notices=2,
        timezone=ZONE,
        readings_due_day=25,
        events=events(),
    )


def stranger() -> SideBlock:
    """A person in whom everything that can be written is written."""
    return SideBlock(
        name=HOSTILE,
        login=HOSTILE,
        phone="+7 " + "1" * 60,
        email="a" * 64 + "@" + "b" * 60 + ".example",
        address=UNBROKEN,
        agreement=UNBROKEN,
        unpaid_invoices=1234,
        balance=Money(0),
        unread_notices=1234,
        timezone=ZONE,
        readings_due_day=25,
        events=tuple(
            FeedEvent(each.kind, each.happened_at, UNBROKEN, each.address, Money(10**13))
            for each in events()
        ),
    )


def menu(current: str = "/", unread: int = 2) -> tuple[MenuEntry, ...]:
    entries = (
        ("Главная", "/", "home", "Главная", 0),
        ("ЖКХ", "/zkh", "drop", "ЖКХ", 0),
        ("Расход средств", "/charges", "bars", "Расходы", 0),
        ("Счета", "/invoices", "invoice", "Счета", 0),
        ("Платежи", "/payments", "wallet", "", 0),
        ("Сообщения", "/messages", "letter", "", unread),
        ("Профиль", "/profile", "person", "", 0),
    )
    return tuple(MenuEntry(*entry, is_current=entry[1] == current) for entry in entries)


def chrome(current: str = "/", *, who: SideBlock | None = None) -> Chrome:
    return Chrome(
        person=who or person(),
        menu=menu(current),
        company="ООО «Уютный дом», 2026\nДиспетчерская: 8 800 000-00-00, круглосуточно",
        demo_logins=DEMO,
        is_home=current == "/",
    )


def known(value: str, volume: str = "8", *, reading_id: int = 7) -> KnownReading:
    return KnownReading(
        reading_id, date(2026, 10, 21), Quantity.parse(value), Quantity.parse(volume)
    )


def register(
    name: str,
    unit: str,
    price: str | None,
    dial: Dial,
    previous: KnownReading | None,
    *,
    external_id: str = "zkh_1",
    is_open: bool = True,
    is_given: bool = False,
) -> Register:
    return Register(
        account_id=12,
        service_id=1,
        external_id=external_id,
        name=name,
        unit=unit,
        price=Price.parse(price) if price else None,
        dial=dial,
        previous=previous,
        is_open=is_open,
        is_given=is_given,
    )


def device(
    account_id: int,
    login: str,
    serial: str,
    *registers: Register,
    state: int = 0,
    verified_until: date | None = None,
) -> Device:
    return Device(account_id, login, serial, state, verified_until, registers)
