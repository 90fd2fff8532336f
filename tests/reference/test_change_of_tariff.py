"""A meter of two tariffs has the lines that the slow reckoning has for a price that changes."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from portal.domain.charging.facts import AgreementFacts, TariffFacts
from portal.domain.charging.line import Priced
from portal.domain.charging.methods import Method
from portal.domain.charging.month import charge_agreement
from portal.domain.quantity import Price
from portal.domain.timeline import Days, Since
from tests.reference import slow
from tests.reference.chance import Chance
from tests.reference.test_month import told

SEEDS = 1200
MOVED = 1000
"""Added to the ids of the other tariff."""


def changed(seed: int, method: Method) -> tuple[AgreementFacts, Chance]:
    """A whole month with a change of tariff on one of its days."""
    chance, random = Chance(seed), Random(seed)
    facts = chance.agreement()
    (account,) = facts.accounts
    tariff = account.tariffs[0].value
    assert tariff is not None
    (service,) = (each for each in tariff.services if each.method is method)
    prices = tuple(
        Since(s.valid_from, Priced(s.value.price_id + MOVED, Price(s.value.price.micro + 7)))
        for s in service.prices
        if s.value is not None
    )
    other = replace(service, service_id=service.service_id + MOVED, prices=prices)
    meters = account.meters[service.service_id]
    change = chance.month.first_day + timedelta(random.randint(1, 27))
    account = replace(
        account,
        served=Days.of(chance.month),
        tariffs=(
            Since(account.tariffs[0].valid_from, TariffFacts(1, (service,))),
            Since(change, TariffFacts(2, (other,))),
        ),
        meters={service.service_id: meters, other.service_id: meters},
        obstacle={},
        used=(),
    )
    return replace(facts, accounts=(account,)), chance


def reckoned(facts: AgreementFacts, chance: Chance) -> list[slow.Told]:
    """As if the one service had the other's prices from that day on."""
    (account,) = facts.accounts
    before, after = (since.value for since in account.tariffs if since.value is not None)
    change = account.tariffs[1].valid_from
    (service,), (other,) = before.services, after.services
    joined = tuple(
        sorted(
            (*(s for s in service.prices if s.valid_from < change),
             Since(change, slow.on(other.prices, change)),
             *(s for s in other.prices if s.valid_from > change)),
            key=lambda since: since.valid_from,
        )
    )  # fmt: skip
    both = replace(service, prices=joined)
    days = slow.days_of(chance.month.year, chance.month.month)
    assert facts.premises is not None
    people = slow.counting(days, facts.premises.persons, facts.premises.owners)
    (meter,) = account.meters[service.service_id]
    return slow.read(days, meter, both, both.steps, people, len(days))


@pytest.mark.parametrize("share", range(2))
def test_the_volume_that_is_read_is_divided_to_the_millionth(share: int) -> None:
    compared = 0
    for seed in range(share, SEEDS, 2):
        facts, chance = changed(seed, Method.METERED_MONTH)
        months = charge_agreement(facts, chance.month)
        lines = [line for month in months for line in month.lines]
        if any(line.proof["method"] != "metered_month" for line in lines):
            continue  # by the average or the norm each tariff has its days
        assert sorted(map(told, lines)) == sorted(reckoned(facts, chance)), seed
        volumes = [month.volume.micro for month in months if month.volume is not None]
        assert sum(volumes) == sum(line.volume.micro for line in lines)
        compared += 1
    assert compared > SEEDS // 16
