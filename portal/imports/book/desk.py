"""One load under way: what is known, what was complained of, what was stored."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.db import journal
from portal.db.base import Base
from portal.domain.feed import EventKind
from portal.imports.book.faults import guess
from portal.imports.book.format import BY_NAME
from portal.imports.book.known import Entry, Key, Known
from portal.imports.book.reading import Book, Row, quoted

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass
class Desk:
    """Steps put rows through it one table after another; each row that is wrong is complained
    of and skipped, and so, silently, is what refers to it.
    """

    session: Session
    book: Book
    now: datetime
    known: Known
    faults: list[str] = field(default_factory=list)
    tallies: dict[str, Counter[str]] = field(default_factory=dict)
    broken: set[tuple[str, Key]] = field(default_factory=set)
    changes: dict[str, Any] = field(default_factory=dict)
    """Before and after of what was changed, for the audit record."""
    events: list[Entry] = field(default_factory=list)
    _claimed: set[tuple[str, Key]] = field(default_factory=set)

    def complain(self, row: Row, sentence: str) -> None:
        self.faults.append(f"{row.place} {row.label}: {sentence}")

    def count(self, table: str, outcome: str, times: int = 1) -> None:
        self.tallies.setdefault(table, Counter())[outcome] += times

    def rows(self, table: str) -> Iterator[tuple[Row, Key]]:
        """The rows whose fields are all right, with their labels as keys; those that have a
        fault already are marked as broken.
        """
        for row in self.book.rows[table]:
            key = tuple(row.get(name) for name in row.table.label)
            if row.is_whole:
                yield row, key
            else:
                self.broken.add((table, key))

    def claims(self, row: Row, table: str, key: Key) -> bool:
        """Whether the row is the first of its key in this file; complains where it is not."""
        if (table, key) in self._claimed:
            self.complain(row, f"{row.table.noun} {row.label}: это уже есть в файле выше")
            return False
        self._claimed.add((table, key))
        return True

    def find(self, row: Row, table: str, key: Key) -> Entry | None:
        """The stored row of that key; None where there is none, which is complained of unless
        the file describes it wrongly, for then it has a fault already.
        """
        entry = self.known[table].by_key.get(key)
        if (table, key) in self.broken:
            return None
        if entry is None:
            self.complain(row, self._undescribed(row, table, key))
        return entry

    def links(self, row: Row) -> dict[str, Entry] | None:
        """The stored rows that the row's fields name; None when one of them is missing."""
        found = {
            field.name: self.find(row, field.target, (row[field.name],))
            for field in row.table.fields
            if field.target and field.name in row.values
        }
        whole = {name: entry for name, entry in found.items() if entry is not None}
        return whole if len(whole) == len(found) else None

    def zone_of(self, agreement: Entry) -> tzinfo:
        """The zone of the agreement's operator, in which moments without offset are read."""
        return self.zone(self.known["operators"].by_id[agreement["operator_id"]])

    def zone(self, operator: Entry) -> tzinfo:
        return ZoneInfo(operator["timezone"])

    def moment(self, row: Row, name: str, zone: tzinfo) -> datetime | None:
        """The field's moment in UTC; None, complained of, where it has not come yet."""
        given: datetime = row[name]
        moment = given.replace(tzinfo=zone) if given.tzinfo is None else given
        if moment > self.now:
            self.complain(row, f"поле «{name}»: {given.isoformat()} еще не наступило")
            return None
        return moment.astimezone(UTC)

    def today(self, zone: tzinfo) -> date:
        return self.now.astimezone(zone).date()

    def tell(self, resident: int, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        """An event of the resident's side block; stored at the end of the load."""
        self.events.append(
            {"resident_id": resident, "kind": kind.value, "happened_at": at, "facts": facts}
        )

    def _undescribed(self, row: Row, table: str, key: Key) -> str:
        target, own = BY_NAME[table], row.table
        name = quoted(str(key[-1]))
        whose = f" тарифа {quoted(key[0])}" if table == "services" else ""
        known = [other[-1] for other in self.known[table].by_key if other[:-1] == key[:-1]]
        return (
            f"{target.noun} {name}{whose} не {target.gender.described}, "
            f"а {target.gender.on_it} {own.gender.refers} {own.noun} {row.label}"
            f"{guess(str(key[-1]), known)}"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A row of the file as columns of the database: only those that the file names."""

    row: Row
    key: Key
    columns: Entry


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table's rows are kept: `defaults` fill a new row; columns in `fixed` are never
    changed, those in `once` are set only when the row is made.
    """

    table: str
    model: type[Base]
    defaults: Callable[[Plan], Entry] = lambda _plan: {}
    fixed: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()


def keep(desk: Desk, manner: Manner, plans: Sequence[Plan]) -> list[tuple[Plan, Entry | None]]:
    """Add the new rows, change the differing ones; answers what is new (with None) and what was
    changed (with the row as it had been).
    """
    shelf = desk.known[manner.table]
    fresh = [plan for plan in plans if plan.key not in shelf.by_key]
    rows = [_complete(manner, manner.defaults(plan) | plan.columns) for plan in fresh]
    ids = journal.add_all(desk.session, manner.model, rows)
    for plan, row, row_id in zip(fresh, rows, ids, strict=True):
        shelf.put(plan.key, row | {"id": row_id})
    desk.count(manner.table, NEW, len(fresh))
    new = {plan.key for plan in fresh}
    outcome: list[tuple[Plan, Entry | None]] = [(plan, None) for plan in fresh]
    for plan in plans:
        if plan.key not in new:
            outcome += _renew(desk, manner, plan, shelf.by_key[plan.key])
    return outcome


def _complete(manner: Manner, columns: Entry) -> Entry:
    names = (column.key for column in manner.model.__table__.columns)
    return {name: columns.get(name) for name in names if name != "id"}


def _renew(desk: Desk, manner: Manner, plan: Plan, old: Entry) -> list[tuple[Plan, Entry | None]]:
    differing = {
        name: value
        for name, value in plan.columns.items()
        if name not in manner.once and old[name] != value
    }
    fixed = sorted(differing.keys() & manner.fixed)
    for name in fixed:
        desk.complain(plan.row, unchangeable(name, old[name], differing[name]))
    if fixed or not differing:
        desk.count(manner.table, UNCHANGED)
        return []
    before = dict(old)
    journal.change(desk.session, manner.model, old["id"], **differing)
    old.update(differing)
    desk.count(manner.table, CHANGED)
    desk.changes[f"{manner.table} {plan.row.label}"] = {
        name: [str(before[name]), str(value)] for name, value in differing.items()
    }
    return [(plan, before)]


def unchangeable(name: str, stored: object, given: object) -> str:
    """The refusal to change what is never changed."""
    field = name.removesuffix("_id")
    if name.endswith("_id"):
        return f"поле «{field}» уже загружено другим, его не меняют"
    return f"поле «{field}»: уже загружено {stored}, а в файле {given}; такое не меняют"
