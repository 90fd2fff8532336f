"""A database from before there were photos: its rows and its journal hold as they are."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from portal.backend import Backend
from portal.db import journal
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.digest import digest
from portal.db.engine import make_engine, writing
from portal.db.migrate import _config, upgrade
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.services.audit import audit
from tests.builders import NOW, a_house
from tests.support.photos import takes_photo

SERVICE = {
    "tariff_id": 1, "external_id": "zkh_1", "name": "Вода", "unit": "м³", "kind": "one_time",
    "method": "metered", "resident_may_manage": True, "position": 1,
}  # fmt: skip
# As the program of that time has computed it.
DIGEST_THEN = "43763a35b6cc9fe3"


@pytest.fixture
def old(blank_database_url: str) -> str:
    """The schema of before, with a service in it that its journal vouches for."""
    engine = make_engine(blank_database_url)
    with writing(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO tariff (key, name, kind) VALUES ('t','t','services')"))
        columns = ", ".join(SERVICE)
        values = ", ".join(f":{name}" for name in SERVICE)
        connection.execute(text(f"INSERT INTO service ({columns}) VALUES ({values})"), SERVICE)
        _claim(Session(connection))
    engine.dispose()
    return blank_database_url


def _claim(session: Session) -> None:
    tariff = {"key": "t", "name": "t", "kind": "services"}
    claims = {
        "tariff": {"1": digest(_table("tariff"), tariff)},
        "service": {"1": DIGEST_THEN},
    }
    record: dict[str, Any] = {
        "actor": "then", "action": "load", "at": NOW, "changes": {}, "claims": claims,
    }  # fmt: skip
    own = {"audit_record": {journal.ITSELF: digest(table_of(AuditRecord), record)}}
    session.execute(insert(table_of(AuditRecord)).values(record | {"claims": claims | own}))


def _table(name: str):
    return table_of(Service).metadata.tables[name]


def test_what_was_claimed_before_holds_after_and_photos_can_be_taken(old: str, tmp_path) -> None:
    upgrade(old)
    backend = Backend(old, clock=lambda: NOW)
    assert backend.read_now(audit) == ()
    assert backend.read_now(lambda s: s.scalar(select(table_of(Service).c.photo))) == "off"
    house = a_house(backend)
    house.changes(Service, 1, photo="required")
    takes_photo(backend, house.a_resident().id, tmp_path)
    assert backend.read_now(audit) == ()
    backend.close()


def test_a_later_column_is_vouched_for_as_well(old: str) -> None:
    upgrade(old)
    backend = Backend(old, clock=lambda: NOW)
    with writing(backend.engine) as connection:
        connection.execute(text("UPDATE service SET photo = 'required'"))
    (finding,) = backend.read_now(audit)
    assert str(finding) == "service 1: строка изменена мимо журнала"
    backend.close()
