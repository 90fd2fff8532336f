"""Houses for tests, in the words of the domain:

    house = a_house(backend)
    ivanov = house.a_resident("Иванов Иван Иванович")
    flat = ivanov.an_agreement("DOM-12")
    water = house.a_service("zkh_water", price="53,41")
    meter = flat.an_account("Стояк 1", serial="123").a_meter(water, integer=5, fraction=3)
    meter.reads("248", on=date(2026, 9, 20))
    charge = meter.reads("256", on=date(2026, 10, 20)).charge
    flat.an_invoice([charge])
    flat.a_payment("100,00")

Everything is written through the journal, so that the audit finds nothing.  What a test does not
name is invented.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.backend import Backend
from portal.db import journal
from portal.db.accounts import Agent, CustomField, FieldValue, Meter, ServiceAccount
from portal.db.base import Base, table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.notices import Event, Notice
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Price, Service, Tariff
from portal.domain.identity import Officer, ResidentId
from portal.domain.meter import Dial
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import Proof, metered_proof, reversal_proof
from portal.domain.quantity import Price as PriceValue
from portal.domain.quantity import Quantity, cost
from portal.services.ledger import NewCharge, NewPayment, post_charges, post_payments
from portal.services.side_block import side_block

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BUILDER = Officer("tests")
SERIAL_FIELD = "device_serial"


def a_house(
    backend: Backend,
    key: str = "uk",
    *,
    timezone: str = "Europe/Moscow",
    now: datetime = NOW,
    **operator: Any,
) -> "House":
    """A management company with requisites, a tariff of services and the field of serials."""
    house = House(backend, now, timezone)
    house.operator_id = house.adds(
        Operator,
        **{
            "key": key,
            "name": "ООО «УК Дом-Сервис»",
            "inn": "7736520080",
            "kpp": "997650001",
            "account": "40702810338360027201",
            "bank_name": "ПАО Сбербанк",
            "bic": "044525225",
            "corr_account": "30101810400000000225",
            "timezone": timezone,
            "readings_due_day": 25,
        }
        | operator,
    )
    house.agent_id = house.adds(Agent, key=f"{key}-agent", name="Агент ЖКХ", kind="utilities")
    house.tariff_id = house.a_tariff("Тариф ЖКХ")
    house.field_id = house.finds_or_adds_serial_field()
    return house


@dataclass
class House:
    backend: Backend
    now: datetime
    timezone: str
    operator_id: int = 0
    agent_id: int = 0
    tariff_id: int = 0
    field_id: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def writes(self, command: Callable[[Session], Any]) -> Any:
        """What `command(session)` answers, in a transaction of its own."""

        def build(session: Session, _who: Officer) -> Any:
            return command(session)

        return self.backend.write_now(build, BUILDER)

    def adds(self, model: type[Base], **values: Any) -> int:
        row_id: int = self.writes(lambda session: journal.add(session, model, **values))
        return row_id

    def changes(self, model: type[Base], row_id: int, **values: Any) -> None:
        self.writes(lambda session: journal.change(session, model, row_id, **values))

    def a_tariff(self, name: str, kind: str = "services") -> int:
        return self.adds(Tariff, key=self.unique("tariff"), name=name, kind=kind)

    def a_service(
        self,
        external_id: str = "",
        name: str = "Услуга ЖКХ № 1",
        *,
        price: str | None = "2,79",
        unit: str = "м³",
        tariff_id: int | None = None,
        since: date = date(2010, 1, 1),
        **service: Any,
    ) -> "ServiceRow":
        service_id = self.adds(
            Service,
            **{
                "tariff_id": tariff_id or self.tariff_id,
                "external_id": external_id or self.unique("zkh"),
                "name": name,
                "unit": unit,
                "kind": "one_time",
                "method": "metered",
                "resident_may_manage": True,
                "position": next(self._numbers),
            }
            | service,
        )
        row = ServiceRow(self, service_id)
        if price is not None:
            row.costs(price, since)
        return row

    def a_periodic_service(self, name: str = "Содержание", price: str = "36,19") -> "ServiceRow":
        return self.a_service(
            self.unique("plain"), name, price=price, unit="м²", kind="periodic", method="area"
        )

    def a_resident(self, name: str = "Иванов Иван Иванович", **resident: Any) -> "Person":
        resident_id = self.adds(
            Resident,
            **{
                "login": self.unique("login"),
                "name": name,
                "phone": "+79161234567",
                "email": "ivanov@example.ru",
                "must_change_password": False,
            }
            | resident,
        )
        return Person(self, ResidentId(resident_id), name)

    def a_notice(
        self,
        title: str = "Отключение воды",
        body: str = "С 9 до 17 часов",
        *,
        to: "Person | None" = None,
        at: datetime | None = None,
    ) -> int:
        return self.adds(
            Notice,
            key=self.unique("notice"),
            operator_id=self.operator_id,
            resident_id=to.id if to else None,
            title=title,
            body=body,
            published_at=at or self.now,
        )

    def unique(self, word: str) -> str:
        return f"{word}-{self.operator_id}-{next(self._numbers)}"

    def finds_or_adds_serial_field(self) -> int:
        table = table_of(CustomField)

        def command(session: Session) -> int:
            known = session.scalar(select(table.c.id).where(table.c.name == SERIAL_FIELD))
            if known is not None:
                return int(known)
            return journal.add(session, CustomField, name=SERIAL_FIELD, title="Номер счетчика")

        field_id: int = self.writes(command)
        return field_id


@dataclass
class ServiceRow:
    house: House
    id: int
    prices: list[tuple[date, int, PriceValue]] = field(default_factory=list)

    def costs(self, price: str, since: date) -> "ServiceRow":
        """From `since` on."""
        value = PriceValue.parse(price)
        price_id = self.house.adds(Price, service_id=self.id, valid_from=since, price=value)
        self.prices.append((since, price_id, value))
        return self

    def price_on(self, day: date) -> tuple[int, PriceValue]:
        _, price_id, value = max(row for row in self.prices if row[0] <= day)
        return price_id, value


@dataclass
class Person:
    house: House
    id: ResidentId
    name: str

    def an_agreement(
        self,
        number: str = "",
        *,
        address: str = "г. Москва, ул. Ленина, д. 1, кв. 2",
        closed_on: date | None = None,
        house: House | None = None,
    ) -> "Flat":
        """`house` is another operator's, when it is not the person's first one."""
        home = house or self.house
        number = number or home.unique("DOM")
        premises_id = home.adds(Premises, key=home.unique("flat"), address=address)
        agreement_id = home.adds(
            Agreement,
            number=number,
            resident_id=self.id,
            operator_id=home.operator_id,
            premises_id=premises_id,
            closed_on=closed_on,
        )
        return Flat(home, self, agreement_id, number, address)

    @property
    def balance(self) -> Money:
        """As every page's frame shows it."""
        return self.house.backend.read_now(side_block, self.id, frozenset()).balance

    def an_event(self, kind: str, at: datetime | None = None, **facts: Any) -> int:
        return self.house.adds(
            Event, resident_id=self.id, kind=kind, happened_at=at or self.house.now, facts=facts
        )


