"""What another process has written reaches the open pages of this one: once, and only theirs."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest

from portal.backend import Backend
from portal.db import journal
from portal.db.notices import Event as Told
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.services.incoming.refunding import RefundOrder, refund
from portal.web import live
from portal.web.neighbours import Neighbours
from tests.builders import NOW, Flat, House, a_house
from tests.support.browsing import stored
from tests.support.incoming import a_channel, an_order, pays


class OpenTab:
    """A live page that counts how often it was drawn anew."""

    session_id = 1

    def __init__(self, resident: ResidentId) -> None:
        self.resident = resident
        self.refreshed = 0
        live.register(self)

    async def refresh(self) -> None:
        self.refreshed += 1

    async def leave(self) -> None:
        raise AssertionError("nobody was signed out")


@pytest.fixture(autouse=True)
def _nobody_is_here() -> Iterator[None]:
    live.reset()
    yield
    live.reset()


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def flat(house: House) -> Flat:
    return house.a_resident().an_agreement("DOM-12")


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Backend]:
    """The same database in another process's hands."""
    elsewhere = Backend(database_url, lambda: NOW)
    yield elsewhere
    elsewhere.close()


@pytest.fixture
async def neighbours(backend: Backend, flat: Flat) -> Neighbours:
    """Who has looked once, after the house was built."""
    assert flat.id
    neighbours = Neighbours(backend)
    await neighbours.look()
    return neighbours


async def seen(neighbours: Neighbours, *tabs: OpenTab) -> list[int]:
    await neighbours.look()
    await asyncio.sleep(0)  # what was begun begins
    return [tab.refreshed for tab in tabs]


async def test_a_payment_taken_elsewhere_is_shown_to_its_payer_alone(
    neighbours: Neighbours, elsewhere: Backend, house: House, flat: Flat
) -> None:
    his, other = OpenTab(flat.person.id), OpenTab(house.a_resident().id)
    channel = a_channel(house)
    pays(elsewhere, channel, an_order("DOM-12"))
    assert await seen(neighbours, his, other) == [1, 0]
    assert live.has_changed(flat.person.id, 0.0)
    assert await seen(neighbours, his, other) == [1, 0]


async def test_what_this_process_wrote_itself_it_has_shown_already(
    neighbours: Neighbours, backend: Backend, house: House, flat: Flat
) -> None:
    his = OpenTab(flat.person.id)
    pays(backend, a_channel(house), an_order("DOM-12"))
    assert await seen(neighbours, his) == [0]


async def test_a_refund_and_an_invoice_are_shown_as_well(
    neighbours: Neighbours, elsewhere: Backend, house: House, flat: Flat
) -> None:
    his = OpenTab(flat.person.id)
    pays(house.backend, a_channel(house), an_order("DOM-12"))
    (payment,) = stored(house.backend)["payment"]
    order = RefundOrder("п/п 1", None, NOW, payment_id=payment["id"])
    elsewhere.write_now(refund, order, NOW)
    assert await seen(neighbours, his) == [1]
    house.backend = elsewhere
    flat.an_invoice(opening="5")
    assert await seen(neighbours, his) == [2]


async def test_what_began_before_and_ends_after_is_not_passed_over(postgres_url: str) -> None:
    """PostgreSQL numbers records when they are written, and shows them when they are committed."""
    with closing(Backend(postgres_url)) as here, closing(Backend(postgres_url)) as there:
        await passes_over_nothing(here, there)


async def passes_over_nothing(here: Backend, there: Backend) -> None:
    first, second = (a_house(here, key).a_resident().id for key in ("uk", "tsg"))
    slow, quick = OpenTab(first), OpenTab(second)
    neighbours = Neighbours(here)
    await neighbours.look()
    has_number, may_end = Event(), Event()

    def tell_slowly(session: Session) -> None:
        tell(session, first)
        journal.seal(session, "system", "tell_slowly", NOW)
        has_number.set()
        assert may_end.wait(60)

    with ThreadPoolExecutor(1) as pool:
        telling = pool.submit(there.write_now, tell_slowly)
        assert has_number.wait(60)
        there.write_now(tell, second)
        assert await seen(neighbours, slow, quick) == [0, 1]
        may_end.set()
        telling.result(60)
    assert await seen(neighbours, slow, quick) == [1, 1]


def tell(session: Session, resident: ResidentId) -> None:
    journal.add(
        session, Told, resident_id=resident, kind="service", happened_at=NOW,
        facts={"service": "Вода", "amount": 1},
    )  # fmt: skip
