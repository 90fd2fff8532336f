"""A house whose months are charged: little of everything that a run must know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from portal.backend import Backend
from portal.db.accounts import AccountTariff
from portal.db.base import table_of
from portal.db.houses import House as HouseRow
from portal.db.houses import HouseChoice, HouseFact, HouseVolume
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Premises, PremisesFact
from portal.db.session import Session
from portal.db.suppliers import ServiceTerms, Supplier
from portal.db.tariffs import Band, ServiceFact, ServiceSource
from portal.db.usage import Usage, Work
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.services.office.billing.periods import close_period
from portal.services.office.billing.report import Report
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.builders import Account, Counter, Flat, House, ServiceRow, a_house

OFFICER = Officer("бухгалтер")
BEGINNING = date(2026, 1, 1)
OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
LATE_OCTOBER = datetime(2026, 10, 28, 9, tzinfo=UTC)
LATE_NOVEMBER = datetime(2026, 11, 28, 9, tzinfo=UTC)


@dataclass
class BilledHouse:
    """Flats with the same services; water is metered by the month in all of them."""

    house: House
    services: dict[str, ServiceRow]
    flats: list[Flat]
    accounts: list[Account]
    meters: list[Counter]
    supplier_id: int
    house_id: int

    @property
    def backend(self) -> Backend:
        return self.house.backend

    def bills(
        self, period: Period, now: datetime, *, is_dry: bool = False, backend: Backend | None = None
    ) -> Report:
        """As the command does: chunk by chunk."""
        door = backend or self.backend
        order = Order(self.house.operator_id, period, is_dry)
        report = Report()
        for chunk in door.read_now(chunks, OFFICER, order, None):
            run = door.read_now if is_dry else door.write_now
            report += run(bill_chunk, OFFICER, order, chunk, now)
        return report

    def closes(self, period: Period, now: datetime) -> None:
        self.backend.write_now(close_period, OFFICER, self.house.operator_id, period, now)

    def charges(self, *columns: str) -> list[tuple[Any, ...]]:
        """All rows of the table of charges, or some columns of them."""
        table = table_of(Charge)
        chosen = [table.c[name] for name in columns] or list(table.columns)

        def query(session: Session) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.execute(select(*chosen).order_by(table.c.id))]

        return self.backend.read_now(query)

    def owed(self, period: Period, code: str = "") -> Money:
        """What stands in `period`, of one service or of all."""
        wanted = {self.services[code].id} if code else {row.id for row in self.services.values()}
        rows = self.charges("period", "service_id", "amount")
        return Money.total(
            amount for month, service, amount in rows if month == period and service in wanted
        )

    def is_lived_in(self, number: int) -> None:
        """One more flat, the same as the others."""
        _is_lived_in(self, number)

    def leaves_its_house(self, flat: Flat) -> None:
        """It stands by itself from now on."""
        self.house.changes(Premises, _premises_of(self.house, flat), house_id=None)

    def is_heated(self, area: str) -> None:
        """So many m² of every flat."""
        for flat in self.flats:
            self.house.adds(
                PremisesFact, premises_id=_premises_of(self.house, flat), kind="heated_area",
                valid_from=BEGINNING, value=Quantity.parse(area),
            )  # fmt: skip

    def knows(self, code: str, kind: str, value: str, since: date = BEGINNING) -> None:
        self.house.adds(
            ServiceFact, service_id=self.services[code].id, kind=kind, valid_from=since,
            value=Quantity.parse(value),
        )  # fmt: skip


def a_billed_house(
    backend: Backend, flats: int = 2, only: Collection[str] = (), key: str = "uk"
) -> BilledHouse:
    house = a_house(backend, key, now=LATE_OCTOBER)
    house_id = house.adds(
        HouseRow, key=f"lenina-{key}", address="ул. Ленина, 1", operator_id=house.operator_id
    )
    for kind, value in (("total_area", "1000"), ("common_area", "120")):
        house.adds(
            HouseFact, house_id=house_id, kind=kind, valid_from=BEGINNING,
            value=Quantity.parse(value),
        )  # fmt: skip
    supplier_id = house.adds(
        Supplier, key=f"vodokanal-{key}", name="АО «Водоканал»", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    billed = BilledHouse(house, {}, [], [], [], supplier_id, house_id)
    _has_services(billed, only)
    for number in range(flats):
        _is_lived_in(billed, number + 1)
    return billed


_SERVICES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("upkeep", "area", "36,19", {}),
    ("zkh_cold", "metered_month", "53,41", {"fallback": "average_then_norm"}),
    ("sewer", "waters", "41,27", {}),
    ("gas", "norm_raised", "7,31", {}),
    ("common", "common_house", "53,41", {}),
    ("zkh_power", "bands", "5", {"fallback": "average_then_norm"}),
    ("parking", "fixed", "1500", {}),
    ("internet", "periodic_daily", "550", {}),
    ("phone", "usage", "0,62", {}),
    ("call", "one_time", "700", {}),
)


def _has_services(billed: BilledHouse, only: Collection[str]) -> None:
    for code, method, price, more in _SERVICES:
        if only and code not in only:
            continue
        kind = "one_time" if code.startswith("zkh_") else "periodic"
        billed.services[code] = billed.house.a_service(
            code, code, price=price, method=method, kind=kind, **more
        )
    for code in {"zkh_cold", "gas"} & billed.services.keys():
        billed.knows(code, "norm", "4,745")
    if "gas" in billed.services:
        billed.knows("gas", "coefficient", "1,5")
    if "zkh_power" in billed.services:
        billed.knows("zkh_power", "norm", "50")
    _has_sources(billed)
    if "zkh_cold" in billed.services:
        billed.house.adds(
            ServiceTerms, service_id=billed.services["zkh_cold"].id, valid_from=BEGINNING,
            scheme="agency", supplier_id=billed.supplier_id,
            commission_percent=Quantity.parse("3"),
        )  # fmt: skip


def _has_sources(billed: BilledHouse) -> None:
    for code in {"sewer", "common"} & billed.services.keys():
        billed.house.adds(
            ServiceSource, service_id=billed.services[code].id, source_external_id="zkh_cold"
        )
    billed.house.adds(
        HouseChoice, house_id=billed.house_id, service_external_id="common", valid_from=BEGINNING,
        choice="uncapped",
    )  # fmt: skip
    for month in range(9, 13):
        billed.house.adds(
            HouseVolume, house_id=billed.house_id, service_external_id="zkh_cold",
            period=Period(2026, month), revision=0, volume=Quantity.parse("40"),
        )  # fmt: skip
    if "zkh_power" in billed.services:
        for position, (upto, price) in enumerate((("100", "5"), (None, "7,5")), 1):
            billed.house.adds(
                Band, service_id=billed.services["zkh_power"].id, valid_from=BEGINNING,
                position=position, upto=Quantity.parse(upto) if upto else None,
                price=Price.parse(price),
            )  # fmt: skip


def _is_lived_in(billed: BilledHouse, number: int) -> None:
    house = billed.house
    flat = house.a_resident().an_agreement(
        _number(billed, number), address=f"ул. Ленина, 1, кв. {number}"
    )
    account = flat.an_account(f"Квартира {number}")
    billed.flats.append(flat)
    billed.accounts.append(account)
    premises_id = _premises_of(house, flat)
    house.changes(Premises, premises_id, house_id=billed.house_id)
    for kind, value in (("area", "54,3"), ("residents", "2")):
        house.adds(
            PremisesFact, premises_id=premises_id, kind=kind, valid_from=BEGINNING,
            value=Quantity.parse(value),
        )  # fmt: skip
    house.adds(
        AccountTariff, account_id=account.id, tariff_id=house.tariff_id, valid_from=BEGINNING
    )
    if "zkh_cold" in billed.services:
        meter = account.a_meter(billed.services["zkh_cold"], installed_on=BEGINNING)
        billed.meters.append(meter.opens_at("100", BEGINNING))
    if "zkh_power" in billed.services:
        power = account.a_meter(billed.services["zkh_power"], installed_on=BEGINNING)
        power.opens_at("0", BEGINNING)
        is_read(power, "1000", date(2026, 9, 20))
        is_read(power, "1180", date(2026, 10, 20))
    _has_calls(billed, account)


def _has_calls(billed: BilledHouse, account: Account) -> None:
    if "phone" in billed.services:
        billed.house.adds(
            Usage, account_id=account.id, service_id=billed.services["phone"].id, period=OCTOBER,
            external_id="cdr-1", volume=Quantity.parse("125"),
        )  # fmt: skip
    if "call" in billed.services:
        for key in ("1", "2"):
            billed.house.adds(
                Work, account_id=account.id, service_id=billed.services["call"].id, key=key,
                done_on=date(2026, 10, 5), quantity=Quantity.parse("1"),
            )  # fmt: skip


def _premises_of(house: House, flat: Flat) -> int:
    table = table_of(Agreement)

    def query(session: Session) -> Any:
        return session.scalar(select(table.c.premises_id).where(table.c.id == flat.id))

    premises_id: int = house.backend.read_now(query)
    return premises_id


def is_read(meter: Counter, value: str, on: date) -> None:
    """A reading that charges nothing when it comes."""
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    meter._adds(Quantity.parse(value), on, "resident", None, at)


def _number(billed: BilledHouse, number: int) -> str:
    """Unique in the installation."""
    first = billed.house.operator_id == 1
    return f"DOM-{number}" if first else f"DOM-{billed.house.operator_id}-{number}"
