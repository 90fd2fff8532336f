"""A small house as an operator would write it, and what the tests ask about a load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.schema import TABLES
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import NBSP
from portal.imports.book import Book, BookFaults, LoadReport, load_book, read_book

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OFFICER = Officer("tests")
HOUSE = """
[[operators]]
key = "uk"
name = "ООО «УК Дом-Сервис»"
inn = "7736520080"
kpp = "997650001"
account = "40702810338360027201"
bank_name = "ПАО Сбербанк"
bic = "044525225"
corr_account = "30101810400000000225"
phone = "+7 495 111-11-11"

[[agents]]
name = "Агент ЖКХ"
kind = "utilities"

[[custom_fields]]
name = "device_serial"
title = "Номер счетчика"

[[tariffs]]
key = "ХВС"
name = "Холодная вода"

[[services]]
tariff = "ХВС"
external_id = "zkh_cold"
name = "Холодная вода"
unit = "м³"
kind = "one_time"

[[services]]
tariff = "ХВС"
external_id = "house"
name = "Содержание"
unit = "м²"
kind = "periodic"
method = "area"

[[prices]]
tariff = "ХВС"
service = "zkh_cold"
valid_from = 2025-07-01
price = "50,00"

[[prices]]
tariff = "ХВС"
service = "zkh_cold"
valid_from = 2026-07-01
price = "53,41"

[[prices]]
tariff = "ХВС"
service = "house"
valid_from = 2025-07-01
price = "36,19"

[[residents]]
login = "ivanov"
name = "Иванов Иван Иванович"
phone = "79161234567"

[[premises]]
key = "2"
address = "ул. Ленина, 1, кв. 2"
area = "54,3"

[[agreements]]
number = "DOM-2"
resident = "ivanov"
operator = "uk"
premises = "2"

[[accounts]]
key = 17
agreement = "DOM-2"
agent = "Агент ЖКХ"
tariff = "ХВС"
login = "Стояк 1"
fields = { device_serial = "123" }

[[meters]]
account = 17
service = "zkh_cold"
installed_on = 2026-01-15
integer_digits = 5
fraction_digits = 3
opening_value = "240"

[[readings]]
account = 17
service = "zkh_cold"
taken_on = 2026-09-20
value = "248"

[[readings]]
account = 17
service = "zkh_cold"
taken_on = 2026-10-20
value = "256,120"

[[charges]]
key = "17/2026-10"
account = 17
service = "zkh_cold"
reading = 2026-10-20
posted_at = 2026-10-20T19:00:00
period = "2026-10"
volume = "8,12"
amount = "433,69"

[[charges]]
key = "17/house"
account = 17
service = "house"
posted_at = 2026-10-31T12:00:00
volume = "54,3"
amount = "1 965,12"
inputs = { area = "54,3" }
rule = "Решение собрания"
announce = true

[[invoices]]
number = "2026-10"
agreement = "DOM-2"
period = "2026-10"
issued_on = 2026-11-01
due_on = 2026-11-15
charges = ["17/2026-10", "17/house"]
lines = [{ name = "Долг до 2026 года", amount = "100,00" }]
total = "2 498,81"

[[payments]]
channel = "cash"
external_id = "1"
agreement = "DOM-2"
amount = "500,00"
paid_at = 2026-11-05T12:00:00
invoices = [{ number = "2026-10", amount = "300,00" }]

[[notices]]
key = "water"
operator = "uk"
title = "Отключение воды"
body = "С 9 до 17 часов"
published_at = 2026-11-20T10:00:00
"""


@dataclass
class Town:
    """A database and a file to load into it."""

    backend: Backend
    path: Path

    def reads(self, text: str) -> Book:
        self.path.write_text(text, "utf-8")
        return read_book(self.path)

    def loads(self, text: str = HOUSE, now: datetime = NOW) -> LoadReport:
        return self.takes(self.reads(text), now)

    def takes(self, book: Book, now: datetime = NOW) -> LoadReport:
        return self.backend.write_now(load_book, OFFICER, book, now)

    def refuses(self, text: str) -> tuple[str, ...]:
        """The faults for which nothing of the file was stored, with plain spaces."""
        before = self.counts()
        with pytest.raises(BookFaults) as refusal:
            self.loads(text)
        assert self.counts() == before
        return tuple(fault.replace(NBSP, " ") for fault in refusal.value.faults)

    def counts(self) -> dict[str, int]:
        """How many rows each table has, the journal included."""

        def count(session: Session) -> dict[str, int]:
            return {
                model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
                for model in TABLES
            }

        return self.backend.read_now(count)

    def rows(self, model: type[Base], **equal: Any) -> list[Any]:
        """Whole rows in the order of their ids."""
        table = table_of(model)
        conditions = [table.c[name] == value for name, value in equal.items()]
        statement = select(table).where(*conditions).order_by(table.c.id)
        return self.backend.read_now(lambda session: list(session.execute(statement)))

    def row(self, model: type[Base], **equal: Any) -> Any:
        [found] = self.rows(model, **equal)
        return found


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """An empty portal on either database."""
    backend = Backend(database_url, clock=lambda: NOW)
    yield Town(backend, tmp_path / "дом.toml")
    backend.close()


@pytest.fixture
def sqlite_town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    """For rules that are checked before the database has a say."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    yield Town(backend, tmp_path / "дом.toml")
    backend.close()
