"""The meters of an account as the month is charged by them, from the rows that the operator and
the residents left.
"""

from datetime import UTC, date, datetime

import pytest

from portal.db.accounts import Meter
from portal.domain.charging.counted import intervals
from portal.domain.charging.deciding import measured_in
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.office.billing.periods import months_of
from portal.services.office.billing.registers import registers
from portal.services.office.billing.series import Register
from tests.builders import Account, Counter, ServiceRow, a_house
from tests.support.billed import OCTOBER, is_read

FITTED, REPLACED = date(2026, 1, 1), date(2026, 9, 10)


@pytest.fixture
def account(backend) -> Account:
    return a_house(backend).a_resident().an_agreement().an_account()


@pytest.fixture
def water(account: Account) -> ServiceRow:
    return account.house.a_service("zkh_cold", method="metered_month")


def register_of(account: Account, service: ServiceRow, month: Period | None = None) -> Register:
    def query(session):
        months = months_of(session, account.house.operator_id)
        return registers(session, months, [account.id], month)

    return account.house.backend.read_now(query)[account.id][service.id]


def old_meter(account: Account, water: ServiceRow) -> Counter:
    meter = account.a_meter(water, installed_on=FITTED, serial="old").opens_at("100", FITTED)
    is_read(meter, "130", date(2026, 8, 20))
    return meter


def new_meter(account: Account, water: ServiceRow, old: Counter, on: date) -> Counter:
    meter_id = account.house.adds(
        Meter, account_id=account.id, service_id=water.id, serial="new", integer_digits=5,
        fraction_digits=3, installed_on=on, replaces_id=old.meter_id,
    )  # fmt: skip
    meter = Counter(account, water, meter_id, old.dial, newest=old.newest).opens_at("2", on)
    is_read(meter, "7", date(2026, 9, 20))
    return meter


def is_removed(meter: Counter, on: date, closing: str) -> None:
    assert meter.meter_id is not None
    meter.account.house.changes(
        Meter, meter.meter_id, removed_on=on, closing_value=Quantity.parse(closing)
    )


def volumes(register: Register) -> dict[str, str]:
    return {str(one.month): one.volume.text() for one in intervals(register.meters)}


def test_a_meter_counts_from_its_opening_value(account, water):
    old_meter(account, water)
    register = register_of(account, water)
    assert register.obstacle is None
    assert volumes(register) == {"2026-08": "30"}


def test_a_replacement_on_the_day_of_removal_goes_on_with_the_series(account, water):
    old = old_meter(account, water)
    is_removed(old, REPLACED, "134")
    new_meter(account, water, old, REPLACED)
    register = register_of(account, water)
    assert register.obstacle is None
    # The last of the old one less the value before, and what the new one shows more than at first.
    assert volumes(register) == {"2026-08": "30", "2026-09": "9"}


def test_after_days_without_a_meter_a_new_series_begins(account, water):
    old = old_meter(account, water)
    is_removed(old, REPLACED, "134")
    new_meter(account, water, old, date(2026, 9, 15))
    register = register_of(account, water)
    assert [meter.serial for meter in register.meters] == ["new"]
    assert register.obstacle == Obstacle(Trouble.BROKEN, REPLACED)
    assert volumes(register) == {"2026-09": "5"}


def test_a_meter_that_replaces_none_begins_a_series_of_its_own(account, water):
    old = old_meter(account, water)
    other = account.a_meter(water, installed_on=REPLACED, serial="other")
    other.newest = old.newest
    other.opens_at("0", REPLACED)
    is_read(other, "4", date(2026, 9, 20))
    assert [meter.serial for meter in register_of(account, water).meters] == ["other"]


def test_of_several_obstacles_the_first_counts_and_takes_later_readings_away(account, water):
    meter = old_meter(account, water)
    is_read(meter, "150", date(2026, 9, 20))
    account.house.changes(
        Meter, meter.meter_id, verified_until=date(2026, 8, 31), broken_since=date(2026, 9, 5)
    )
    register = register_of(account, water)
    # The first day that is not verified any more.
    assert register.obstacle == Obstacle(Trouble.UNVERIFIED, date(2026, 9, 1))
    assert volumes(register) == {"2026-08": "30"}


