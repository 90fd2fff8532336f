"""What the phone itself does with kept readings: it sends them alone, and it may have no room."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.keeping import LATER, LOST, keeps, queued
from tests.browser.steps import CHECK, CONFIRM, accepted, field, forgive, opens, status, tap
from tests.browser.town import WATER, Neighbour, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

WORKER_IS_READY = "() => navigator.serviceWorker.ready.then(() => true)"
WINDOWS = "async () => (await self.clients.matchAll({ includeUncontrolled: true })).length"
# The storage takes the entry and gives it up again, as a full disk does.
GIVES_UP = """(moment) => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...entry) {
    const request = put.apply(this, entry);
    if (moment === "at once") this.transaction.abort();
    else request.addEventListener("success", () => this.transaction.abort());
    return request;
  };
}"""


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's «ЖКХ»."""
    return town.at_home(a_phone(), anna)


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Any:
    yield
    forgive(console_errors, *LOST)


class Worker:
    """The service worker of a phone, as the phone's own system sees it from `page`."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page, self._origin = page, origin
        self._registrations: list[str] = []
        self._is_running = True
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._devtools.on("ServiceWorker.workerVersionUpdated", self._changed)
        self._devtools.send("ServiceWorker.enable")
        self._wait(lambda: self._registrations, "the worker is known")

    def falls_asleep(self) -> None:
        self._devtools.send("ServiceWorker.stopAllWorkers")
        self._wait(lambda: not self._is_running, "the worker has stopped")

    def hears_of_the_network(self) -> None:
        """The event of Background Sync; the worker is started for it."""
        event = {"tag": "zh-queue", "lastChance": False, "origin": self._origin}
        (registration,) = set(self._registrations)
        self._devtools.send(
            "ServiceWorker.dispatchSyncEvent", {**event, "registrationId": registration}
        )

    def _registered(self, event: dict[str, Any]) -> None:
        self._registrations += [each["registrationId"] for each in event["registrations"]]

    def _changed(self, event: dict[str, Any]) -> None:
        for version in event["versions"]:
            self._is_running = version["runningStatus"] != "stopped"

    def _wait(self, condition: Callable[[], Any], what: str) -> None:
        """A call to the page lets the events in."""
        wait_until(lambda: self._page.evaluate("true") and condition(), what)


def test_with_every_page_closed_the_phone_sends_by_itself(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    page.evaluate(WORKER_IS_READY)
    network.cut()
    keeps(page, WATER, "480,5")
    context = page.context
    page.close()
    worker = Worker(context.new_page(), town.network.url)  # the page is an empty one
    workers = context.service_workers
    wait_until(lambda: workers[0].evaluate(WINDOWS) == 0, "no page is left")
    worker.falls_asleep()
    network.resume()
    assert town.given(anna.water) == []

    worker.hears_of_the_network()
    worker.hears_of_the_network()

    wait_until(lambda: town.given(anna.water), "the worker has sent it")
    later, sent = context.new_page(), []
    later.on("request", lambda request: sent.append(request.method))
    opens(later, "/zkh")
    expect(later.locator(".zh-queued-accepted")).to_contain_text("Принято, № ")
    assert field(later, WATER).input_value() == ""
    assert "POST" not in sent
    assert town.given(anna.water) == ["00480,500"]


@pytest.mark.parametrize("moment", ["at once", "at the end"])
def test_a_phone_without_room_keeps_nothing_and_loses_nothing(
    town: Town, anna: Neighbour, page: Page, network: Any, moment: str
) -> None:
    page.evaluate(GIVES_UP, moment)
    network.cut()
    field(page, WATER).fill("480,5")
    tap(page, CHECK)

    tap(page, LATER)

    expect(status(page)).to_contain_text("На телефоне нет места")
    expect(field(page, WATER)).to_have_value("480,5")
    expect(page.locator("#zh-notices")).not_to_contain_text("Сохранено на телефоне")
    expect(queued(page)).to_have_count(0)
    assert page.evaluate(f"() => zhQueue.all({anna.login!r})") == []
    network.resume()
    opens(page, "/zkh")
    expect(field(page, WATER)).to_have_value("480,5")
    assert town.given(anna.water) == []
    tap(page, CHECK)
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()
    assert town.given(anna.water) == ["00480,500"]
