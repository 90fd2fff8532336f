"""Without script nothing that was typed is lost on the way back, and nobody looks for the fault."""

import httpx
import pytest

from portal.backend import Backend
from tests.builders import Counter
from tests.pages.test_plain_forms import entry, filled_in
from tests.support.browsing import page_of, stored

REFUSED = "Показания не приняты: исправьте отмеченное поле"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_who_sees_a_slip_before_confirming_goes_back_to_what_was_typed(
    backend: Backend, browser: httpx.AsyncClient, water: Counter
):
    before = stored(backend)
    checked = page_of(await browser.post("/zkh/check", data=entry(water, "256,25", "2026-11-20")))
    button = checked.one("button", form="zh-change")
    back = checked.one("form", id="zh-change")
    assert (button.text, button.attributes["type"]) == ("Изменить", "submit")

    again = await browser.post(back.attributes["action"], data=filled_in(back))

    page = page_of(again)
    assert (again.status_code, page.one("h1").text) == (200, "ЖКХ")
    typed = filled_in(page.one("form.zh-readings"))
    assert typed[f"value:{water.account.id}/zkh_voda"] == "256,25"
    assert typed["taken_on"] == "2026-11-20"
    assert not [each.text for each in page.all("p.zh-error") if each.text]
    assert stored(backend) == before
    corrected = typed | {f"value:{water.account.id}/zkh_voda": "256,35"}
    assert (await browser.post("/zkh/check", data=corrected)).status_code == 200


async def test_a_refusal_is_said_above_the_form_and_leads_to_the_field(
    browser: httpx.AsyncClient, water: Counter
):
    """The field may stand below the fold, and without script nothing scrolls to it."""
    for value, day, wrong in (
        ("200", "2026-11-24", f"value:{water.account.id}/zkh_voda"),
        ("256", "2026-11-25", "taken_on"),
    ):
        page = page_of(await browser.post("/zkh/check", data=entry(water, value, day)))

        assert page.one("p.zh-error-main").text == REFUSED
        led = [each for each in page.all("input") if "autofocus" in each.attributes]
        assert [each.attributes["name"] for each in led] == [wrong]


async def test_the_pages_of_an_entry_have_one_heading_of_their_own(
    browser: httpx.AsyncClient, water: Counter
):
    checked = page_of(await browser.post("/zkh/check", data=entry(water, "256,25")))
    accepted = page_of(
        await browser.post("/zkh/submit", data=filled_in(checked.one("form", action="/zkh/submit")))
    )

    for page, title in ((checked, "Подтвердите списание"), (accepted, "Принято")):
        assert page.one("h1").text == title
        assert title not in [each.text for each in page.all("h2")]


@pytest.mark.parametrize(
    ("action", "door"),
    [
        ("/profile/contacts", "/login?next=/profile"),
        ("/payments/promise", "/login?next=/payments/promise"),
        ("/logout/everywhere", "/login"),
        ("/password", "/login"),
    ],
)
async def test_who_was_signed_out_meanwhile_comes_back_to_his_page(
    browser: httpx.AsyncClient, water: Counter, action: str, door: str
):
    browser.cookies.clear()

    answer = await browser.post(action, data=entry(water, "256,25"))

    assert (answer.status_code, answer.headers["location"]) == (303, door)


async def test_the_pages_of_an_entry_fetch_nothing_for_others(
    browser: httpx.AsyncClient, water: Counter
):
    """Whoever is led by them has no scripts, or has them already, or came from the small form."""
    checked = await browser.post("/zkh/check", data=entry(water, "256,25"))
    form = page_of(checked).one("form", action="/zkh/submit")
    refused = await browser.post("/zkh/check", data=entry(water, "200"))
    accepted = await browser.post("/zkh/submit", data=filled_in(form))

    for answer in (checked, refused, accepted):
        assert 'rel="prefetch"' not in answer.text
