"""What a file tells of months that were charged already: the next run finds the difference."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.domain.charging.methods import Fallback, Method
from portal.domain.period import Period
from portal.imports.book.closed_months import ClosedMonths
from portal.imports.book.concerned import concerned_by
from portal.imports.book.desk import Desk
from portal.imports.book.format import TITLES
from portal.imports.book.known import Entry
from portal.services.office.billing.late import LateFacts, Span

_ALWAYS: Final = Span(Period.of(date.min), Period.of(date.max))
_OWNERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("prices", "bands", "norms", "coefficients", "service_terms"), "service_id"),
    **dict.fromkeys(("house_facts", "house_choices", "house_volumes"), "house_id"),
    **dict.fromkeys(("premises_facts", "absences"), "premises_id"),
    **dict.fromkeys(
        ("account_tariffs", "account_facts", "meters", "readings", "refusals", "usages", "works"),
        "account_id",
    ),
}
"""Whose the rows are."""
_THEMSELVES: Final = {
    "premises": "premises_id", "agreements": "agreement_id", "accounts": "account_id",
}  # fmt: skip
_FROM: Final = {"meters": "installed_on", "refusals": "refused_on"}
_METER_DAYS: Final = ("verified_until", "removed_on", "broken_since")


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact that may hold in the months of `span`."""

    table: str
    column: str
    owner: int
    span: Span


def note_late_facts(desk: Desk) -> tuple[str, ...]:
    """Marks what the file added or changed that holds in months that were charged; answers what
    should be known of those that are closed.  Only for a load without faults.
    """
    told = [*_added(desk), *_changed(desk)]
    found = concerned_by(desk, {(each.column, each.owner) for each in told})
    late = LateFacts(desk.session, ClosedMonths(desk), desk.now)
    for each in told:
        for operator_id, agreement_ids in sorted(found[each.column, each.owner].items()):
            late.note(operator_id, agreement_ids, each.span, _title(each.table))
    late.keep()
    return late.sentences


def _added(desk: Desk) -> Iterator[_Told]:
    for table, column in _OWNERS.items():
        for entry in desk.added.get(table, ()):
            if table != "readings" or _decides_alone(desk, entry):
                yield _Told(table, column, entry[column], _span(desk, table, entry))


def _decides_alone(desk: Desk, reading: Entry) -> bool:
    """Whether its month has no charge that a run would look at again when the reading comes."""
    service = desk.known["services"].by_id.get(reading["service_id"])
    account = desk.known["accounts"].by_id[reading["account_id"]]
    has_left = desk.known["agreements"].by_id[account["agreement_id"]]["closed_on"] is not None
    method = Method(service["method"]) if service else None
    if service is None or method is None or method.is_charged_at_once:
        return False
    return has_left or service["fallback"] == Fallback.NONE


def _span(desk: Desk, table: str, entry: Entry) -> Span:
    """The months in which it may hold."""
    if table in {"usages", "house_volumes"}:
        return Span(entry["period"], entry["period"])
    if table == "works":
        return _months(entry["done_on"], entry["done_on"])
    if table == "absences":
        return _months(entry["left_on"], entry["returned_on"])
    if table == "readings":
        before = desk.known["readings"].by_id.get(entry["previous_id"], entry)
        last = Period.of(entry["taken_on"]).shifted(1)  # after the due day it counts for the next
        return Span(Period.of(before["taken_on"]), last)
    return _since(entry[_FROM.get(table, "valid_from")])


def _changed(desk: Desk) -> Iterator[_Told]:
    """Of descriptions only what months are charged by."""
    for table, before, after in desk.renewed:
        span = _CHANGES[table](before, after) if table in _CHANGES else None
        if span is not None:
            column = _OWNERS.get(table) or _THEMSELVES[table]
            yield _Told(table, column, after[column if table in _OWNERS else "id"], span)


def _of_meter(before: Entry, after: Entry) -> Span | None:
    days = [
        day
        for name in _METER_DAYS
        if before[name] != after[name]
        for day in (before[name], after[name])
        if day is not None
    ]
    if any(before[name] != after[name] for name in ("integer_digits", "fraction_digits")):
        days.append(after["installed_on"])
    if before["closing_value"] != after["closing_value"] and after["removed_on"]:
        days.append(after["removed_on"])
    return _since(min(days)) if days else None


def _of_refusal(_before: Entry, after: Entry) -> Span | None:
    """Only the day on which somebody was let in can come later."""
    return _since(after["admitted_on"])


def _of_agreement(before: Entry, after: Entry) -> Span | None:
    if before["premises_id"] != after["premises_id"]:
        return _ALWAYS
    days = [day for day in {before["closed_on"], after["closed_on"]} if day is not None]
    return _since(min(days)) if before["closed_on"] != after["closed_on"] else None


def _of_account(before: Entry, after: Entry) -> Span | None:
    if before["tariff_id"] != after["tariff_id"]:  # without a history it held always
        return _ALWAYS
    since = after["state_since"]
    if (before["state"], before["state_since"]) == (after["state"], since):
        return None
    return _since(since.date()) if since and not before["state_since"] else _ALWAYS


def _of_premises(before: Entry, after: Entry) -> Span | None:
    """What holds from the beginning on was unknown."""
    names = ("area", "heated_area", "residents_registered", "house_id")
    return _ALWAYS if any(before[name] != after[name] for name in names) else None


_CHANGES: Final[Mapping[str, Callable[[Entry, Entry], Span | None]]] = {
    "meters": _of_meter,
    "refusals": _of_refusal,
    "agreements": _of_agreement,
    "accounts": _of_account,
    "premises": _of_premises,
}


def _since(day: date) -> Span:
    return Span(Period.of(day), _ALWAYS.last)


def _months(first: date, last: date) -> Span:
    return Span(Period.of(first), Period.of(last))


def _title(table: str) -> str:
    """As a part of a sentence."""
    title = TITLES[table]
    return title[0].lower() + title[1:]
