"""Receipts that are written with payments, and what became of them."""

from typing import Any

from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.outbox import Outbox, OutboxEvent
from portal.domain.incoming import Order
from portal.domain.letter import End, Letterhead, Sender
from portal.services.incoming.channels import Channel
from portal.services.mailing.relay import note_try
from tests.builders import NOW, House, a_house
from tests.support.incoming import a_channel, an_order, pays

HEAD = Letterhead(Sender("ООО «Дом»", "lk@example.ru"), "https://lk.example.ru")


def letters(backend: Backend) -> list[dict[str, Any]]:
    outbox = table_of(Outbox)
    return backend.read_now(
        lambda session: [
            dict(row) for row in session.execute(select(outbox).order_by(outbox.c.id)).mappings()
        ]
    )


def tries(backend: Backend) -> list[tuple[int, str, str]]:
    """Of each letter, by its id, what came of it and in which words."""
    event = table_of(OutboxEvent)
    asked = select(event.c.outbox_id, event.c.state, event.c.words).order_by(event.c.id)
    return backend.read_now(lambda session: [tuple(row) for row in session.execute(asked)])


def a_letter(
    backend: Backend, channel: Channel, account: str = "DOM-12", number: str = "1"
) -> Order:
    """The receipt for a payment that comes through the channel now."""
    order = an_order(account, number=number)
    backend.letterhead = HEAD
    pays(backend, channel, order)
    return order


def waiting_letters(backend: Backend, count: int, key: str = "uk") -> list[str]:
    """The Message-IDs of as many receipts, each of a resident of his own."""
    house = a_house(backend, key)
    hall = a_channel(house, f"{key}-hall")
    for number in range(count):
        person = house.a_resident(f"Жилец {number}", email=f"r{number}@example.ru")
        a_letter(backend, hall, person.an_agreement().number, str(number))
    backend.letterhead = None
    return [row["message_id"] for row in letters(backend)]


def gets_letters(house: House, channel: Channel, account: str) -> None:
    """One was sent at the second try, one was given up, one waits."""
    for number in ("mail-1", "mail-2", "mail-3"):
        a_letter(house.backend, channel, account, number)
    house.backend.letterhead = None
    first, second, _ = (row["id"] for row in letters(house.backend))
    for letter, state in ((first, End.FAILED), (first, End.SENT), (second, End.GIVEN_UP)):
        house.backend.write_now(note_try, letter, state, "250 Ok", NOW)
