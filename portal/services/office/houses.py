"""The houses in the installation, found by the address that somebody types."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.parties import Premises
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.premises import NEAR_MAX, Place, houses_called, houses_near, place_of
from portal.domain.wording import counted
from portal.errors import Refused

_premises = table_of(Premises)


@dataclass(frozen=True, slots=True)
class House:
    """`places` are its flats by the ids of their premises."""

    name: str
    places: Mapping[int, Place]


def find_house(session: Session, _officer: Officer, typed: str) -> House:
    """The house whose address is typed, its beginning left out if need be.

    Raises Refused: there is none, with those that look like it, or there are several.
    """
    houses = _houses(session)
    named = houses_called(typed, houses)
    if len(named) == 1:
        return House(named[0], houses[named[0]])
    if named:
        raise Refused(f"По адресу «{typed}» есть {_listed(named)}. Напишите адрес полностью.")
    raise Refused(_unknown(typed, houses))


def _houses(session: Session) -> dict[str, dict[int, Place]]:
    found: dict[str, dict[int, Place]] = defaultdict(dict)
    for row in session.execute(select(_premises.c.id, _premises.c.address)):
        place = place_of(row.address)
        found[place.house][row.id] = place
    return dict(found)


def _unknown(typed: str, houses: Collection[str]) -> str:
    if not houses:
        return "Адресов ещё нет. Опишите помещения в файле и загрузите его: zhkh-portal load"
    near = houses_near(typed, houses)
    if near:
        return f"Дома «{typed}» нет. Похожие: {_listed(near)}."
    known = sorted(houses)
    rest = len(known) - NEAR_MAX
    more = f" и ещё {rest} {counted(rest, 'дом', 'дома', 'домов')}" if rest > 0 else ""
    return f"Дома «{typed}» нет. Есть: {_listed(known[:NEAR_MAX])}{more}."


def _listed(houses: Collection[str]) -> str:
    return ", ".join(f"«{house}»" for house in houses)
