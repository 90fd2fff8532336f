"""Another's id, one that nobody has, one that is none: not found, and nobody can tell which.

The cells are every route and every action × every id that it takes × whose the id is.  A route,
an action or a part of an address that has no cells fails.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from pages.routes import ROUTES
from portal.backend import Backend
from tests.support.browsing import (
    JSON,
    Portal,
    actions,
    forms,
    lives_with_password,
    newest_reading,
    page_of,
    stored,
)
from tests.support.cabinet import OPEN, Cabinet, settings_of
from tests.support.promising import DUE
from tests.support.settled import Settled, a_settled_resident

Form = dict[str, str]
ABSENT = "987654321"
NOT_NUMBERS = (
    "0", "-1", "+1", "1.5", "1e3", "abc", "½", "١", "1\0", "\0", " 1", "1 ", "1/1", "../1",
    "9" * 18, "9" * 19, "9" * 5000, "<script>", "'; --", "😀", "%31", "null", "None", "0x1", "01;",
)  # fmt: skip
NOT_TOKENS = (*(each for each in NOT_NUMBERS if "/" not in each), "count", "ю" * 5000)
NOT_SERVICES = ("", "\0", "zkh_", "zkh_voda", "../..", "'; --", "%", "😀", "ю" * 5000, "<script>")


@dataclass(frozen=True)
class Cell:
    """One id in one address: `address` has its place, the others are the resident's own."""

    route: str
    resource: str
    address: str
    own: str
    foreign: str
    malformed: tuple[str, ...] = NOT_NUMBERS

    def at(self, value: str) -> str:
        return self.address.format(quote(value, safe=""))


def cells(mine: Settled, other: Settled) -> list[Cell]:
    """`mine` asks; `other` lives elsewhere, with another operator."""
    my_account, its_account = str(mine.account.id), str(other.account.id)
    mine_, other_ = str(mine.flat.id), str(other.flat.id)
    return [
        Cell(
            "/zkh/{account}/{service}", "account", f"/zkh/{{}}/{mine.service_id}", my_account,
            its_account,
        ),
        Cell(
            "/zkh/{account}/{service}", "service", f"/zkh/{my_account}/{{}}", mine.service_id,
            other.service_id, NOT_SERVICES,
        ),
        Cell("/charges", "agreement", "/charges?agreement={}", mine_, other_),
        Cell("/charges", "account", "/charges?account={}", my_account, its_account),
        Cell(
            "/charges", "account", f"/charges?agreement={mine_}&account={{}}", my_account,
            its_account,
        ),
        Cell(
            "/charges", "agreement", f"/charges?agreement={{}}&account={my_account}", mine_, other_
        ),
        Cell("/invoices", "agreement", "/invoices?agreement={}", mine_, other_),
        Cell(
            "/invoices/{invoice}", "invoice", "/invoices/{}", str(mine.unpaid.id),
            str(other.unpaid.id),
        ),
        Cell("/payments", "agreement", "/payments?agreement={}", mine_, other_),
        Cell("/payment", "agreement", "/payment?agreement={}", mine_, other_),
        Cell(
            "/payment", "invoice", "/payment?invoice={}", str(mine.unpaid.id),
            str(other.unpaid.id),
        ),
        Cell(
            "/payment", "invoice", f"/payment?invoice={mine.unpaid.id}&invoice={{}}",
            str(mine.paid.id), str(other.unpaid.id),
        ),
        Cell(
            "/payment", "agreement", f"/payment?agreement={{}}&invoice={mine.unpaid.id}", mine_,
            other_,
        ),
        Cell(
            "/payment/{token}", "token", "/payment/{}", mine.begun, other.begun, NOT_TOKENS,
        ),
        Cell(
            "/payments/promise", "agreement", "/payments/promise?agreement={}", mine_, other_
        ),
        Cell(
            "/payments/promise", "agreement",
            "/payments/promise?agreement={}&amount=150&step=confirm", mine_, other_,
        ),
        Cell(
            "/messages/{notice}", "notice", "/messages/{}", str(mine.read_notice),
            str(other.read_notice),
        ),
        Cell(
            "/messages/{notice}", "notice", "/messages/{}", str(mine.unread_notice),
            str(other.unread_notice),
        ),
    ]  # fmt: skip


WITHOUT_IDS = frozenset(
    {"/login", "/password", "/", "/zkh", "/pad", "/messages", "/profile", "/more"}
)
ACTIONS_WITHOUT_IDS = frozenset(
    {
        "/login",
        "/logout",
        "/logout/everywhere",
        "/password",
        "/profile/contacts",
        "/profile/devices",
        "/profile/receipts",
        "/profile/text",
        "/zkh/change",  # shows the person's own counters, whatever it is sent
    }
)
PERIODS = (
    "2026-13", "2026-00", "2026", "26-10", "2026-1", "0000-01", "0001-01", "1899-12", "3000-01",
    "9999-12", "10000-01", "abc", "\0", "-",
)  # fmt: skip
SUMS = frozenset({"0", "9" * 18})
"""A form of ours does not send them, but they are sums."""
EDGES = ("1900-01", "2999-12")
DAYS = ("2026-02-30", "1.1.2026", "abc", "\0", "10000-01-01")


