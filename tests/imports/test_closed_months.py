"""A file that comes when its months are closed: nothing goes in, and it is said what will."""

from datetime import datetime

import pytest

from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.domain.period import Period
from portal.services.office.billing.periods import close_period
from tests.imports.conftest import HOUSE, NOW, OFFICER, Town

OCTOBER = Period(2026, 10)
LATE_CHARGE = """
[[charges]]
key = "17/late"
account = 17
service = "house"
posted_at = 2026-10-30T12:00:00
volume = "1"
amount = "36,19"
"""
FACTS = """
[[prices]]
tariff = "ХВС"
service = "house"
valid_from = 2026-08-01
price = "40,00"

[[norms]]
tariff = "ХВС"
service = "zkh_cold"
kind = "norm"
valid_from = 2026-01-01
value = "4,745"

[[bands]]
tariff = "ХВС"
service = "zkh_cold"
valid_from = 2026-10-01
steps = [{ upto = 125, price = "5,10" }, { price = "7,40" }]

[[premises_facts]]
premises = "2"
kind = "area"
valid_from = 2026-10-14
value = "55"

[[account_facts]]
account = 17
service = "house"
kind = "quantity"
valid_from = 2026-10-20
value = "2"

[[house_facts]]
house = "ул. Ленина, 1"
kind = "total_area"
valid_from = 2026-10-01
value = "1000"

[[houses]]
key = "ул. Ленина, 1"
address = "ул. Ленина, 1"
operator = "uk"
"""


def closes(town: Town, period: Period = OCTOBER, now: datetime = NOW) -> None:
    operator_id = town.row(Operator).id
    town.backend.write_now(close_period, OFFICER, operator_id, period, now)


def test_nothing_new_is_posted_to_a_closed_month(town: Town) -> None:
    town.loads()
    closes(town)
    (fault,) = town.refuses(HOUSE + LATE_CHARGE)
    assert fault.endswith(
        "[[charges]] «17/late»: Октябрь 2026 закрыт, проводить в нем больше нечего. Проведите с "
        "2026-11 или позже, либо снова откройте месяц: zhkh-portal reopen"
    )


def test_what_is_there_already_stays_as_it_is(town: Town) -> None:
    town.loads()
    closes(town)
    assert town.loads().new == 0
    town.loads(HOUSE + LATE_CHARGE.replace("2026-10-30", "2026-11-02"))
    assert len(town.rows(Charge)) == 3


def test_all_faults_are_still_told_at_once(sqlite_town: Town) -> None:
    sqlite_town.loads()
    closes(sqlite_town)
    faults = sqlite_town.refuses(
        HOUSE.replace("posted_at = 2026-10-31T12:00:00", "posted_at = 2026-10-31T13:00:00")
        + LATE_CHARGE
        + LATE_CHARGE.replace("17/late", "17/later")
    )
    assert [fault.split(": ")[1][:14] for fault in faults] == [
        "поле «posted_a", "Октябрь 2026 з", "Октябрь 2026 з",
    ]  # fmt: skip


def test_facts_of_closed_months_are_said_to_be_found(town: Town) -> None:
    """From the first month that was charged at all."""
    town.loads()
    closes(town)
    (warning,) = town.loads(FACTS).warnings
    assert warning == (
        "ООО «УК Дом-Сервис». За закрытые месяцы стало известно: диапазоны потребления (1), "
        "количества и возможность счетчика (1), нормативы (1), площади и жильцы с датами (1), "
        "цены (1). Начисление за ноябрь 2026 учтет это само: разница войдет в него перерасчетом"
    )
    assert town.loads(FACTS).warnings == ()


@pytest.mark.parametrize("is_closed", [False, True])
def test_facts_of_open_months_need_nothing(town: Town, is_closed: bool) -> None:
    town.loads()
    facts = FACTS
    if is_closed:
        closes(town)
        facts = FACTS.partition("[[norms]]")[0].replace("2026-08-01", "2026-11-01")
    assert town.loads(facts).warnings == ()
