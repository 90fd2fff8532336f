"""Judging an entry of readings: what every door asks before anything is stored."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.db.session import Session
from portal.domain.entry import EntrySummary
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.period import day_text
from portal.domain.quantity import Quantity
from portal.domain.reading import Impossible, Question, check_day, parse_day
from portal.errors import NotFound, PortalError
from portal.services.consumption import recent_volumes
from portal.services.plan import Planned, plan
from portal.services.register_state import Newest, RegisterState
from portal.services.registers import Matches, registers

DATE_FIELD = "taken_on"
VALUES_MAX = 100
_NOTHING_GIVEN = (
    "Показаний, от которых посчитан расход, у этого счетчика больше нет. "
    "Обновите страницу и введите значение снова"
)
_KEY = re.compile(r"([0-9]{1,18})/", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntryValue:
    """One typed value.  `seen_id` is the previous reading that the person had before him."""

    key: str
    text: str
    seen_id: int | None
    confirmed: frozenset[Question] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole entry as it was typed; blank values are skipped."""

    taken_on: str
    values: tuple[EntryValue, ...]
    agreed: Money | None = None
    """The sum that was shown for confirmation; None where nothing was shown."""

    @property
    def given(self) -> tuple[EntryValue, ...]:
        """Blank fields are skipped."""
        return tuple(value for value in self.values if value.text.strip())


@dataclass(frozen=True, slots=True)
class Scope:
    """What the operator's settings say of the module: which services belong to it, and the
    additional field that holds the serial number.
    """

    matches: Matches
    serial_field: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A counter that has moved on since the person looked."""

    key: str
    reading_id: int
    shown: str
    taken_on: date
    value: Quantity


class EntryRefused(PortalError):
    """Nothing was stored.  `errors` maps a field (the date's or a counter's key) to its sentence;
    `stale` tells the newer readings of counters that have moved on.
    """

    def __init__(self, errors: Mapping[str, str], stale: tuple[Stale, ...] = ()) -> None:
        count = len(errors)
        super().__init__(
            "Показания не приняты: "
            + ("исправьте отмеченное поле" if count == 1 else f"исправьте поля ({count})")
        )
        self.errors = dict(errors)
        self.stale = stale


@dataclass(slots=True)
class _Findings:
    planned: list[Planned] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    stale: list[Stale] = field(default_factory=list)


def assess(
    session: Session, resident: ResidentId, entry: Entry, scope: Scope, now: datetime
) -> tuple[date, tuple[Planned, ...]]:
    """The date and the values that may be stored, in the order of the entry.

    Raises EntryRefused with every wrong field, NotFound for a counter that is not the
    resident's or not of the module.
    """
    values = entry.given
    if len(values) > VALUES_MAX or len({value.key for value in values}) < len(values):
        raise NotFound
    known = _known(session, resident, values, scope, now)
    taken_on = _day(entry.taken_on, known.values(), now)
    if not values:
        raise EntryRefused({"": "Введите хотя бы одно показание"})
    counters = [(known[v.key].account_id, known[v.key].service_id) for v in values]
    volumes = recent_volumes(session, counters)
    found = _Findings()
    for value, counter in zip(values, counters, strict=True):
        _assess_value(found, known[value.key], value, taken_on, volumes[counter], now)
    if found.errors:
        raise EntryRefused(found.errors, tuple(found.stale))
    return taken_on, tuple(found.planned)


def summary(taken_on: date, planned: tuple[Planned, ...]) -> EntrySummary:
    return EntrySummary(taken_on, tuple(each.line() for each in planned))


def _known(
    session: Session,
    resident: ResidentId,
    values: Sequence[EntryValue],
    scope: Scope,
    now: datetime,
) -> dict[str, RegisterState]:
    accounts = {account_of(value.key) for value in values}
    states = registers(session, resident, scope.matches, scope.serial_field, now, only=accounts)
    known = {state.key: state for state in states}
    if any(value.key not in known for value in values):
        raise NotFound
    return known


def account_of(key: str) -> int:
    """The account's id in a counter's key «12/zkh_1».  Raises NotFound."""
    match = _KEY.match(key)
    if match is None:
        raise NotFound
    return int(match[1])


def _day(text: str, states: Iterable[RegisterState], now: datetime) -> date:
    """A day that has not come yet is the date's fault, not each counter's."""
    try:
        day = parse_day(text)
        for zone in {state.zone for state in states}:
            check_day(day, now.astimezone(zone).date(), None)
    except Impossible as fault:
        raise EntryRefused({DATE_FIELD: str(fault)}) from None
    return day


def _assess_value(
    found: _Findings,
    state: RegisterState,
    value: EntryValue,
    taken_on: date,
    volumes: tuple[tuple[int, Quantity], ...],
    now: datetime,
) -> None:
    newest = state.newest
    if newest is not None and newest.reading_id != value.seen_id:
        found.stale.append(_stale(state, newest))
        found.errors[value.key] = _already_given(state, newest)
        return
    if newest is None and value.seen_id is not None:
        found.errors[value.key] = _NOTHING_GIVEN
        return
    try:
        found.planned.append(plan(state, value.text, taken_on, volumes, now))
    except Impossible as fault:
        found.errors[value.key] = str(fault)


def _stale(state: RegisterState, newest: Newest) -> Stale:
    shown = state.dial.show(newest.value)
    return Stale(state.key, newest.reading_id, shown, newest.taken_on, newest.value)


def _already_given(state: RegisterState, newest: Newest) -> str:
    return (
        f"Показания уже переданы: {state.dial.show(newest.value)} "
        f"от {day_text(newest.taken_on)}. Проверьте свое значение и отправьте снова, если нужно"
    )
