"""A payment by card that many settle at once: it is credited once, and everybody knows."""

from collections import Counter as Tally
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.backend import Backend
from portal.db.incoming import Incoming
from portal.db.ledger import Payment
from portal.domain.paying import PayState
from portal.services.audit import audit
from portal.services.incoming import accepting
from portal.services.paying import settling
from portal.services.paying.settling import Settled, settle
from tests.builders import NOW, Flat, a_house
from tests.faults.test_races import at_once, drop
from tests.support.acquiring import a_card_channel, bank_says, begins
from tests.support.incoming import rows

CLIENTS = 64
GUARDS = (
    ("incoming", "uq_incoming_channel_id_external_id"),
    ("payment", "uq_payment_channel_external_id"),
    ("intent_event", "uq_intent_event_intent_id_state"),
)


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_card_channel(flat.house)
    return flat


@pytest.fixture
def rounds(full: bool) -> int:
    return 25 if full else 5


def settled_at_once(flat: Flat, token: str) -> list[Any]:
    says = bank_says(flat, token)
    return at_once([lambda: flat.house.backend.write_now(settle, token, says, NOW)] * CLIENTS)


@pytest.mark.timeout(400)
def test_of_many_settlements_one_credits_and_all_know(
    backend: Backend, flat: Flat, rounds: int
) -> None:
    flat.an_invoice(opening="5000")
    for _ in range(rounds):
        answers = settled_at_once(flat, begins(flat))
        assert {type(answer) for answer in answers} == {Settled}
        assert {answer.state for answer in answers} == {PayState.DONE}
        assert sum(answer.is_new for answer in answers) == 1
    assert (rows(backend, Payment), rows(backend, Incoming)) == (rounds, rounds)
    assert backend.read_now(audit) == ()


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("dropped", "stored"),
    [(GUARDS[:2], 1), (GUARDS[1:], 1), (GUARDS, CLIENTS)],
    ids=["the step's key", "the incoming's key", "no key"],
)
def test_a_unique_key_alone_keeps_it_single(
    backend: Backend,
    flat: Flat,
    monkeypatch: pytest.MonkeyPatch,
    dropped: tuple[tuple[str, str], ...],
    stored: int,
) -> None:
    """Nobody sees what the others have stored, as in a race that is lost by a hair."""
    monkeypatch.setattr(settling, "steps_of", lambda *_: {})
    monkeypatch.setattr(accepting, "_known", lambda *_: None)
    monkeypatch.setattr(accepting, "_is_loaded", lambda *_: False)
    for table, guard in dropped:
        drop(backend, table, guard)

    kinds = Tally(type(answer) for answer in settled_at_once(flat, begins(flat)))

    assert (kinds[Settled], kinds[IntegrityError]) == (stored, CLIENTS - stored)
    assert (rows(backend, Incoming), rows(backend, Payment)) == (stored, stored)