def test_a_removed_meter_that_nothing_replaced_keeps_its_closing_value(account, water):
    meter = old_meter(account, water)
    is_removed(meter, REPLACED, "134")
    register = register_of(account, water)
    assert register.obstacle == Obstacle(Trouble.BROKEN, REPLACED)
    assert volumes(register) == {"2026-08": "30", "2026-09": "4"}


def test_without_a_described_meter_the_first_reading_opens_and_the_next_ones_count(account, water):
    counter = account.without_meter(water)
    is_read(counter, "10", date(2026, 8, 20))
    is_read(counter, "16", date(2026, 9, 20))
    register = register_of(account, water)
    (meter,) = register.meters
    assert (meter.opening.text(), meter.opened_on) == ("10", date(2026, 9, 1))
    assert volumes(register) == {"2026-09": "6"}


def test_what_was_superseded_does_not_count(account, water):
    meter = old_meter(account, water)
    meter.corrects("131", at=datetime(2026, 8, 21, 9, tzinfo=UTC))
    assert volumes(register_of(account, water)) == {"2026-08": "31"}


def test_a_reading_after_the_due_day_counts_for_the_next_month(account, water):
    meter = old_meter(account, water)
    is_read(meter, "140", date(2026, 9, 26))
    (register,) = register_of(account, water).meters
    assert [each.counts_for for each in register.readings] == [
        Period(2026, 8),
        Period(2026, 10),
    ]


def test_the_meters_of_two_accounts_do_not_mix(account, water):
    old_meter(account, water)
    other = account.flat.an_account("Второй стояк")
    beside = other.a_meter(water, installed_on=FITTED).opens_at("0", FITTED)
    is_read(beside, "3", date(2026, 8, 20))
    assert volumes(register_of(account, water)) == {"2026-08": "30"}
    assert volumes(register_of(other, water)) == {"2026-08": "3"}


def is_read_each_month(meter: Counter, months: range) -> None:
    for month in months:
        is_read(meter, str(100 + month), date(2026, month, 20))


def test_of_a_long_history_a_month_has_only_the_readings_that_decide_it(account, water):
    meter = account.a_meter(water, installed_on=FITTED).opens_at("100", FITTED)
    is_read_each_month(meter, range(2, 11))
    (lately,) = register_of(account, water, OCTOBER).meters
    (ever,) = register_of(account, water).meters
    assert [one.taken_on.month for one in lately.readings] == [9, 10]
    assert measured_in((lately,), OCTOBER) == measured_in((ever,), OCTOBER)


@pytest.mark.parametrize("last", [3, 8, 9])
def test_of_who_sent_no_readings_all_are_known_that_there_are(account, water, last):
    """How long they lack, and of what the average is made."""
    meter = account.a_meter(water, installed_on=FITTED).opens_at("100", FITTED)
    is_read_each_month(meter, range(2, last + 1))
    assert register_of(account, water, OCTOBER) == register_of(account, water)


def test_a_counter_that_nobody_described_is_known_however_long_it_is_silent(account, water):
    hot = account.house.a_service("zkh_hot", method="metered_month")
    silent = account.without_meter(hot)
    is_read(silent, "10", date(2026, 2, 20))
    is_read(silent, "16", date(2026, 3, 20))
    meter = account.a_meter(water, installed_on=FITTED).opens_at("100", FITTED)
    is_read_each_month(meter, range(2, 11))
    assert register_of(account, hot, OCTOBER) == register_of(account, hot)


def test_what_a_replaced_meter_counted_is_known_in_the_month_of_the_new_one(account, water):
    old = old_meter(account, water)
    is_removed(old, REPLACED, "134")
    new = new_meter(account, water, old, REPLACED)
    is_read(new, "9", date(2026, 10, 20))
    assert register_of(account, water, OCTOBER) == register_of(account, water)
