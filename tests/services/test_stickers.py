"""Stickers: issued once a meter, revoked for good, opened by the meter's resident alone."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from portal.backend import Backend
from portal.db.accounts import Meter, ServiceAccount
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.stickers import Sticker
from portal.db.tariffs import Service
from portal.domain.sticker import Label, signed_number, token_of
from portal.errors import NotFound, Refused
from portal.services.audit import audit
from portal.services.entry import Scope
from portal.services.office.stickers import (
    Order,
    Revoked,
    Sheet,
    issue_stickers,
    revoke_stickers,
)
from portal.services.stickers import (
    RevokedSticker,
    StickerPlace,
    StrangeSticker,
    sticker_place,
)
from tests.builders import BUILDER, NOW, SERIAL_FIELD, Counter, House, Person, a_house
from tests.support.statements import counted

SECRET = b"s" * 32
HOUSE = "г. Лесногорск, ул. Лесная, 7"
SCOPE = Scope(lambda external_id: external_id.startswith("zkh"), SERIAL_FIELD)


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


class Home:
    """One flat with a water meter."""

    def __init__(self, house: House, flat: str, name: str = "Иванов") -> None:
        self.house = house
        self.person: Person = house.a_resident(name)
        self.agreement = self.person.an_agreement(address=f"{HOUSE}, {flat}")
        self.tariff_id = house.a_tariff("Тариф")
        self.account = self.agreement.an_account(
            "Счетчик воды", serial="777", tariff_id=self.tariff_id
        )
        self.service = house.a_service("zkh_water", "Холодная вода", tariff_id=self.tariff_id)
        self.meter: Counter = self.account.a_meter(self.service, serial="12345")

    @property
    def place(self) -> StickerPlace:
        return StickerPlace(self.account.id, "zkh_water")


@pytest.fixture
def home(house: House) -> Home:
    return Home(house, "кв. 12")


def issue(house: House, *flats: str, called: str = HOUSE, at: timedelta = timedelta(0)) -> Sheet:
    order = Order(called, flats, SCOPE, "https://lk.example.ru", SECRET)
    return house.backend.write_now(issue_stickers, BUILDER, order, NOW + at)


def revoke(house: House, *named: str) -> Revoked:
    return house.backend.write_now(revoke_stickers, BUILDER, HOUSE, named, NOW)


def token(label: Label) -> str:
    return label.address.rpartition("/")[2]


def opens(home: Home, wanted: str) -> StickerPlace:
    return home.house.backend.read_now(sticker_place, home.person.id, SECRET, wanted)


def rows(backend: Backend) -> int:
    def count(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(table_of(Sticker))) or 0

    return backend.read_now(count)


# --- issuing ----------------------------------------------------------------------------------


def test_a_label_says_what_is_on_the_meter_and_not_whose_it_is(house: House, home: Home) -> None:
    (label,) = issue(house).labels
    told = (label.flat, label.service, label.device, label.serial)
    assert told == ("кв. 12", "Холодная вода", "Счетчик воды", "12345")
    assert re.fullmatch(r"https://lk\.example\.ru/m/[a-z2-7]{24}", label.address)
    assert label.number == f"{token(label)[:4]}-{token(label)[4:8]}"


def test_issued_again_it_is_the_same(backend: Backend, house: House, home: Home) -> None:
    first, second = issue(house), issue(house, at=timedelta(days=30))
    assert second.labels == first.labels
    assert (first.new, second.new) == (1, 0)
    assert second.issued_at == first.issued_at == NOW
    assert rows(backend) == 1


def test_a_sheet_goes_by_flats_and_can_be_narrowed(house: House) -> None:
    for flat in ("кв. 10", "кв. 2", "кв. 10а"):
        Home(house, flat)
    assert [label.flat for label in issue(house).labels] == ["кв. 2", "кв. 10", "кв. 10а"]
    assert [label.flat for label in issue(house, "10А", "кв. 2").labels] == ["кв. 2", "кв. 10а"]
    assert issue(house, "2", called="Лесная 7").new == 0
    with pytest.raises(Refused, match=r"нет квартиры «3», «99»\."):
        issue(house, "2", "3", "99")


def test_whose_readings_a_resident_cannot_submit_gets_none(house: House, home: Home) -> None:
    for change in (
        lambda other: house.changes(Service, other.service.id, resident_may_manage=False),
        lambda other: house.changes(Service, other.service.id, method="heating_individual"),
        lambda other: house.changes(ServiceAccount, other.account.id, state=10),
        lambda other: house.changes(Agreement, other.agreement.id, closed_on=NOW.date()),
    ):
        change(Home(house, "кв. 1"))
    house.a_service("rent", "Домофон", tariff_id=home.tariff_id)
    home.account.without_meter(house.a_service("zkh_gas", "Газ", tariff_id=home.tariff_id))
    sheet = issue(house)
    assert [label.flat for label in sheet.labels] == ["кв. 12"]
    assert (sheet.without_meter, sheet.not_by_resident, sheet.closed) == (1, 2, 2)


def test_a_house_without_such_meters_is_said(house: House) -> None:
    house.a_resident().an_agreement(address=HOUSE)
    with pytest.raises(Refused, match="нет счетчиков, показания которых передает жилец"):
        issue(house)


UNKNOWN = [
    ("Лесная, 8", r"Дома «Лесная, 8» нет\. Похожие: «г\. Лесногорск, ул\. Лесная, 7»\."),
    ("Zzz", r"Дома «Zzz» нет\. Есть: «г\. Лесногорск.*7», «улица 1», .*4» и ещё 2 дома\."),
]


@pytest.mark.parametrize(("typed", "sentence"), UNKNOWN)
def test_an_unknown_house_is_told_with_those_there_are(
    house: House, home: Home, typed: str, sentence: str
) -> None:
    for number in range(1, 7):
        home.person.an_agreement(address=f"улица {number}, кв. 1")
    with pytest.raises(Refused, match=sentence):
        issue(house, called=typed)


def test_two_houses_of_one_name_are_told_apart(house: House, home: Home) -> None:
    home.person.an_agreement(address="г. Дубна, ул. Лесная, 7, кв. 1")
    with pytest.raises(Refused, match=r"есть «г\. Дубна.*», «г\. Лесногорск.*»\. Напишите адрес"):
        issue(house, called="Лесная, 7")
    assert issue(house).house == HOUSE


def test_no_houses_at_all(house: House) -> None:
    with pytest.raises(Refused, match="Адресов ещё нет"):
        issue(house)


def test_a_house_is_issued_in_few_questions(backend: Backend, house: House) -> None:
    for number in range(1, 6):
        Home(house, f"кв. {number}")
    with counted(backend.engine) as statements:
        issue(house)
    questions = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(questions) == 3, statements


def test_a_meter_cannot_have_two_that_hold(backend: Backend, house: House, home: Home) -> None:
    issue(house)
    row = {"number": "abcdefgh", "meter_id": home.meter.meter_id, "issued_at": NOW}
    with pytest.raises(IntegrityError), backend.engine.begin() as connection:
        connection.execute(insert(table_of(Sticker)), row)


# --- opening ----------------------------------------------------------------------------------


def test_its_resident_is_led_to_the_counter(house: House, home: Home) -> None:
    (label,) = issue(house).labels
    assert opens(home, token(label)) == home.place


def strange(home: Home, held: str) -> dict[str, tuple[Home, str]]:
    """Who shows what."""
    neighbour = Home(home.house, "кв. 13", "Петров")
    unissued = token_of(SECRET, "abcdefgh")
    other_secret = token_of(b"t" * 32, str(signed_number(SECRET, held)))
    return {
        "neighbour": (neighbour, held),
        "unknown": (home, unissued),
        "forged": (home, other_secret),
        "changed": (home, ("b" if held[0] == "a" else "a") + held[1:]),
        "empty": (home, ""),
        "nul": (home, "\0" * 24),
        "long": (home, "a" * 100_000),
    }


def test_others_and_forged_ones_are_refused_alike(house: House, home: Home) -> None:
    (label,) = issue(house).labels
    said = set()
    for who, shows in strange(home, token(label)).values():
        with pytest.raises(StrangeSticker) as refusal:
            opens(who, shows)
        said.add(refusal.value.sentence)
    assert len(said) == 1


def test_a_forged_one_costs_the_database_nothing(backend: Backend, home: Home) -> None:
    with counted(backend.engine) as statements, pytest.raises(NotFound):
        opens(home, "a" * 24)
    assert statements == []
    (label,) = issue(home.house).labels
    with counted(backend.engine) as statements:
        opens(home, token(label))
    assert len(statements) == 1


def test_a_replaced_meter_s_sticker_leads_to_the_new_one_s_field(house: House, home: Home) -> None:
    (old,) = issue(house).labels
    home.account.a_meter(home.service, serial="67890", installed_on=date(2026, 11, 1))
    (new,) = issue(house).labels
    assert (old.serial, new.serial) == ("12345", "67890")
    assert token(old) != token(new)
    assert opens(home, token(old)) == opens(home, token(new)) == home.place


def test_a_meter_of_tomorrow_does_not_hang_yet(house: House, home: Home) -> None:
    (old,) = issue(house).labels
    tomorrow = NOW.date() + timedelta(days=1)
    home.account.a_meter(home.service, serial="67890", installed_on=tomorrow)
    assert issue(house).labels == (old,)
    home.house.changes(Meter, home.meter.meter_id or 0, installed_on=tomorrow + timedelta(days=1))
    with pytest.raises(Refused, match="нет счетчиков"):
        issue(house)


def test_the_flat_s_new_resident_opens_the_same_sticker(house: House, home: Home) -> None:
    """An agreement that passes to another; the meter and its sticker stay."""
    (label,) = issue(house).labels
    heir = Home(house, "кв. 14", "Сидоров")
    house.changes(Agreement, home.agreement.id, resident_id=heir.person.id)
    with pytest.raises(StrangeSticker):
        opens(home, token(label))
    assert opens(heir, token(label)) == home.place


# --- revoking ---------------------------------------------------------------------------------

NAMES: list[Callable[[Label], str]] = [
    lambda label: label.number,
    lambda label: label.number.upper(),
    lambda label: label.address,
    token,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_revoked_one_says_so_to_its_resident_alone(
    house: House, home: Home, name: Callable[[Label], str]
) -> None:
    (label,) = issue(house).labels
    assert revoke(house, name(label)) == Revoked(HOUSE, now=1, before=0)
    with pytest.raises(RevokedSticker, match="больше не действует"):
        opens(home, token(label))
    with pytest.raises(StrangeSticker):
        opens(Home(house, "кв. 13"), token(label))


def test_after_it_the_meter_gets_a_new_one(house: House, home: Home) -> None:
    (old,) = issue(house).labels
    revoke(house, old.number)
    (new,) = issue(house).labels
    assert new.number != old.number
    assert opens(home, token(new)) == home.place
    assert revoke(house, old.number) == Revoked(HOUSE, now=0, before=1), "again changes nothing"
    assert opens(home, token(new)) == home.place


def test_an_unknown_number_revokes_nothing(house: House, home: Home) -> None:
    (label,) = issue(house).labels
    elsewhere = home.person.an_agreement(address="г. Дубна, ул. Мира, 1, кв. 1")
    meter = elsewhere.an_account().a_meter(house.a_service("zkh_there"))
    house.adds(Sticker, number="abcdefgh", meter_id=meter.meter_id, issued_at=NOW)
    with pytest.raises(Refused, match=r"нет наклейки «abcd-efgh», «xxxx-xxxx»\. Ничего не изм"):
        revoke(house, label.number, "abcd-efgh", "xxxx-xxxx")
    assert opens(home, token(label)) == home.place


def test_the_books_know_every_sticker(backend: Backend, house: House, home: Home) -> None:
    (label,) = issue(house).labels
    revoke(house, label.number)
    issue(house)
    assert backend.read_now(audit) == ()
    sticker = table_of(Sticker)
    with backend.engine.begin() as connection:
        connection.execute(sticker.update().where(sticker.c.id == 1).values(number="a"))
        connection.execute(sticker.delete().where(sticker.c.id == 2))
    found = {(finding.table, finding.row_id) for finding in backend.read_now(audit)}
    assert found == {("sticker", 1), ("sticker", 2)}
