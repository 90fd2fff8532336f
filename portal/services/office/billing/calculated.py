"""What ought to be charged: each agreement by itself, then what needs the sums of its house."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from portal.domain.charging.facts import AgreementFacts
from portal.domain.charging.housed import OF_HOUSE, dwellings_of
from portal.domain.charging.line import Line
from portal.domain.charging.methods import Method
from portal.domain.charging.month import charge_agreement, charge_rest
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import value_on
from portal.services.office.billing.book import BookService
from portal.services.office.billing.facts import Facts
from portal.services.office.billing.posted import Posted
from portal.services.office.billing.posting import Due, Ought, payee_of
from portal.services.office.billing.report import Lacking

Calculated = Mapping[int, tuple[ServiceMonth, ...]]
ELSEWHERE = "За этот месяц уже есть другое списание, по показаниям или из файла"


def calculated(facts: Facts, period: Period) -> Calculated:
    """By the agreement.  What a house used beyond its dwellings follows from all of them."""
    known = {
        agreement_id: charge_agreement(agreement, period)
        for agreement_id, agreement in facts.agreements.items()
    }
    for some in _by_house(facts.houses).values():
        wanting = [each for each in some if any(m.method in OF_HOUSE for m in known[each])]
        if wanting:
            dwellings = dwellings_of(month for each in some for month in known[each])
            for agreement_id in wanting:
                agreement = _within(facts.agreements[agreement_id], dwellings)
                known[agreement_id] = charge_rest(agreement, period, known[agreement_id])
    return known


def oughts(
    facts: Facts,
    agreement_id: int,
    services: Iterable[ServiceMonth],
    known: Posted,
    kept: Collection[Method] = (),
) -> Iterator[Ought]:
    """What lacks a fact stays as it is, and so do services by the methods `kept`; what was charged
    and is not served any more becomes nothing.
    """
    accounts = facts.agreements[agreement_id].accounts
    left = {served for each in accounts for served in known.of_account(each.account_id)}
    for service in services:
        served = service.account_id, service.service_id
        left.discard(served)
        stays = service.lack is not None or service.method in kept
        if not stays and served not in known.elsewhere:
            book = facts.services[service.service_id]
            yield Ought(agreement_id, served, dues(book, service))
    for served in sorted(left):
        yield Ought(agreement_id, served, ())


def lacks(
    facts: Facts, agreement_id: int, services: Iterable[ServiceMonth], known: Posted
) -> Iterator[Lacking]:
    for service in services:
        served = service.account_id, service.service_id
        sentence = "" if service.lack is None else str(service.lack)
        if service.lines and served in known.elsewhere:
            sentence = ELSEWHERE
        if sentence:
            yield Lacking(
                facts.numbers[agreement_id],
                facts.logins[service.account_id],
                facts.services[service.service_id].name,
                sentence,
            )


def _by_house(houses: Mapping[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for agreement_id, house_id in houses.items():
        found[house_id].append(agreement_id)
    return found


def dues(book: BookService, service: ServiceMonth) -> tuple[Due, ...]:
    """Its lines with whose they are."""
    return tuple(
        Due(line, _price_id(book, line), payee_of(line, book.terms)) for line in service.lines
    )


def _price_id(book: BookService, line: Line) -> int:
    """Under a band the price of the service that holds; `book` has no bands where there is none."""
    if line.price_id > 0:
        return line.price_id
    priced = value_on(book.facts.prices, line.days.first)
    if priced is None:
        raise LookupError(line)
    return priced.price_id


def _within(agreement: AgreementFacts, sums: Mapping[str, Quantity | None]) -> AgreementFacts:
    if agreement.house is None:
        return agreement
    return replace(agreement, house=replace(agreement.house, dwellings=sums))
