"""A file loaded once, twice, and with changes."""

from datetime import UTC, date, datetime

import pytest

from portal.db.accounts import FieldValue, Meter, ServiceAccount
from portal.db.audit_records import AuditRecord
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.notices import Event, Notice
from portal.db.parties import Operator, Resident
from portal.db.readings import Reading
from portal.db.tariffs import Price
from portal.domain.money import NBSP, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from portal.services.passwords import verify_password
from portal.services.side_block import side_block
from tests.imports.conftest import HOUSE, Town
from tests.imports.wrong_rows import READING

RESIDENT_PASSWORD = 'login = "ivanov"\npassword = "первый пароль"\n'


def test_everything_of_the_file_is_stored_and_counted(town: Town) -> None:
    report = town.loads()
    assert {table.table: table.new for table in report.tables} == {
        "operators": 1, "agents": 1, "custom_fields": 1, "tariffs": 1, "services": 2, "prices": 3,
        "residents": 1, "premises": 1, "agreements": 1, "accounts": 1, "field_values": 1,
        "meters": 1, "opening_values": 1, "readings": 2, "charges": 2, "invoices": 1,
        "payments": 1, "notices": 1,
    }  # fmt: skip
    assert report.changed == 0


def test_loading_twice_changes_nothing(town: Town) -> None:
    first = town.loads()
    before = town.counts()
    second = town.loads()
    assert (second.new, second.changed) == (0, 0)
    assert [table.unchanged for table in second.tables] == [table.new for table in first.tables]
    assert town.counts() == before


def test_the_audit_finds_nothing_after_any_load(town: Town) -> None:
    town.loads()
    town.loads(HOUSE.replace("Стояк 1", "Стояк 2"))
    assert town.backend.read_now(audit) == ()


def test_the_journal_says_who_loaded_which_file_and_what_was_changed(town: Town) -> None:
    town.loads()
    town.loads(HOUSE.replace("Стояк 1", "Стояк 2"))
    record = town.rows(AuditRecord)[-1]
    assert (record.actor, record.action) == ("officer:tests", "load_book")
    assert record.changes["file"] == "дом.toml"
    assert record.changes["changed"] == {"accounts 17": {"login": ["Стояк 1", "Стояк 2"]}}


def test_descriptions_that_differ_are_changed(town: Town) -> None:
    town.loads()
    report = town.loads(
        HOUSE.replace("+7 495 111-11-11", "+7 495 222-22-22")
        .replace("Иванов Иван", "Иванова Инна")
        .replace('device_serial = "123"', 'device_serial = "124"')
        .replace("integer_digits = 5", "integer_digits = 6\nverified_until = 2032-01-15")
    )
    assert (report.new, report.changed) == (0, 4)
    assert town.row(Operator).phone == "+7 495 222-22-22"
    assert town.row(Resident).name == "Иванова Инна Иванович"
    assert town.row(FieldValue).value == "124"
    assert town.row(Meter).verified_until == date(2032, 1, 15)


def test_what_the_file_no_longer_names_stays_and_an_empty_text_clears_it(town: Town) -> None:
    town.loads()
    town.loads(HOUSE.replace('phone = "+7 495 111-11-11"\n', ""))
    assert town.row(Operator).phone == "+7 495 111-11-11"
    town.loads(HOUSE.replace('"+7 495 111-11-11"', '""'))
    assert town.row(Operator).phone is None


def test_a_new_month_is_added_to_what_is_there(town: Town) -> None:
    town.loads()
    report = town.loads(
        HOUSE
        + """
[[readings]]
account = 17
service = "zkh_cold"
taken_on = 2026-11-20
value = "262"

[[charges]]
key = "17/2026-11"
account = 17
service = "zkh_cold"
reading = 2026-11-20
posted_at = 2026-11-20T19:00:00
amount = "314,05"
"""
    )
    assert {table.table: table.new for table in report.tables if table.new} == {
        "readings": 1,
        "charges": 1,
    }
    last, before = town.rows(Reading)[-1], town.rows(Reading)[-2]
    assert last.previous_id == before.id
    assert town.row(Charge, key="17/2026-11").volume == Quantity.parse("5,88")


def test_a_second_file_may_refer_to_what_the_first_described(town: Town) -> None:
    town.loads()
    town.loads(
        """
[[payments]]
channel = "bank"
external_id = "7"
agreement = "DOM-2"
amount = "2 198,81"
paid_at = 2026-11-10T12:00:00
invoices = [{ number = "2026-10", amount = "2 198,81" }]
"""
    )
    paid = Money.total(part.amount for part in town.rows(Allocation))
    assert paid == town.row(Invoice).total


