"""The demonstration: the manual's figures to the kopeck, and a house that could be true."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.backend import Backend
from portal.db.accounts import FieldValue, Meter, ServiceAccount
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Refund
from portal.db.migrate import upgrade
from portal.db.notices import Event
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.periods import PeriodEvent
from portal.db.promises import Promise
from portal.db.readings import Reading
from portal.db.tariffs import Service
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.requisites import account_fault, inn_fault
from portal.imports.demo import Made, demo_books, make_demo
from portal.imports.demo.afterwards import mistaken_payments
from portal.imports.demo.cast import flats
from portal.imports.demo.timeline import ZONE
from portal.services.audit import audit
from portal.services.invoices import invoices, unpaid_invoices
from portal.services.office.billing.run import Order, bill_chunk, chunks
from portal.services.passwords import verify_password
from tests.imports.conftest import OFFICER, Town

# Making a whole house takes a minute where other tests are busy.
pytestmark = pytest.mark.timeout(300)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUSE_AND_TOWN = 41


@dataclass
class Demo:
    town: Town
    made: Made

    def charges(self, number: str) -> list[Any]:
        return self.town.rows(Charge, agreement_id=self.agreement(number).id)

    def agreement(self, number: str) -> Any:
        return self.town.row(Agreement, number=number)

    def invoices(self, number: str) -> list[Any]:
        return self.town.rows(Invoice, agreement_id=self.agreement(number).id)

    def remainders(self, number: str) -> dict[str, Money]:
        """What remains to be paid of each invoice that is not paid in full, by its number."""
        paid: Counter[int] = Counter()
        for part in self.town.rows(Allocation):
            paid[part.invoice_id] += part.amount.kopecks
        return {
            invoice.number: Money(invoice.total.kopecks - paid[invoice.id])
            for invoice in self.invoices(number)
            if invoice.total.kopecks != paid[invoice.id]
        }

    def unpaid(self, number: str) -> list[Any]:
        remainders = self.remainders(number)
        return [invoice for invoice in self.invoices(number) if invoice.number in remainders]

    def payee(self, invoice: Any) -> str:
        return str(invoice.payee["name"])

    def houses_operators(self) -> list[Any]:
        return [self.town.row(Operator, key=key) for key in ("lesnaya-storona", "dom-seti")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Loaded once, on SQLite: every test here only looks."""
    folder = tmp_path_factory.mktemp("demo")
    address = f"sqlite:///{folder}/demo.db"
    upgrade(address)
    backend = Backend(address, clock=lambda: NOW)
    town = Town(backend, folder / "дом.toml")
    yield Demo(town, backend.write_now(make_demo, OFFICER, TODAY, NOW))
    backend.close()


# --- the manual -------------------------------------------------------------------------------


def test_the_manuals_charges_stand_under_may_2014(demo: Demo) -> None:
    readings = {reading.id: reading for reading in demo.town.rows(Reading)}
    lines = [
        (str(readings[c.reading_id].taken_on), readings[c.reading_id].value.text(), str(c.amount))
        for c in demo.charges("DOG-S-755")
    ]
    assert [tuple(word.replace("\N{NO-BREAK SPACE}", " ") for word in line) for line in lines] == [
        ("2014-02-10", "12547", "2 017,45 ₽"),
        ("2014-03-15", "13721", "3 275,46 ₽"),
        ("2014-04-07", "14235", "1 434,06 ₽"),
    ]
    assert {c.period for c in demo.charges("DOG-S-755")} == {Period(2014, 5)}
    assert [c.volume.text() for c in demo.charges("DOG-S-755")] == ["723,1", "1174", "514"]


def test_the_manuals_invoice_is_unpaid_and_the_earlier_payment_pays_none(demo: Demo) -> None:
    assert demo.remainders("DOG-S-755") == {"755-2014-05": Money(6726_97)}
    payment = demo.town.row(Payment, agreement_id=demo.agreement("DOG-S-755").id)
    assert payment.amount == Money(2500_00)
    assert payment.paid_at == datetime(2014, 5, 28, 3, 55, tzinfo=UTC)  # 07:55 in Moscow then


