"""Readings of services that are charged with their month: on a live page, and without a network."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.db.tariffs import Band
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.browser.keeping import LOST, keeps, ready, sends_now
from tests.browser.steps import CHECK, CONFIRM, accepted, dialog, field, forgive, tap
from tests.browser.town import Neighbour, Town
from tests.support.billed import OFFICER, is_read

pytestmark = pytest.mark.browser

WATER = "Вода за месяц: Текущие показания, м³"
POWER = "Свет по диапазонам: Текущие показания, кВт·ч"
ABOUT, KNOWN_LATER = "≈ 725,00\N{NO-BREAK SPACE}₽", "сумму скажем, когда будет связь"


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Iterator[None]:
    yield
    forgive(console_errors, *LOST)


@pytest.fixture(scope="module")
def services(town: Town) -> tuple[Any, Any]:
    water = town.house.a_service(
        "zkh_month", "Вода за месяц", price="53,41", method="metered_month"
    )
    power = town.house.a_service(
        "zkh_bands", "Свет по диапазонам", price="5", unit="кВт·ч", method="bands"
    )
    for position, (upto, price) in enumerate((("100", "5"), (None, "7,5")), 1):
        town.house.adds(
            Band, service_id=power.id, valid_from=date(2010, 1, 1), position=position,
            upto=Quantity.parse(upto) if upto else None, price=Price.parse(price),
        )  # fmt: skip
    return water, power


@pytest.fixture
def boris(town: Town, services: tuple[Any, Any]) -> Neighbour:
    """His meters were read last month."""
    return read_before(town, services, town.today)


@pytest.fixture
def gleb(town: Town, services: tuple[Any, Any]) -> Neighbour:
    """His meters were read in the month before yesterday's."""
    return read_before(town, services, town.today - timedelta(1))


def read_before(town: Town, services: tuple[Any, Any], day: date) -> Neighbour:
    """In the month before that of the day."""
    login = f"boris-{town.house.unique('b')}"
    person = town.house.a_resident("Соседов Борис", login=login)
    account = person.an_agreement().an_account("Квартира")
    water, power = (account.a_meter(service) for service in services)
    last_month = day.replace(day=1) - timedelta(10)
    for meter, value in ((water, "100"), (power, "1180")):
        meter.opens_at("10", last_month - timedelta(40))
        is_read(meter, value, last_month)
    town._opens_the_door(login)
    return Neighbour(login, person.id, water, power)


def wanted_until(town: Town, day: int) -> None:
    town.house.changes(Operator, town.house.operator_id, readings_due_day=day)


def charged(town: Town, neighbour: Neighbour) -> list[tuple[int, str]]:
    """The services and the sums, in the order of posting."""
    table, account_id = table_of(Charge), neighbour.power.account.id
    query = select(table.c.service_id, table.c.amount).where(table.c.account_id == account_id)
    rows = town.backend.read_now(lambda session: session.execute(query.order_by(table.c.id)).all())
    return [(row.service_id, str(row.amount)) for row in rows]


def bills(town: Town, month: Period) -> None:
    order = Order(town.house.operator_id, month)
    for chunk in town.backend.read_now(chunks, OFFICER, order, None):
        town.backend.write_now(bill_chunk, OFFICER, order, chunk, town.backend.clock())


def test_the_line_and_the_month_follow_what_is_typed_and_the_chosen_day(
    town: Town, gleb: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    """Yesterday was the last day on which this month's readings were wanted."""
    yesterday = town.today - timedelta(1)
    wanted_until(town, yesterday.day)
    this = Period.of(yesterday)
    page = town.at_home(a_phone(), gleb)
    row = page.locator(f'[data-key="{gleb.power.account.id}/zkh_bands"]')
    expect(row).to_contain_text("до 100\N{NO-BREAK SPACE}кВт·ч в месяц — 5,00\N{NO-BREAK SPACE}₽")
    expect(row).to_contain_text(f"Войдет в начисление за {this.shifted(1).title.lower()}")

    page.locator(".zh-date-line").click()
    field(page, "Дата снятия показаний").fill(yesterday.isoformat())
    expect(row).to_contain_text(f"Войдет в начисление за {this.title.lower()}")
    field(page, POWER).fill("1310")

    expect(row.locator(".zh-live")).to_contain_text("Расход 130 кВт·ч")
    expect(row.locator("[data-live-amount]")).to_have_text(ABOUT)
    field(page, POWER).fill("1")
    expect(row.locator("[data-live-amount]")).to_be_empty()
    field(page, POWER).fill("1310")
    field(page, WATER).fill("106,5")
    tap(page, CHECK)
    expect(dialog(page)).to_contain_text("Подтвердите показания")
    expect(dialog(page)).to_contain_text("725,00\N{NO-BREAK SPACE}₽")
    tap(page, CONFIRM)
    expect(accepted(page)).to_contain_text(f"войдет в начисление за {this.title.lower()}")
    assert town.given(gleb.power) == ["01310,000"]
    assert charged(town, gleb) == []


def test_kept_by_the_phone_they_are_charged_by_the_run_and_not_before(
    town: Town, boris: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    wanted_until(town, 31)
    page = ready(town.at_home(a_phone(), boris))
    network.cut()
    field(page, POWER).fill("1310")
    row = page.locator(f'[data-key="{boris.power.account.id}/zkh_bands"]')
    expect(row.locator("[data-live-amount]")).to_have_text(KNOWN_LATER)
    keeps(page, WATER, "106,5")
    network.resume()

    sends_now(page)

    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert (town.given(boris.water), town.given(boris.power)) == (["00106,500"], ["01310,000"])
    assert charged(town, boris) == []
    bills(town, Period.of(town.today))
    assert charged(town, boris) == [
        (boris.water.service.id, "347,17\N{NO-BREAK SPACE}₽"),
        (boris.power.service.id, "500,00\N{NO-BREAK SPACE}₽"),
        (boris.power.service.id, "225,00\N{NO-BREAK SPACE}₽"),
    ]
