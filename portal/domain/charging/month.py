"""A month of an agreement: what each service of its accounts is charged, or why it is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from portal.domain.charging.case import Case, used
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    HouseFacts,
    PremisesFacts,
    ServiceFacts,
)
from portal.domain.charging.followed import FOLLOWING, follow
from portal.domain.charging.housed import OF_HOUSE, common, own_heat
from portal.domain.charging.line import NotChargeable
from portal.domain.charging.methods import Method
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.plain import PLAIN
from portal.domain.charging.read import read, submitted
from portal.domain.charging.registered import usages, works
from portal.domain.charging.served import services_of
from portal.domain.period import Period
from portal.domain.timeline import Days

_REGISTERED: Final = frozenset({Method.ONE_TIME, Method.USAGE})
_NO_PREMISES: Final = PremisesFacts()
_NO_HOUSE: Final = HouseFacts()

Served: TypeAlias = tuple[ServiceFacts, tuple[Days, ...]]
Charging: TypeAlias = Callable[[Case], ServiceMonth]


def charge_agreement(facts: AgreementFacts, month: Period) -> tuple[ServiceMonth, ...]:
    """Every service that the month has, each on its own: what lacks stops no other.  Services by
    the remainder of a house lack it until `house.dwellings` is known: see `charge_rest`.
    """
    cases = list(_cases(facts, month))
    own = [_charged(_WAYS[case.service.method], case) for case in cases if not _follows(case)]
    followed = [_charged(lambda case: follow(case, own), case) for case in cases if _follows(case)]
    return (*own, *followed, *_registered(facts, month))


def charge_rest(
    facts: AgreementFacts, month: Period, known: tuple[ServiceMonth, ...]
) -> tuple[ServiceMonth, ...]:
    """`known` of `charge_agreement`, with the services by the remainder of the house charged as
    `facts` now has it: `housed.dwellings_of` all its agreements.
    """
    if all(told.method not in OF_HOUSE for told in known):
        return known
    cases = {
        (case.account.account_id, case.service.service_id): case
        for case in _cases(facts, month)
        if case.service.method in OF_HOUSE
    }
    return tuple(
        _charged(_WAYS[told.method], cases[told.account_id, told.service_id])
        if told.method in OF_HOUSE
        else told
        for told in known
    )


def _cases(facts: AgreementFacts, month: Period) -> Iterator[Case]:
    for account in facts.accounts:
        served = tuple(services_of(account, month))
        for service, runs in served:
            if service.method not in _REGISTERED:
                case = _case(facts, account, service, month, runs)
                if len(account.tariffs) > 1 and service.method.is_read:
                    case.alike = tuple(_alike(account, service, served))
                yield case


def _alike(
    account: AccountFacts, service: ServiceFacts, served: Iterable[Served]
) -> Iterator[Served]:
    """Those under the same code whose meter is the same, and not another that replaced it."""
    own = account.meters.get(service.service_id)
    for other, runs in served:
        is_other = other.service_id != service.service_id and other.method.is_read
        is_same = own and account.meters.get(other.service_id) is own
        if is_same and is_other and other.external_id == service.external_id:
            yield other, runs


def _case(
    facts: AgreementFacts,
    account: AccountFacts,
    service: ServiceFacts,
    month: Period,
    runs: tuple[Days, ...],
) -> Case:
    premises, house = facts.premises or _NO_PREMISES, facts.house or _NO_HOUSE
    return Case(service, account, premises, house, month, runs, facts.rules, facts.due_day)


def _follows(case: Case) -> bool:
    return case.service.method in FOLLOWING


def _charged(charging: Charging, case: Case) -> ServiceMonth:
    try:
        return charging(case)
    except NotChargeable as lack:
        return case.became(lack=lack.with_traceback(None))  # or it would keep all of the frames


def _registered(facts: AgreementFacts, month: Period) -> Iterator[ServiceMonth]:
    """Of services of whatever tariff, even on days on which the account is not served."""
    whole = Days.of(month)
    for account in facts.accounts:
        days = (account.served and account.served.within(whole)) or whole
        for charging, rows in ((works, account.works), (usages, account.used)):
            for service in {row.service.service_id: row.service for row in rows}.values():
                yield _charged(charging, _case(facts, account, service, month, (days,)))


def _plain(case: Case) -> ServiceMonth:
    lines = case.in_runs(PLAIN[case.service.method])
    return case.became(lines, used(lines))


_WAYS: Final[Mapping[Method, Charging]] = {
    **dict.fromkeys(PLAIN, _plain),
    Method.METERED: submitted,
    Method.METERED_MONTH: read,
    Method.BANDS: read,
    Method.COMMON_HOUSE: common,
    Method.HEATING_INDIVIDUAL: own_heat,
}
