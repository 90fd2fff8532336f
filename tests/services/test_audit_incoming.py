"""The audit notices what came from outside and is not in the books as it came, though the journal
was made to agree.
"""

from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db import journal
from portal.db.base import Base, table_of
from portal.db.incoming import Assignment, Incoming
from portal.db.ledger import Payment, Transfer
from portal.db.session import Session
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.audit_finding import Finding, Rule
from tests.builders import NOW, Flat, a_house
from tests.support.incoming import a_channel, gets_paid_from_outside

CREDITED, HELD, ASSIGNED = "1234567", "2", "3"


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.person.an_agreement("DOM-13")
    gets_paid_from_outside(flat.house, flat.number)
    a_channel(a_house(backend, "other"), "theirs")
    assert backend.read_now(audit) == ()
    return flat


@pytest.mark.parametrize(
    ("number", "model", "change", "told"),
    [
        (CREDITED, Incoming, {"amount": Money(1)}, "не тот, что поступил"),
        (CREDITED, Incoming, {"paid_at": NOW}, "не тот, что поступил"),
        (CREDITED, Incoming, {"agreement_id": None}, "не выяснено, а платеж"),
        (CREDITED, Incoming, {"agreement_id": None}, "без проводки"),
        (CREDITED, Incoming, {"channel_id": 2}, "не из того канала"),
        (CREDITED, Incoming, {"channel_id": 2}, "другого исполнителя"),
        (CREDITED, Payment, {"incoming_id": None}, "не стало платежом"),
        (CREDITED, Payment, {"agreement_id": 2}, "не тот, что поступил"),
        (HELD, Incoming, {"amount": Money(1)}, "вместо"),
        (HELD, Incoming, {"agreement_id": 1}, "не стало платежом"),
        (HELD, Incoming, {"agreement_id": 1}, "держит их невыясненными"),
        (HELD, Transfer, {"amount": Money(1)}, "вместо"),
        (HELD, Transfer, {"debit_id": 1, "credit_id": 2}, "не те счета"),
        (ASSIGNED, Payment, {"amount": Money(1)}, "не тот, что поступил"),
        (ASSIGNED, Payment, {"incoming_id": None}, "не стало платежом"),
        (ASSIGNED, Assignment, {"agreement_id": 2}, "не тот, что поступил"),
        (ASSIGNED, Incoming, {"agreement_id": 1}, "отдает их ещё раз"),
    ],
)
def test_what_is_forged_is_told(
    backend: Backend,
    flat: Flat,
    number: str,
    model: type[Base],
    change: dict[str, Any],
    told: str,
) -> None:
    findings = flat.house.writes(lambda session: forged(session, number, model, change))
    assert [each for each in findings if told in each.sentence], findings
    assert Rule.JOURNAL not in {each.rule for each in findings}


def test_sums_in_suspense_follow_from_what_is_held(backend: Backend, flat: Flat) -> None:
    change = {"amount": Money(1)}
    findings = flat.house.writes(lambda session: forged(session, HELD, Transfer, change))
    assert [each.rule for each in findings].count(Rule.BALANCE) == 2


def forged(
    session: Session, number: str, model: type[Base], change: dict[str, Any]
) -> tuple[Finding, ...]:
    """What the audit says of a house of which one row was changed."""
    incoming, table = table_of(Incoming), table_of(model)
    own = session.scalar(select(incoming.c.id).where(incoming.c.external_id == number))
    column = table.c.id if model is Incoming else table.c.incoming_id
    row_id = session.execute(select(table.c.id).where(column == own)).scalar_one()
    journal.change(session, model, row_id, **change)
    journal.seal(session, "somebody", "forge", NOW)
    return audit(session)
