"""A house of chance, put into a database as an operator would have loaded it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.backend import Backend
from portal.db import journal
from portal.db.accounts import Meter, Refusal, ServiceAccount
from portal.db.base import Base
from portal.db.houses import House as HouseRow
from portal.db.houses import HouseChoice, HouseFact, HouseVolume
from portal.db.parties import Absence, Agreement, Premises, PremisesFact, Resident
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Band, Price, Service, ServiceFact, ServiceSource
from portal.db.usage import Usage
from portal.domain.charging.bands import Bands
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    HouseFacts,
    ServiceFacts,
    TariffFacts,
)
from portal.domain.charging.line import Priced
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since, Timeline, constant
from tests.builders import House, a_house
from tests.reference.chance import Chance

FLATS = 3
_NORMS = ("norm", "common_norm", "heat_per_unit", "coefficient")


@dataclass
class StoredHouse:
    """`flats`: what a run should read back of each, under the ids that the rows got."""

    house: House
    month: Period
    flats: list[AgreementFacts]


def a_stored_house(backend: Backend, seed: int) -> StoredHouse:
    """Of flats with the same services; each is served from the first of the month on."""
    house = a_house(backend, f"uk-{seed}")
    first = Chance(seed)
    facts = [_ending_somewhere(first.agreement(), first.month)]
    for number in range(1, FLATS):
        other = Chance(seed * 1000 + number)
        other.month = first.month
        facts.append(_ending_somewhere(other.agreement(), first.month))
    return house.writes(lambda session: _Desk(session, house, first.month).stored(facts))


def _ending_somewhere(facts: AgreementFacts, month: Period) -> AgreementFacts:
    (account,) = facts.accounts
    assert account.served is not None
    served = Days(month.first_day, account.served.last)
    return replace(facts, accounts=(replace(account, served=served),))


class _Desk:
    """Writes in one transaction."""

    def __init__(self, session: Session, house: House, month: Period) -> None:
        self._session, self._house, self._month = session, house, month

    def stored(self, facts: list[AgreementFacts]) -> StoredHouse:
        common = facts[0].house
        assert common is not None
        house_id = self._adds(
            HouseRow, key=self._house.unique("house"), address="ул. Ленина, 1",
            operator_id=self._house.operator_id,
        )  # fmt: skip
        for kind, timeline in (
            ("total_area", common.total_area),
            ("common_area", common.common_area),
        ):
            self._dated(HouseFact, timeline, house_id=house_id, kind=kind)
        for code, volume in common.metered.items():
            self._adds(
                HouseVolume, house_id=house_id, service_external_id=code, period=self._month,
                revision=0, volume=volume,
            )  # fmt: skip
        self._decides(house_id, common)
        tariff = facts[0].accounts[0].tariffs[0].value
        assert tariff is not None
        services = {each.service_id: self._service(each) for each in tariff.services}
        flats = [replace(self._flat(each, services, house_id), house=common) for each in facts]
        return StoredHouse(self._house, self._month, flats)

    def _decides(self, house_id: int, common: HouseFacts) -> None:
        for code, timeline in common.choices.items():
            for since in timeline:
                assert since.value is not None
                self._adds(
                    HouseChoice, house_id=house_id, service_external_id=code,
                    valid_from=since.valid_from, choice=since.value.choice.value,
                    season_months=since.value.season_months,
                )  # fmt: skip
        for code, volume in common.last_year.items():
            for month in range(1, 13):  # all of it in December: only the sum is looked at
                self._adds(
                    HouseVolume, house_id=house_id, service_external_id=code,
                    period=Period(self._month.year - 1, month), revision=0,
                    volume=volume if month == 12 else Quantity(0),
                )  # fmt: skip

    def _service(self, facts: ServiceFacts) -> ServiceFacts:
        service_id = self._adds(
            Service, tariff_id=self._house.tariff_id, external_id=facts.external_id,
            name=facts.external_id, unit="м³", kind="periodic", method=facts.method.value,
            resident_may_manage=True, position=facts.service_id, fallback=facts.fallback.value,
        )  # fmt: skip
        for code in facts.sources:
            self._adds(ServiceSource, service_id=service_id, source_external_id=code)
        for kind in _NORMS:
            self._dated(ServiceFact, getattr(facts, kind), service_id=service_id, kind=kind)
        prices = tuple(self._price(service_id, since) for since in facts.prices)
        bands = self._bands(service_id, facts.bands)
        return replace(facts, service_id=service_id, prices=prices, bands=bands)

    def _price(self, service_id: int, since: Since[Priced | None]) -> Since[Priced | None]:
        assert since.value is not None
        price, day = since.value.price, since.valid_from
        price_id = self._adds(Price, service_id=service_id, valid_from=day, price=price)
        return Since(day, Priced(price_id, price))

    def _bands(self, service_id: int, tables: Timeline[Bands]) -> Timeline[Bands]:
        return tuple(Since(t.valid_from, self._table(service_id, t)) for t in tables)

    def _table(self, service_id: int, since: Since[Bands | None]) -> Bands:
        assert since.value is not None
        steps = []
        for position, band in enumerate(since.value.bands, 1):
            band_id = self._adds(
                Band, service_id=service_id, valid_from=since.valid_from, position=position,
                upto=band.upto, price=band.priced.price,
            )  # fmt: skip
            steps.append(replace(band, priced=Priced(-band_id, band.priced.price)))
        return Bands(tuple(steps))

    def _flat(
        self, facts: AgreementFacts, services: dict[int, ServiceFacts], house_id: int
    ) -> AgreementFacts:
        (account,) = facts.accounts
        premises_id = self._premises(facts, house_id)
        agreement_id = self._agreement(premises_id, account.served)
        account_id = self._adds(
            ServiceAccount, key=self._house.unique("account"), agreement_id=agreement_id,
            agent_id=self._house.agent_id, tariff_id=self._house.tariff_id, login="Квартира",
            state=0, position=1,
        )  # fmt: skip
        meters = {services[number].service_id: each for number, each in account.meters.items()}
        for service_id, (meter,) in meters.items():
            self._meter(account_id, service_id, meter)
        obstacle = {services[number].service_id: each for number, each in account.obstacle.items()}
        for service_id in obstacle:
            self._adds(
                Refusal, account_id=account_id, service_id=service_id, document="акт № 1",
                refused_on=self._month.last_day,
            )  # fmt: skip
        used = tuple(
            replace(each, service=services[each.service.service_id]) for each in account.used
        )
        for each in used:
            self._adds(
                Usage, account_id=account_id, service_id=each.service.service_id,
                period=self._month, external_id=each.external_id, volume=each.volume,
            )  # fmt: skip
        tariff = TariffFacts(self._house.tariff_id, tuple(services.values()))
        mine = AccountFacts(account_id, account.served, constant(tariff), meters=meters, used=used)
        mine = replace(mine, obstacle=obstacle)
        return replace(facts, agreement_id=agreement_id, accounts=(mine,))

    def _premises(self, facts: AgreementFacts, house_id: int) -> int:
        told = facts.premises
        assert told is not None
        premises_id = self._adds(
            Premises, key=self._house.unique("flat"), address="кв.", house_id=house_id
        )
        people = tuple(Since(s.valid_from, Quantity((s.value or 0) * SCALE)) for s in told.persons)
        owners = tuple(Since(s.valid_from, Quantity((s.value or 0) * SCALE)) for s in told.owners)
        kinds = (
            ("area", told.area), ("heated_area", told.heated_area), ("residents", people),
            ("owners", owners),
        )  # fmt: skip
        for kind, timeline in kinds:
            self._dated(PremisesFact, timeline, premises_id=premises_id, kind=kind)
        for number, away in enumerate(told.absences):
            self._adds(
                Absence, premises_id=premises_id, left_on=away.left_on,
                returned_on=away.returned_on, persons=away.persons, document=f"№ {number}",
            )  # fmt: skip
        return premises_id

    def _agreement(self, premises_id: int, served: Days | None) -> int:
        assert served is not None
        is_whole = served.last == self._month.last_day
        resident_id = self._adds(
            Resident, login=self._house.unique("login"), name="Житель", must_change_password=False
        )
        return self._adds(
            Agreement, number=self._house.unique("DOM"), resident_id=resident_id,
            operator_id=self._house.operator_id, premises_id=premises_id,
            closed_on=None if is_whole else served.last + timedelta(1),
        )  # fmt: skip

    def _meter(self, account_id: int, service_id: int, meter: Any) -> None:
        meter_id = self._adds(
            Meter, account_id=account_id, service_id=service_id, serial=meter.serial,
            installed_on=meter.opened_on,
        )  # fmt: skip
        previous = None
        values = [(meter.opened_on, meter.opening, "opening")]
        values += [(each.taken_on, each.value, "resident") for each in meter.readings]
        for day, value, source in values:
            previous = self._adds(
                Reading, account_id=account_id, service_id=service_id, meter_id=meter_id,
                taken_on=day, value=value, previous_id=previous, revision=0, source=source,
                accepted_at=_noon(day),
            )  # fmt: skip

    def _dated(self, model: type[Base], timeline: Iterable[Since[Any]], **more: Any) -> None:
        for since in timeline:
            self._adds(model, valid_from=since.valid_from, value=since.value, **more)

    def _adds(self, model: type[Base], **values: Any) -> int:
        return journal.add(self._session, model, **values)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
