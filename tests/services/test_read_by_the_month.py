"""A reading that a resident gives of a service that is charged with its month."""

from datetime import UTC, date, datetime

import pytest

from portal.db.accounts import Meter
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.reading import Question
from portal.services.audit import audit
from portal.services.consumption import recent_volumes
from portal.services.registers import devices
from portal.services.submission import check_readings
from tests.support.billed import (
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    BilledHouse,
    a_billed_house,
    is_read,
)
from tests.support.billed_entries import entry_of, gives
from tests.support.entries import SCOPE, a_key, an_entry, submit
from tests.support.statements import counted

COLD = "zkh_cold"
IN_TIME = datetime(2026, 10, 24, 9, tzinfo=UTC)
TOO_LATE = datetime(2026, 10, 26, 9, tzinfo=UTC)


@pytest.fixture
def billed(backend) -> BilledHouse:
    house = a_billed_house(backend, 1, only={"zkh_cold"})
    is_read(house.meters[0], "100", date(2026, 9, 20))
    return house


def test_it_is_stored_and_nothing_is_charged_until_the_month_is(billed):
    (line,) = gives(billed, COLD, "106,5", IN_TIME).entry.lines
    assert (line.volume, line.amount) == (Quantity.parse("6,5"), Money(347_17))
    assert line.charged_for == OCTOBER
    assert line.difference == ZERO
    assert billed.charges() == []
    assert billed.flats[0].person.balance == ZERO
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert billed.owed(OCTOBER, "zkh_cold") == Money(347_17)
    assert list(billed.backend.read_now(audit)) == []


def test_after_the_due_day_it_goes_into_the_next_month(billed):
    (line,) = gives(billed, COLD, "106,5", TOO_LATE).entry.lines
    assert line.charged_for == NOVEMBER


def test_the_form_says_with_which_month_today_goes(billed):
    def shown(now: datetime) -> Period | None:
        person = billed.flats[0].person.id
        found = billed.backend.read_now(devices, person, SCOPE.matches, SCOPE.serial_field, now)
        assert found[0].registers[0].is_open
        return found[0].registers[0].charged_for(now.date())

    assert (shown(IN_TIME), shown(TOO_LATE)) == (OCTOBER, NOVEMBER)


def test_what_is_asked_before_is_not_what_will_be_owed(billed):
    entry = entry_of(billed, COLD, "106,5", IN_TIME)
    person = billed.flats[0].person.id
    told = billed.backend.read_now(check_readings, person, entry, SCOPE, IN_TIME)
    assert (told.total, told.is_charged, told.is_charged_later) == (ZERO, False, True)


def befalls(billed: BilledHouse, **what: date) -> None:
    meter_id = billed.meters[0].meter_id
    assert meter_id is not None
    billed.house.changes(Meter, meter_id, **what)


@pytest.mark.parametrize(
    "why", [{"verified_until": date(2026, 9, 30)}, {"broken_since": date(2026, 10, 1)}]
)
def test_of_a_meter_that_does_not_count_the_sum_is_that_of_the_run(backend, why):
    """The average of half a year of 90 m³ in 273 days: what the meter shows changes nothing."""
    billed = a_billed_house(backend, 1, only={"zkh_cold"})
    is_read(billed.meters[0], "190", date(2026, 9, 20))
    befalls(billed, **why)
    (line,) = gives(billed, COLD, "196,5", IN_TIME).entry.lines
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert line.amount == billed.owed(OCTOBER, COLD) == Money(537_03)


def test_a_reading_before_the_meter_broke_counts(billed):
    befalls(billed, broken_since=date(2026, 10, 28))
    (line,) = gives(billed, COLD, "106,5", IN_TIME).entry.lines
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert line.amount == billed.owed(OCTOBER, COLD) == Money(347_17)


def test_a_repeat_gets_the_first_answer(billed):
    entry, key = entry_of(billed, COLD, "106,5", IN_TIME), a_key()
    person = billed.flats[0].person.id
    first = submit(billed.backend, person, entry, IN_TIME, key)
    assert submit(billed.backend, person, entry, TOO_LATE, key) == first


