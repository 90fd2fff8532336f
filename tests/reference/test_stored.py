"""A house of chance that is stored and billed has the lines of the slow reckoning, on SQLite and on
PostgreSQL: so both databases have the same.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.domain.charging.facts import AgreementFacts
from portal.domain.charging.month import charge_agreement
from portal.domain.identity import Officer
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.reference.slow import Told
from tests.reference.stored import StoredHouse, a_stored_house
from tests.reference.test_month import Reckoner

HOUSES, HOUSES_IN_FULL = 8, 200
LATER = datetime(2027, 1, 5, 9, tzinfo=UTC)
OFFICER = Officer("бухгалтер")
Lines = dict[tuple[int, int], list[Told]]
"""By the account and the service."""


def billed(stored: StoredHouse) -> None:
    backend, order = stored.house.backend, Order(stored.house.operator_id, stored.month)
    for chunk in backend.read_now(chunks, OFFICER, order, None):
        report = backend.write_now(bill_chunk, OFFICER, order, chunk, LATER)
        assert report.lacks == ()


def stored_lines(backend: Backend, stored: StoredHouse) -> Lines:
    charge = table_of(Charge)
    agreements = [flat.agreement_id for flat in stored.flats]

    def query(session: Session) -> list[Any]:
        return list(session.execute(select(charge).where(charge.c.agreement_id.in_(agreements))))

    found: Lines = defaultdict(list)
    for row in backend.read_now(query):
        price_id = row.price_id if row.band_id is None else -row.band_id
        first, last = (date.fromisoformat(row.proof["inputs"][name]) for name in ("from", "to"))
        line = Told(row.part, first, last, price_id, row.volume.micro, row.amount.kopecks)
        found[row.account_id, row.service_id].append(line)
    return {served: sorted(lines) for served, lines in found.items()}


def reckoned(stored: StoredHouse) -> Lines:
    """What the dwellings of the house used together is added up here as well."""
    months = [charge_agreement(flat, stored.month) for flat in stored.flats]
    cold = [told.volume for all_of in months for told in all_of if told.external_id == "cold"]
    known = Quantity(sum(volume.micro for volume in cold if volume is not None))
    found: Lines = {}
    for flat, told in zip(stored.flats, months, strict=True):
        assert flat.house is not None
        whole = replace(flat, house=replace(flat.house, dwellings={"cold": known}))
        reckoner = Reckoner(whole, told)
        for service in _services(flat):
            lines = sorted(reckoner.lines(service))
            if lines:
                found[flat.accounts[0].account_id, service.service_id] = lines
    return found


def _services(flat: AgreementFacts) -> Any:
    tariff = flat.accounts[0].tariffs[0].value
    assert tariff is not None
    return tariff.services


@pytest.mark.timeout(600)
def test_houses_of_chance_are_billed_as_the_slow_reckoning_says(backend, full: bool) -> None:
    for seed in range(1, (HOUSES_IN_FULL if full else HOUSES) + 1):
        stored = a_stored_house(backend, seed)
        billed(stored)
        assert stored_lines(backend, stored) == reckoned(stored), seed
    assert backend.read_now(audit) == ()
