"""Charges: each proved by its volume and the price in force, then posted to the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.unset import is_unset
from portal.domain.feed import EventKind
from portal.domain.money import Money
from portal.domain.payee import Payee, payee_on
from portal.domain.period import Period, short_day_text
from portal.domain.proof import METERED_RULE, Proof, metered_proof, stated_proof
from portal.domain.quantity import Price, Quantity, cost
from portal.domain.timeline import Timeline
from portal.imports.book.closed_months import ClosedMonths, refuse_closed
from portal.imports.book.consumption import Consumption
from portal.imports.book.desk import NEW, UNCHANGED, Desk
from portal.imports.book.keeping import unchangeable
from portal.imports.book.known import Entry, portions
from portal.imports.book.raw import Wrong
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, is_spoilt, register_of
from portal.imports.book.stand_ins import is_stand_in
from portal.services.ledger import NewCharge, post_charges
from portal.services.terms import terms_of

_charge_table = table_of(Charge)
# What identifies a charge beyond doubt: these never change.
_FACTS = ("account_id", "service_id", "reading_id", "posted_at", "volume", "amount")


@dataclass(frozen=True, slots=True)
class _Checked:
    row: Row
    register: Register
    charge: NewCharge


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What charges follow from."""

    consumptions: Mapping[tuple[int, int, date], Consumption]
    prices: Mapping[int, list[Entry]]
    """By the service's id, the newest first."""
    terms: Mapping[int, Timeline[Payee]]
    """By the service's id, those of this very file included."""


def keep_charges(desk: Desk, consumptions: Mapping[tuple[int, int, date], Consumption]) -> None:
    """Post the charges that are new; those that are stored must be the same."""
    charged = _charged_readings(desk, consumptions.values())
    terms = terms_of(desk.session, desk.known.ids("services"))
    grounds, closed = _Grounds(consumptions, _prices(desk), terms), ClosedMonths(desk)
    fresh: list[_Checked] = []
    for row, key in desk.rows("charges"):
        if not desk.claims(row, "charges", key):
            continue
        checked = _check(desk, row, grounds)
        stored = desk.known["charges"].by_key.get(key)
        if checked is None:
            desk.known["charges"].by_key.setdefault(key, _stated(desk, row))
        elif stored is not None:
            _compare(desk, checked, stored)
        else:
            _charge_once(desk, checked, charged)
            refuse_closed(desk, row, checked.charge, closed)
            fresh.append(checked)
    for some in portions(fresh):
        _post(desk, some)


def _charged_readings(desk: Desk, consumptions: Iterable[Consumption]) -> set[int]:
    """Readings that something in the database was charged for already."""
    charged: set[int] = set()
    for some in portions([used.reading_id for used in consumptions if used.reading_id > 0]):
        theirs = _charge_table.c.reading_id.in_(some) & is_unset(_charge_table.c.reverses_id)
        charged.update(desk.session.scalars(select(_charge_table.c.reading_id).where(theirs)))
    return charged


def _prices(desk: Desk) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    prices = desk.known["prices"].by_key.values()
    for price in sorted(prices, key=lambda price: price["valid_from"], reverse=True):
        found[price["service_id"]].append(price)
    return found


def _check(desk: Desk, row: Row, grounds: _Grounds) -> _Checked | None:
    """None where the row has a fault, or too much of what it follows from is unknown."""
    if not {"account", "service", "posted_at", "amount"} <= row.values.keys():
        return None
    register = register_of(desk, row)
    posted_at = desk.moment(row, "posted_at", register.zone)
    try:
        _check_period(row, posted_at, register.zone)
        if not row.is_whole or _is_unclear(desk, row, register):
            return None
        return _Checked(row, register, _charge(desk, row, register, posted_at, grounds))
    except Wrong as wrong:
        desk.complain(row, str(wrong))
        desk.known["charges"].by_key.setdefault((row["key"],), desk.stand_in("charges", ()))
        return None


def _is_unclear(desk: Desk, row: Row, register: Register) -> bool:
    service = register.service
    is_unpriced = is_stand_in(service) or service["id"] in desk.unpriced
    return is_unpriced or ("reading" in row.values and is_spoilt(desk, row))


def _stated(desk: Desk, row: Row) -> Entry:
    """A charge that could not be judged, as the file states it: its invoice is added up."""
    account = desk.known["accounts"].by_key.get((row.get("account"),), {})
    known = {"amount": row.get("amount"), "agreement_id": account.get("agreement_id")}
    return desk.stand_in("charges", (row["key"],)) | known


