"""Many rows through the journal at once: stored as they would be one by one, in few statements."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.db import journal
from portal.db.base import table_of
from portal.db.tariffs import Price
from portal.domain.quantity import Price as PriceValue
from portal.services.audit import audit
from tests.builders import House, a_house
from tests.support.statements import counted

COUNT = 6000
"""More than go into one statement."""


@pytest.fixture
def house(backend) -> House:
    return a_house(backend)


def prices_of(house: House, count: int) -> list[dict]:
    """All for services of their own: a price has one day."""
    service = house.a_service(price=None)
    first = date(2000, 1, 1).toordinal()
    return [
        {
            "service_id": service.id,
            "valid_from": date.fromordinal(first + number),
            "price": PriceValue(number),
        }
        for number in range(count)
    ]


def test_ids_come_in_the_order_of_the_rows_whatever_their_number(house):
    rows = prices_of(house, COUNT)
    ids = house.writes(lambda session: journal.add_all(session, Price, rows))
    table = table_of(Price)

    def query(session):
        return list(session.execute(select(table).order_by(table.c.id)).mappings())

    found = house.backend.read_now(query)
    assert [row["id"] for row in found] == ids
    assert [{name: row[name] for name in rows[0]} for row in found] == rows
    assert house.backend.read_now(audit) == ()


def test_a_row_after_them_gets_an_id_of_its_own(house):
    many, few = prices_of(house, 100), prices_of(house, 2)
    ids = house.writes(lambda session: journal.add_all(session, Price, many))
    ids += house.writes(lambda session: journal.add_all(session, Price, few))
    assert len(set(ids)) == len(many) + len(few)


def test_their_statements_do_not_grow_with_them(house):
    rows = prices_of(house, 1000)
    with counted(house.backend.engine) as statements:
        house.writes(lambda session: journal.add_all(session, Price, rows))
    assert len([one for one in statements if one.startswith("INSERT INTO price")]) == 1
    assert len(statements) <= 4
