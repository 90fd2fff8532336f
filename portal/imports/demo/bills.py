"""The house's charges, invoices and payments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity, cost
from portal.imports.demo.cast import Flat, dice
from portal.imports.demo.counters import DEVICE_OF, read_periods, waters
from portal.imports.demo.supplies import BY_KEY, Row, Supply
from portal.imports.demo.timeline import Timeline, at, reading_day
from portal.imports.demo.usage import heat, used

_ONE = Quantity.parse("1")
_SEWERAGE_DAY = 26
# Until March 2026 bills were due on the 10th, since then on the 15th: ЖК РФ, ст. 155, ч. 1.
_LATER_DUE_SINCE = date(2026, 3, 1)
_CHANNELS = ("sbp", "sbp", "bank", "bank", "card", "terminal", "cash")
_GUEST_UNPAID, _GUEST_PARTLY = 1, 2
"""How many months ago the guest's unpaid and partly paid invoices are for."""
_ANNOUNCED = ("house", "net")


@dataclass(frozen=True, slots=True)
class DemoCharge:
    """A charge as a row of the file, with what its invoice needs to know."""

    row: Row
    agreement: str
    period: Period
    amount: Money


def charges(flat: Flat, time: Timeline) -> Iterator[DemoCharge]:
    """In the order of posting within each month."""
    given = set(read_periods(flat, time))
    for period in time.periods:
        yield from _monthly(flat, period, time)
        if period in given:
            yield from (_metered(flat, dial, period) for dial in DEVICE_OF)
        drained_on = date(period.year, period.month, _SEWERAGE_DAY)
        if time.is_over(drained_on):
            volume = waters(flat, period)
            row: Row = {"rule": "ПП РФ № 354, п. 42: объем холодной и горячей воды вместе"}
            row["inputs"] = _waters_said(flat, period)
            yield _charge(flat, BY_KEY["sewer"], at(drained_on, 2), volume, row)


def paid_invoices(
    flat: Flat, charged: Sequence[DemoCharge], time: Timeline
) -> Iterator[tuple[Row, Row | None]]:
    """Each invoice with the payment that pays it, if there was one."""
    for agreement in dict.fromkeys(charge.agreement for charge in charged):
        for period in time.periods:
            lines = [c for c in charged if (c.agreement, c.period) == (agreement, period)]
            issued_on = _issued_on(flat, agreement, period)
            is_issued = issued_on <= time.today and lines
            if is_issued and (agreement == flat.agreement or time.is_over(issued_on)):
                total = Money.total(line.amount for line in lines)
                yield (
                    _invoice(agreement, period, issued_on, lines),
                    _payment(flat, agreement, period, issued_on, total, time),
                )


def written(amount: Money) -> str:
    """A sum as the file has it: «2017,45»."""
    roubles, kopecks = divmod(amount.kopecks, 100)
    return f"{roubles},{kopecks:02}"


def _monthly(flat: Flat, period: Period, time: Timeline) -> Iterator[DemoCharge]:
    """What is charged on the first of the month."""
    moment = at(period.first_day)
    area = flat.area.text()
    yield _charge(
        flat,
        BY_KEY["house"],
        moment,
        flat.area,
        {"inputs": {"area": area}, "rule": "Решение общего собрания: плата за 1 м²"}
        | _announced("house", flat, period, time),
    )
    warmth = heat(flat, period)
    if warmth is not None:
        norm, volume = warmth
        inputs = {"heated_area": flat.heated_area.text(), "norm": norm.text()}
        rule = "ПП РФ № 354, приложение 2: по нормативу, Гкал на 1 м²"
        yield _charge(flat, BY_KEY["heat"], moment, volume, {"inputs": inputs, "rule": rule})
    for key, is_taken in (
        ("guard", True),
        ("parking", flat.has_parking),
        ("net", flat.has_internet),
    ):
        if is_taken:
            more = {"rule": "Плата за месяц"} | _announced(key, flat, period, time)
            yield _charge(flat, BY_KEY[key], moment, _ONE, more)


def _announced(key: str, flat: Flat, period: Period, time: Timeline) -> Row:
    is_news = flat.is_guest and period == time.current and key in _ANNOUNCED
    return {"announce": True} if is_news else {}


def _waters_said(flat: Flat, period: Period) -> dict[str, str]:
    return {key: used(flat, key, period).text() for key in ("cold", "hot")}


def _metered(flat: Flat, dial: str, period: Period) -> DemoCharge:
    day = reading_day(flat.number, period)
    posted_at = at(day, 19, flat.number)
    return _charge(flat, BY_KEY[dial], posted_at, used(flat, dial, period), {"reading": day})


def _charge(
    flat: Flat, supply: Supply, posted_at: datetime, volume: Quantity, more: Row
) -> DemoCharge:
    period = Period.of(posted_at.date())
    amount = cost(volume, supply.price_on(posted_at.date()))
    row = {
        "key": f"{flat.agreement}/{supply.key}/{period}",
        "account": f"{flat.agreement}/{DEVICE_OF.get(supply.key, supply.key)}",
        "service": supply.external_id,
        "posted_at": posted_at,
        "period": str(period),
        "volume": volume.text(),
        "amount": written(amount),
    }
    agreement = flat.internet_agreement if supply.key == "net" else flat.agreement
    return DemoCharge(row | more, agreement, period, amount)


def _issued_on(flat: Flat, agreement: str, period: Period) -> date:
    """The company bills a month that is over, the network the month that begins."""
    return period.shifted(1).first_day if agreement == flat.agreement else period.first_day


def _invoice(agreement: str, period: Period, issued_on: date, lines: Sequence[DemoCharge]) -> Row:
    return {
        "number": f"{agreement}-{period}",
        "agreement": agreement,
        "period": str(period),
        "issued_on": issued_on,
        "due_on": issued_on.replace(day=15 if issued_on >= _LATER_DUE_SINCE else 10),
        "charges": [line.row["key"] for line in lines],
        "total": written(Money.total(line.amount for line in lines)),
    }


def _payment(
    flat: Flat, agreement: str, period: Period, issued_on: date, total: Money, time: Timeline
) -> Row | None:
    chance = dice(agreement, period, "payment")
    # The network takes its money by itself, minutes after the bill.
    is_network = agreement != flat.agreement
    day = issued_on if is_network else issued_on + timedelta(days=chance.randint(1, 12))
    amount = total if is_network else _paid_part(flat, period, total, time)
    if amount.kopecks <= 0 or not time.is_over(day):
        return None
    channel = "card" if is_network else chance.choice(_CHANNELS)
    number = f"{period}-{chance.randint(10_000_000, 99_999_999)}-{flat.number}"
    return {
        "channel": channel,
        "external_id": number,
        "agreement": agreement,
        "amount": written(amount),
        "paid_at": at(day, 0 if is_network else chance.randint(8, 22), chance.randint(5, 59)),
        "invoices": [{"number": f"{agreement}-{period}", "amount": written(amount)}],
    }


def _paid_part(flat: Flat, period: Period, total: Money, time: Timeline) -> Money:
    half = Money(total.kopecks // 2 // 100_00 * 100_00)
    if flat.is_guest:
        months_ago = {time.current.shifted(-_GUEST_UNPAID): Money(0)}
        months_ago[time.current.shifted(-_GUEST_PARTLY)] = half
        return months_ago.get(period, total)
    if not flat.is_careless:
        return total
    return dice(flat.number, period, "careless").choice((Money(0), half, total))
