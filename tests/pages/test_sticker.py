"""`/m/{token}`: the way from a sticker to its field, for everybody who may come along."""

from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import select

from portal.backend import Backend
from portal.db.accounts import Meter
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.db.stickers import Sticker
from portal.db.tariffs import Service
from portal.domain.sticker import token_of
from tests.builders import NOW
from tests.support.browsing import JSON, PASSWORD, Portal, lives_with_password, page_of, stored
from tests.support.settled import Settled, a_settled_resident

SECRET = b"s" * 32
HELD, REVOKED, UNISSUED = "abcdefgh", "ijklmnop", "qrstuvwx"
LOGIN = "жилец"


@pytest.fixture
def mine(backend: Backend) -> Settled:
    """His first counter has a sticker that holds and an older one that was revoked."""
    settled = a_settled_resident(backend, key="mine")
    settled.house.changes(Resident, settled.person.id, login=LOGIN)
    lives_with_password(settled.person)
    meter_id = _meter_of(settled)
    settled.house.adds(Sticker, number=HELD, meter_id=meter_id, issued_at=NOW)
    settled.house.adds(Sticker, number=REVOKED, meter_id=meter_id, issued_at=NOW, revoked_at=NOW)
    return settled


@pytest.fixture
def other(backend: Backend) -> Settled:
    return a_settled_resident(backend, key="other", login="сосед")


def _meter_of(settled: Settled) -> int:
    meter, service = table_of(Meter), table_of(Service)
    query = (
        select(meter.c.id)
        .join(service, service.c.id == meter.c.service_id)
        .where(
            meter.c.account_id == settled.account.id,
            service.c.external_id == settled.service_id,
        )
    )
    return int(settled.house.backend.read_now(lambda session: session.scalar(query)) or 0)


def link(number: str, secret: bytes = SECRET) -> str:
    return f"/m/{token_of(secret, number)}"


def field_of(settled: Settled) -> str:
    return f"/zkh/{settled.account.id}/{quote(settled.service_id, safe='')}"


async def test_its_resident_is_led_to_the_field_and_finds_it_focused(
    portal: Portal, mine: Settled
) -> None:
    async with portal.browser(mine.person.id) as browser:
        for ask in (browser.get, browser.head):
            answer = await ask(link(HELD))
            assert (answer.status_code, answer.headers["location"]) == (303, field_of(mine))
        page = await browser.get(field_of(mine))
    assert page.status_code == 200
    (focused,) = [each for each in page_of(page).all("input") if "autofocus" in each.attributes]
    assert focused.attributes["name"] == f"value:{mine.account.id}/{mine.service_id}"


async def test_a_stranger_signs_in_and_lands_there(portal: Portal, mine: Settled) -> None:
    async with portal.browser() as browser:
        led = await browser.get(link(HELD))
        assert led.status_code == 303
        assert led.headers["location"] == f"/login?next={link(HELD)}"
        form = page_of(await browser.get(led.headers["location"]))
        leads_to = form.one("input", name="next").attributes["value"]
        signed_in = await browser.post(
            "/login", data={"login": LOGIN, "password": PASSWORD, "next": leads_to}
        )
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, link(HELD))
        there = await browser.get(signed_in.headers["location"])
        assert there.headers["location"] == field_of(mine)


async def test_others_unknown_and_forged_ones_get_one_and_the_same_answer(
    portal: Portal, mine: Settled, other: Settled
) -> None:
    token = token_of(SECRET, HELD)
    async with portal.browser(mine.person.id) as browser, portal.browser(other.person.id) as next_:
        answers = [
            await next_.get(link(HELD)),
            await next_.get(link(REVOKED)),
            await browser.get(link(UNISSUED)),
            await browser.get(link(HELD, b"t" * 32)),
            *[await browser.get(f"/m/{odd}") for odd in odd_tokens(token)],
        ]
    assert {answer.status_code for answer in answers} == {404}
    shown = {"\n".join(page_of(answer).lines()) for answer in answers}
    assert len(shown) == 1
    assert "По этой наклейке у вас нет счетчика" in shown.pop()


def odd_tokens(token: str) -> list[str]:
    return [
        token.upper(), token[:-1], f"{token}a", "1", "0", "-1", "null", "%00", "x" * 5000,
        quote("ё" * 24), quote("' OR 1=1 --"), quote("<script>alert(1)"), quote("\\\\evil.example"),
    ]  # fmt: skip


async def test_a_revoked_one_says_so_to_its_resident(portal: Portal, mine: Settled) -> None:
    async with portal.browser(mine.person.id) as browser:
        page = await browser.get(link(REVOKED))
        told = await browser.get(link(REVOKED), headers=JSON)
    assert page.status_code == told.status_code == 404
    assert "Эта наклейка больше не действует" in page_of(page).text
    assert told.json()["state"] == "not-found"


async def test_opening_changes_nothing(portal: Portal, backend: Backend, mine: Settled) -> None:
    async with portal.browser(mine.person.id) as browser:
        before = stored(backend)
        for number in (HELD, REVOKED, UNISSUED):
            await browser.get(link(number))
        assert stored(backend) == before


OUT_OF_HERE = [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\evil.example",
    "@evil.example", "..//evil.example", "\r\nset-cookie: a=b", "\tevil", "?next=//evil.example",
    "#//evil.example", "%2f%2fevil.example",
]  # fmt: skip


@pytest.mark.parametrize("odd", OUT_OF_HERE)
async def test_no_token_leads_out_of_the_portal(portal: Portal, mine: Settled, odd: str) -> None:
    async with portal.browser() as stranger, portal.browser(mine.person.id) as browser:
        for told in (odd, quote(odd), quote(odd, safe="")):
            if told.isprintable():
                assert_stays(await stranger.get(f"/m/{told}"))
                assert_stays(await browser.get(f"/m/{told}"))


def assert_stays(answer: Response) -> None:
    """Either nothing is there, or the sign-in page that comes back to nothing but `/m/…`."""
    location = answer.headers.get("location", "")
    assert answer.status_code in {303, 404}
    assert "evil" not in location or location.startswith("/login?next=/m/")
    assert "set-cookie" not in answer.headers


async def test_an_initial_password_is_replaced_first(portal: Portal, mine: Settled) -> None:
    mine.house.changes(Resident, mine.person.id, must_change_password=True)
    async with portal.browser(mine.person.id) as browser:
        answer = await browser.get(link(HELD))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/password?next={link(HELD)}")


async def test_a_closed_section_stays_closed(
    backend: Backend, mine: Settled, tmp_path: Path
) -> None:
    async with Portal(backend, tmp_path, ZHKH_MENU_ZKH="false").browser(mine.person.id) as browser:
        answer = await browser.get(link(HELD))
    assert answer.status_code == 404
    assert "Раздел недоступен" in page_of(answer).text


async def test_nothing_is_sent_to_a_sticker(portal: Portal, mine: Settled) -> None:
    async with portal.browser(mine.person.id) as browser:
        for verb in ("POST", "PUT", "DELETE"):
            assert (await browser.request(verb, link(HELD))).status_code in {404, 405}
