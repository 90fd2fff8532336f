"""An operator's months: closing them in a row, opening the last one again."""

from datetime import UTC, datetime

import pytest

from portal.backend import Backend
from portal.db.periods import PeriodEvent
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.errors import NotFound, Refused
from portal.services.office.billing.periods import (
    Months,
    close_period,
    months_of,
    operators,
    reopen_period,
)
from tests.builders import House, a_house

WHO = Officer("бухгалтер")
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Period(2026, month) for month in (8, 9, 10, 11))
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


def months(house: House) -> Months:
    found: Months = house.backend.read_now(months_of, house.operator_id)
    return found


def closes(house: House, period: Period, now: datetime = NOW) -> bool:
    is_new: bool = house.backend.write_now(close_period, WHO, house.operator_id, period, now)
    return is_new


def reopens(house: House, period: Period, reason: str = "Забыли акт") -> None:
    house.backend.write_now(reopen_period, WHO, house.operator_id, period, reason, NOW)


def test_at_first_every_month_is_open(house):
    assert months(house).closed is None
    assert months(house).first_open is None
    assert not months(house).is_closed(AUGUST)


def test_a_closed_month_closes_all_before_it(house):
    assert closes(house, SEPTEMBER)
    assert [months(house).is_closed(each) for each in (AUGUST, SEPTEMBER, OCTOBER)] == [
        True, True, False,
    ]  # fmt: skip
    assert months(house).first_open == OCTOBER


def test_closing_twice_is_closing_once(house):
    assert closes(house, SEPTEMBER)
    assert not closes(house, SEPTEMBER)
    assert not closes(house, AUGUST)


def test_a_month_that_is_not_over_is_refused(house):
    with pytest.raises(Refused, match="ещё не закончился"):
        closes(house, NOVEMBER)


def test_a_month_ends_where_the_operator_is(backend):
    """In Vladivostok November has begun when it is still October by Greenwich."""
    now = datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert closes(a_house(backend, timezone="Asia/Vladivostok"), OCTOBER, now)
    with pytest.raises(Refused):
        closes(a_house(backend, "other", timezone="Europe/Moscow"), OCTOBER, now)


def test_the_last_month_opens_again_and_those_before_stay(house):
    closes(house, OCTOBER)
    reopens(house, OCTOBER)
    assert months(house).closed == SEPTEMBER
    closes(house, OCTOBER)
    assert months(house).closed == OCTOBER


@pytest.mark.parametrize(
    ("period", "reason", "sentence"),
    [
        (NOVEMBER, "Акт", "Ноябрь 2026 не закрыт"),
        (SEPTEMBER, "Акт", "После него закрыт октябрь 2026"),
        (OCTOBER, "  ", "Укажите причину"),
        (OCTOBER, "а" * 501, "Укажите причину"),
    ],
)
def test_what_cannot_be_opened_is_said(house, period, reason, sentence):
    closes(house, OCTOBER)
    with pytest.raises(Refused, match=sentence):
        reopens(house, period, reason)


def test_what_was_sent_stays_closed(house):
    closes(house, OCTOBER)
    house.adds(
        PeriodEvent, operator_id=house.operator_id, period=OCTOBER, action="sent", at=NOW,
        officer="tests",
    )  # fmt: skip
    with pytest.raises(Refused, match="уже отправлены"):
        reopens(house, OCTOBER)


def test_each_operator_has_months_of_its_own(house):
    other = a_house(house.backend, "other")
    closes(house, OCTOBER)
    assert months(other).closed is None


def test_an_operator_that_there_is_not_is_named(house):
    with pytest.raises(Refused, match=r"Исполнителя «ук» нет\. Есть: «uk»"):
        house.backend.read_now(operators, WHO, ("ук",))
    with pytest.raises(NotFound):
        house.backend.read_now(months_of, 10**6)


def test_who_and_why_stay_in_the_table(house):
    closes(house, OCTOBER)
    reopens(house, OCTOBER, "  Забыли акт ")
    table = PeriodEvent.__table__
    rows = house.backend.read_now(lambda session: list(session.execute(table.select())))
    assert [(row.action, row.reason, row.officer) for row in rows] == [
        ("close", None, "бухгалтер"), ("reopen", "Забыли акт", "бухгалтер"),
    ]  # fmt: skip
