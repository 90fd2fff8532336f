"""Judging an entry of readings: what every door asks before anything is stored."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from portal.db.session import Session
from portal.domain.entry import EntrySummary
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.period import day_text
from portal.domain.photo import PhotoPolicy, photo_field
from portal.domain.quantity import Quantity
from portal.domain.reading import Impossible, Question, TooEarly, check_day, parse_day
from portal.errors import NotFound, PortalError
from portal.services.past import Past, pasts
from portal.services.photos import LOST, photo_ids
from portal.services.plan import Planned, plan
from portal.services.register_state import Newest, RegisterState
from portal.services.registers import Matches, registers

DATE_FIELD = "taken_on"
VALUES_MAX = 500
PHOTO_MISSING = "Приложите фотографию счетчика"
PHOTO_ALONE = "Снимок приложен, а показания нет. Введите показание или уберите снимок"
_NOTHING_GIVEN = (
    "Показаний, от которых посчитан расход, у этого счетчика больше нет. "
    "Обновите страницу и введите значение снова"
)
_KEY = re.compile(r"([0-9]{1,18})/", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntryValue:
    """One typed value.  `seen_id` is the previous reading that the person had before him; a
    device that looks at the dial alone `takes_newest`, whichever that is.
    """

    key: str
    text: str
    seen_id: int | None
    confirmed: frozenset[Question] = frozenset()
    takes_newest: bool = False
    photo: str = ""
    """The SHA-256 of a photo that was taken in; empty without one."""

    @property
    def is_photo_alone(self) -> bool:
        return bool(self.photo) and not self.text.strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole entry as it was typed; blank values are skipped."""

    taken_on: str
    values: tuple[EntryValue, ...]
    agreed: Money | None = None
    """The sum that was shown for confirmation; None where nothing was shown."""
    is_of_today: bool = False
    """Without a date of its own: today where the house stands, also when it is sent again later."""

    @property
    def given(self) -> tuple[EntryValue, ...]:
        """Blank fields are skipped."""
        return tuple(value for value in self.values if value.text.strip())

    def with_photos(self, taken: Mapping[str, str]) -> "Entry":
        """Where there is one in `taken`, by the counter's key, it takes the place of another."""
        values = (replace(each, photo=taken.get(each.key, each.photo)) for each in self.values)
        return replace(self, values=tuple(values))

    @property
    def photos(self) -> frozenset[str]:
        return frozenset(value.photo for value in self.given if value.photo)


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

    def joined_by(self, errors: Mapping[str, str]) -> "EntryRefused":
        """Of a photo that was sent and refused it is not said that it is missing."""
        return EntryRefused({**self.errors, **errors}, self.stale)


@dataclass(slots=True)
class _Findings:
    photos: Mapping[str, int]
    planned: list[Planned] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    stale: list[Stale] = field(default_factory=list)
    too_early: list[TooEarly] = field(default_factory=list)

    def refuse(self) -> None:
        """Raises EntryRefused.  One date is refused once, with the latest that it must reach."""
        errors = dict(self.errors)
        if self.too_early:
            errors[DATE_FIELD] = str(max(self.too_early, key=lambda fault: fault.earliest))
        if errors:
            raise EntryRefused(errors, tuple(self.stale))


def assess(
    session: Session, resident: ResidentId, entry: Entry, scope: Scope, now: datetime
) -> tuple[date, tuple[Planned, ...]]:
    """The date and the values that may be stored, in the order of the entry.

    Raises EntryRefused with every wrong field, NotFound for a counter that is not the
    resident's or not of the module, and for a photo that he does not have here.
    """
    values = entry.given
    if len(values) > VALUES_MAX or len({value.key for value in values}) < len(values):
        raise NotFound
    known = _known(session, resident, values, scope, now)
    taken_on = _day(entry, known.values(), now)
    if not values:
        raise EntryRefused({"": "Введите хотя бы одно показание"})
    states = [known[value.key] for value in values]
    past = pasts(session, states)
    found = _Findings(_photos(session, resident, entry))
    found.errors |= {each.key: PHOTO_ALONE for each in entry.values if each.is_photo_alone}
    for value, state in zip(values, states, strict=True):
        _assess_value(found, state, value, taken_on, past[state.counter], now)
    found.refuse()
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


def _day(entry: Entry, states: Iterable[RegisterState], now: datetime) -> date:
    """A day that has not come yet is the date's fault, not each counter's."""
    todays = {now.astimezone(state.zone).date() for state in states}
    if entry.is_of_today:
        return min(todays, default=now.date())
    try:
        day = parse_day(entry.taken_on)
        for today in todays:
            check_day(day, today, None)
    except Impossible as fault:
        raise EntryRefused({DATE_FIELD: str(fault)}) from None
    return day


def _assess_value(
    found: _Findings,
    state: RegisterState,
    value: EntryValue,
    taken_on: date,
    past: Past,
    now: datetime,
) -> None:
    newest = state.newest
    is_seen = newest is None or value.takes_newest or newest.reading_id == value.seen_id
    if newest is not None and not is_seen:
        found.stale.append(_stale(state, newest))
        found.errors[value.key] = _already_given(state, newest)
        return
    if newest is None and value.seen_id is not None:
        found.errors[value.key] = _NOTHING_GIVEN
        return
    try:
        planned = plan(state, value.text, taken_on, past, now)
    except TooEarly as fault:
        found.too_early.append(fault)
        return
    except Impossible as fault:
        found.errors[value.key] = str(fault)
        return
    if state.photo is PhotoPolicy.REQUIRED and not value.photo and not planned.is_known:
        found.errors[photo_field(value.key)] = PHOTO_MISSING
    elif state.photo is not PhotoPolicy.OFF and value.photo:
        planned = replace(planned, photo_id=found.photos[value.photo])
    found.planned.append(planned)


def _photos(session: Session, resident: ResidentId, entry: Entry) -> Mapping[str, int]:
    found = photo_ids(session, resident, entry.photos)
    if found.keys() != entry.photos:
        raise NotFound(LOST)
    return found


def _stale(state: RegisterState, newest: Newest) -> Stale:
    shown = state.dial.show(newest.value)
    return Stale(state.key, newest.reading_id, shown, newest.taken_on, newest.value)


def _already_given(state: RegisterState, newest: Newest) -> str:
    return (
        f"Показания уже переданы: {state.dial.show(newest.value)} "
        f"от {day_text(newest.taken_on)}. Проверьте свое значение и отправьте снова, если нужно"
    )
