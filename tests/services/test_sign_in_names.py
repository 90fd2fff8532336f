"""By which names a resident is found."""

import pytest
from sqlalchemy import select, text

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.parties import Agreement, Resident
from portal.services.sign_in import find_resident
from tests.builders import NOW, Person, a_house


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident(login="Иванов.Ёж")
    person.an_agreement("ДОГ-755/Щ")
    person.an_agreement("DOG-S-755")
    return person


def found(backend: Backend, typed: str) -> int | None:
    row = backend.read_now(find_resident, typed)
    return None if row is None else int(row.id)


MEANT = [
    "DOG-S-755", "dog-s-755", "Dog-S-755", "  dog-s-755\t\n", "\u200edog-s-755\u202c",
    "dog-s\0-755", "дог-755/щ", "ДОГ-755/щ", "иванов.ёж", "ИВАНОВ.ЁЖ", "Иванов.Е\u0308ж",
    "\u00a0dog-s-755\u00a0",
]  # fmt: skip
NOBODY = [
    "", "   ", "\0", "DOG-S-75", "DOG-S-755 1", "dog s 755", "%", "_OG-S-755", "' OR '1'='1",
    "Иванов", "Иванов.Еж", "😀", "\ud800", "x" * 1_000_000,
]  # fmt: skip


def test_case_edges_and_invisible_marks_do_not_count(backend: Backend, ivanov: Person) -> None:
    assert {typed: found(backend, typed) for typed in MEANT} == dict.fromkeys(MEANT, ivanov.id)


def test_everything_else_is_nobody(backend: Backend, ivanov: Person) -> None:
    assert {typed: found(backend, typed) for typed in NOBODY} == dict.fromkeys(NOBODY)


def test_a_closed_agreement_still_opens_the_door(backend: Backend, ivanov: Person) -> None:
    ivanov.an_agreement("OLD-1", closed_on=NOW.date())
    assert found(backend, "old-1") == ivanov.id


def test_where_case_tells_two_apart_the_exact_one_is_meant(
    backend: Backend, ivanov: Person
) -> None:
    small = ivanov.house.a_resident(login="dog-s-755")
    assert found(backend, "DOG-S-755") == ivanov.id
    assert found(backend, "dog-s-755") == small.id


def test_a_login_goes_before_anothers_number(backend: Backend, ivanov: Person) -> None:
    named = ivanov.house.a_resident(login="DOG-S-755")
    assert found(backend, "DOG-S-755") == named.id


EVERY_LETTER = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯÉІßİ/-1"


def test_both_sides_fold_alike(backend: Backend, ivanov: Person) -> None:
    person = ivanov.house.a_resident(login=EVERY_LETTER)
    table = table_of(Resident)
    with backend.engine.connect() as connection:
        folded = connection.scalar(select(table.c.login_folded).where(table.c.id == person.id))
    assert folded == fold(EVERY_LETTER) == EVERY_LETTER[:59].lower() + "ÉІßİ/-1"


@pytest.mark.parametrize(
    ("column", "index"),
    [
        (table_of(Resident).c.login_folded, "ix_resident_login_folded"),
        (table_of(Agreement).c.number_folded, "ix_agreement_number_folded"),
    ],
)
def test_names_are_found_through_an_index(backend: Backend, column, index: str) -> None:
    query = select(column).where(column == "x")
    with backend.engine.connect() as connection:
        sql = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            explain = "EXPLAIN"
            connection.execute(text("SET enable_seqscan = off"))
        plan = str(connection.exec_driver_sql(f"{explain} {sql}").all())
    assert index in plan