@dataclass
class Flat:
    """An agreement with its premises."""

    house: House
    person: Person
    id: int
    number: str
    address: str

    def an_account(
        self,
        login: str = "Абонент (ЖКХ)",
        *,
        serial: str | None = "1237531773",
        state: int = 0,
        tariff_id: int | None = None,
        agent_id: int | None = None,
    ) -> "Account":
        account_id = self.house.adds(
            ServiceAccount,
            key=self.house.unique("account"),
            agreement_id=self.id,
            agent_id=agent_id or self.house.agent_id,
            tariff_id=tariff_id or self.house.tariff_id,
            login=login,
            state=state,
            position=self.id,
        )
        if serial is not None:
            field_id = self.house.field_id
            self.house.adds(FieldValue, account_id=account_id, field_id=field_id, value=serial)
        return Account(self, account_id)

    def a_payment(
        self,
        amount: str,
        *,
        at: datetime | None = None,
        channel: str = "bank",
        external_id: str = "",
        pays: "Sequence[tuple[InvoiceRow, str]]" = (),
        stated: "Sequence[InvoiceRow]" = (),
    ) -> int:
        """`pays` allocates parts of the payment to invoices, `stated` only names them."""
        paid_at = at or self.house.now
        new = NewPayment(
            agreement_id=self.id,
            channel=channel,
            external_id=external_id or self.house.unique("pay"),
            amount=Money.parse(amount),
            paid_at=paid_at,
            accepted_at=paid_at,
            stated=tuple(invoice.id for invoice in stated),
        )

        def command(session: Session) -> int:
            (payment_id,) = post_payments(session, [new])
            for invoice, part in pays:
                journal.add(
                    session,
                    Allocation,
                    payment_id=payment_id,
                    invoice_id=invoice.id,
                    amount=Money.parse(part),
                )
            return payment_id

        payment_id: int = self.house.writes(command)
        return payment_id

    def an_invoice(
        self,
        charges: "Sequence[ChargeRow]" = (),
        *,
        period: Period | None = None,
        number: str = "",
        issued_on: date | None = None,
        due_on: date | None = None,
        opening: str | None = None,
        supplier_id: int | None = None,
    ) -> "InvoiceRow":
        """Of `charges`, and of `opening`: what was owed before there was a portal."""
        period = period or (charges[0].period if charges else Period.of(self.house.now.date()))
        lines = [charge.line() for charge in charges]
        if opening is not None:
            lines.append({"name": "Долг на начало", "amount": Money.parse(opening)})
        number = number or self.house.unique("inv")
        total = Money.total(line["amount"] for line in lines)
        payer = {
            "name": self.person.name,
            "address": self.address,
            "agreement": self.number,
        }

        def command(session: Session) -> int:
            invoice_id = journal.add(
                session,
                Invoice,
                operator_id=self.house.operator_id,
                agreement_id=self.id,
                number=number,
                period=period,
                issued_on=issued_on or period.shifted(1).first_day,
                due_on=due_on or period.shifted(1).first_day.replace(day=15),
                total=total,
                payee=payee_of(session, self.house.operator_id),
                payer=payer,
                supplier_id=supplier_id,
            )
            rows = [
                line | {"invoice_id": invoice_id, "position": position}
                for position, line in enumerate(lines, 1)
            ]
            journal.add_all(session, InvoiceLine, rows)
            return invoice_id

        return InvoiceRow(self.house.writes(command), number, total)


