"""What a house needs for its months to be charged: a row of every such table."""

from datetime import date

from portal.db.accounts import AccountFact, AccountTariff, Meter, Refusal
from portal.db.houses import House as HouseRow
from portal.db.houses import HouseChoice, HouseFact, HouseVolume
from portal.db.late import LateFact, LateFactTaken
from portal.db.parties import Absence, Premises, PremisesFact
from portal.db.periods import PeriodEvent
from portal.db.rates import DayOff, DueDay, KeyRate, RateCap
from portal.db.suppliers import ServiceTerms, Supplier
from portal.db.tariffs import Band, ServiceFact, ServiceSource
from portal.db.usage import Usage, Work
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from tests.builders import NOW, Flat, House

JANUARY, OCTOBER = date(2026, 1, 1), Period(2026, 10)


def gets_what_months_need(house: House, flat: Flat) -> None:
    _knows_the_rates(house)
    _stands_somewhere(house, flat)
    _has_dated_facts(house, flat)
    house.adds(
        PeriodEvent, operator_id=house.operator_id, period=OCTOBER, action="close", at=NOW,
        officer="tests",
    )  # fmt: skip


def chooses(house: House) -> None:
    """For a building of its own; apart, for databases of former programs do not know of it."""
    house_id = house.adds(
        HouseRow, key=house.unique("choosing"), address="ул. Ленина, 2",
        operator_id=house.operator_id,
    )  # fmt: skip
    house.adds(
        HouseChoice, house_id=house_id, service_external_id="heat", valid_from=JANUARY,
        choice="all_year", season_months=7,
    )  # fmt: skip


def learns_late(house: House, flat: Flat) -> None:
    """Once for a run to find, and once that a run has looked at; apart, likewise."""
    late = {"agreement_id": flat.id, "last_period": OCTOBER, "noted_at": NOW}
    house.adds(LateFact, **late, first_period=OCTOBER)
    taken_id = house.adds(LateFact, **late, first_period=Period(2026, 9))
    house.adds(LateFactTaken, late_fact_id=taken_id, taken_at=NOW)


def refuses_access(house: House, flat: Flat) -> None:
    """A flat in which nobody lives; apart, likewise."""
    account = flat.an_account("Стояк 3", serial=None)
    house.adds(
        Refusal, account_id=account.id, service_id=house.a_service().id, document="акт № 5",
        refused_on=date(2026, 9, 3), admitted_on=date(2026, 10, 5),
        admitted_value=Quantity.parse("17"),
    )  # fmt: skip
    premises_id = house.adds(Premises, key=house.unique("empty"), address="кв. 4")
    house.adds(
        PremisesFact, premises_id=premises_id, kind="owners", valid_from=JANUARY,
        value=Quantity.parse("2"),
    )  # fmt: skip


def _knows_the_rates(house: House) -> None:
    house.adds(KeyRate, valid_from=JANUARY, percent=Quantity.parse("16"))
    house.adds(
        RateCap, valid_from=date(2025, 1, 1), valid_to=date(2026, 12, 31),
        percent=Quantity.parse("9,5"),
    )  # fmt: skip
    house.adds(DueDay, valid_from=date(2026, 3, 1), day=15)
    house.adds(DayOff, day=date(2026, 11, 4), is_working=False)


def _stands_somewhere(house: House, flat: Flat) -> None:
    house_id = house.adds(
        HouseRow, key=house.unique("house"), address="ул. Ленина, 1", operator_id=house.operator_id
    )
    premises_id = house.adds(
        Premises, key=house.unique("flat"), address="кв. 3", area=Quantity.parse("54,3"),
        house_id=house_id,
    )  # fmt: skip
    house.adds(
        HouseFact, house_id=house_id, kind="total_area", valid_from=JANUARY,
        value=Quantity.parse("3000"),
    )  # fmt: skip
    house.adds(
        HouseVolume, house_id=house_id, service_external_id="heat", period=OCTOBER, revision=0,
        volume=Quantity.parse("50"),
    )  # fmt: skip
    house.adds(
        PremisesFact, premises_id=premises_id, kind="residents", valid_from=JANUARY,
        value=Quantity.parse("2"),
    )  # fmt: skip
    house.adds(
        Absence, premises_id=premises_id, left_on=date(2026, 7, 1), returned_on=date(2026, 7, 20),
        persons=1, document="Справка № 1",
    )  # fmt: skip


def _has_dated_facts(house: House, flat: Flat) -> None:
    service = house.a_periodic_service("Водоотведение")
    account = flat.an_account("Канализация", serial=None)
    served = {"account_id": account.id, "service_id": service.id}
    supplier_id = house.adds(
        Supplier, key=house.unique("supplier"), name="АО «Водоканал»", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    house.adds(
        ServiceTerms, service_id=service.id, valid_from=JANUARY, scheme="agency",
        supplier_id=supplier_id, commission_percent=Quantity.parse("3"),
        commission_fixed=Money.parse("1"),
    )  # fmt: skip
    house.adds(ServiceSource, service_id=service.id, source_external_id="zkh_water")
    house.adds(
        ServiceFact, service_id=service.id, kind="norm", valid_from=JANUARY,
        value=Quantity.parse("7,56"),
    )  # fmt: skip
    house.adds(
        Band, service_id=service.id, valid_from=JANUARY, position=1, upto=Quantity.parse("125"),
        price=Price.parse("5"),
    )  # fmt: skip
    house.adds(AccountTariff, account_id=account.id, tariff_id=house.tariff_id, valid_from=JANUARY)
    house.adds(
        AccountFact, **served, kind="quantity", valid_from=JANUARY, value=Quantity.parse("1")
    )
    house.adds(
        Usage, **served, period=OCTOBER, external_id="cdr-1", volume=Quantity.parse("12"),
        amount=Money.parse("24"),
    )  # fmt: skip
    house.adds(
        Work, **served, key="call-1", done_on=date(2026, 10, 5), quantity=Quantity.parse("1")
    )
    house.adds(
        Meter, **served, installed_on=JANUARY, removed_on=date(2026, 10, 1),
        closing_value=Quantity.parse("17"),
    )  # fmt: skip
