"""Readings: each register's chain by date, continued after what is already stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from portal.db.readings import Reading
from portal.imports.book.chain_faults import (
    Wanted,
    early_fault,
    order_fault,
    place_fault,
    value_fault,
)
from portal.imports.book.desk import NEW, UNCHANGED, Desk
from portal.imports.book.format import OPENINGS
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, metered_register_of, spoil
from portal.services.register_state import OPENING

IMPORTED = "import"
Ids = tuple[int, int]


def keep_readings(
    desk: Desk, registers: dict[int, Register], posted: dict[tuple[str, str, date], datetime]
) -> None:
    """Store opening values and readings.  `registers` are those of the file's meters; `posted`
    says when the charge of a reading was posted, for readings that do not say when they were
    accepted.
    """
    meters: dict[Ids, list[Entry]] = defaultdict(list)
    for meter in desk.known["meters"].by_key.values():
        meters[meter["account_id"], meter["service_id"]].append(meter)
    stored = _stored(desk)
    chains = _chains(desk, registers)
    fresh = [list(_link(desk, wanted, meters[ids], stored[ids])) for ids, wanted in chains.items()]
    depth = max(map(len, fresh), default=0)
    for step in range(depth):
        _insert(desk, [chain[step] for chain in fresh if step < len(chain)], posted)


def _stored(desk: Desk) -> dict[Ids, list[Entry]]:
    found: dict[Ids, list[Entry]] = defaultdict(list)
    for entry in desk.known["readings"].by_key.values():
        found[entry["account_id"], entry["service_id"]].append(entry)
    return found


def _chains(desk: Desk, registers: dict[int, Register]) -> dict[Ids, list[Wanted]]:
    chains: dict[Ids, list[Wanted]] = defaultdict(list)
    for wanted in (*_openings(desk, registers), *_readings(desk)):
        chains[wanted.register.ids].append(wanted)
    return {ids: sorted(chain, key=lambda wanted: wanted.order) for ids, chain in chains.items()}


def _openings(desk: Desk, registers: dict[int, Register]) -> Iterator[Wanted]:
    for row, _ in desk.rows("meters"):
        register = registers.get(row.number)
        if register is not None and "opening_value" in row.values:
            day = row.get("opening_on", row["installed_on"])
            yield Wanted(row, register, day, row["opening_value"], is_opening=True)


def _readings(desk: Desk) -> Iterator[Wanted]:
    for row in desk.book.rows["readings"]:
        if not row.is_whole:
            spoil(desk, row)
    for row, _ in desk.rows("readings"):
        register = metered_register_of(desk, row)
        is_first = desk.claims(row, "readings", (*register.ids, row["taken_on"]))
        if is_first and "value" in row.values:
            yield Wanted(row, register, row["taken_on"], row["value"], is_opening=False)
        else:
            spoil(desk, row)


def _link(
    desk: Desk, chain: list[Wanted], meters: list[Entry], stored: list[Entry]
) -> Iterator[Wanted]:
    """The values that are not stored yet, each knowing the one before it."""
    superseded = {entry["supersedes_id"] for entry in stored}
    accepted = [entry for entry in stored if entry["id"] not in superseded]
    newest = max(accepted, key=lambda e: (e["taken_on"], e["id"]), default=None)
    tail: Wanted | Entry | None = newest
    for wanted in chain:
        same = [e for e in stored if _is_same_place(e, wanted)]
        if any(entry["value"] == wanted.value for entry in same):
            desk.count(_counted_as(wanted), UNCHANGED)
            continue
        wanted.previous = tail
        wanted.meter = _meter_on(meters, wanted.taken_on)
        today = desk.today(wanted.register.zone)
        fault = place_fault(wanted, same, newest) or value_fault(
            wanted, today, has_meters=bool(meters)
        )
        disorder = "" if fault else order_fault(wanted)
        if fault or disorder:
            desk.complain(wanted.row, fault or disorder)
            spoil(desk, wanted.row)
        if not fault:
            tail = wanted
            yield wanted


def _is_same_place(entry: Entry, wanted: Wanted) -> bool:
    is_opening = entry["source"] == OPENING
    return entry["taken_on"] == wanted.taken_on and is_opening is wanted.is_opening


def _meter_on(meters: list[Entry], day: date) -> Entry | None:
    hung = [meter for meter in meters if meter["installed_on"] <= day]
    return max(hung, key=lambda meter: meter["installed_on"], default=None)


def _insert(desk: Desk, wave: list[Wanted], posted: dict[tuple[str, str, date], datetime]) -> None:
    """One reading of each chain: the one before it has its id by now."""
    rows = [_columns(desk, wanted, posted) for wanted in wave]
    for wanted, row, row_id in zip(wave, rows, desk.insert(Reading, rows), strict=True):
        wanted.entry = row | {"id": row_id}
        desk.known["readings"].put((row_id,), wanted.entry)
        if not wanted.is_opening:
            desk.added.setdefault("readings", []).append(wanted.entry)
        desk.count(_counted_as(wanted), NEW)


def _columns(
    desk: Desk, wanted: Wanted, posted: dict[tuple[str, str, date], datetime]
) -> dict[str, Any]:
    previous = wanted.previous.entry if isinstance(wanted.previous, Wanted) else wanted.previous
    account_id, service_id = wanted.register.ids
    return {
        "account_id": account_id,
        "service_id": service_id,
        "meter_id": wanted.meter["id"] if wanted.meter else None,
        "taken_on": wanted.taken_on,
        "value": wanted.value,
        "previous_id": previous["id"] if previous else None,
        "revision": 0,
        "supersedes_id": None,
        "source": OPENING if wanted.is_opening else IMPORTED,
        "submission_id": None,
        "accepted_at": _accepted_at(desk, wanted, posted),
    }


def _accepted_at(
    desk: Desk, wanted: Wanted, posted: dict[tuple[str, str, date], datetime]
) -> datetime:
    zone = wanted.register.zone
    if wanted.is_opening:
        return datetime.combine(wanted.taken_on, time(), zone).astimezone(UTC)
    if "accepted_at" in wanted.row.values:
        moment = desk.moment(wanted.row, "accepted_at", zone)
        if fault := early_fault(moment, wanted.taken_on, zone):
            desk.complain(wanted.row, fault)
        return moment
    key = (wanted.row["account"], wanted.row["service"], wanted.taken_on)
    moment = posted.get(key, desk.now)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _counted_as(wanted: Wanted) -> str:
    return OPENINGS if wanted.is_opening else "readings"


def posting_moments(rows: Iterable[Row]) -> dict[tuple[str, str, date], datetime]:
    """When the file's charges of readings were posted, as `keep_readings` wants it."""
    return {
        (row["account"], row["service"], row["reading"]): row["posted_at"]
        for row in rows
        if row.is_whole and "reading" in row.values
    }