def test_the_manuals_resident_and_his_device(demo: Demo) -> None:
    resident = demo.town.row(Resident, name="Абонент")
    assert (resident.phone, resident.email) == ("71111234567", "email@email.ru")
    assert verify_password("kvartira-755", resident.password_hash)
    assert not resident.must_change_password
    device, other = demo.town.rows(ServiceAccount, agreement_id=demo.agreement("DOG-S-755").id)
    assert (device.login, other.login, other.state) == ("Абонент (ЖКХ)", "Абонент (услуги)", 10)
    assert demo.town.row(FieldValue, account_id=device.id).value == "1237531773"
    opening = demo.town.rows(Reading, account_id=device.id)[0]
    assert (opening.source, opening.value) == ("opening", Quantity.parse("11823,9"))


def test_the_manuals_events_in_the_order_of_figure_9(demo: Demo) -> None:
    resident = demo.town.row(Resident, name="Абонент")
    events = [(e.kind, dict(e.facts)) for e in demo.town.rows(Event, resident_id=resident.id)]
    assert events == [
        ("lock", {"state": 10, "login": "Абонент (услуги)"}),
        ("tariff", {"tariff": "Тариф ЖКХ"}),
        ("payment", {"amount": 2500_00}),
    ]


# --- the house --------------------------------------------------------------------------------


def test_the_house_has_forty_flats_and_thirteen_months(demo: Demo) -> None:
    flats = [f"DOM-{number}" for number in range(1, 41)]
    numbers = {agreement.number for agreement in demo.town.rows(Agreement)}
    assert numbers >= set(flats)
    assert len(demo.town.rows(Resident)) == HOUSE_AND_TOWN
    for flat in flats:
        periods = sorted({charge.period for charge in demo.charges(flat)})
        assert (periods[0], periods[-1], len(periods)) == (Period(2025, 11), Period(2026, 11), 13)


def test_the_guest_lives_in_flat_12_with_two_agreements(demo: Demo) -> None:
    agreement = demo.agreement("DOM-12")
    guest = demo.town.row(Resident, id=agreement.resident_id)
    assert guest.name == "Петрова Мария Ивановна"
    assert verify_password("kvartira-12", guest.password_hash)
    assert not guest.must_change_password
    theirs = demo.town.rows(Agreement, resident_id=guest.id)
    assert [a.number for a in theirs] == ["DOM-12", "NET-1012"]
    assert len({a.operator_id for a in theirs}) == 2
    assert demo.town.row(Premises, id=agreement.premises_id).address.endswith("Лесная, 7, кв. 12")


def test_of_last_month_the_guest_has_paid_nothing_and_of_the_month_before_a_part(
    demo: Demo,
) -> None:
    """To the company; the fund and the carrier of waste were paid then."""
    unpaid = demo.unpaid("DOM-12")
    assert [(i.period, demo.payee(i)) for i in unpaid] == [
        (Period(2026, 9), "ООО «УК «Лесная сторона»"),
        (Period(2026, 10), "ООО «УК «Лесная сторона»"),
        (Period(2026, 10), "Фонд капитального ремонта"),
        (Period(2026, 10), "ООО «Чистый двор», региональный оператор"),
    ]
    remainders = demo.remainders("DOM-12")
    assert ZERO < remainders[unpaid[0].number] < unpaid[0].total
    assert all(remainders[invoice.number] == invoice.total for invoice in unpaid[1:])
    assert demo.unpaid("NET-1012") == []


def test_the_guests_pages_show_what_is_unpaid(demo: Demo) -> None:
    guest = ResidentId(demo.agreement("DOM-12").resident_id)
    due = demo.town.backend.read_now(unpaid_invoices, guest)
    listed = demo.town.backend.read_now(invoices, guest)
    numbers = {invoice.number for invoice in demo.unpaid("DOM-12")}
    assert {invoice.number for invoice in due} == numbers
    assert {invoice.number for invoice in listed[: len(numbers)]} == numbers
    assert {invoice.payee for invoice in due} == {
        "", "Фонд капитального ремонта", "ООО «Чистый двор», региональный оператор",
    }  # fmt: skip
    assert {invoice.remainder for invoice in due} == set(demo.remainders("DOM-12").values())


