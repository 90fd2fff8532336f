"""An entry of many readings is judged and stored as its readings would be one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db import journal
from portal.db.base import table_of
from portal.db.ledger import Charge, Transfer
from portal.db.readings import Reading
from portal.domain.entry import EntryLine
from portal.services.audit import audit
from portal.services.entry import Entry, EntryRefused, EntryValue
from portal.services.register_query import register_query
from portal.services.register_row import RegisterRow
from portal.services.submission import check_readings
from tests.builders import NOW, Counter, House, Person, a_house
from tests.support.entries import SCOPE, a_key, submit

COUNT = 24
HISTORIES = ((), ("100",), ("70", "80", "90", "100"))
RIGHT = ("130", "130,125", "00131", "1300")
"""Of some counters the last is to be confirmed."""
WRONG = ("90", "-1", "12а", "999999", "130,1234567")


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


def counters_of(person: Person, service: Any, random: Random) -> list[Counter]:
    """Some were never read, some lately for the first time, some have a history; of some the
    company has given today's value.
    """
    flat = person.an_agreement()
    counters = [flat.an_account().a_meter(service) for _ in range(COUNT)]
    for counter in counters:
        for month, value in enumerate(random.choice(HISTORIES), start=7):
            counter.reads(value, date(2026, month, 20), source="operator")
        if random.random() < 0.2:
            counter.reads("130", date(2026, 11, 24))
    return counters


def typed(counters: list[Counter], random: Random, texts: Sequence[str]) -> list[EntryValue]:
    """Some by who has not seen the newest value."""
    found = []
    for counter in counters:
        seen = counter.newest.id if counter.newest and random.random() < 0.9 else None
        key = f"{counter.account.id}/zkh_water"
        found.append(EntryValue(key, random.choice(texts), seen))
    return found


def an_entry_of(*values: EntryValue) -> Entry:
    return Entry("2026-11-24", values)


def judged(
    backend: Backend, person: Person, *values: EntryValue
) -> tuple[dict[str, str], tuple[EntryLine, ...]]:
    """What is wrong with them, or what would be stored."""
    try:
        entry = backend.read_now(check_readings, person.id, an_entry_of(*values), SCOPE, NOW)
    except EntryRefused as refused:
        return refused.errors, ()
    return {}, entry.lines


@pytest.mark.parametrize("seed", range(3))
def test_it_is_judged_as_each_of_them_alone(backend: Backend, house: House, seed: int) -> None:
    random, person = Random(seed), house.a_resident()
    service = house.a_service("zkh_water", price="53,415")
    values = typed(counters_of(person, service, random), random, RIGHT + WRONG)

    alone = [judged(backend, person, value) for value in values]
    errors = {key: said for wrong, _ in alone for key, said in wrong.items()}
    right = [value for value, (wrong, _) in zip(values, alone, strict=True) if not wrong]

    assert judged(backend, person, *values) == (errors, ())
    assert errors
    assert right
    assert judged(backend, person, *right) == ({}, sum((lines for _, lines in alone), ()))


@pytest.mark.parametrize("seed", range(3))
def test_it_is_stored_as_each_of_them_alone(backend: Backend, house: House, seed: int) -> None:
    service = house.a_service("zkh_water", price="53,415")
    one, other = house.a_resident(), house.a_resident()
    twins = [confirmed(backend, who, service, seed) for who in (one, other)]

    assert len(twins[0]) >= journal.MANY  # what is written by columns
    submit(backend, one.id, an_entry_of(*twins[0]), NOW, a_key())
    for value in twins[1]:
        submit(backend, other.id, an_entry_of(value), NOW, a_key())

    stored = [[stored_of(backend, value) for value in values] for values in twins]
    assert stored[0] == stored[1]
    assert one.balance == other.balance
    assert backend.read_now(audit) == ()


def confirmed(backend: Backend, person: Person, service: Any, seed: int) -> list[EntryValue]:
    """Right values, of twins the same, with what is asked of them answered."""
    random, found = Random(seed), []
    for value in typed(counters_of(person, service, random), random, RIGHT):
        wrong, lines = judged(backend, person, value)
        if not wrong:
            asked = frozenset(line.question for line in lines if line.question)
            found.append(replace(value, confirmed=asked))
    return found


def stored_of(backend: Backend, value: EntryValue) -> list[tuple[Any, ...]]:
    """The counter's readings, charges and transfers, without their numbers."""
    account = int(value.key.split("/")[0])
    reading, charge, transfer = table_of(Reading), table_of(Charge), table_of(Transfer)
    query = (
        select(
            reading.c.taken_on, reading.c.value, reading.c.revision, reading.c.source,
            charge.c.volume, charge.c.price, charge.c.amount, charge.c.period, charge.c.part,
            charge.c.scheme, charge.c.proof["formula"].as_string(), transfer.c.amount,
            transfer.c.code,
        )
        .outerjoin(charge, charge.c.reading_id == reading.c.id)
        .outerjoin(transfer, transfer.c.charge_id == charge.c.id)
        .where(reading.c.account_id == account)
        .order_by(reading.c.id, charge.c.id)
    )  # fmt: skip
    return [tuple(row) for row in backend.read_now(lambda s: s.execute(query).all())]


def test_a_row_names_its_columns_as_the_query_does() -> None:
    assert RegisterRow._fields == tuple(register_query(("Europe/Moscow",)).selected_columns.keys())
