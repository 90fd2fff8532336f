"""The audit notices a refund that is not as it was, though the journal was made to agree."""

from datetime import timedelta
from typing import Any

import pytest

from portal.backend import Backend
from portal.db import journal
from portal.db.base import Base
from portal.db.invoices import Allocation
from portal.db.ledger import Refund, Transfer
from portal.db.session import Session
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.audit_finding import Finding, Rule
from portal.services.office.invoicing.allocating import allocate
from tests.builders import NOW, Flat, a_house
from tests.support.browsing import stored
from tests.support.incoming import a_channel, an_order, pays
from tests.support.refunding import refunds, returns_held


@pytest.fixture
def flat(backend: Backend) -> Flat:
    """60 of a payment of 100 went back, of which 40 had paid an invoice; and what nobody's was."""
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="80")
    payment_id = flat.a_payment("100")
    flat.house.writes(lambda session: allocate(session, [flat.id], NOW))
    refunds(backend, payment_id, "60")
    held = pays(backend, a_channel(flat.house), an_order("DOM-99")).receipt.number
    returns_held(backend, held)
    assert backend.read_now(audit) == ()
    return flat


@pytest.mark.parametrize(
    ("model", "row", "change", "told"),
    [
        (Refund, 1, {"amount": Money(101_00)}, "возвращено 101,00 ₽, а платеж 100,00 ₽"),
        (Refund, 1, {"amount": Money(61_00)}, "разнесено"),
        (Refund, 1, {"amount": Money(39_00)}, "у счетов взято 40,00 ₽, а возвращено 39,00 ₽"),
        (Refund, 1, {"channel": "card"}, "через «card», а заплачено через «bank»"),
        (Refund, 1, {"channel": "card"}, "не те счета"),
        (Refund, 1, {"refunded_at": NOW - timedelta(1)}, "раньше, чем заплачено"),
        (Refund, 1, {"accepted_at": NOW - timedelta(1)}, "вместо"),
        (Refund, 2, {"amount": Money(1)}, "невыясненного поступления на 10,45 ₽"),
        (Refund, 2, {"incoming_id": None, "payment_id": 1}, "не те счета"),
        (Transfer, 2, {"amount": Money(1)}, "вместо"),
        (Allocation, 2, {"amount": Money(-81_00)}, "на 1,00 ₽ больше, чем платеж ему дал"),
        (Allocation, 2, {"amount": Money(-39_00)}, "разнесено"),
        (Allocation, 2, {"turn": 0}, "очередь 0, а у счета брали 1 раз"),
        (Allocation, 1, {"turn": 1}, "очередь 1, а у счета брали 0 раз"),
    ],
)
def test_what_is_forged_is_told(
    backend: Backend, flat: Flat, model: type[Base], row: int, change: dict[str, Any], told: str
) -> None:
    findings = forged(flat, backend, model, row, change)
    sentences = [each.sentence.replace("\xa0", " ") for each in findings]
    assert [each for each in sentences if told in each], sentences
    assert Rule.JOURNAL not in {each.rule for each in findings}


def forged(
    flat: Flat, backend: Backend, model: type[Base], row: int, change: dict[str, Any]
) -> tuple[Finding, ...]:
    """What the audit says of the house of which one row was changed."""
    table = model.__tablename__
    row_id = [each["id"] for each in stored(backend, but=frozenset())[table]][row - 1]

    def forge(session: Session) -> tuple[Finding, ...]:
        journal.change(session, model, row_id, **change)
        journal.seal(session, "somebody", "forge", NOW)
        return audit(session)

    return flat.house.writes(forge)
