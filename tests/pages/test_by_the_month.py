"""Readings of services that are charged with their month, from a browser without script."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.domain.money import Money
from tests.pages.test_plain_forms import filled_in
from tests.support.billed import (
    LATE_NOVEMBER,
    NOVEMBER,
    BilledHouse,
    a_billed_house,
)
from tests.support.browsing import JSON, Portal, page_of

AFTER_THE_DUE_DAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
LATER, IN_TIME = "Войдет в начисление за декабрь 2026", "Войдет в начисление за ноябрь 2026"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def billed(database_url: str) -> Iterator[BilledHouse]:
    """On 26 November; until the 25th readings are in time, for five days more on the way."""
    backend = Backend(database_url, clock=lambda: AFTER_THE_DUE_DAY)
    yield a_billed_house(backend, 1, only={"zkh_power", "zkh_cold"})
    backend.close()


@pytest.fixture
async def browser(billed: BilledHouse, tmp_path: Path):
    portal = Portal(billed.backend, tmp_path)
    async with portal.browser(billed.flats[0].person.id) as browser:
        yield browser


def named(billed: BilledHouse, code: str) -> str:
    return f"value:{billed.accounts[0].id}/{code}"


async def typed(browser: httpx.AsyncClient, address: str = "/zkh", **more: str) -> dict[str, str]:
    """The form at `address`, filled in with `more` by the codes of services, or the date."""
    form = filled_in(page_of(await browser.get(address)).one("form.zh-readings"))
    keys = {name.rpartition("/")[2]: name for name in form if name.startswith("value:")}
    return form | {keys.get(name, name): value for name, value in more.items()}


async def test_the_month_of_a_value_is_that_of_the_chosen_day(
    browser: httpx.AsyncClient, billed: BilledHouse
):
    assert LATER in page_of(await browser.get("/zkh")).text
    sent = await typed(browser, zkh_cold="1", taken_on="2026-11-25")
    refused = page_of(await browser.post("/zkh/check", data=sent))
    assert "меньше чем предыдущее" in refused.text
    assert IN_TIME in refused.text
    assert LATER not in refused.text
    told = {each.attributes.get("data-months") for each in refused.all("span")} - {None}
    assert told == {"0001-01-01=декабрь 2026|2026-11-21=ноябрь 2026|2026-11-26=декабрь 2026"}


async def test_two_pages_lead_to_accepted_and_the_run_charges_what_they_said(
    browser: httpx.AsyncClient, billed: BilledHouse
):
    sent = await typed(browser, zkh_power="1310", zkh_cold="110", taken_on="2026-11-25")
    checked = page_of(await browser.post("/zkh/check", data=sent))
    assert checked.one("h1").text == "Подтвердите показания"
    assert (
        "до 100\N{NO-BREAK SPACE}м³ в месяц\N{NO-BREAK SPACE}— 5,00\N{NO-BREAK SPACE}₽"
        in checked.text
    )
    assert "725,00\N{NO-BREAK SPACE}₽" in checked.text
    form = filled_in(checked.one("form", action="/zkh/submit"))
    accepted = page_of(await browser.post("/zkh/submit", data=form))
    assert accepted.one("h1").text == "Принято"
    assert "войдет в начисление за ноябрь 2026" in accepted.text
    assert "Списано" not in accepted.text
    assert billed.charges() == []
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert billed.owed(NOVEMBER, "zkh_power") == Money(725_00)


async def test_what_a_value_may_come_to_is_told_while_it_is_typed(
    browser: httpx.AsyncClient, billed: BilledHouse
):
    async def told(value: str) -> object:
        sent = await typed(browser, zkh_power=value, zkh_cold="", taken_on="2026-11-25")
        answer = await browser.post("/zkh/sum", data=sent, headers=JSON)
        return answer.json()

    assert await told("1310") == {"state": "done", "sum": "≈ 725,00\N{NO-BREAK SPACE}₽"}
    assert await told("1") == {"state": "done", "sum": ""}
    assert await told("131o") == {"state": "done", "sum": ""}
    assert billed.charges() == []


async def test_from_the_small_page_everything_leads_back_to_it(
    browser: httpx.AsyncClient, billed: BilledHouse
):
    sent = await typed(browser, "/pad", zkh_cold="1")
    refused = page_of(await browser.post("/zkh/check", data=sent))
    assert refused.one("h1").text == "Показания"
    assert refused.one("input", name=named(billed, "zkh_cold")).attributes["value"] == "1"
    assert "меньше чем предыдущее" in refused.text
    again = filled_in(refused.one("form.zh-readings")) | {named(billed, "zkh_cold"): "110"}
    checked = page_of(await browser.post("/zkh/check", data=again))
    change = filled_in(checked.one("form", action="/zkh/change"))
    changing = page_of(await browser.post("/zkh/change", data=change))
    assert changing.one("h1").text == "Показания"
    assert changing.one("input", name=named(billed, "zkh_cold")).attributes["value"] == "110"
    stored = await browser.post(
        "/zkh/submit", data=filled_in(checked.one("form", action="/zkh/submit"))
    )
    assert page_of(stored).one("a", data_back="").attributes["href"] == "/pad"


async def test_whose_session_ended_on_the_small_page_signs_in_and_is_back_there(
    browser: httpx.AsyncClient, billed: BilledHouse
):
    sent = await typed(browser, "/pad", zkh_cold="110")
    browser.cookies.clear()
    door = page_of(await browser.post("/zkh/check", data=sent))
    carried = filled_in(door.one("form", action="/login"))
    assert carried["next"] == "/pad"
    assert carried["page"] == "/pad"
    assert carried[named(billed, "zkh_cold")] == "110"