def test_contact_data_and_password_are_the_residents_once_he_has_them(town: Town) -> None:
    text = HOUSE.replace('login = "ivanov"\n', RESIDENT_PASSWORD, 1)
    town.loads(text)
    stored = town.row(Resident)
    assert verify_password("первый пароль", stored.password_hash)
    assert stored.must_change_password
    report = town.loads(
        text.replace("79161234567", "79990000000").replace("первый пароль", "другой пароль")
    )
    assert report.changed == 0
    assert town.row(Resident) == stored


def test_a_password_is_nowhere_in_the_journal(town: Town) -> None:
    town.loads(HOUSE.replace('login = "ivanov"\n', RESIDENT_PASSWORD, 1))
    assert not any("первый пароль" in str(record) for record in town.rows(AuditRecord))


def test_readings_are_a_chain_that_begins_with_the_opening_value(town: Town) -> None:
    town.loads()
    opening, first, second = town.rows(Reading)
    assert (opening.source, opening.previous_id, opening.value) == (
        "opening",
        None,
        Quantity.parse("240"),
    )
    assert opening.taken_on == date(2026, 1, 15)
    assert (first.source, first.previous_id, second.previous_id) == (
        "import",
        opening.id,
        first.id,
    )
    assert {reading.revision for reading in (opening, first, second)} == {0}
    assert {reading.meter_id for reading in (opening, first, second)} == {town.row(Meter).id}


def test_a_reading_was_accepted_when_its_charge_was_posted(town: Town) -> None:
    town.loads()
    _, uncharged, charged = town.rows(Reading)
    assert charged.accepted_at == datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
    assert uncharged.accepted_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_charge_has_its_price_period_proof_and_transfer(town: Town) -> None:
    town.loads()
    metered, periodic = town.rows(Charge)
    assert metered.period == Period(2026, 10)
    assert metered.price_id == town.rows(Price)[1].id
    assert metered.proof["method"] == "metered"
    assert metered.proof["inputs"] == {
        "current": 256_120_000,
        "previous": 248_000_000,
        "rolled_over": False,
    }
    assert metered.proof["formula"] == "(текущее − предыдущее) × цена"
    assert periodic.proof == {
        "method": "area",
        "inputs": {"area": "54,3"},
        "formula": "объем × цена",
        "rule": "Решение собрания",
    }
    assert [t.amount for t in town.rows(Transfer) if t.charge_id == metered.id] == [Money(43369)]


def test_the_month_of_a_charge_is_that_of_the_operators_zone(town: Town) -> None:
    """One minute to November in Vladivostok is the middle of the last day in UTC."""
    text = HOUSE.replace('key = "uk"', 'key = "uk"\ntimezone = "Asia/Vladivostok"')
    text = text.replace("2026-10-31T12:00:00", "2026-10-31T23:59:00")
    town.loads(text)
    charge = town.row(Charge, key="17/house")
    assert charge.posted_at == datetime(2026, 10, 31, 13, 59, tzinfo=UTC)
    assert charge.period == Period(2026, 10)
    later = text.replace("2026-10-31T23:59:00", "2026-10-31T23:59:00Z")
    later = later.replace("17/house", "17/next").split("[[invoices]]")[0]
    town.loads(later)
    assert town.row(Charge, key="17/next").period == Period(2026, 11)


def test_an_invoice_freezes_its_words_and_lines(town: Town) -> None:
    town.loads()
    town.loads(HOUSE.replace("ООО «УК Дом-Сервис»", "ООО «Другое имя»"))
    invoice = town.row(Invoice)
    assert invoice.payee["name"] == "ООО «УК Дом-Сервис»"
    assert invoice.payee["corr_account"] == "30101810400000000225"
    assert invoice.payer == {
        "name": "Иванов Иван Иванович",
        "address": "ул. Ленина, 1, кв. 2",
        "agreement": "DOM-2",
    }
    lines = town.rows(InvoiceLine)
    assert [line.name for line in lines] == ["Холодная вода", "Содержание", "Долг до 2026 года"]
    assert Money.total(line.amount for line in lines) == invoice.total


def test_the_balance_is_what_was_paid_less_what_was_charged(town: Town) -> None:
    town.loads()
    shown = town.backend.read_now(side_block, town.row(Resident).id, frozenset())
    assert shown.balance == Money(500_00 - 433_69 - 1965_12)
    assert town.row(Payment).accepted_at == town.row(Payment).paid_at


def test_payments_notices_and_announced_charges_are_told_to_the_resident(town: Town) -> None:
    town.loads()
    resident = town.row(Resident).id
    events = town.rows(Event)
    assert {event.resident_id for event in events} == {resident}
    assert [(event.kind, dict(event.facts)) for event in events] == [
        ("service", {"service": "Содержание", "amount": 1965_12}),
        ("payment", {"amount": 500_00}),
        ("message", {"notice_id": town.row(Notice).id, "title": "Отключение воды"}),
    ]


