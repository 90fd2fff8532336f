"""A house's agreement of chance: all its facts change when they like."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.domain.charging.absence import Absence
from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.choices import Choice, Decision
from portal.domain.charging.counted import Meter, Reading
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    HouseFacts,
    PremisesFacts,
    ServiceFacts,
    TariffFacts,
    Used,
)
from portal.domain.charging.line import Priced
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.meter import UNKNOWN_DIAL
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.timeline import Days, Since, Timeline, constant

LONG_AGO = date(2020, 1, 1)
SOURCES = {
    Method.WATERS: ("cold", "hot"),
    Method.WATER_HEAT: ("hot",),
    Method.COMMON_HOUSE: ("cold",),
}
CODES = {Method.METERED_MONTH: "cold", Method.NORM: "hot"}
METHODS = tuple(
    set(Method) - {Method.METERED, Method.PERIODIC_MONTH, Method.ONE_TIME}
    - {Method.HEATING_INDIVIDUAL, Method.FIXED}
)  # fmt: skip


class Chance:
    """Facts drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.month = Period(2026, self._random.randint(1, 12))

    def agreement(self) -> AgreementFacts:
        services = tuple(self._service(*each) for each in enumerate(sorted(METHODS), start=1))
        account = AccountFacts(
            1,
            self._served(),
            constant(TariffFacts(1, services)),
            meters={
                each.service_id: (self._meter(),)
                for each in services
                if each.method in {Method.METERED_MONTH, Method.BANDS}
            },
            obstacle={
                each.service_id: Obstacle(Trouble.REFUSED, self.month.first_day, "акт № 1")
                for each in services
                if each.method is Method.METERED_MONTH and self._random.random() < 0.2
            },
            used=tuple(
                Used(each, "1", self._quantity())
                for each in services
                if each.method is Method.USAGE
            ),
        )
        return AgreementFacts(1, (account,), 25, self._premises(), self._house(services))

    def _served(self) -> Days:
        whole = Days.of(self.month)
        if self._random.random() < 0.6:
            return whole
        days = sorted(self._random.sample(range(whole.count), 2))
        return Days(*(whole.first + timedelta(day) for day in days))

    def _service(self, service_id: int, method: Method) -> ServiceFacts:
        service = ServiceFacts(
            service_id,
            CODES.get(method, method.value),
            method,
            self._dated(lambda: Priced(self._number(1, 9), Price(self._number(0, 10**10)))),
            fallback=Fallback.AVERAGE_THEN_NORM,
            sources=SOURCES.get(method, ()),
            norm=self._quantities(),
            common_norm=self._quantities(),
            heat_per_unit=self._quantities(),
            coefficient=self._dated(lambda: Quantity(self._number(2, 6) * SCALE // 2)),
        )
        return (
            replace(service, bands=self._dated(self._bands)) if method is Method.BANDS else service
        )

    def _bands(self) -> Bands:
        edges = sorted(self._random.sample(range(1, 400), self._number(0, 3)))
        upto = [*(Quantity(edge * SCALE) for edge in edges), None]
        first = self._number(1, 99) * 10
        return Bands(
            tuple(
                Band(edge, Priced(first + place, Price(self._number(0, 10**8))))
                for place, edge in enumerate(upto)
            )
        )

    def _meter(self) -> Meter:
        """Fitted some months ago, and read since in most of them, lately perhaps in none."""
        age, silent = self._number(0, 9), self._number(0, 5)
        opened_on = self.month.shifted(-age - 1).first_day + timedelta(self._number(0, 27))
        value, readings = self._number(0, 10**9), []
        for back in range(age, silent - 1, -1):
            value += self._number(0, 10**9)
            month = self.month.shifted(-back)
            if self._random.random() < 0.8:
                taken_on = month.first_day + timedelta(self._number(1, 24))
                readings.append(Reading(age - back, taken_on, month, Quantity(value)))
        opening = Quantity(self._number(0, 10**5))
        if readings and readings[0].value < opening:
            opening = Quantity(0)
        return Meter("1", UNKNOWN_DIAL, opening, opened_on, tuple(readings))

    def _premises(self) -> PremisesFacts:
        first = self.month.first_day
        absences = []
        for _ in range(self._number(0, 2)):
            left_on = first + timedelta(self._number(-15, 25))
            days = timedelta(self._number(1, 40))
            absences.append(Absence(left_on, left_on + days, self._number(1, 3)))
        people = self._dated(lambda: self._number(0, 6))
        owners = self._dated(lambda: self._number(1, 4))
        areas = self._quantities(), self._quantities()
        return PremisesFacts(*areas, people, tuple(absences), owners)

    def _house(self, services: tuple[ServiceFacts, ...]) -> HouseFacts:
        area = self._dated(lambda: Quantity(self._number(10**9, 10**10)))
        volumes = {each.external_id: self._quantity() for each in services}
        dwellings: dict[str, Quantity | None] = {"cold": self._quantity()}
        return HouseFacts(
            area, self._quantities(), volumes, dwellings, choices=self._choices(), **self._year()
        )

    def _choices(self) -> dict[str, Timeline[Decision]]:
        """Of each method about which something may be decided; of some nobody has said anything."""
        found: dict[str, Timeline[Decision]] = {}
        for method in (Method.COMMON_HOUSE, Method.HEATING_NORM):
            choices = [each for each in Choice if method in each.methods]
            if (choice := self._random.choice([None, *choices])) is not None:
                found[method.value] = (Since(LONG_AGO, self._decision(choice)),)
        # Here always: only then a year is read.
        found[Method.HEATING_HOUSE.value] = (
            Since(LONG_AGO, self._decision(Choice.SEASON)),
            Since(self.month.first_day, self._decision(Choice.ALL_YEAR)),
        )
        return found

    def _decision(self, choice: Choice) -> Decision:
        return Decision(choice, self._number(1, 12) if choice is Choice.ALL_YEAR else None)

    def _year(self) -> dict[str, Any]:
        return {"last_year": {Method.HEATING_HOUSE.value: self._quantity()}}

    def _quantities(self) -> Timeline[Quantity]:
        return self._dated(self._quantity)

    def _quantity(self) -> Quantity:
        return Quantity(self._number(0, 10 ** self._number(4, 10)))

    def _dated(self, value: Any) -> Timeline[Any]:
        """Mostly what it has long been, else changed on a day or two of the month."""
        changes = self._random.choice([0, 0, 0, 1, 1, 2])
        days = sorted(self._random.sample(range(28), changes))
        first = self.month.first_day
        later = (Since(first + timedelta(day), value()) for day in days)
        return (Since(LONG_AGO, value()), *later)

    def _number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)
