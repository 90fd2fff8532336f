"""The operator's notices, and the event that each makes for its readers."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.notices import Notice
from portal.db.parties import Agreement
from portal.domain.feed import EventKind
from portal.imports.book.desk import Desk
from portal.imports.book.directory import columns
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry

_agreement = table_of(Agreement)
NOTICES = Manner("notices", Notice, fixed=frozenset({"operator_id", "resident_id", "published_at"}))


def keep_notices(desk: Desk) -> None:
    for plan, old in keep(desk, NOTICES, list(_plans(desk))):
        if old is None and not desk.is_doomed:
            notice = desk.known["notices"].by_key[plan.key]
            facts = {"notice_id": notice["id"], "title": notice["title"]}
            for resident in _readers(desk, notice):
                desk.tell(resident, EventKind.MESSAGE, notice["published_at"], facts)


def _plans(desk: Desk) -> Iterator[Plan]:
    for row, key in desk.rows("notices"):
        if not desk.claims(row, "notices", key):
            continue
        links = desk.links(row)
        told = columns(row, Notice) | {f"{name}_id": entry["id"] for name, entry in links.items()}
        if "published_at" in row.values:
            zone = desk.zone(links["operator"])
            told["published_at"] = desk.moment(row, "published_at", zone)
        yield Plan(row, key, told)


def _readers(desk: Desk, notice: Entry) -> Iterable[int]:
    """The resident named, or everybody who has an agreement with the operator."""
    if notice["resident_id"] is not None:
        return [notice["resident_id"]]
    theirs = select(_agreement.c.resident_id).where(
        _agreement.c.operator_id == notice["operator_id"]
    )
    return desk.session.scalars(theirs.distinct().order_by(_agreement.c.resident_id))
