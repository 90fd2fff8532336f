"""What houses have, and from when: areas, decisions, what their own meters counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.houses import HouseChoice, HouseFact, HouseVolume
from portal.db.session import Session
from portal.db.types import PeriodType
from portal.domain.charging.choices import Choice, Decision, decision_for
from portal.domain.charging.facts import HouseFacts
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import Since, Timeline
from portal.services.office.billing.book import by_kind
from portal.services.office.billing.places import rows_of

_fact, _choice, _volume = table_of(HouseFact), table_of(HouseChoice), table_of(HouseVolume)
_MONTHS: Final = 12
Choices = Mapping[str, Timeline[Decision]]
Volumes = Mapping[str, Mapping[Period, Quantity]]


def read_houses(
    session: Session, period: Period, parties: Iterable[Row[Any]]
) -> dict[int, HouseFacts]:
    ids = {row.house_id for row in parties if row.house_id is not None}
    facts = rows_of(session, _fact, "house_id", ids)
    metered = volumes_of(session, ids, period, period)
    choices = choices_of(session, ids)
    spread = {house_id for house_id in ids if _is_spread(choices.get(house_id, {}), period)}
    before = year_before(session, spread, period)
    found = {}
    for house_id in ids:
        since = by_kind(facts.get(house_id, ()))
        found[house_id] = HouseFacts(
            total_area=since.get("total_area", ()),
            common_area=since.get("common_area", ()),
            metered={code: of[period] for code, of in metered.get(house_id, {}).items()},
            last_year=_whole_years(before.get(house_id, {})),
            choices=choices.get(house_id, {}),
        )
    return found


def choices_of(session: Session, house_ids: Collection[int]) -> dict[int, Choices]:
    """By the house and the code of the service."""
    found: dict[int, dict[str, list[Since[Decision | None]]]] = defaultdict(dict)
    for house_id, rows in rows_of(session, _choice, "house_id", house_ids).items():
        for row in rows:
            told = Decision(Choice(row.choice), row.season_months)
            since = found[house_id].setdefault(row.service_external_id, [])
            since.append(Since(row.valid_from, told))
    return {
        house_id: {code: tuple(rows) for code, rows in of_house.items()}
        for house_id, of_house in found.items()
    }


def year_before(session: Session, house_ids: Collection[int], period: Period) -> dict[int, Volumes]:
    """What the meters of these houses counted in each month of the year before that of `period`;
    no statement where there is no house.
    """
    last = Period(period.year - 1, _MONTHS)
    return volumes_of(session, house_ids, Period(last.year, 1), last) if house_ids else {}


def volumes_of(
    session: Session, house_ids: Collection[int], first: Period, last: Period
) -> dict[int, Volumes]:
    """By the house, the code and the month."""
    found: dict[int, dict[str, dict[Period, Quantity]]] = defaultdict(lambda: defaultdict(dict))
    asked = among("id", house_ids) | {"first": first, "last": last}
    for row in session.execute(_volumes(places_for(house_ids)), asked):
        found[row.house_id][row.service_external_id][row.period] = row.volume
    return {house_id: dict(of_house) for house_id, of_house in found.items()}


@cache
def _volumes(places: int) -> Select[Any]:
    """The last revision of each comes last."""
    return (
        select(_volume)
        .where(
            is_among(_volume.c.house_id, "id", places),
            _volume.c.period >= bindparam("first", type_=PeriodType),
            _volume.c.period <= bindparam("last", type_=PeriodType),
        )
        .order_by(_volume.c.revision)
    )


def _is_spread(choices: Choices, period: Period) -> bool:
    decisions = (decision_for(timeline, period) for timeline in choices.values())
    return any(each is not None and each.choice is Choice.ALL_YEAR for each in decisions)


def _whole_years(volumes: Volumes) -> dict[str, Quantity]:
    """The sums of those codes of which all twelve months are known."""
    return {
        code: Quantity(sum(volume.micro for volume in months.values()))
        for code, months in volumes.items()
        if len(months) == _MONTHS
    }