def test_this_months_readings_are_the_guests_to_give(demo: Demo) -> None:
    agreement = demo.agreement("DOM-12").id
    devices = [
        account.id
        for account in demo.town.rows(ServiceAccount, agreement_id=agreement)
        if account.login.startswith("Счетчик")
    ]
    readings = [r for d in devices for r in demo.town.rows(Reading, account_id=d)]
    assert len(devices) == 4
    assert max(r.taken_on for r in readings) < date(2026, 11, 1)
    others = [r for r in demo.town.rows(Reading) if r.taken_on >= date(2026, 11, 1)]
    assert others


def test_the_services_are_those_of_a_real_house(demo: Demo) -> None:
    services = {s.external_id: s for s in demo.town.rows(Service)}
    charged = {charge.service_id for charge in demo.charges("DOM-12") + demo.charges("NET-1012")}
    names = {s.external_id for s in services.values() if s.id in charged}
    assert names == {
        "zkh_cold", "zkh_hot", "zkh_gas", "zkh_power_day", "zkh_power_night", "maintenance",
        "common_cold", "common_power", "heating", "sewerage", "security", "parking", "internet",
        "phone_line", "phone_calls", "waste", "capital_repair",
    }  # fmt: skip
    assert {s.kind for name, s in services.items() if name.startswith("zkh_")} == {"one_time"}
    assert {s.kind for name, s in services.items() if name[:4] != "zkh_"} == {"periodic"}


def test_heating_costs_in_the_cold_months_only(demo: Demo) -> None:
    heating = demo.town.row(Service, external_id="heating").id
    charges = [c for c in demo.charges("DOM-12") if c.service_id == heating]
    assert {c.period.month for c in charges if c.amount} == {10, 11, 12, 1, 2, 3, 4}
    assert {c.period.month for c in charges if not c.amount} == {5, 6, 7, 8, 9}


def test_prices_are_those_of_the_sample(demo: Demo) -> None:
    """They changed on the first of January and of October."""
    cold = demo.town.row(Service, external_id="zkh_cold").id
    price = {c.period: c.price.text() for c in demo.charges("DOM-12") if c.service_id == cold}
    assert (price[Period(2025, 12)], price[Period(2026, 1)]) == ("65,77", "66,89")
    assert (price[Period(2026, 9)], price[Period(2026, 10)]) == ("66,89", "72,87")


# --- its months -------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [Period(2025, 11), Period(2026, 7), Period(2026, 10)])
def test_a_month_that_is_over_lacks_nothing_and_becomes_no_other(
    demo: Demo, period: Period
) -> None:
    for key in ("lesnaya-storona", "dom-seti", "obrazec"):
        order = Order(demo.town.row(Operator, key=key).id, period, is_dry=True)
        for chunk in demo.town.backend.read_now(chunks, OFFICER, order, None):
            again = demo.town.backend.read_now(bill_chunk, OFFICER, order, chunk, NOW)
            assert (again.lacks, again.posted, again.recalculated) == ((), 0, 0)


def test_of_this_month_only_what_awaits_readings_lacks(demo: Demo) -> None:
    awaited = {(lack.agreement, lack.service) for lack in demo.made.billed.lacks}
    assert ("DOM-12", "Водоотведение") in awaited
    assert {service for _, service in awaited} == {"Водоотведение"}


def test_what_is_over_is_closed(demo: Demo) -> None:
    operator = demo.town.row(Operator, key="lesnaya-storona").id
    months = [e.period for e in demo.town.rows(PeriodEvent, operator_id=operator)]
    assert (months[0], months[-1], len(months)) == (Period(2025, 11), Period(2026, 10), 12)


