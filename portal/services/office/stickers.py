"""Stickers on the meters of a house: issued once, printed as often as wanted, revoked."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db import journal
from portal.db.accounts import Meter, ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.stickers import Sticker
from portal.domain.identity import Officer
from portal.domain.sticker import NUMBER_BYTES, PATH, Label, read_number, shown, spelt, token_of
from portal.errors import Refused
from portal.services.entry import Scope
from portal.services.office.house_meters import HouseMeter, house_meters
from portal.services.office.houses import House, find_house

_agreement, _account = table_of(Agreement), table_of(ServiceAccount)
_meter, _sticker = table_of(Meter), table_of(Sticker)


@dataclass(frozen=True, slots=True)
class Order:
    """Which stickers: of a house, of all its flats or of some («12», «кв. 12»); and what their
    addresses are made of.
    """

    house: str
    flats: tuple[str, ...]
    scope: Scope
    portal: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The labels in the order of the flats.  `issued_at`: when the newest of them was made."""

    house: str
    labels: tuple[Label, ...]
    issued_at: datetime
    new: int
    without_meter: int
    not_by_resident: int
    closed: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """How many hold no more, and how many did not hold before."""

    house: str
    now: int
    before: int


def issue_stickers(session: Session, officer: Officer, order: Order, now: datetime) -> Sheet:
    """A sticker for every counter of the house whose resident may submit readings; one that has
    a sticker keeps it.

    Raises Refused: no such house or flat, or nothing to hang a sticker on.
    """
    house = find_house(session, officer, order.house)
    found = house_meters(session, house, order.flats, order.scope, now)
    wanted = [each.meter_id for each in found.open if each.meter_id is not None]
    if not wanted:
        raise Refused(f"По адресу «{house.name}» нет счетчиков, показания которых передает жилец.")
    known = _valid(session, wanted)
    missing = [meter_id for meter_id in wanted if meter_id not in known]
    fresh = {meter_id: spelt(secrets.token_bytes(NUMBER_BYTES)) for meter_id in missing}
    journal.add_all(session, Sticker, [_row(number, each, now) for each, number in fresh.items()])
    numbers = {meter_id: row.number for meter_id, row in known.items()} | fresh
    return Sheet(
        house=house.name,
        labels=_labels(found.open, numbers, order),
        issued_at=now if fresh else max(row.issued_at for row in known.values()),
        new=len(fresh),
        without_meter=len(found.open) - len(wanted),
        not_by_resident=found.not_by_resident,
        closed=found.closed,
    )


def revoke_stickers(
    session: Session, officer: Officer, house: str, named: Sequence[str], now: datetime
) -> Revoked:
    """End stickers of a house, each named by its printed number or by what its QR code holds.

    Raises Refused: the house has no such sticker; then none is revoked.
    """
    found = find_house(session, officer, house)
    numbers = {read_number(each): each for each in named}
    rows = _of_house(session, found, numbers)
    if strange := [each for number, each in numbers.items() if number not in rows]:
        listed = ", ".join(f"«{each}»" for each in strange)
        raise Refused(f"По адресу «{found.name}» нет наклейки {listed}. Ничего не изменено.")
    holding = [row.id for row in rows.values() if row.revoked_at is None]
    for sticker_id in holding:
        journal.change(session, Sticker, sticker_id, revoked_at=now)
    return Revoked(found.name, len(holding), len(rows) - len(holding))


def _valid(session: Session, meters: Collection[int]) -> dict[int, Row[Any]]:
    """By the meters' ids."""
    query: Select[Any] = select(_sticker.c.meter_id, _sticker.c.number, _sticker.c.issued_at).where(
        _sticker.c.revoked_at.is_(None),
        is_among(_sticker.c.meter_id, "meter", places_for(meters)),
    )
    return {row.meter_id: row for row in session.execute(query, among("meter", meters))}


def _row(number: str, meter_id: int, now: datetime) -> dict[str, Any]:
    return {"number": number, "meter_id": meter_id, "issued_at": now}


def _labels(
    meters: Sequence[HouseMeter], numbers: Mapping[int, str], order: Order
) -> tuple[Label, ...]:
    return tuple(
        Label(
            address=f"{order.portal}{PATH}{token_of(order.secret, number)}",
            number=shown(number),
            flat=meter.place.flat,
            service=meter.service,
            device=meter.device,
            serial=meter.serial,
        )
        for meter in meters
        if meter.meter_id is not None
        for number in (numbers[meter.meter_id],)
    )


def _of_house(session: Session, house: House, numbers: Collection[str]) -> dict[str, Row[Any]]:
    """The stickers by their numbers, also those of meters that were replaced."""
    query: Select[Any] = (
        select(_sticker.c.id, _sticker.c.number, _sticker.c.revoked_at)
        .join(_meter, _meter.c.id == _sticker.c.meter_id)
        .join(_account, _account.c.id == _meter.c.account_id)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .where(
            is_among(_agreement.c.premises_id, "premises", places_for(house.places)),
            is_among(_sticker.c.number, "number", places_for(numbers)),
        )
    )
    wanted = among("premises", house.places) | among("number", numbers)
    return {row.number: row for row in session.execute(query, wanted)}
