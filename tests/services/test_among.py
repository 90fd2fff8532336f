"""Lists that come with a call."""

import pytest
from sqlalchemy import select, text

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.imports.book.known import AT_ONCE
from tests.builders import a_house

_agreement = table_of(Agreement)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 17, 40])
def test_as_many_are_found_as_are_named(backend, count):
    person = a_house(backend).a_resident()
    numbers = [f"DOM-{number:02}" for number in range(41)]
    for number in numbers:
        person.an_agreement(number)
    named = numbers[:count]
    query = select(_agreement.c.number).where(
        is_among(_agreement.c.number, "number", places_for(named))
    )
    found = backend.read_now(lambda session: session.scalars(query, among("number", named)).all())
    assert sorted(found) == named


def test_a_whole_portion_of_a_load_fits_twice(backend):
    """The two lists of a ledger lookup: an agreement a charge, and the operator."""
    numbers = [f"DOM-{number}" for number in range(AT_ONCE + 1)]
    a_house(backend).a_resident().an_agreement(numbers[-1])
    ids, places = range(1, AT_ONCE + 2), places_for(numbers)
    query = select(_agreement.c.number).where(
        is_among(_agreement.c.number, "number", places), is_among(_agreement.c.id, "id", places)
    )
    parameters = among("number", numbers) | among("id", ids)
    assert backend.read_now(lambda s: s.scalars(query, parameters).all()) == [numbers[-1]]


def test_a_long_list_may_hold_any_text_and_what_is_not_there(backend):
    odd = ['"', "\\", '\\"', "{1,2}", ",", "a b", "NULL", "Дом № 5", "''", "%s", "?", ":name"]
    person = a_house(backend).a_resident()
    for number in (*odd, "DOM-1"):
        person.an_agreement(number)
    named = [*odd, *(f"nobody-{number}" for number in range(20)), None]
    query = select(_agreement.c.number).where(
        is_among(_agreement.c.number, "number", places_for(named))
    )
    found = backend.read_now(lambda session: session.scalars(query, among("number", named)).all())
    assert sorted(found) == sorted(odd)


def test_a_long_list_is_looked_up_by_an_index(backend):
    """However few of the rows it is: a run would look through the whole town for each chunk."""
    query = select(_agreement.c.id).where(
        is_among(_agreement.c.number, "number", places_for(range(40))),
        is_among(_agreement.c.resident_id, "resident", places_for(range(40))),
    )

    def planned(session) -> str:
        explain = "EXPLAIN QUERY PLAN"
        if session.is_postgresql:
            explain = "EXPLAIN"
            session.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is read whole
        compiled = query.compile(dialect=session.connection.dialect)
        nothing = "{}" if session.is_postgresql else "[]"
        given = dict.fromkeys(compiled.binds, nothing)
        places = given if session.is_postgresql else tuple(given.values())
        return str(session.connection.exec_driver_sql(f"{explain} {compiled}", places).all())

    plan = backend.read_now(planned)
    assert "Index" in plan or "USING INDEX" in plan
    assert "Seq Scan" not in plan
    assert "SCAN agreement" not in plan


def test_a_few_statements_serve_all_lengths():
    assert {places_for(range(count)) for count in range(65)} == {1, 2, 4, 8, 16, 32, 64}
