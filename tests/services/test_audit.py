"""The audit notices one altered kopeck and one deleted row, whichever table it was in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, delete, event, func, insert, select, text, update

from portal.backend import Backend
from portal.db import journal
from portal.db.access import WebSession
from portal.db.accounts import Meter
from portal.db.audit_records import AuditRecord
from portal.db.base import Base, table_of
from portal.db.digest import digest
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, LedgerAccount, Payment, Transfer
from portal.db.parties import Resident
from portal.db.photos import Photo
from portal.db.readings import Reading
from portal.db.schema import TABLES
from portal.db.session import Session
from portal.db.tariffs import Price, Tariff
from portal.db.types import MoneyType, PeriodType, PriceType, QuantityType
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price as PriceValue
from portal.domain.quantity import Quantity
from portal.services import sessions
from portal.services.audit import audit, proof, report_lines, row_counts
from portal.services.audit_finding import Finding, Rule
from portal.services.audit_journal import journal_findings
from tests.builders import BUILDER, NOW, a_house
from tests.conftest import sqlite_address
from tests.support.full_house import FullHouse, a_full_house
from tests.support.statements import counted

TABLE_NAMES = [model.__tablename__ for model in TABLES]
EXACT = (MoneyType, QuantityType, PriceType)
EXACT_COLUMNS = [
    f"{table_of(model).name}.{column.name}"
    for model in TABLES
    for column in table_of(model).columns
    if isinstance(column.type, EXACT)
]

WITHOUT_CHECKS = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
               WHERE contype = 'c' AND connamespace = 'public'::regnamespace
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.t, found.conname); END LOOP;
END $$
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request, tmp_path_factory) -> Iterator[tuple[Backend, FullHouse]]:
    """One populated database a module: what a test does to it is rolled back."""
    from portal.db.migrate import upgrade

    if request.param == "sqlite":
        url = sqlite_address(tmp_path_factory.mktemp("audit") / "portal.db")
    else:
        cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create())
    upgrade(url)
    backend = Backend(url, clock=lambda: NOW)
    full = a_full_house(backend)
    if request.param == "postgresql":
        with backend.engine.begin() as connection:
            connection.execute(text(WITHOUT_CHECKS))
    yield backend, full
    backend.close()


@pytest.fixture
def backend(town):
    return town[0]


@pytest.fixture
def full(town):
    return town[1]


@pytest.fixture
def hands(backend) -> Iterator[Session]:
    """A session of somebody with hands in the database: no references are enforced."""
    with _unenforced(backend) as connection, connection.begin() as transaction:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield Session(connection)
        transaction.rollback()


@contextmanager
def _unenforced(backend: Backend) -> Iterator[Connection]:
    with backend.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("PRAGMA ignore_check_constraints=ON")
        yield connection
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=ON")
            driver.execute("PRAGMA ignore_check_constraints=OFF")


def table_named(name: str) -> Table:
    return next(table_of(model) for model in TABLES if model.__tablename__ == name)


def beside_shares(findings):
    """What was shared of a payment follows from the payment, the invoice and its lines."""
    return {place for place in places(findings) if place[0] != "share"}


def places(findings) -> set[tuple[str, int]]:
    return {(finding.table, finding.row_id) for finding in findings}


def rules(findings) -> set[Rule]:
    return {finding.rule for finding in findings}


def forge(session: Session, model: type[Base], row_id: int, **values: Any) -> tuple[Finding, ...]:
    """Alter a row and the journal with it: only the rules of the books can tell."""
    journal.change(session, model, row_id, **values)
    journal.seal(session, "somebody", "forge", NOW)
    return audit(session)


def slip_in(session: Session, model: type[Base], **values: Any) -> tuple[Finding, ...]:
    """Add a row and claim it."""
    journal.add(session, model, **values)
    journal.seal(session, "somebody", "forge", NOW)
    return audit(session)


# --- nothing wrong ----------------------------------------------------------------------------


def test_a_house_in_order_has_no_findings_and_every_table_has_rows(hands):
    assert audit(hands) == ()
    counts = row_counts(hands)
    assert sorted(counts) == sorted(TABLE_NAMES)
    assert [table for table, rows in counts.items() if not rows] == []


def test_an_empty_database_is_in_order(database_url):
    backend = Backend(database_url)
    assert backend.read_now(audit) == ()
    backend.close()


def test_what_moves_while_a_session_lives_is_not_vouched_for(hands):
    later = NOW + timedelta(days=1)
    hands.execute(update(table_of(WebSession)).values(last_seen_at=later, confirmed_at=later))
    assert audit(hands) == ()


# --- rows deleted, altered, added behind the journal's back -------------------------------------


@pytest.mark.parametrize("name", [name for name in TABLE_NAMES if name != "audit_record"])
def test_a_deleted_row_is_named(hands, name):
    table = table_named(name)
    row_ids = hands.scalars(select(table.c.id).order_by(table.c.id)).all()
    assert row_ids
    for row_id in {row_ids[0], row_ids[-1]}:
        with hands.connection.begin_nested() as attempt:
            hands.execute(delete(table).where(table.c.id == row_id))
            assert (name, row_id) in places(audit(hands))
            attempt.rollback()


def test_every_record_of_the_journal_is_missed(hands):
    """Also one whose rows a later record claims anew: that one then refers to it in vain."""
    table = table_of(AuditRecord)
    for record_id in hands.scalars(select(table.c.id)).all():
        with hands.connection.begin_nested() as attempt:
            hands.execute(delete(table).where(table.c.id == record_id))
            assert list(journal_findings(hands)), record_id
            attempt.rollback()


@pytest.mark.parametrize(
    "end",
    [
        lambda hands, who, session_id: sessions.end_session(hands, who, session_id, NOW),
        lambda hands, who, _id: sessions.end_other_sessions(hands, who, 0, NOW),
        lambda hands, who, _id: sessions.end_all_sessions(hands, who, NOW),
    ],
)
def test_the_missing_record_of_a_sign_out_is_named_by_its_session(hands, full, end):
    row = hands.execute(select(table_of(WebSession))).one()
    assert end(hands, full.flat.person.id, row.id) == (row.id,)
    journal.seal(hands, "somebody", "sign out", NOW)
    assert audit(hands) == ()
    table = table_of(AuditRecord)
    hands.execute(delete(table).where(table.c.action == "sign out"))
    assert ("web_session", row.id) in places(audit(hands))


@pytest.mark.parametrize("place", EXACT_COLUMNS)
def test_one_kopeck_or_one_millionth_more_is_named(hands, place):
    name, _, column_name = place.partition(".")
    table = table_named(name)
    column = table.c[column_name]
    row_id = hands.scalar(select(func.max(table.c.id)).where(column.is_not(None)))
    if row_id is None:  # the areas of premises may be unknown
        row_id = hands.scalar(select(func.max(table.c.id)))
        hands.execute(text(f"UPDATE {name} SET {column_name} = 1 WHERE id = {row_id}"))
    else:
        alter = f"UPDATE {name} SET {column_name} = {column_name} + 1 WHERE id = {row_id}"
        hands.execute(text(alter))
    assert (name, row_id) in places(audit(hands))


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_any_other_altered_value_is_named(hands, name):
    table = table_named(name)
    row = hands.execute(select(table).order_by(table.c.id.desc()).limit(1)).mappings().one()
    for column in _vouched_for(table):
        with hands.connection.begin_nested() as attempt:
            other = {column.name: _another(column, row[column.name])}
            hands.execute(update(table).where(table.c.id == row["id"]).values(other))
            findings = list(journal_findings(hands))
            assert (name, row["id"]) in places(findings), column.name
            attempt.rollback()


def _vouched_for(table: Table) -> list[Column[Any]]:
    columns: list[Column[Any]] = list(table.columns)
    return [
        column
        for column in columns
        if column.name != "id"
        and not isinstance(column.type, EXACT)
        and not column.info.get("unjournaled")
    ]


def _another(column: Column[Any], value: Any) -> Any:
    """Of the column's type, and not `value`."""
    kind = column.type.python_type if value is None else type(value)
    if value is None:
        if isinstance(column.type, PeriodType):
            return Period(2026, 1)
        value = {int: 0, str: "", date: date(2026, 1, 1)}.get(kind, NOW)
    if isinstance(value, bool):
        return not value
    if isinstance(value, Period):
        return value.shifted(1)
    if isinstance(value, dict):
        return value | {"x": 1}
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + "x" if isinstance(value, str) else value + 10**6


