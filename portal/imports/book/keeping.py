"""Adding what is new, changing the descriptions that differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.db import journal
from portal.db.base import Base, table_of
from portal.imports.book.desk import CHANGED, NEW, UNCHANGED, Desk
from portal.imports.book.known import Entry, Key
from portal.imports.book.reading import Row
from portal.imports.book.stand_ins import is_stand_in


@dataclass(frozen=True, slots=True)
class Plan:
    """A row of the file as columns of the database: only those that the file names."""

    row: Row
    key: Key
    columns: Entry


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table's rows are kept: `defaults` fill a new row; columns in `fixed` are never
    changed, those in `once` are set only when the row is made.  Columns in `settled` are never
    changed once they have a value; what they become later stands in the table named there.
    """

    table: str
    model: type[Base]
    defaults: Callable[[Plan], Entry] = lambda _plan: {}
    fixed: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    settled: Mapping[str, str] = field(default_factory=dict)


def keep(desk: Desk, manner: Manner, plans: Sequence[Plan]) -> list[tuple[Plan, Entry | None]]:
    """Add the new rows, change the differing ones; answers what is new (with None) and what was
    changed (with the row as it had been).
    """
    shelf = desk.known[manner.table]
    fresh = [plan for plan in plans if plan.key not in shelf.by_key]
    rows = [_complete(desk, manner, plan) for plan in fresh]
    for plan, row, row_id in zip(fresh, rows, desk.insert(manner.model, rows), strict=True):
        shelf.put(plan.key, row | {"id": row_id})
    desk.count(manner.table, NEW, len(fresh))
    desk.added.setdefault(manner.table, []).extend(rows)
    new = {plan.key for plan in fresh}
    outcome: list[tuple[Plan, Entry | None]] = [(plan, None) for plan in fresh]
    for plan in plans:
        if plan.key not in new:
            outcome += _renew(desk, manner, plan, shelf.by_key[plan.key])
    return outcome


def _complete(desk: Desk, manner: Manner, plan: Plan) -> Entry:
    """All columns; of a row that is not whole those that are missing are a stand-in's."""
    if not plan.row.is_whole:
        return desk.stand_in(manner.table, plan.key) | plan.columns
    columns = manner.defaults(plan) | plan.columns
    given = table_of(manner.model).columns
    return {
        column.key: columns.get(column.key, column.info.get("absent"))
        for column in given
        if column.key != "id"
    }


def _renew(desk: Desk, manner: Manner, plan: Plan, old: Entry) -> list[tuple[Plan, Entry | None]]:
    differing = {
        name: value
        for name, value in plan.columns.items()
        if name not in manner.once and old[name] != value and not _is_to_stand_in(desk, name, value)
    }
    settled = {name for name in manner.settled if old.get(name) is not None}
    fixed = sorted(differing.keys() & (manner.fixed | settled))
    for name in fixed:
        refusal = unchangeable(name, old[name], differing[name])
        later = manner.settled.get(name)
        desk.complain(plan.row, f"{refusal}; новое с датой — в [[{later}]]" if later else refusal)
    if fixed or not differing:
        desk.count(manner.table, UNCHANGED)
        return []
    before = dict(old)
    if not desk.is_doomed:
        journal.change(desk.session, manner.model, old["id"], **differing)
    old.update(differing)
    desk.count(manner.table, CHANGED)
    desk.renewed.append((manner.table, before, old))
    desk.changes[f"{manner.table} {plan.row.label}"] = {
        name: [str(before[name]), str(value)] for name, value in differing.items()
    }
    return [(plan, before)]


def _is_to_stand_in(desk: Desk, name: str, value: object) -> bool:
    stem = name.removesuffix("_id")
    table = stem if stem.endswith("s") else f"{stem}s"
    return isinstance(value, int) and is_stand_in(desk.known[table].by_id.get(value, {}))


def unchangeable(name: str, stored: object, given: object) -> str:
    """The refusal to change what is never changed."""
    field = name.removesuffix("_id")
    if name.endswith("_id"):
        return f"поле «{field}» уже загружено другим, его не меняют"
    return f"поле «{field}»: уже загружено {stored}, а в файле {given}; такое не меняют"