@pytest.fixture
def mine(backend: Backend) -> Settled:
    return a_settled_resident(backend, key="mine")


@pytest.fixture
def other(backend: Backend) -> Settled:
    return a_settled_resident(backend, key="other", login="сосед")


@pytest.fixture
def cabinet(backend: Backend, mine: Settled, tmp_path: Path) -> Cabinet:
    return Cabinet(backend, mine.person.id, settings_of(tmp_path, OPEN), session_id=mine.session_id)


async def test_every_route_has_its_cells(mine: Settled, other: Settled):
    found = cells(mine, other)
    assert {cell.route for cell in found} | WITHOUT_IDS == {route.pattern for route in ROUTES}
    for route in ROUTES:
        named = set(re.findall(r"\{(\w+)\}", route.pattern))
        assert named <= {cell.resource for cell in found if cell.route == route.pattern}


async def test_anothers_and_nobodys_are_not_found_and_look_the_same(
    cabinet: Cabinet, mine: Settled, other: Settled
):
    for cell in cells(mine, other):
        assert (await cabinet.opens(cell.at(cell.own))).status == 200, cell
        absent = await cabinet.opens(cell.at(ABSENT))
        assert (absent.status, absent.title) == (404, "Страница не найдена"), cell
        assert await cabinet.opens(cell.at(cell.foreign)) == absent, cell
        for value in cell.malformed:
            if value:
                assert await cabinet.opens(cell.at(value)) == absent, (cell, value)


async def test_opening_anothers_message_does_not_mark_it_as_read(
    backend: Backend, cabinet: Cabinet, other: Settled
):
    before = stored(backend)
    await cabinet.opens(f"/messages/{other.unread_notice}")
    assert stored(backend) == before


async def test_months_and_days_that_are_none_are_not_found(
    backend: Backend, cabinet: Cabinet, mine: Settled, tmp_path: Path
):
    by_days = Cabinet(
        backend, mine.person.id,
        settings_of(
            tmp_path, OPEN | {"ZHKH_USE_MONTH_AND_YEAR_SELECTS_ON_CHARGES_PAGE": "false"}
        ),
    )  # fmt: skip
    for month in PERIODS:
        for address in ("/charges?period={}", "/invoices?period={}"):
            assert (await cabinet.opens(address.format(quote(month)))).status == 404, month
    for month in EDGES:
        for address in ("/charges?period={}", "/invoices?period={}"):
            assert (await cabinet.opens(address.format(quote(month)))).status == 200, month
    for day in DAYS:
        for address in ("/charges?from={}", "/charges?to={}"):
            assert (await by_days.opens(address.format(quote(day)))).status == 404, day
    for day in ("0001-01-01", "9999-12-31"):
        for address in ("/charges?from={}", "/charges?to={}", "/charges?from={0}&to={0}"):
            assert (await by_days.opens(address.format(quote(day)))).status == 200, day


async def test_every_page_sends_a_stranger_to_the_sign_in(
    cabinet: Cabinet, mine: Settled, other: Settled
):
    for cell in cells(mine, other):
        for value in (cell.own, cell.foreign, ABSENT):
            led = await cabinet.leads_nobody(cell.at(value))
            assert led == f"/login?next={quote(cell.at(value))}"
    for address in WITHOUT_IDS - {"/login", "/password", "/"}:
        assert await cabinet.leads_nobody(address) == f"/login?next={quote(address)}"
    assert await cabinet.leads_nobody("/") == "/login"


# --- actions ----------------------------------------------------------------------------------


@pytest.fixture
async def browser(portal: Portal, mine: Settled) -> AsyncIterator[httpx.AsyncClient]:
    async with portal.browser(mine.person.id) as browser:
        yield browser