@pytest.mark.parametrize("model", [Payment, LedgerAccount, Price, AuditRecord])
def test_a_row_that_came_in_behind_the_journals_back_is_named(hands, model):
    table = table_of(model)
    row = dict(hands.execute(select(table).limit(1)).mappings().one())
    row |= {"id": 10**6, "external_id": "x", "owner": "x", "valid_from": date(2030, 1, 1)}
    hands.execute(insert(table), {name: row[name] for name in table.columns.keys()})  # noqa: SIM118
    assert any(row_id == 10**6 for _, row_id in places(audit(hands)))


@pytest.mark.parametrize("value", ["2014-13", "май", ""])
def test_a_value_that_cannot_be_read_is_named_with_its_row(hands, full, value):
    alter = text("UPDATE charge SET period = :value WHERE id = :id")
    hands.execute(alter, {"value": value, "id": full.zero.id})
    findings = audit(hands)
    assert ("charge", full.zero.id) in places(findings)
    assert Rule.UNREADABLE in rules(findings)
    assert [f for f in findings if f.table == "charge" and f.rule is Rule.JOURNAL] == []


def test_a_database_of_another_version_is_named(hands):
    hands.execute(text("DELETE FROM alembic_version"))
    assert rules(audit(hands)) == {Rule.SCHEMA}