def test_sewerage_is_as_much_as_came_in(demo: Demo) -> None:
    ids = {row.external_id: row.id for row in demo.town.rows(Service)}
    volumes = {(c.period, c.service_id): c.volume.micro for c in demo.charges("DOM-12")}
    for month in (Period(2025, 11), Period(2026, 10)):
        waters = [volumes[month, ids[code]] for code in ("zkh_cold", "zkh_hot")]
        assert volumes[month, ids["sewerage"]] == sum(waters)


def test_meters_only_go_forward_and_fit_their_dials(demo: Demo) -> None:
    chains: dict[tuple[int, int], list[Quantity]] = {}
    for reading in demo.town.rows(Reading):
        chains.setdefault((reading.account_id, reading.service_id), []).append(reading.value)
    assert len(chains) == 201
    assert all(values == sorted(values) for values in chains.values())
    assert all(m.verified_until > TODAY for m in demo.town.rows(Meter) if m.verified_until)


def test_the_audit_finds_nothing_in_the_demonstration(demo: Demo) -> None:
    assert demo.town.backend.read_now(audit) == ()


def test_the_side_block_has_news(demo: Demo) -> None:
    guest = demo.agreement("DOM-12").resident_id
    recent = [
        event
        for event in demo.town.rows(Event, resident_id=guest)
        if event.happened_at > NOW - timedelta(days=60)
    ]
    assert {event.kind for event in recent} == {"message", "payment", "service", "tariff", "lock"}


# --- its invoices and payments ----------------------------------------------------------------


def test_every_invoice_of_the_house_was_made_by_the_run(demo: Demo) -> None:
    """Their numbers follow one another in each year, and their figures are frozen."""
    for operator in demo.houses_operators():
        own = demo.town.rows(Invoice, operator_id=operator.id)
        for year in (2025, 2026):
            numbers = [i.number for i in own if i.issued_on.year == year]
            assert numbers == [f"{year}-{place:06}" for place in range(1, len(numbers) + 1)]
        assert all(i.total == i.charged + i.recalculated + i.penalty for i in own)
        assert {i.issued_on for i in own} == {i.period.shifted(1).first_day for i in own}
        assert {i.period for i in own} == {Period(2026, 10).shifted(-ago) for ago in range(12)}


def test_whatever_was_charged_in_a_month_that_is_over_is_asked_for_once(demo: Demo) -> None:
    ids = {operator.id for operator in demo.houses_operators()}
    house = {a.id for a in demo.town.rows(Agreement) if a.operator_id in ids}
    asked = Counter(line.charge_id for line in demo.town.rows(InvoiceLine))
    charges = [c for c in demo.town.rows(Charge) if c.agreement_id in house]
    over = [c for c in charges if c.period < Period(2026, 11)]
    assert all(asked[c.id] == 1 for c in over if c.amount)
    assert not any(asked[c.id] for c in charges if c.period == Period(2026, 11))


def test_a_bill_falls_due_by_the_law_on_a_working_day(demo: Demo) -> None:
    due = {invoice.period: invoice.due_on for invoice in demo.invoices("DOM-12")}
    assert due[Period(2025, 11)] == date(2025, 12, 10)
    assert due[Period(2025, 12)] == date(2026, 1, 12)  # the tenth is a Saturday
    assert due[Period(2026, 10)] == date(2026, 11, 16)  # the fifteenth is a Sunday


def test_the_fund_and_the_carrier_of_waste_are_paid_to_accounts_of_their_own(demo: Demo) -> None:
    last = [i for i in demo.invoices("DOM-12") if i.period == Period(2026, 10)]
    accounts = [invoice.payee["account"] for invoice in last]
    assert len(set(accounts)) == len(accounts) == 3
    for invoice in last:
        assert account_fault(invoice.payee["account"], invoice.payee["bic"]) == ""
        assert inn_fault(invoice.payee["inn"]) == ""


