"""Readings without a network: kept on the phone, sent once, and what became of them is said."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keeping import LATER, LOST, keeps, queued, ready, sends_now
from tests.browser.steps import CHECK, CONFIRM, dialog, field, forgive, opens, sign_in, status, tap
from tests.browser.town import PASSWORD, POWER, WATER, Neighbour, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

REFUSED_AT_THE_DOOR = """async (login) => {
  for (const entry of await zhQueue.all(login)) {
    await zhQueue.put({ ...entry, state: "signed-out", notice: "Войдите снова" });
  }
}"""
# What is put off until the page has been quiet for some seconds never comes then.
NOTHING_WAITS_FOR_QUIET = """
const later = self.setTimeout;
self.setTimeout = (act, wait, ...rest) => (wait === 4000 ? 0 : later(act, wait, ...rest));
"""


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's «ЖКХ» on a phone that has kept what it needs."""
    return ready(town.at_home(a_phone(), anna))


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Any:
    yield
    forgive(console_errors, *LOST)


def test_kept_readings_are_stored_once_in_order_with_their_dates(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    today = town.today
    network.cut()
    keeps(page, WATER, "480,5", today - timedelta(days=2))
    keeps(page, POWER, "13120", today - timedelta(days=1))
    keeps(page, WATER, "481,5", today)
    expect(queued(page)).to_have_count(3)
    assert town.given(anna.water) == []
    context = page.context
    page.close()

    network.resume()
    page = context.new_page()
    page.goto("/zkh")

    expect(page.locator(".zh-queued-accepted")).to_have_count(3, timeout=40_000)
    expect(queued(page).first).to_contain_text("Принято, № ")
    assert town.given(anna.water) == ["00480,500", "00481,500"]
    assert town.given(anna.power) == ["013120"]
    assert town.dates(anna.water) == [today - timedelta(days=2), today]


def test_without_a_network_any_page_opens_the_kept_form(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()

    page.goto("/zkh")

    expect(page.get_by_role("heading", level=1)).to_have_text("Показания")
    expect(page.locator("[data-offline]")).to_be_visible()
    keeps(page, WATER, "480,5")
    network.resume()
    page.goto("/pad")
    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]


def test_somebody_elses_newer_reading_leaves_the_choice(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()
    keeps(page, WATER, "485,5")
    anna.water.reads("484,25", town.today)
    network.resume()

    sends_now(page)

    card = queued(page)
    expect(card).to_contain_text("Сейчас записано 00484,250")
    tap(page, "Передать вместо него")
    expect(dialog(page)).to_contain_text("Подтвердите списание")
    expect(dialog(page)).to_contain_text("Исправление")
    tap(page, CONFIRM)
    expect(dialog(page)).to_contain_text("Принято")
    assert town.given(anna.water) == ["00485,500"]
    expect(queued(page)).to_have_count(0)


def test_a_session_that_ended_meanwhile_waits_for_the_sign_in(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()
    keeps(page, WATER, "480,5")
    town.ends_sessions_of(anna)
    network.resume()
    expect(page).to_have_url(re.compile("/login"))
    assert town.given(anna.water) == []

    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh")

    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]


def test_who_has_signed_in_again_is_not_asked_to_sign_in(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()
    keeps(page, WATER, "480,5")
    town.ends_sessions_of(anna)
    network.resume()
    expect(page).to_have_url(re.compile("/login"))
    page.evaluate(REFUSED_AT_THE_DOOR, anna.login)
    page.add_init_script(NOTHING_WAITS_FOR_QUIET)

    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh")

    expect(page.locator(".zh-queued-accepted")).to_be_visible()
    assert town.given(anna.water) == ["00480,500"]


@pytest.mark.parametrize(
    ("tolerance_days", "wanted"),
    [(31, "Не передано: 2 из 2"), (0, "Не передано: 1 из 2")],
    ids=["in time", "late"],
)
def test_a_month_that_ended_meanwhile_counts_within_the_tolerance(
    town: Town, anna: Neighbour, page: Page, network: Any, tolerance_days: int, wanted: str
) -> None:
    last_months_end = town.today.replace(day=1) - timedelta(days=1)
    town.tolerates(tolerance_days)
    network.cut()
    keeps(page, WATER, "480,5", last_months_end)
    network.resume()

    sends_now(page)

    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.dates(anna.water) == [last_months_end]
    opens(page, "/")
    expect(page.locator("#zh-main")).to_contain_text(wanted)
    town.tolerates(None)


def test_signing_out_says_what_would_be_lost_and_leaves_nothing(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()
    keeps(page, WATER, "1")  # less than before: whoever sends it, the page or the worker
    network.resume()
    page.goto("/more")
    tap(page, "Выйти")
    expect(page.locator("#zh-notices")).to_contain_text("Не отправлено: 1")
    tap(page, "Всё равно выйти")
    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate(f"() => zhQueue.all({anna.login!r})") == []
    wait_until(lambda: not page.evaluate("() => caches.has('zh-pad')"), "the form is gone")
    assert town.given(anna.water) == []


def test_another_resident_of_the_same_phone_sees_nothing(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    boris = town.a_neighbour()
    network.cut()
    keeps(page, WATER, "480,5")
    town.ends_sessions_of(anna)
    # In a tab of its own: the old one goes to the way in by itself once the network is back,
    # and two navigations of one tab break each other off.
    anothers_tab = page.context.new_page()
    page.close()
    page = anothers_tab
    network.resume()

    page.goto("/login")
    wait_until(lambda: not page.evaluate("() => caches.has('zh-pad')"), "the form is gone", 10)
    sign_in(page, boris.login, PASSWORD, at="/login?next=%2Fzkh")
    ready(page)

    expect(queued(page)).to_have_count(0)
    kept = page.evaluate("async () => (await (await caches.match('/pad')).text())")
    assert f'data-owner="{boris.login}"' in kept
    assert anna.login not in kept
    assert town.given(anna.water) == town.given(boris.water) == []


def test_who_is_not_remembered_leaves_nothing_on_the_device(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh", remembered=False)
    network.cut()

    field(page, WATER).fill("480,5")
    tap(page, CHECK)

    expect(page.get_by_role("button", name="Повторить", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=LATER)).to_have_count(0)
    assert page.evaluate("() => caches.has('zh-pad')") is False


def test_a_full_phone_says_so_and_keeps_what_was_typed(page: Page, network: Any) -> None:
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError") };
        }"""
    )
    network.cut()
    field(page, WATER).fill("480,5")
    tap(page, CHECK)

    tap(page, LATER)

    expect(status(page)).to_contain_text("На телефоне нет места")
    assert field(page, WATER).input_value() == "480,5"


def test_a_new_version_of_the_worker_loses_no_reading(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    network.cut()
    keeps(page, WATER, "480,5")
    network.resume()

    page.evaluate(ANOTHER_WORKER)
    sends_now(page)

    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]


def test_the_kept_form_works_on_with_the_files_of_its_own_version(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    """A new version has taken over, and the network went before the form was kept anew."""
    page.route("**/pad", lambda route: route.abort())
    page.evaluate(KEPT_BY_AN_OLDER_VERSION)
    page.evaluate(ANOTHER_WORKER)
    network.cut()

    page.goto("/zkh")

    expect(page.get_by_text("Нет связи. Показания можно ввести")).to_be_visible()
    keeps(page, WATER, "480,5")
    network.resume()
    page.unroute("**/pad")
    page.goto("/zkh")
    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]
    wait_until(lambda: len(page.evaluate(VERSIONS)) == 1, "the old files are gone", 30)


ANOTHER_WORKER = """async () => {
  const next = await navigator.serviceWorker.register("/sw.js?next");
  await new Promise((done) => {
    const worker = next.installing ?? next.waiting ?? next.active;
    if (worker.state === "activated") done();
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
  });
}"""
# Its form asks for a script that no server of today has.
KEPT_BY_AN_OLDER_VERSION = """async () => {
  const form = await (await caches.match("/pad")).text();
  const [now] = form.match(/[/]a[/][0-9a-f]{12}[/]portal[.]js/);
  const then = "/a/000000000000/portal.js";
  const type = { "Content-Type": "text/html; charset=utf-8" };
  const pad = await caches.open("zh-pad");
  await pad.put("/pad", new Response(form.replaceAll(now, then), { headers: type }));
  const files = await caches.open(`zh-files-${then}`);
  await files.put(then, await fetch(now));
}"""
VERSIONS = "caches.keys().then((all) => all.filter((name) => name.startsWith('zh-files-')))"