def test_a_row_written_twice_is_named(hands, full):
    table = table_of(Charge)
    row = hands.execute(select(table).where(table.c.id == full.zero.id)).mappings().one()
    hands.info["claims"] = {"charge": {str(full.zero.id): digest(table, dict(row))}}
    journal.seal(hands, "somebody", "forge", NOW)
    assert [finding.sentence for finding in audit(hands)] == [
        f"строка charge {full.zero.id} записана дважды"
    ]


# --- the books, when the journal was made to agree ----------------------------------------------


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"amount": Money(1)}, Rule.LEDGER),
        ({"amount": Money(1)}, Rule.CHARGE),
        ({"amount": Money(1)}, Rule.INVOICE),
        ({"amount": Money(1)}, Rule.BALANCE),
        ({"volume": Quantity(8_500_001)}, Rule.CHARGE),
        ({"volume": Quantity(8_500_001)}, Rule.INVOICE),
        ({"price": PriceValue.parse("53,42")}, Rule.CHARGE),
        ({"period": Period(2026, 10)}, Rule.CHARGE),
        ({"posted_at": NOW}, Rule.CHARGE),
        ({"posted_at": NOW}, Rule.LEDGER),
    ],
)
def test_a_forged_charge_is_noticed(hands, full, change, rule):
    findings = forge(hands, Charge, full.first.charge.id, **change)
    assert rule in rules(findings)
    assert Rule.JOURNAL not in rules(findings)


def test_a_charge_of_another_agreement_is_noticed(hands, full):
    charge = full.first.charge.id
    findings = forge(hands, Charge, charge, agreement_id=full.other_flat.id)
    assert rules(findings) >= {Rule.LEDGER, Rule.BALANCE, Rule.INVOICE}


def test_a_price_that_was_not_in_force_yet_is_noticed(hands, full):
    _, october, _ = full.water.service.prices[1]
    findings = forge(hands, Charge, full.first.charge.id, price_id=october)
    assert "цена тогда ещё не действовала" in {finding.sentence for finding in findings}


def test_a_price_of_another_service_is_noticed(hands, full):
    strange = hands.scalar(
        select(table_of(Price).c.id).where(table_of(Price).c.service_id != full.water.service.id)
    )
    findings = forge(hands, Charge, full.first.charge.id, price_id=strange)
    assert "цена другой услуги" in {finding.sentence for finding in findings}