def action_cells(mine: Settled, other: Settled, seen: int) -> list[tuple[str, list[Form]]]:
    """Of each action that takes ids: its forms with another's id, with nobody's, with none."""
    session = [{"session_id": str(value)} for value in (other.session_id, ABSENT, *NOT_NUMBERS, "")]
    token = [{"token_id": str(value)} for value in (other.token_id, ABSENT, *NOT_NUMBERS, "")]
    own = f"{mine.account.id}/{mine.service_id}"
    foreign = f"{other.account.id}/{other.service_id}"
    keys = [
        foreign, f"{ABSENT}/{mine.service_id}", f"{mine.account.id}/{other.service_id}",
        f"{other.account.id}/{mine.service_id}", f"{mine.account.id}/zkh_nothing",
        *(f"{value}/{mine.service_id}" for value in NOT_NUMBERS if value != "01;"),
        *(f"{mine.account.id}/{value}" for value in NOT_SERVICES), "", "/", "1",
    ]  # fmt: skip
    shared = {"key": "k" * 32, "taken_on": "2026-11-24"}
    readings = [shared | {f"value:{key}": "124", f"seen:{key}": str(seen)} for key in keys]
    readings += [
        shared | {f"value:{own}": "124", f"seen:{own}": str(seen), f"value:{key}": "1"}
        for key in keys
    ]
    readings += [
        shared | {f"value:{own}": "124", f"seen:{own}": value}
        for value in ("abc", "½", "1.0", "\0")
    ]
    bills = [str(value) for value in (other.unpaid.id, ABSENT, *NOT_NUMBERS, "")]
    flats = [str(value) for value in (other.flat.id, ABSENT, *NOT_NUMBERS)]
    chosen = {"key": "k" * 32, "way": f"{mine.shop}/card", "amount": "5", "agreed": "500"}
    paying = [chosen | {"agreement": str(mine.flat.id), "invoice": bill} for bill in bills]
    paying += [chosen | {"agreement": flat} for flat in flats]
    paying += [chosen | {"agreement": flat, "invoice": str(mine.unpaid.id)} for flat in flats]
    begun = [{"token": value} for value in (other.begun, ABSENT, *NOT_NUMBERS, "")]
    word = {"key": "k" * 32, "amount": "15000", "due_on": DUE.isoformat()}
    own_word = word | {"agreement": str(mine.flat.id)}
    words = [word | {"agreement": str(value)} for value in (other.flat.id, ABSENT, *NOT_NUMBERS)]
    words += [own_word | {"amount": value} for value in NOT_NUMBERS if value not in SUMS]
    words += [own_word | {"due_on": value} for value in (*DAYS, "", "tomorrow")]
    return [
        ("/payment/count", paying),
        ("/payment/begin", paying),
        ("/payment/look", begun),
        ("/payments/promise", words),
        ("/profile/sessions/end", session),
        ("/profile/devices/revoke", token),
        ("/zkh/check", readings),
        ("/zkh/submit", readings),
        ("/zkh/sum", readings),
    ]


async def test_every_action_has_its_cells(mine: Settled, other: Settled):
    named = {path for path, _ in action_cells(mine, other, 1)}
    assert named | ACTIONS_WITHOUT_IDS == actions()
    assert not named & ACTIONS_WITHOUT_IDS


async def test_no_action_reaches_anothers_or_nobodys(
    backend: Backend, browser: httpx.AsyncClient, mine: Settled, other: Settled
):
    seen = newest_reading(backend, mine)
    before = stored(backend, but=frozenset())
    for path, sent in action_cells(mine, other, seen):
        told, shown = set(), set()
        for form in sent:
            answer = await browser.post(path, data=form, headers=JSON)
            assert answer.status_code == 404, (path, form, answer.text[:200])
            told.add(answer.text)
            page = await browser.post(path, data=form)
            assert page.status_code == 404
            shown.add("\n".join(page_of(page).lines()))
        assert (len(told), len(shown)) == (1, 1), (path, told)
    assert stored(backend, but=frozenset()) == before


async def test_anothers_reading_as_the_one_that_was_seen_tells_nothing(
    backend: Backend, browser: httpx.AsyncClient, mine: Settled, other: Settled
):
    counter = f"{mine.account.id}/{mine.service_id}"
    foreign = newest_reading(backend, other)
    told = set()
    for seen in (str(foreign), ABSENT, "9" * 4000):
        form = {"key": "k" * 32, "taken_on": "2026-11-24", f"value:{counter}": "124"}
        form[f"seen:{counter}"] = seen
        for path in ("/zkh/check", "/zkh/submit"):
            answer = await browser.post(path, data=form, headers=JSON)
            assert answer.status_code == 422
            told.add(answer.text)
    assert len(told) == 1


KEEPING = {"/zkh/check", "/zkh/change", "/zkh/submit"}


async def test_no_action_does_anything_for_a_stranger(
    backend: Backend, mine: Settled, tmp_path: Path
):
    lives_with_password(mine.person)
    before = stored(backend, but=frozenset())
    async with Portal(backend, tmp_path).browser() as browser:
        for path, form in forms(mine, newest_reading(backend, mine)).items():
            if path in {"/login", "/logout"}:
                continue
            told = await browser.post(path, data=form, headers=JSON)
            assert (told.status_code, told.json()["state"]) == (401, "signed-out")
            led = await browser.post(path, data=form)
            if path in KEEPING:  # the way in, with what was typed
                assert (led.status_code, 'action="/login"' in led.text) == (401, True)
                continue
            door = led.headers["location"].partition("?")[0]
            assert (led.status_code, door) == (303, "/login")
    assert stored(backend, but=frozenset()) == before


async def test_no_action_can_be_asked_for_by_an_address_alone(
    backend: Backend, browser: httpx.AsyncClient
):
    before = stored(backend, but=frozenset())
    for path in actions() - {route.pattern for route in ROUTES}:
        for verb in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
            answer = await browser.request(verb, path, headers=JSON)
            assert answer.status_code in {403, 404, 405}, (verb, path)
    assert stored(backend, but=frozenset()) == before
