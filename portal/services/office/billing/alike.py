"""Services of an account's former and later tariffs under one code: the same tap, and its meter."""

from collections import defaultdict
from collections.abc import Mapping

from portal.services.office.billing.book import BookService
from portal.services.office.billing.places import Rows
from portal.services.office.billing.posted import Served


def services_alike(
    services: Mapping[int, BookService], history: Rows
) -> dict[Served, frozenset[int]]:
    """Of services that are read from meters; nothing of an account that has always had one
    tariff.
    """
    found: dict[Served, frozenset[int]] = {}
    by_tariff: dict[int, list[BookService]] = defaultdict(list)
    for service in services.values():
        if service.facts.method.is_read:
            by_tariff[service.tariff_id].append(service)
    for account_id, rows in history.items():
        tariffs = {row.tariff_id for row in rows}
        if len(tariffs) > 1:
            own = [service for tariff_id in tariffs for service in by_tariff[tariff_id]]
            found |= _of_account(account_id, own)
    return found


def _of_account(account_id: int, own: list[BookService]) -> dict[Served, frozenset[int]]:
    by_code: dict[str, set[int]] = defaultdict(set)
    for service in own:
        by_code[service.facts.external_id].add(service.facts.service_id)
    return {
        (account_id, service_id): frozenset(ids - {service_id})
        for ids in by_code.values()
        if len(ids) > 1
        for service_id in ids
    }
