"""A submission that breaks off anywhere leaves nothing, and the same submission goes through after
that: all its readings, charges, transfers and events are one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from portal.backend import Backend
from portal.db.notices import Event
from portal.db.schema import METADATA
from portal.db.session import Session
from portal.services.audit import audit
from portal.services.entry import Entry
from tests.builders import NOW, Person, a_house
from tests.support.entries import a_key, an_entry, submit
from tests.support.statements import counted

_FACTS = select(Event.facts).order_by(Event.id)

Content = dict[str, list[tuple[Any, ...]]]


class PowerCut(Exception):
    """Whatever it is that ends a transaction before its time."""


@pytest.fixture
def person(backend: Backend) -> Person:
    """He mends the value of one counter and gives that of another."""
    person = a_house(backend).a_resident()
    account = person.an_agreement().an_account()
    for name in ("zkh_cold", "zkh_hot"):
        service = person.house.a_service(name, price="53,41")
        account.a_meter(service).opens_at("100", on=date(2026, 10, 1))
    submit(backend, person.id, an_entry({f"{account.id}/zkh_cold": "110"}, {
        f"{account.id}/zkh_cold": 1}), NOW)  # fmt: skip
    return person


@pytest.fixture
def entry(backend: Backend, person: Person) -> Entry:
    return an_entry({"1/zkh_cold": "111", "1/zkh_hot": "120"}, {"1/zkh_cold": 3, "1/zkh_hot": 2})


def test_wherever_it_breaks_off_nothing_is_stored_and_the_repeat_goes_through(
    backend: Backend, person: Person, entry: Entry
) -> None:
    before, key, broken = content(backend), a_key(), 0
    while True:
        with cut_at(backend.engine, broken), pytest.raises(PowerCut) as cut:
            submit(backend, person.id, entry, NOW, key)
        assert content(backend) == before
        broken += 1
        if cut.value.args == ("at the end",):
            break
    with counted(backend.engine) as statements:
        receipt = submit(backend, person.id, entry, NOW, key)

    assert broken == len(statements) + 1
    assert submit(backend, person.id, entry, NOW, key) == receipt
    added = {name for name, rows in content(backend).items() if len(rows) > len(before[name])}
    assert added == {"submission", "reading", "charge", "transfer", "event", "audit_record"}
    assert backend.read_now(audit) == ()


def test_the_events_add_up_to_what_is_owed(backend: Backend, person: Person, entry: Entry) -> None:
    submit(backend, person.id, entry, NOW)

    told = backend.read_now(lambda session: session.scalars(_FACTS).all())
    assert sum(facts["amount"] for facts in told) == -person.balance.kopecks
    assert [facts.get("is_correction", False) for facts in told] == [False, True, False]


@contextmanager
def cut_at(engine: Engine, number: int) -> Iterator[None]:
    """At a statement of the transaction, counted from 0, or before its commit if it has fewer."""
    seen = iter(range(number))

    def on_execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN") and next(seen, None) is None:
            raise PowerCut("at a statement")

    def on_commit(_connection: Any) -> None:
        raise PowerCut("at the end")

    event.listen(engine, "before_cursor_execute", on_execute)
    event.listen(engine, "commit", on_commit)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", on_execute)
        event.remove(engine, "commit", on_commit)


def content(backend: Backend) -> Content:
    """Every row of every table."""

    def read(session: Session) -> Content:
        tables = METADATA.sorted_tables
        rows = {table.name: session.execute(select(table)).all() for table in tables}
        return {name: sorted(map(tuple, found), key=str) for name, found in rows.items()}

    return backend.read_now(read)
