"""From the services' values to what machines are told."""

from collections.abc import Iterable

from portal.api.shapes import (
    Accepted,
    BandTold,
    EntryTold,
    LineTold,
    Meters,
    MeterTold,
    NewestReading,
    PastReadings,
    PastReadingTold,
)
from portal.domain.device import Device, Register
from portal.domain.entry import EntryLine, EntrySummary
from portal.domain.money import MINUS, Money
from portal.domain.quantity import Quantity, Scaled
from portal.services.reading_history import PastReading
from portal.services.submission import Receipt


def meters_told(devices: Iterable[Device]) -> Meters:
    return Meters(
        meters=[_meter(device, register) for device in devices for register in device.registers]
    )


def history_told(readings: Iterable[PastReading]) -> PastReadings:
    return PastReadings(readings=[_past(each) for each in readings])


def accepted_told(receipt: Receipt) -> Accepted:
    return Accepted(number=receipt.number, **entry_told(receipt.entry).model_dump())


def entry_told(entry: EntrySummary) -> EntryTold:
    return EntryTold(
        taken_on=entry.taken_on,
        total=_roubles(entry.total),
        readings=[_line(line) for line in entry.lines],
    )


def number_told(value: Scaled, decimals: int | None = None) -> str:
    """«-8.120»: with a point, with at least so many decimals."""
    return value.text(decimals).replace(",", ".").replace(MINUS, "-")


def _roubles(amount: Money) -> str:
    return amount.plain.replace(",", ".")


def _meter(device: Device, register: Register) -> MeterTold:
    return MeterTold(
        key=register.key,
        device=device.login,
        serial=device.serial,
        service=register.name,
        unit=register.unit,
        price=None if register.price is None else number_told(register.price, 2),
        bands=_bands(register),
        integer_digits=register.dial.integer_digits,
        fraction_digits=register.dial.fraction_digits,
        is_open=register.is_open,
        is_given=register.is_given,
        photo=register.photo,
        newest=_newest(register),
    )


def _bands(register: Register) -> list[BandTold]:
    steps = register.bands.bands if register.bands else ()
    return [
        BandTold(
            upto=None if step.upto is None else number_told(step.upto),
            price=number_told(step.priced.price, 2),
        )
        for step in steps
    ]


def _newest(register: Register) -> NewestReading | None:
    known = register.previous
    if known is None:
        return None
    value = number_told(known.value, register.dial.fraction_digits)
    return NewestReading(id=known.reading_id, taken_on=known.taken_on, value=value)


def _line(line: EntryLine) -> LineTold:
    return LineTold(
        meter=line.key,
        device=line.device,
        service=line.service,
        unit=line.unit,
        previous=_of_the_dial(line.previous_text) if line.previous_text else None,
        current=_of_the_dial(line.current_text),
        volume=number_told(line.volume),
        price=None if line.price is None else number_told(line.price, 2),
        amount=_roubles(line.amount),
        instead_of=None if line.instead_of is None else _roubles(line.instead_of),
        charged_for=None if line.charged_for is None else str(line.charged_for),
    )


def _of_the_dial(shown: str) -> str:
    """«256.120» of «00256,120»."""
    _, _, fraction = shown.partition(",")
    return number_told(Quantity.parse(shown), len(fraction))


def _past(reading: PastReading) -> PastReadingTold:
    return PastReadingTold(
        id=reading.reading_id,
        meter=reading.key,
        device=reading.device,
        service=reading.service,
        unit=reading.unit,
        taken_on=reading.taken_on,
        value=number_told(reading.value, reading.dial.fraction_digits),
        source=reading.source,
        accepted_at=reading.accepted_at,
        volume=None if reading.volume is None else number_told(reading.volume),
        amount=None if reading.amount is None else _roubles(reading.amount),
    )