def payee_of(session: Session, operator_id: int) -> dict[str, str]:
    """An operator's requisites as they are frozen in an invoice: the fields of
    `portal.domain.bill.Requisites`.
    """
    table = table_of(Operator)
    names = ("name", "inn", "kpp", "account", "bank_name", "bic", "corr_account")
    row = session.execute(
        select(*(table.c[name] for name in names)).where(table.c.id == operator_id)
    ).one()
    return {name: value or "" for name, value in row._mapping.items()}


@dataclass
class InvoiceRow:
    id: int
    number: str
    total: Money


@dataclass
class Account:
    flat: Flat
    id: int

    @property
    def house(self) -> House:
        return self.flat.house

    def a_meter(
        self,
        service: ServiceRow,
        *,
        integer: int | None = 5,
        fraction: int | None = 3,
        installed_on: date = date(2010, 1, 1),
        verified_until: date | None = None,
        serial: str | None = None,
    ) -> "Counter":
        meter_id = self.house.adds(
            Meter,
            account_id=self.id,
            service_id=service.id,
            integer_digits=integer,
            fraction_digits=fraction,
            installed_on=installed_on,
            verified_until=verified_until,
            serial=serial,
        )
        return Counter(self, service, meter_id, Dial(integer, fraction))

    def without_meter(self, service: ServiceRow) -> "Counter":
        """A service that takes readings though the operator has described no meter."""
        return Counter(self, service, None, Dial(None, None))

    def is_charged(
        self,
        service: ServiceRow,
        volume: str = "1",
        *,
        at: datetime | None = None,
        reading_id: int | None = None,
        reverses: "ChargeRow | None" = None,
        proof: Proof | None = None,
        **more: Any,
    ) -> "ChargeRow":
        """Posted at `at`, at the price that is in force then (a reversal: at its own); `more`
        columns as they are.
        """
        posted_at = at or self.house.now
        price_id, price = service.price_on(posted_at.astimezone(self.house.zone).date())
        quantity = Quantity.parse(volume)
        new = NewCharge(
            agreement_id=self.flat.id,
            operator_id=self.house.operator_id,
            account_id=self.id,
            service_id=service.id,
            period=Period.at(posted_at, self.house.zone),
            posted_at=posted_at,
            volume=-reverses.new.volume if reverses else quantity,
            price_id=reverses.new.price_id if reverses else price_id,
            price=reverses.new.price if reverses else price,
            amount=-reverses.new.amount if reverses else cost(quantity, price),
            proof=reversal_proof(reverses.id) if reverses else proof or {"method": "metered"},
            reading_id=reading_id,
            reverses_id=reverses.id if reverses else None,
            **more,
        )
        (charge_id,) = self.house.writes(lambda session: post_charges(session, [new]))
        return ChargeRow(charge_id, new)


