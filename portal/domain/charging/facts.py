"""Everything that decides a month of one agreement, as the run reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias

from portal.domain.charging.absence import Absence
from portal.domain.charging.bands import Bands, flat
from portal.domain.charging.choices import Decision
from portal.domain.charging.counted import Meter
from portal.domain.charging.estimated import Rules
from portal.domain.charging.line import Priced
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.way import Obstacle
from portal.domain.made import made_often
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline

Quantities: TypeAlias = Timeline[Quantity]


@dataclass(frozen=True)  # without slots: it keeps `steps`; there are few of them
class ServiceFacts:
    """A service of one tariff; what its method does not take stays empty."""

    service_id: int
    external_id: str
    method: Method
    prices: Timeline[Priced] = ()
    bands: Timeline[Bands] = ()
    """Of `BANDS`: its tables of prices; the ids in them, and so in its lines, are those of bands
    and not of prices.
    """
    fallback: Fallback = Fallback.NONE
    sources: tuple[str, ...] = ()
    """The codes of the services whose volumes it takes."""
    norm: Quantities = ()
    common_norm: Quantities = ()
    heat_per_unit: Quantities = ()
    coefficient: Quantities = ()

    @cached_property
    def steps(self) -> Timeline[Bands]:
        """By what a volume is priced."""
        return self.bands if self.method is Method.BANDS else flat(self.prices)


@dataclass(frozen=True, slots=True)
class TariffFacts:
    tariff_id: int
    services: tuple[ServiceFacts, ...]


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """`metered` and `dwellings` are of the month to be charged.  All but the areas is by the codes
    of services.
    """

    total_area: Quantities = ()
    common_area: Quantities = ()
    metered: Mapping[str, Quantity] = field(default_factory=dict)
    """What the house's own meter counted, under the code of the service that is charged by it or
    of those whose volumes that one takes.
    """
    dwellings: Mapping[str, Quantity | None] = field(default_factory=dict)
    """What all dwellings used together; None where the volume of one is unknown.  Empty until
    `month.dwellings_of` has added it up.
    """
    last_year: Mapping[str, Quantity] = field(default_factory=dict)
    """What the house's meter counted in the year before, where all twelve months are known."""
    choices: Mapping[str, Timeline[Decision]] = field(default_factory=dict)


@made_often(frozen=True, slots=True)
class PremisesFacts:
    area: Quantities = ()
    heated_area: Quantities = ()
    persons: Timeline[int] = ()
    absences: tuple[Absence, ...] = ()
    owners: Timeline[int] = ()
    """Counted by norms while `persons` is 0."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was done once for an account, of a service of whatever tariff."""

    service: ServiceFacts
    key: str
    done_on: date
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Used:
    """What another system counted in the month; with an `amount` where it has priced it too."""

    service: ServiceFacts
    external_id: str
    volume: Quantity
    amount: Money | None = None


@made_often(frozen=True, slots=True)
class AccountFacts:
    """An account; the keys of its mappings are ids of services."""

    account_id: int
    served: Days | None
    """Of the month's days those on which it is served; None: none of them."""
    tariffs: Timeline[TariffFacts]
    quantity: Mapping[int, Quantities] = field(default_factory=dict)
    """How many of a service; before the first it is one, and from 0 on it is not served."""
    meter_possible: Mapping[int, Timeline[bool]] = field(default_factory=dict)
    meters: Mapping[int, tuple[Meter, ...]] = field(default_factory=dict)
    """Of the present series (see `counted.intervals`): its readings, or only the last of them where
    these decide the month (`deciding.is_decided`), the meter then beginning with the first of them.
    """
    former: Mapping[int, tuple[Meter, ...]] = field(default_factory=dict)
    """Of the series before that one: the days between the two are charged by it."""
    obstacle: Mapping[int, Obstacle] = field(default_factory=dict)
    """What takes a meter's values away: one from before the present series only for the days
    before that.
    """
    works: tuple[Work, ...] = ()
    """Those of the month."""
    used: tuple[Used, ...] = ()


@made_often(frozen=True, slots=True)
class AgreementFacts:
    agreement_id: int
    accounts: tuple[AccountFacts, ...]
    due_day: int
    """Until when readings are wanted."""
    premises: PremisesFacts | None = None
    house: HouseFacts | None = None
    rules: Rules = field(default_factory=Rules)