def _charge(
    desk: Desk, row: Row, register: Register, posted_at: datetime, grounds: _Grounds
) -> NewCharge:
    """Raises Wrong."""
    day = posted_at.astimezone(register.zone).date()
    price = _price_on(grounds.prices.get(register.service["id"], []), day)
    volume, consumption = _used(row, register, grounds, day)
    agreement = desk.known["agreements"].by_id[register.account["agreement_id"]]
    payee = payee_on(grounds.terms.get(register.service["id"], ()), row.get("reading", day))
    return NewCharge(
        agreement_id=agreement["id"],
        operator_id=agreement["operator_id"],
        account_id=register.account["id"],
        service_id=register.service["id"],
        period=Period.of(day),
        posted_at=posted_at,
        volume=volume,
        price_id=price["id"],
        price=price["price"],
        amount=_amount(row, volume, price["price"]),
        proof=_proof(row, register, consumption),
        reading_id=consumption.reading_id if consumption else None,
        key=row["key"],
        scheme=payee.scheme,
        supplier_id=payee.supplier_id,
    )


def _check_period(row: Row, posted_at: datetime, zone: tzinfo) -> None:
    period = Period.at(posted_at, zone)
    if row.get("period", period) != period:
        raise Wrong(f"период {row['period']}, а проведено в {period}: период — месяц проводки")


def _amount(row: Row, volume: Quantity, price: Price) -> Money:
    amount = cost(volume, price)
    if amount != row["amount"]:
        raise Wrong(f"{volume} × {price} = {amount}, а в файле {row['amount']}")
    return amount


def _price_on(prices: list[Entry], day: date) -> Entry:
    for price in prices:
        if price["valid_from"] <= day:
            return price
    raise Wrong(f"на {short_day_text(day)} у услуги нет цены")


def _used(
    row: Row, register: Register, grounds: _Grounds, posted_on: date
) -> tuple[Quantity, Consumption | None]:
    """The volume, and the reading that it follows from.  Raises Wrong."""
    if "reading" not in row.values:
        if "volume" not in row.values:
            raise Wrong("нужен «volume» или «reading»")
        return row["volume"], None
    day = short_day_text(row["reading"])
    consumption = grounds.consumptions.get((*register.ids, row["reading"]))
    if consumption is None:
        raise Wrong(f"показания от {day} не описаны, а на них ссылается списание {row.label}")
    if posted_on < row["reading"]:
        posted = short_day_text(posted_on)
        raise Wrong(f"проведено {posted}, раньше, чем сняты показания: {day}")
    if consumption.volume is None:
        raise Wrong(f"показания от {day} первые: они ничего не списывают")
    if row.get("volume", consumption.volume) != consumption.volume:
        raise Wrong(f"по показаниям расход {consumption.volume}, а в файле {row['volume']}")
    return consumption.volume, consumption


def _proof(row: Row, register: Register, consumption: Consumption | None) -> Proof:
    if consumption is None:
        method = register.service["method"]
        return stated_proof(method, row.get("inputs", {}), row.get("rule", ""))
    return metered_proof(
        consumption.current,
        consumption.previous,
        is_rollover=consumption.is_rollover,
        rule=row.get("rule", METERED_RULE),
    )


def _compare(desk: Desk, checked: _Checked, stored: Entry) -> None:
    for name in _FACTS:
        given = getattr(checked.charge, name)
        if stored[name] != given:
            desk.complain(checked.row, unchangeable(name, stored[name], given))
            return
    desk.count("charges", UNCHANGED)


def _charge_once(desk: Desk, checked: _Checked, charged: set[int]) -> None:
    """Notes the reading as charged; complains where it was before."""
    reading = checked.charge.reading_id
    if reading in charged:
        day = short_day_text(checked.row["reading"])
        desk.complain(checked.row, f"по показаниям от {day} уже есть другое списание")
    elif reading is not None:
        charged.add(reading)


def _post(desk: Desk, some: list[_Checked]) -> None:
    for checked, charge_id in zip(some, _charge_ids(desk, some), strict=True):
        charge = checked.charge
        entry = {name: getattr(charge, name) for name in NewCharge.__slots__}
        desk.known["charges"].put((charge.key,), entry | {"id": charge_id})
        if checked.row.get("announce", False):
            resident = desk.known["agreements"].by_id[charge.agreement_id]["resident_id"]
            facts = {"service": checked.register.service["name"], "amount": charge.amount.kopecks}
            desk.tell(resident, EventKind.SERVICE, charge.posted_at, facts)
    desk.count("charges", NEW, len(some))


def _charge_ids(desk: Desk, some: list[_Checked]) -> list[int]:
    if desk.is_doomed:
        return [desk.next_id() for _ in some]
    return post_charges(desk.session, [checked.charge for checked in some])