@dataclass
class ChargeRow:
    id: int
    new: NewCharge

    @property
    def amount(self) -> Money:
        return self.new.amount

    @property
    def period(self) -> Period:
        return self.new.period

    def line(self) -> dict[str, Any]:
        """The row of an invoice line."""
        return {
            "charge_id": self.id,
            "name": "Услуга ЖКХ № 1",
            "unit": "м³",
            "volume": self.new.volume,
            "price": self.new.price,
            "amount": self.new.amount,
        }


@dataclass
class ReadingRow:
    id: int
    value: Quantity
    taken_on: date
    previous: "ReadingRow | None"
    revision: int
    charge: ChargeRow | None = None


@dataclass
class Counter:
    """One service of one account: a chain of readings, each charged as it comes."""

    account: Account
    service: ServiceRow
    meter_id: int | None
    dial: Dial
    newest: ReadingRow | None = None

    def opens_at(self, value: str, on: date = date(2010, 1, 1)) -> "Counter":
        """The opening value, set by the operator."""
        self._adds(Quantity.parse(value), on, "opening", None, self.account.house.now)
        return self

    def reads(
        self,
        value: str,
        on: date,
        *,
        at: datetime | None = None,
        source: str = "resident",
    ) -> ReadingRow:
        """The next value, charged at `at` (where it is not the first)."""
        posted_at = at or datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        row = self._adds(Quantity.parse(value), on, source, None, posted_at)
        return self._charged(row, posted_at)

    def corrects(self, value: str, *, at: datetime | None = None) -> ReadingRow:
        """The newest value was wrong: superseded, its charge reversed and posted anew."""
        wrong = self.newest
        assert wrong is not None
        posted_at = at or self.account.house.now
        row = self._adds(Quantity.parse(value), wrong.taken_on, "resident", wrong, posted_at)
        if wrong.charge is not None:
            self.account.is_charged(
                self.service, at=posted_at, reading_id=wrong.id, reverses=wrong.charge
            )
        return self._charged(row, posted_at)

    def _charged(self, row: ReadingRow, posted_at: datetime) -> ReadingRow:
        if row.previous is not None:
            volume = row.value - row.previous.value
            is_rollover = volume.micro < 0
            if is_rollover and self.dial.capacity is not None:
                volume += self.dial.capacity
            proof = metered_proof(row.value, row.previous.value, is_rollover=is_rollover)
            row.charge = self.account.is_charged(
                self.service, volume.text(), at=posted_at, reading_id=row.id, proof=proof
            )
        return row

    def _adds(
        self, value: Quantity, on: date, source: str, wrong: ReadingRow | None, at: datetime
    ) -> ReadingRow:
        previous = wrong.previous if wrong else self.newest
        revision = wrong.revision + 1 if wrong else 0
        reading_id = self.account.house.adds(
            Reading,
            account_id=self.account.id,
            service_id=self.service.id,
            meter_id=self.meter_id,
            taken_on=on,
            value=value,
            previous_id=previous.id if previous else None,
            revision=revision,
            supersedes_id=wrong.id if wrong else None,
            source=source,
            accepted_at=at,
        )
        self.newest = ReadingRow(reading_id, value, on, previous, revision)
        return self.newest
