"""One load under way: what is known, what was complained of, what was stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from portal.db import journal
from portal.db.base import Base
from portal.db.session import Session
from portal.domain.feed import EventKind
from portal.imports.book.faults import guess
from portal.imports.book.format import BY_NAME
from portal.imports.book.known import Entry, Key, Known
from portal.imports.book.reading import Book, Row, quoted
from portal.imports.book.stand_ins import is_stand_in, put_stand_in

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass
class Desk:
    """Steps put rows through it one table after another.  After the first fault nothing more is
    stored, but everything goes on being checked, as far as it can be: all faults are told at once.
    """

    session: Session
    book: Book
    now: datetime
    known: Known
    faults: list[str] = field(default_factory=list)
    tallies: dict[str, Counter[str]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    """Before and after of what was changed, for the audit record."""
    events: list[Entry] = field(default_factory=list)
    added: dict[str, list[Entry]] = field(default_factory=dict)
    """New rows by their table."""
    renewed: list[tuple[str, Entry, Entry]] = field(default_factory=list)
    """What was changed: its table, the row as it had been and as it is."""
    spoilt: set[Key] = field(default_factory=set)
    """Registers (account and service) whose chain of readings is incomplete."""
    unpriced: set[int] = field(default_factory=set)
    """Services one of whose prices cannot be read: nothing is computed from the others."""
    _claimed: set[tuple[str, Key]] = field(default_factory=set)
    _ids: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def complain(self, row: Row, sentence: str) -> None:
        self.faults.append(f"{row.place} {row.label}: {sentence}")

    def count(self, table: str, outcome: str, times: int = 1) -> None:
        self.tallies.setdefault(table, Counter())[outcome] += times

    def rows(self, table: str) -> Iterator[tuple[Row, Key]]:
        """The table's rows, with their labels as keys; those that don't even tell their key
        are left out.
        """
        for row in self.book.rows[table]:
            if all(name in row.values for name in row.table.label):
                yield row, tuple(row[name] for name in row.table.label)

    def claims(self, row: Row, table: str, key: Key) -> bool:
        """Whether the row is the first of its key in this file; complains where it is not."""
        if (table, key) in self._claimed:
            self.complain(row, f"{row.table.noun} {row.label}: это уже есть в файле выше")
            return False
        self._claimed.add((table, key))
        return True

    def find(self, row: Row, table: str, key: Key) -> Entry:
        """The stored row of that key.  Where there is none, which is complained of, a stand-in."""
        entry = self.known[table].by_key.get(key)
        if entry is not None:
            return entry
        self.complain(row, self._undescribed(row, table, key))
        return self.stand_in(table, key)

    def stand_in(self, table: str, key: Key) -> Entry:
        """An entry of unknown content, so that the checks of what refers to it can go on."""
        return put_stand_in(self.known, table, key, self.next_id())

    def service(self, row: Row, tariff: Entry) -> Entry:
        """The tariff's service that the row names."""
        if is_stand_in(tariff):
            return self.stand_in("services", ("",))
        return self.find(row, "services", (tariff["key"], row["service"]))

    def links(self, row: Row) -> dict[str, Entry]:
        """The stored rows that the row's fields name; stand-ins for those that it should name."""
        return {
            field.name: self.find(row, field.target, (row[field.name],))
            if field.name in row.values
            else self.stand_in(field.target, ("",))
            for field in row.table.fields
            if field.target and (field.name in row.values or field.required)
        }

    @property
    def is_doomed(self) -> bool:
        """Whether the load will be refused: then checks go on and nothing more is stored."""
        return bool(self.faults)

    def insert(self, model: type[Base], rows: Sequence[Entry]) -> list[int]:
        """Store the rows; ids in their order.  Those of a doomed load are below zero."""
        if self.is_doomed:
            return [self.next_id() for _ in rows]
        return journal.add_all(self.session, model, rows)

    def next_id(self) -> int:
        """An id of what is not in the database."""
        return next(self._ids)

    def zone_of(self, agreement: Entry) -> tzinfo:
        """The zone of the agreement's operator, in which moments without offset are read."""
        return self.zone(self.known["operators"].by_id[agreement["operator_id"]])

    def zone(self, operator: Entry) -> tzinfo:
        return ZoneInfo(operator["timezone"])

    def moment(self, row: Row, name: str, zone: tzinfo) -> datetime:
        """The field's moment in UTC; complains where it has not come yet."""
        given: datetime = row[name]
        moment = given.replace(tzinfo=zone) if given.tzinfo is None else given
        if moment > self.now:
            self.complain(row, f"поле «{name}»: {given.isoformat()} ещё не наступило")
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
