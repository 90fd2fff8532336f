"""The audit notices letters that tell what was not, though the journal was made to agree."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.backend import Backend
from portal.db import journal
from portal.db.base import Base
from portal.db.outbox import Outbox, OutboxEvent
from portal.db.session import Session
from portal.services.audit import audit
from portal.services.audit_finding import Finding, Rule
from tests.builders import NOW, Flat, a_house
from tests.support.incoming import a_channel
from tests.support.letters import gets_letters


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.house.a_resident("Петров")
    gets_letters(flat.house, a_channel(flat.house), flat.number)
    assert backend.read_now(audit) == ()
    return flat


@pytest.mark.parametrize(
    ("model", "row_id", "change", "told"),
    [
        (Outbox, 1, {"key": "receipt:99"}, "о платеже, которого нет"),
        (Outbox, 1, {"resident_id": 2}, "о платеже жильца 1"),
        (OutboxEvent, 2, {"number": 5}, "не подряд"),
    ],
)
def test_what_is_forged_is_told(
    flat: Flat, model: type[Base], row_id: int, change: dict[str, Any], told: str
) -> None:
    """Of the first letter, which was sent at the second try."""
    findings = found(flat, lambda session: journal.change(session, model, row_id, **change))
    assert [each for each in findings if told in each.sentence], findings


def test_nothing_comes_after_the_end(flat: Flat) -> None:
    again = {"outbox_id": 1, "number": 3, "at": NOW, "state": "failed", "words": ""}
    [finding] = found(flat, lambda session: journal.add(session, OutboxEvent, **again))
    assert "после конца" in finding.sentence


def found(flat: Flat, forgery: Callable[[Session], object]) -> list[Finding]:
    def forge(session: Session) -> tuple[Finding, ...]:
        forgery(session)
        journal.seal(session, "somebody", "forge", NOW)
        return audit(session)

    return [each for each in flat.house.writes(forge) if each.rule is Rule.LETTER]