@pytest.mark.parametrize("change", [{"amount": Money(1)}, {"volume": Quantity(1)}])
def test_a_reversal_that_is_not_the_exact_opposite_is_noticed(hands, full, change):
    table = table_of(Charge)
    reversal = hands.scalar(select(table.c.id).where(table.c.reverses_id == full.wrong.charge.id))
    sentences = {f.sentence for f in forge(hands, Charge, reversal, **change)}
    assert any("не обратно" in sentence for sentence in sentences)


def test_a_reversal_of_a_reversal_is_noticed(hands, full):
    table = table_of(Charge)
    reversal = hands.scalar(select(table.c.id).where(table.c.reverses_id.is_not(None)))
    findings = forge(hands, Charge, full.zero.id, reverses_id=reversal)
    assert "сторно сторнирует другое сторно" in {finding.sentence for finding in findings}


def test_a_reversal_that_was_made_an_ordinary_charge_charges_its_reading_twice(hands, full):
    table = table_of(Charge)
    reversal = hands.scalar(select(table.c.id).where(table.c.reverses_id == full.wrong.charge.id))
    findings = forge(hands, Charge, reversal, reverses_id=None)
    assert ("reading", full.wrong.id) in places(findings)
    assert rules(findings) >= {Rule.LEDGER, Rule.CHARGE}


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Money(1)},
        {"code": "reversal"},
        {"posted_at": NOW},
        {"debit_id": 1, "credit_id": 2},
        {"reverses_id": 1},
    ],
)
def test_a_forged_transfer_of_a_payment_is_noticed(hands, full, change):
    table = table_of(Transfer)
    transfer = hands.scalar(select(table.c.id).where(table.c.payment_id == full.payment_id))
    assert ("payment", full.payment_id) in places(forge(hands, Transfer, transfer, **change))


def test_swapped_sides_are_noticed_in_the_balance_too(hands, full):
    table = table_of(Transfer)
    row = hands.execute(select(table).where(table.c.payment_id == full.payment_id)).one()
    findings = forge(hands, Transfer, row.id, debit_id=row.credit_id, credit_id=row.debit_id)
    assert rules(findings) == {Rule.LEDGER, Rule.BALANCE}


def test_a_transfer_without_source_is_noticed(hands, full):
    table = table_of(Transfer)
    transfer = hands.scalar(select(table.c.id).where(table.c.payment_id == full.payment_id))
    findings = forge(hands, Transfer, transfer, payment_id=None)
    assert places(findings) >= {("transfer", transfer), ("payment", full.payment_id)}


def test_a_transfer_of_a_zero_charge_is_noticed(hands, full):
    findings = slip_in(
        hands, Transfer, debit_id=1, credit_id=2, amount=Money(1), code="charge", posted_at=NOW,
        charge_id=full.zero.id,
    )  # fmt: skip
    assert ("charge", full.zero.id) in places(findings)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"value": Quantity.parse("248,500001")}, "расход"),
        ({"taken_on": date(2026, 8, 19)}, "раньше предыдущих"),
        ({"revision": 1}, "ничего не исправляет"),
        ({"previous_id": None, "revision": 7}, "первые"),
        ({"source": "opening"}, "первые"),
    ],
)
def test_a_forged_reading_is_noticed(hands, full, change, word):
    findings = forge(hands, Reading, full.first.id, **change)
    assert any(word in finding.sentence for finding in findings), findings
    assert Rule.JOURNAL not in rules(findings)


def test_a_reading_accepted_before_its_day_is_noticed(hands, full):
    """Its day begins with the operator's midnight: 21:00 of the day before by Greenwich."""
    midnight = datetime.combine(full.first.taken_on, time(), UTC) - timedelta(hours=3)
    with hands.connection.begin_nested() as attempt:
        assert forge(hands, Reading, full.first.id, accepted_at=midnight) == ()
        attempt.rollback()
    (finding,) = forge(
        hands, Reading, full.first.id, accepted_at=midnight - timedelta(microseconds=1)
    )
    assert (finding.rule, finding.row_id) == (Rule.READING, full.first.id)
    assert "раньше, чем снято" in finding.sentence


