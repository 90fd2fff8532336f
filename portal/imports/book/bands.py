"""Prices by bands of consumption: all steps of a day are one table, stored and compared whole."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

from portal.db.tariffs import Band
from portal.domain.quantity import Price, Quantity
from portal.imports.book.desk import NEW, UNCHANGED, Desk
from portal.imports.book.known import Entry, Key
from portal.imports.book.registers import service_of

Steps = list[tuple[Quantity | None, Price]]
"""The upper edge and the price of each."""


def keep_bands(desk: Desk) -> None:
    stored = _stored(desk)
    fresh: list[Entry] = []
    for row, _ in desk.rows("bands"):
        key = (service_of(desk, row)["id"], row["valid_from"])
        if not desk.claims(row, "bands", key) or not row.is_whole:
            continue
        steps: Steps = [(step.get("upto"), step["price"]) for step in row["steps"]]
        if fault := _fault(steps, stored.get(key)):
            desk.complain(row, fault)
        elif key in stored:
            desk.count("bands", UNCHANGED)
        else:
            fresh += _rows(key, steps)
            desk.count("bands", NEW)
    desk.insert(Band, fresh)
    desk.added["bands"] = [step for step in fresh if step["position"] == 1]


def _stored(desk: Desk) -> dict[Key, Steps]:
    found: dict[Key, Steps] = defaultdict(list)
    for band in sorted(desk.known["bands"].by_key.values(), key=lambda band: band["position"]):
        found[band["service_id"], band["valid_from"]].append((band["upto"], band["price"]))
    return dict(found)


def _fault(steps: Steps, stored: Steps | None) -> str:
    edges = [upto for upto, _ in steps]
    if not edges or edges[-1] is not None or None in edges[:-1]:
        return "без «upto» бывает последний диапазон, и только он"
    known = [Quantity(0), *(edge for edge in edges if edge is not None)]
    if any(lower >= upper for lower, upper in pairwise(known)):
        return "границы «upto» должны расти, начиная с больше нуля"
    if stored is not None and stored != steps:
        return "диапазоны не те, что уже загружены; их не меняют"
    return ""


def _rows(key: Key, steps: Steps) -> list[dict[str, Any]]:
    service_id, valid_from = key
    return [
        {
            "service_id": service_id,
            "valid_from": valid_from,
            "position": position,
            "upto": upto,
            "price": price,
        }
        for position, (upto, price) in enumerate(steps, start=1)
    ]
