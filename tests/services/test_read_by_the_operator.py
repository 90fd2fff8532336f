"""What is not his to give, a resident does not submit."""

from datetime import date
from typing import Any

import pytest

from portal.backend import Backend
from portal.services.entry import EntryRefused
from tests.builders import NOW, a_house
from tests.support.entries import an_entry, submit

SENTENCE = "Показания по этой услуге принимает управляющая компания"


@pytest.mark.parametrize(
    "service",
    [{"method": "heating_individual"}, {"method": "metered", "resident_may_manage": False}],
    ids=str,
)
def test_a_reading_is_refused_and_nothing_is_charged(
    backend: Backend, service: dict[str, Any]
) -> None:
    flat = a_house(backend).a_resident().an_agreement()
    water = flat.house.a_service("zkh_water", price="53,41", **service)
    counter = flat.an_account().a_meter(water).opens_at("478", on=date(2026, 10, 21))
    assert counter.newest is not None
    key = f"{counter.account.id}/zkh_water"
    entry = an_entry({key: "490"}, {key: counter.newest.id}, NOW.date().isoformat())

    with pytest.raises(EntryRefused) as refused:
        submit(backend, flat.person.id, entry, NOW)

    assert refused.value.errors == {key: SENTENCE}