def test_a_charge_posted_before_its_reading_was_taken_is_noticed(hands, full):
    charge = full.first.charge
    early = datetime.combine(full.first.taken_on, time(), UTC) - timedelta(hours=4)
    findings = forge(hands, Charge, charge.id, posted_at=early)
    sentences = {finding.sentence for finding in findings if finding.row_id == charge.id}
    day = (full.first.taken_on - timedelta(days=1)).isoformat()
    assert f"проведено {day}, раньше, чем сняты показания" in sentences


def test_a_reading_moved_to_another_counter_is_noticed(hands, full):
    table = table_of(Meter)
    meter = hands.execute(select(table).where(table.c.id != full.water.meter_id)).first()
    there = {"account_id": meter.account_id, "service_id": meter.service_id}
    findings = forge(hands, Reading, full.first.id, **there)
    sentences = {f.sentence for f in findings if f.row_id == full.first.id}
    assert "прибор другой учетной записи или услуги" in sentences
    assert any("другого счетчика" in sentence for sentence in sentences)


def test_a_reading_with_anothers_photo_is_noticed(hands, full):
    strange = journal.add(
        hands, Photo, resident_id=full.other_flat.person.id, sha256="cd" * 32, size=1, width=1,
        height=1, source="resident", taken_in_at=NOW,
    )  # fmt: skip
    assert forge(hands, Reading, full.first.id, photo_id=strange) == ()
    somebody = journal.add(hands, Resident, login="x", name="x", must_change_password=False)
    findings = forge(hands, Photo, strange, resident_id=somebody)
    assert (Rule.READING, "reading", full.first.id, f"снимок {strange} другого жильца") in [
        (each.rule, each.table, each.row_id, each.sentence) for each in findings
    ]


def test_a_corrected_reading_whose_charge_was_not_reversed_is_noticed(hands, full):
    table = table_of(Charge)
    reversal = hands.scalar(select(table.c.id).where(table.c.reverses_id == full.wrong.charge.id))
    findings = forge(hands, Charge, reversal, reverses_id=None, reading_id=None)
    sentences = {f.sentence for f in findings if (f.table, f.row_id) == ("reading", full.wrong.id)}
    charge = full.wrong.charge.id
    assert f"показания исправлены, а их списание {charge} не сторнировано" in sentences


def test_a_residents_reading_without_a_charge_is_noticed(hands, full):
    row = {
        "account_id": full.water.account.id, "service_id": full.water.service.id,
        "value": Quantity.parse("257"), "revision": 0, "accepted_at": NOW,
        "taken_on": date(2026, 11, 22), "previous_id": full.water.newest.id,
    }  # fmt: skip
    with hands.connection.begin_nested() as attempt:
        assert slip_in(hands, Reading, **row, source="import") == ()
        attempt.rollback()
    (finding,) = slip_in(hands, Reading, **row, source="resident")
    assert (finding.rule, finding.sentence) == (Rule.CHARGE, "по этим показаниям ничего не списано")


def test_two_accepted_successors_of_one_reading_are_noticed(hands, full):
    """A third revision that supersedes nothing stands beside the accepted second."""
    findings = slip_in(
        hands, Reading, account_id=full.water.account.id, service_id=full.water.service.id,
        taken_on=full.right.taken_on, value=full.right.value, previous_id=full.first.id,
        revision=2, source="resident", accepted_at=NOW,
    )  # fmt: skip
    assert any("нужны одни" in finding.sentence for finding in findings)


def test_a_correction_of_the_wrong_place_is_noticed(hands, full):
    findings = forge(hands, Reading, full.right.id, supersedes_id=full.first.id)
    assert any("не на этом месте" in finding.sentence for finding in findings)
    assert any("отменены исправлением" in finding.sentence for finding in findings)


def test_an_invoice_whose_lines_do_not_add_up_is_noticed(hands, full):
    findings = forge(hands, Invoice, full.invoice.id, total=full.invoice.total + Money(1))
    assert places(findings) == {("invoice", full.invoice.id)}
    assert rules(findings) == {Rule.INVOICE}