def test_what_the_guest_once_paid_late_cost_a_penalty(demo: Demo) -> None:
    """The bill of May came due on the 15th of June and was paid in the second half of August."""
    charged = [c for c in demo.charges("DOM-12") if c.part == "penalty"]
    assert {(c.period, c.for_period) for c in charged} == {
        (Period(2026, 8), Period(2026, 5)), (Period(2026, 9), Period(2026, 5)),
    }  # fmt: skip
    bills = {i.period: i for i in demo.invoices("DOM-12") if i.supplier_id is None}
    assert bills[Period(2026, 8)].penalty > ZERO
    assert (
        bills[Period(2026, 7)].opening
        == bills[Period(2026, 5)].total + bills[Period(2026, 6)].total
    )


def test_the_careless_owe_and_pay_penalties(demo: Demo) -> None:
    careless = {flat.agreement for flat in flats() if flat.is_careless}
    names = {agreement.id: agreement.number for agreement in demo.town.rows(Agreement)}
    fined = {names[c.agreement_id] for c in demo.town.rows(Charge) if c.part == "penalty"}
    assert fined == careless | {"DOM-12"}
    assert any(len(demo.unpaid(number)) > 3 for number in careless)


def test_who_states_no_number_pays_what_fell_due_first(demo: Demo) -> None:
    """The next run finds it; what came in since is an advance."""
    spent: Counter[int] = Counter()
    for part in demo.town.rows(Allocation, credit_id=None):
        spent[part.payment_id] += part.amount.kopecks
    untold = {part.payment_id for part in demo.town.rows(Allocation) if part.allocated_at}
    assert len(untold) > 50
    for payment in demo.town.rows(Payment):
        is_old = payment.paid_at < datetime(2026, 10, 31, 21, tzinfo=UTC)
        if is_old and payment.external_id != "755-1":
            assert spent[payment.id] == payment.amount.kopecks


# --- the books --------------------------------------------------------------------------------


def test_the_same_day_gives_the_same_books() -> None:
    assert demo_books(TODAY) == demo_books(TODAY)


def test_the_demonstration_loaded_twice_changes_nothing(demo: Demo) -> None:
    before = demo.town.counts()
    reports = [demo.town.takes(book, NOW) for book in demo_books(TODAY)]
    assert [(report.new, report.changed) for report in reports] == [(0, 0), (0, 0)]
    assert demo.town.counts() == before


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2028, 2, 29), date(2020, 12, 31)])
def test_the_demonstration_can_be_made_on_any_day(sqlite_town: Town, today: date) -> None:
    """From the first minute of that day in Moscow."""
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(hours=3)
    made = sqlite_town.backend.write_now(make_demo, OFFICER, today, midnight)
    assert {lack.service for lack in made.billed.lacks} <= {"Водоотведение"}
    agreement = sqlite_town.row(Agreement, number="DOM-12").id
    assert len(sqlite_town.rows(Invoice, agreement_id=agreement)) == 12 * 3


def test_the_demonstration_is_the_same_on_postgresql(postgres_url: str, demo: Demo) -> None:
    backend = Backend(postgres_url, clock=lambda: NOW)
    assert backend.write_now(make_demo, OFFICER, TODAY, NOW) == demo.made
    assert backend.read_now(audit) == ()
    backend.close()


def test_the_guest_has_got_a_payment_back_and_has_promised_another(demo: Demo) -> None:
    """So that «Платежи» can be looked at in every state."""
    payment = demo.town.row(Payment, external_id="94471203")
    back = demo.town.row(Refund, payment_id=payment.id)
    assert (payment.amount, back.amount) == (Money(700_00), Money(700_00))
    assert payment.paid_at < back.refunded_at < NOW
    given = demo.town.row(Promise, agreement_id=demo.agreement("DOM-12").id)
    assert (given.amount, given.promised_on) == (Money(3000_00), TODAY)


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 11, 1, 0, 0, 30, tzinfo=ZONE), datetime(2026, 11, 30, 23, 59, tzinfo=ZONE)],
)
def test_what_was_paid_by_mistake_was_paid_in_the_month_that_is_open(now: datetime) -> None:
    """Whatever the day on which the house is made."""
    (row,) = mistaken_payments(now)
    assert (row["paid_at"].year, row["paid_at"].month) == (2026, 11)
    assert row["paid_at"].replace(tzinfo=ZONE) <= now