def test_a_correction_is_stored_too_and_the_last_value_counts(billed):
    gives(billed, COLD, "160", IN_TIME)
    (line,) = gives(billed, COLD, "106", IN_TIME).entry.lines
    assert line.is_correction
    assert (line.volume, line.difference) == (Quantity.parse("6"), ZERO)
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert billed.owed(OCTOBER, "zkh_cold") == Money(320_46)


def test_what_is_usual_is_known_by_the_readings_before_anything_is_charged(billed):
    for value, on in (("106", "2026-10-01"), ("112", "2026-10-08"), ("118", "2026-10-15")):
        gives(billed, COLD, value, datetime.fromisoformat(f"{on}T09:00:00+00:00"))
    assert billed.charges() == []
    entry, person = entry_of(billed, COLD, "160", IN_TIME), billed.flats[0].person.id
    (line,) = billed.backend.read_now(check_readings, person, entry, SCOPE, IN_TIME).lines
    assert line.question is Question.LARGE
    assert "Расход 42 м³ — это намного больше обычного" in line.sentence


def test_a_corrected_value_is_not_its_own_history(billed):
    for value, on in (("106", "2026-10-01"), ("112", "2026-10-08")):
        gives(billed, COLD, value, datetime.fromisoformat(f"{on}T09:00:00+00:00"))
    gives(billed, COLD, "118", IN_TIME)
    (line,) = gives(billed, COLD, "119", IN_TIME).entry.lines
    person = billed.flats[0].person.id
    counter = (billed.accounts[0].id, billed.services["zkh_cold"].id)
    assert line.is_correction
    with counted(billed.backend.engine) as asked:
        volumes = billed.backend.read_now(recent_volumes, [counter])[counter]
    assert [str(volume) for _, volume in volumes] == ["7", "6", "6", "0"]
    assert len(asked) == 1
    entry = entry_of(billed, COLD, "150", IN_TIME)
    told = billed.backend.read_now(check_readings, person, entry, SCOPE, IN_TIME)
    assert told.lines[0].question is None


def test_a_reading_after_the_month_was_closed_becomes_a_recalculation(backend):
    """October was closed with an average; what November's reading says of it comes in November."""
    billed = a_billed_house(backend, 1, only={"zkh_cold"})
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(billed.meters[0], value, date(2026, month, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    closed = billed.owed(OCTOBER, "zkh_cold")
    assert closed > ZERO
    billed.closes(OCTOBER, LATE_NOVEMBER)
    november = datetime(2026, 11, 20, 9, tzinfo=UTC)
    (line,) = gives(billed, COLD, "152", november).entry.lines
    assert line.charged_for == NOVEMBER
    before = billed.charges()

    billed.bills(NOVEMBER, LATE_NOVEMBER)

    late = billed.charges("period", "for_period", "part")[len(before) :]
    assert (NOVEMBER, OCTOBER, "recalculation") in late
    assert billed.owed(OCTOBER, "zkh_cold") == closed
    assert closed + billed.owed(NOVEMBER, "zkh_cold") == line.amount
    assert list(billed.backend.read_now(audit)) == []


def test_a_month_without_a_price_of_all_its_days_is_priced_as_if_it_had_it(backend):
    """The run will say what lacks; the resident is told what the price makes of the volume."""
    billed = a_billed_house(backend, 1, only={"zkh_cold"})
    service = billed.house.a_service(
        "zkh_new", method="metered_month", price="10", since=date(2026, 10, 15)
    )
    meter = billed.accounts[0].a_meter(service).opens_at("0", date(2026, 10, 1))
    assert meter.newest is not None
    key = f"{billed.accounts[0].id}/zkh_new"
    entry = an_entry({key: "7"}, {key: meter.newest.id}, "2026-10-24")
    (line,) = submit(backend, billed.flats[0].person.id, entry, IN_TIME).entry.lines
    assert line.amount == Money(70_00)