def test_a_line_that_is_not_as_charged_is_noticed(hands, full):
    table = table_of(InvoiceLine)
    line = hands.scalar(select(table.c.id).where(table.c.charge_id == full.first.charge.id))
    findings = forge(hands, InvoiceLine, line, amount=Money(1))
    assert beside_shares(findings) == {("invoice_line", line), ("invoice", full.invoice.id)}
    assert rules(findings) >= {Rule.INVOICE, Rule.SETTLEMENT}


@pytest.mark.parametrize(("amount", "names"), [("481", "payment"), ("50000", "invoice")])
def test_more_than_the_payment_or_the_invoice_is_noticed(hands, full, amount, names):
    table = table_of(Allocation)
    part = hands.scalar(select(table.c.id).where(table.c.invoice_id == full.invoice.id))
    findings = forge(hands, Allocation, part, amount=Money.parse(amount))
    assert names in {finding.table for finding in findings}
    assert rules(findings) == {Rule.ALLOCATION, Rule.SETTLEMENT}


def test_a_payment_for_anothers_invoice_is_noticed(hands, full):
    table = table_of(Payment)
    strange = hands.scalar(
        select(table.c.id).where(table.c.agreement_id == full.other_flat.id).limit(1)
    )
    part = table_of(Allocation)
    allocation = hands.scalar(select(part.c.id).where(part.c.invoice_id == full.invoice.id))
    findings = forge(hands, Allocation, allocation, payment_id=strange, amount=Money(1))
    assert beside_shares(findings) == {("allocation", allocation)}
    assert beside_shares(findings) < places(findings)


# --- what is printed, and what it costs ---------------------------------------------------------


def test_the_report_names_each_and_sums_up():
    one = Finding(Rule.CHARGE, "charge", 17, "не то")
    whole = Finding(Rule.SCHEMA, "alembic_version", 0, "не та версия")
    assert report_lines([one, whole], {"charge": 30, "payment": 12}) == [
        "charge 17: не то",
        "alembic_version: не та версия",
        "Проверено: таблиц 2, строк 42; нарушений 2",
    ]
    assert report_lines([], {"charge": 30}) == ["Проверено: таблиц 1, строк 30; нарушений нет"]


def test_the_report_does_not_drown_the_reader():
    many = [Finding(Rule.CHARGE, "charge", n, "не то") for n in range(1, 25)]
    lines = report_lines(many, {"charge": 24})
    assert lines[19:] == [
        "charge 20: не то",
        "charge: и ещё 4 (списания)",
        "Проверено: таблиц 1, строк 24; нарушений 24",
    ]


def test_the_number_of_statements_does_not_grow(database_url):
    backend = Backend(database_url, clock=lambda: NOW)
    with counted(backend.engine) as empty:
        assert backend.read_now(audit) == ()
    house = a_house(backend)
    service = house.a_service()
    for _ in range(5):
        flat = house.a_resident().an_agreement()
        meter = flat.an_account().a_meter(service).opens_at("1")
        for month in range(1, 6):
            meter.reads(str(10 * month), date(2026, month, 20))
    with counted(backend.engine) as full:
        assert backend.read_now(audit) == ()
    assert len(full) == len(empty)
    backend.close()


def test_it_sees_one_moment_whoever_writes_meanwhile(database_url):
    backend = Backend(database_url, clock=lambda: NOW)
    house = a_house(backend)
    written: list[int] = []

    def write_meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM audit_record" in statement and not written:
            written.append(0)
            house.a_resident()

    event.listen(backend.engine, "after_cursor_execute", write_meanwhile)
    findings, counts = backend.read_now(proof)
    assert written
    assert findings == ()
    assert counts["resident"] == 0
    assert backend.read_now(proof)[1]["resident"] == 1
    backend.close()


def test_what_a_transaction_does_twice_to_a_row_is_one_claim(database_url):
    """A row that is added and changed, or changed twice, in one transaction."""
    backend = Backend(database_url, clock=lambda: NOW)
    house = a_house(backend)

    def twice(session: Session, _who: object) -> None:
        new = journal.add(session, Tariff, key="new", name="А", kind="services")
        for row_id in (new, house.tariff_id):
            for name in ("Б", "В"):
                journal.change(session, Tariff, row_id, name=name)

    backend.write_now(twice, BUILDER)
    assert backend.read_now(audit) == ()
    backend.close()