def test_a_new_tariff_and_a_new_state_are_told_once(town: Town) -> None:
    text = HOUSE.replace('login = "Стояк 1"', 'login = "Стояк 1"\nstate = 0')
    town.loads(text)
    before = len(town.rows(Event))
    changed = text.replace(
        "state = 0",
        "state = 10\nstate_since = 2026-11-21T10:00:00\ntariff_since = 2026-11-21T09:00:00",
    )
    town.loads(changed)
    town.loads(changed)
    told = town.rows(Event)[before:]
    assert [(event.kind, dict(event.facts)) for event in told] == [
        ("tariff", {"tariff": "Холодная вода"}),
        ("lock", {"state": 10, "login": "Стояк 1"}),
    ]
    assert town.row(ServiceAccount).state == 10


def test_a_notice_to_one_resident_is_told_to_no_other(town: Town) -> None:
    town.loads(
        HOUSE.replace('operator = "uk"\ntitle', 'operator = "uk"\nresident = "petrova"\ntitle')
        + '[[residents]]\nlogin = "petrova"\nname = "Петрова"\n'
    )
    petrova = town.row(Resident, login="petrova").id
    assert [e.resident_id for e in town.rows(Event, kind="message")] == [petrova]


def test_a_replaced_meter_goes_on_from_its_own_opening_value(town: Town) -> None:
    town.loads(
        HOUSE
        + """
[[meters]]
account = 17
service = "zkh_cold"
installed_on = 2026-11-01
replaces = 2026-01-15
integer_digits = 5
fraction_digits = 3
opening_value = "0,5"

[[readings]]
account = 17
service = "zkh_cold"
taken_on = 2026-11-20
value = "3,5"

[[charges]]
key = "17/2026-11"
account = 17
service = "zkh_cold"
reading = 2026-11-20
posted_at = 2026-11-20T19:00:00
volume = 3
amount = "160,23"
"""
    )
    old, new = town.rows(Meter)
    assert new.replaces_id == old.id
    assert [reading.meter_id for reading in town.rows(Reading)] == [old.id] * 3 + [new.id] * 2


def test_a_counter_that_passed_zero_is_charged_what_went_through(town: Town) -> None:
    text = HOUSE.replace('value = "256,120"', 'value = "1,500"\nrollover = true')
    text = text.replace('"248"', '"99998"').replace('"8,12"', '"3,5"')
    town.loads(text.replace('"433,69"', '"186,94"').replace('"2 498,81"', '"2 252,06"'))
    assert town.row(Charge, key="17/2026-10").proof["inputs"]["rolled_over"] is True


def test_a_rollover_that_is_hardly_one_is_warned_of(town: Town) -> None:
    """A misprint, called a rollover, is charged as nearly the whole dial."""
    text = HOUSE.replace('value = "256,120"', 'value = "24,8"\nrollover = true')
    text = text.replace('"8,12"', '"99776,8"').replace('"433,69"', '"5 329 078,89"')
    [warning] = town.loads(text.replace('"2 498,81"', '"5 331 144,01"')).warnings
    assert warning.replace(NBSP, " ") == (
        "дом.toml, строка 96, [[readings]] 17 / «zkh_cold» / «2026-10-20»: через ноль получается "
        "расход 99 776,8 м³, это намного больше обычного. Проверьте, прошел ли счетчик через ноль"
    )


@pytest.mark.parametrize(("value", "warnings"), [("34", 0), ("34,001", 1)])
def test_a_rollover_is_measured_by_the_volumes_before_it(
    sqlite_town: Town, value: str, warnings: int
) -> None:
    """Eight a time: five times as much may have gone through."""
    text = "".join(
        f'{READING}taken_on = 2026-10-{day}\nvalue = "{shown}"\n'
        for day, shown in ((21, "99970"), (22, "99978"), (23, "99986"), (24, "99994"), (26, "60"))
    )
    rolled = f'{READING}taken_on = 2026-10-25\nvalue = "{value}"\nrollover = true\n'
    assert len(sqlite_town.loads(HOUSE + text + rolled).warnings) == warnings


def test_the_report_is_an_aligned_table(town: Town) -> None:
    lines = town.loads().text().splitlines()
    assert lines[0].split() == ["Таблица", "новых", "изменено", "без", "изменений"]
    assert len({len(line) for line in lines}) == 1
    readings = next(line for line in lines if line.startswith("Показания "))
    assert readings.split()[1:] == ["2", "0", "0"]
