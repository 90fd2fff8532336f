"""Residents of a billed house give readings of what is charged with its month."""

from datetime import datetime

from portal.services.entry import Entry
from portal.services.registers import devices
from portal.services.submission import Receipt
from tests.support.billed import BilledHouse
from tests.support.entries import SCOPE, an_entry, submit


def entry_of(billed: BilledHouse, code: str, value: str, on: datetime) -> Entry:
    """Of the first flat's first counter, dated `on`, after the newest reading that it sees."""
    key = f"{billed.accounts[0].id}/{code}"
    person = billed.flats[0].person.id
    (device,) = billed.backend.read_now(devices, person, SCOPE.matches, SCOPE.serial_field, on)
    newest = device.registers[0].previous
    assert newest is not None
    return an_entry({key: value}, {key: newest.reading_id}, on.date().isoformat())


def gives(billed: BilledHouse, code: str, value: str, on: datetime) -> Receipt:
    entry = entry_of(billed, code, value, on)
    return submit(billed.backend, billed.flats[0].person.id, entry, on)
