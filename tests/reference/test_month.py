"""The month's charging and the slow reckoning of the same rules come to the same kopeck."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from portal.domain.charging.facts import AgreementFacts, ServiceFacts
from portal.domain.charging.line import Line
from portal.domain.charging.methods import Method
from portal.domain.charging.month import charge_agreement
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.timeline import constant
from tests.reference import slow
from tests.reference.chance import Chance
from tests.reference.slow import Told, exact

LINES = 100_000
SHARES = 4
"""Tests, so that several processes have something to do."""


class Reckoner:
    """The slow lines of every service of an agreement."""

    def __init__(self, facts: AgreementFacts, months: tuple[ServiceMonth, ...]) -> None:
        (account,) = facts.accounts
        assert account.served is not None
        assert facts.premises is not None
        assert facts.house is not None
        self.account, self.premises, self.house = account, facts.premises, facts.house
        first = account.served.first
        whole = slow.days_of(first.year, first.month)
        self.share, self.days = len(whole), [day for day in whole if day in account.served]
        self.counted_heads = slow.counting(whole, self.premises.persons, self.premises.owners)
        self.volumes = {told.external_id: told.volume for told in months}

    def lines(self, service: ServiceFacts) -> list[Told]:
        return _RECKONED[service.method](self, service)

    def product(self, service: ServiceFacts, volume: Any, *factors: Any) -> list[Told]:
        return slow.product(self.days, list(factors), service.prices, volume, self.share)

    def counted(self, service: ServiceFacts, volume: Any, *factors: Any) -> list[Told]:
        """Of a volume that the served days have as a whole."""
        return slow.product(self.days, list(factors), service.prices, volume, len(self.days))

    def volume_of(self, *codes: str) -> Fraction:
        volumes = [self.volumes[code] for code in codes]
        return sum((exact(volume) for volume in volumes), Fraction(0))

    def read(self, service: ServiceFacts) -> list[Told]:
        (meter,) = self.account.meters[service.service_id]
        if service.service_id in self.account.obstacle:  # nobody was let in
            return self.raised(service)
        people = self.counted_heads
        return slow.read(self.days, meter, service, service.steps, people, self.share)

    def norm(self, service: ServiceFacts) -> list[Told]:
        people, norm = self.premises.persons, service.norm
        base = self.product(service, lambda n, v: n[0] * exact(v), self.counted_heads, norm)
        gone = self.premises.absences
        return base + slow.absent(self.days, people, norm, service.prices, gone, self.share)

    def raised(self, service: ServiceFacts) -> list[Told]:
        people, norm, factor = self.counted_heads, service.norm, service.coefficient
        return slow.raised(self.days, people, norm, factor, service.prices, self.share)

    def by_area(self, service: ServiceFacts) -> list[Told]:
        return self.product(service, exact, self.premises.area)

    def by_one(self, service: ServiceFacts) -> list[Told]:
        return self.product(service, Fraction, constant(1))

    def shared(self, service: ServiceFacts, volume: Fraction, area: Any) -> list[Told]:
        def part(own: Any, of_house: Any) -> Fraction:
            return volume * exact(own) / exact(of_house)

        return self.product(service, part, area, self.house.total_area)

    def heating_house(self, service: ServiceFacts) -> list[Told]:
        volume = exact(self.house.metered[service.external_id])
        if self.choice(service) == "all_year":
            volume = exact(self.house.last_year[service.external_id]) / 12
        return self.shared(service, volume, self.premises.heated_area)

    def choice(self, service: ServiceFacts) -> str:
        """What was decided last, up to the first of the month."""
        told = [
            each.value.choice.value
            for each in self.house.choices.get(service.external_id, ())
            if each.value is not None and each.valid_from <= self.days[0].replace(day=1)
        ]
        return told[-1] if told else ""

    def common_norm(self, service: ServiceFacts) -> list[Told]:
        def part(norm: Any, common: Any, own: Any, of_house: Any) -> Fraction:
            return exact(norm) * exact(common) * exact(own) / exact(of_house)

        norm, house = service.common_norm, self.house
        areas = (house.common_area, self.premises.area, house.total_area)
        return self.product(service, part, norm, *areas)

    def common_house(self, service: ServiceFacts) -> list[Told]:
        """What is left, but no more than the norm of all days of the month."""
        cold = self.house.dwellings["cold"]
        left = max(exact(self.house.metered[service.external_id]) - exact(cold), Fraction(0))
        month = slow.days_of(self.days[0].year, self.days[0].month)
        norms = (
            exact(slow.on(service.common_norm, day)) * exact(slow.on(self.house.common_area, day))
            for day in month
        )
        is_capped = self.choice(service) != "uncapped"
        if is_capped and left > sum(norms, Fraction(0)) / len(month):
            return self.common_norm(service)
        return self.shared(service, left, self.premises.area)

    def waters(self, service: ServiceFacts) -> list[Told]:
        volume = self.volume_of("cold", "hot")
        return self.counted(service, lambda _: volume, constant(1))

    def heat(self, service: ServiceFacts) -> list[Told]:
        volume = self.volume_of("hot")
        return self.counted(service, lambda heat: volume * exact(heat), service.heat_per_unit)

    def usage(self, service: ServiceFacts) -> list[Told]:
        (used,) = self.account.used
        return self.counted(service, lambda _: exact(used.volume), constant(1))

    def person(self, service: ServiceFacts) -> list[Told]:
        return self.product(service, Fraction, self.premises.persons)

    def heated(self, service: ServiceFacts) -> list[Told]:
        return self.product(service, exact, self.premises.heated_area)

    def heating_norm(self, service: ServiceFacts) -> list[Told]:
        area, norm = self.premises.heated_area, service.norm
        months = Fraction(1)
        if self.choice(service) == "all_year":
            (told,) = self.house.choices[service.external_id]
            assert told.value is not None
            assert told.value.season_months is not None
            months = Fraction(told.value.season_months, 12)
        return self.product(service, lambda s, v: exact(s) * exact(v) * months, area, norm)


_RECKONED: Mapping[Method, Callable[[Reckoner, ServiceFacts], list[Told]]] = {
    Method.METERED_MONTH: Reckoner.read,
    Method.BANDS: Reckoner.read,
    Method.NORM: Reckoner.norm,
    Method.NORM_RAISED: Reckoner.raised,
    Method.AREA: Reckoner.by_area,
    Method.CAPITAL_REPAIR: Reckoner.by_area,
    Method.HEATED_AREA: Reckoner.heated,
    Method.PERSON: Reckoner.person,
    Method.HEATING_NORM: Reckoner.heating_norm,
    Method.HEATING_HOUSE: Reckoner.heating_house,
    Method.COMMON_NORM: Reckoner.common_norm,
    Method.COMMON_HOUSE: Reckoner.common_house,
    Method.WATERS: Reckoner.waters,
    Method.WATER_HEAT: Reckoner.heat,
    Method.PERIODIC_DAILY: Reckoner.by_one,
    Method.USAGE: Reckoner.usage,
}


def told(line: Line) -> Told:
    days, amount = line.days, line.amount.kopecks
    return Told(line.part.value, days.first, days.last, line.price_id, line.volume.micro, amount)


def compared(seed: int) -> int:
    """How many lines were the same; fails where one is not."""
    chance = Chance(seed)
    facts = chance.agreement()
    months = charge_agreement(facts, chance.month)
    reckoner = Reckoner(facts, months)
    tariff = facts.accounts[0].tariffs[0].value
    assert tariff is not None
    services = {each.service_id: each for each in tariff.services}
    assert len(months) == len(services)
    for month in months:
        expected = reckoner.lines(services[month.service_id])
        assert sorted(map(told, month.lines)) == sorted(expected), (seed, month.method)
    return sum(len(month.lines) for month in months)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_hundred_thousand_lines_of_chance_are_the_same_to_the_kopeck(share):
    seeds, lines = iter(range(share, 10**9, SHARES)), 0
    while lines < LINES // SHARES:
        lines += compared(next(seeds))
