"""A reading of a service whose month is charged by bands of consumption."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from portal.services.registers import devices
from portal.services.submission import check_readings
from tests.support.billed import (
    BEGINNING,
    LATE_NOVEMBER,
    NOVEMBER,
    BilledHouse,
    a_billed_house,
    is_read,
)
from tests.support.billed_entries import entry_of, gives
from tests.support.entries import SCOPE, an_entry
from tests.support.statements import counted

EARLY = datetime(2026, 11, 10, 9, tzinfo=UTC)
POWER = "zkh_power"
IN_TIME = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def billed(backend) -> BilledHouse:
    """Power by bands, 5 ₽ until 100 kWh a month and 7,5 ₽ above; it showed 1180 on 20 October."""
    return a_billed_house(backend, 1, only={"zkh_power"})


def test_it_is_priced_in_the_bands_that_it_reaches_and_the_run_charges_the_same(billed):
    (line,) = gives(billed, POWER, "1310", IN_TIME).entry.lines
    assert (line.volume, line.difference) == (Quantity.parse("130"), ZERO)
    assert line.charged_for == NOVEMBER
    assert line.amount == Money(100 * 5_00 + 30 * 7_50)
    assert line.price is None
    assert line.price_words == (
        "до 100\N{NO-BREAK SPACE}м³ в месяц\N{NO-BREAK SPACE}— 5,00\N{NO-BREAK SPACE}₽, "
        "больше\N{NO-BREAK SPACE}— 7,50\N{NO-BREAK SPACE}₽"
    )
    assert billed.charges() == []
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert billed.owed(NOVEMBER, "zkh_power") == line.amount
    assert list(billed.backend.read_now(audit)) == []


def test_the_readings_of_a_month_add_up_to_its_charge(billed):
    """The second reading begins in the band that the first one has reached."""
    (first,) = gives(billed, POWER, "1270", EARLY).entry.lines
    (second,) = gives(billed, POWER, "1310", IN_TIME).entry.lines
    assert (first.amount, second.amount) == (Money(450_00), Money(10 * 5_00 + 30 * 7_50))
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert billed.owed(NOVEMBER, "zkh_power") == first.amount + second.amount


def test_what_tells_of_several_months_gets_the_bands_of_each(billed):
    """The 240 kWh were used in November and in December: each begins anew with the first band."""
    december = datetime(2026, 12, 24, 9, tzinfo=UTC)
    (line,) = gives(billed, POWER, "1420", december).entry.lines
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    billed.bills(Period(2026, 12), december)
    owed = [billed.owed(month, "zkh_power") for month in (NOVEMBER, Period(2026, 12))]
    assert line.amount == Money.total(owed)


def test_a_correction_is_priced_without_what_it_replaces(billed):
    gives(billed, POWER, "1380", IN_TIME)
    (line,) = gives(billed, POWER, "1310", IN_TIME).entry.lines
    assert line.is_correction
    assert (line.amount, line.difference) == (Money(725_00), ZERO)


def test_the_question_says_that_it_is_about_so_much(billed):
    entry, person = entry_of(billed, POWER, "11900", IN_TIME), billed.flats[0].person.id
    (line,) = billed.backend.read_now(check_readings, person, entry, SCOPE, IN_TIME).lines
    assert f"будет начислено примерно {line.amount}" in line.sentence


def test_without_its_table_of_bands_it_waits_for_the_operator(backend):
    house = a_billed_house(backend, 1, only={"zkh_cold"}).house
    flat = house.a_resident().an_agreement()
    service = house.a_service("zkh_bare", method="bands")
    flat.an_account().a_meter(service).opens_at("0", BEGINNING)
    person = flat.person.id
    (device,) = backend.read_now(devices, person, SCOPE.matches, SCOPE.serial_field, IN_TIME)
    (register,) = [each for each in device.registers if each.external_id == "zkh_bare"]
    assert (register.is_open, register.is_priced) == (False, False)


def test_the_form_knows_the_prices_and_asks_once_for_all_services(billed):
    person = billed.flats[0].person.id
    with counted(billed.backend.engine) as asked:
        (device,) = billed.backend.read_now(
            devices, person, SCOPE.matches, SCOPE.serial_field, IN_TIME
        )
    (register,) = device.registers
    assert register.price is None
    assert register.bands is not None
    assert [str(band.priced.price) for band in register.bands.bands] == [
        "5,00\N{NO-BREAK SPACE}₽", "7,50\N{NO-BREAK SPACE}₽",
    ]  # fmt: skip
    assert len(asked) == 3


def test_what_a_check_asks_of_the_database_does_not_grow_with_the_counters(billed):
    billed.is_lived_in(2)
    entry, person = entry_of(billed, POWER, "1310", IN_TIME), billed.flats[0].person.id
    with counted(billed.backend.engine) as one:
        billed.backend.read_now(check_readings, person, entry, SCOPE, IN_TIME)
    account = billed.flats[0].an_account("Дача")
    power = account.a_meter(billed.services["zkh_power"], installed_on=BEGINNING)
    power.opens_at("0", BEGINNING)
    is_read(power, "10", date(2026, 10, 20))
    assert power.newest is not None
    both = an_entry(
        {entry.values[0].key: "1310", f"{account.id}/zkh_power": "20"},
        {entry.values[0].key: entry.values[0].seen_id, f"{account.id}/zkh_power": power.newest.id},
    )
    with counted(billed.backend.engine) as two:
        billed.backend.read_now(check_readings, person, both, SCOPE, IN_TIME)
    assert len(one) == len(two) <= 12


def test_a_month_that_had_the_norm_in_bands_is_corrected_when_a_reading_comes(backend):
    """After three months of the average comes the norm; each of the four is what was counted."""
    town = a_billed_house(backend, 1, only={"zkh_power"})
    months = [Period(2026, 11).shifted(number) for number in range(4)]
    for month in months:
        now = datetime(month.year, month.month, 28, 9, tzinfo=UTC)
        town.bills(month, now)
        proofs = town.charges("period", "proof")
        methods = {proof["method"] for period, proof in proofs if period == month}
        assert methods == {"norm_bands" if month == months[-1] else "average"}
    town.closes(months[-1], datetime(2027, 3, 1, 9, tzinfo=UTC))
    gives(town, POWER, "2000", datetime(2027, 3, 20, 9, tzinfo=UTC))
    town.bills(Period(2027, 3), datetime(2027, 3, 28, 9, tzinfo=UTC))
    corrected = {for_period for (for_period,) in town.charges("for_period")} - {None}
    assert corrected == set(months)
    assert list(town.backend.read_now(audit)) == []
