"""A registry that names many months asks for their invoices once."""

from datetime import UTC, datetime

from portal.domain.period import Period
from portal.services.incoming.stating import Claim, stated_by
from tests.builders import a_house
from tests.support.statements import counted

MONTHS = [Period(2026, number) for number in range(1, 13)]


def test_the_invoices_of_all_months_that_are_named_are_found_in_one_look(backend):
    house = a_house(backend)
    flats = [house.a_resident().an_agreement(f"DOM-{number}") for number in (1, 2)]
    service, at = house.a_periodic_service(), datetime(2026, 10, 20, 9, tzinfo=UTC)
    invoices = {}
    for flat in flats:
        account = flat.an_account(f"Квартира {flat.id}")
        for month in (MONTHS[0], MONTHS[4], MONTHS[9]):
            charge = account.is_charged(service, "1", at=at)
            invoices[flat.id, month] = flat.an_invoice([charge], period=month).id
    claims = [Claim(flat.id, period=month) for flat in flats for month in MONTHS]
    with counted(backend.engine) as statements:
        found = backend.read_now(stated_by, claims)
    expected = [
        (invoices[key],) if (key := (claim.agreement_id, claim.period)) in invoices else ()
        for claim in claims
    ]
    assert found == expected
    assert len(statements) == 1
