"""Every link and every button of both residents: no dead end, no 404, no fault in any log."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests.browser.steps import IS_LIVE, sign_in, until_live
from tests.support.server import PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

RESIDENTS = {"DOG-S-755": "kvartira-755", "DOM-12": "kvartira-12"}
LINKS = "() => [...document.querySelectorAll('a[href]')].map((each) => each.href)"
# What a tap would change on every page alike, or what leads away, is tried elsewhere.
LEAVING = (
    "form[action^='/logout'] button, form[action='/profile/sessions/end'] button, [data-print]"
)
BUTTONS = f"""() => {{
  document.querySelectorAll("details").forEach((each) => {{ each.open = true; }});
  const all = [...document.querySelectorAll("button, summary")];
  return all.filter((each) => each.checkVisibility() && !each.matches("{LEAVING}")).length;
}}"""
# Tapped by number: a tap may open, close or redraw what stands around the others.  What a page
# keeps for a day without a network it asks for by itself.
TAP = f"""(index) => {{
  window.scrollTo(0, 0);
  document.getElementById("zh-confirm")?.close();
  const all = [...document.querySelectorAll("button, summary")];
  const shown = all.filter((each) => each.checkVisibility() && !each.matches("{LEAVING}"));
  const before = document.body.innerHTML;
  const requests = () => performance.getEntriesByType("resource")
    .filter(({{ name }}) => new URL(name).pathname !== "/pad").length;
  const asked = requests();
  shown[index]?.click();
  return new Promise((resolve) => {{
    const look = (left) => {{
      const isAsking = requests() > asked;
      const isAlive = document.body.innerHTML !== before || isAsking;
      if (isAlive || !left) resolve(isAlive ? "" : shown[index]?.outerHTML.slice(0, 120) ?? "");
      else setTimeout(() => look(left - 1), 50);
    }};
    look(100);
  }});
}}"""
# A tap may lead away long after it: the form waits for its answer, then the browser for the page.
ENDED = f"""(home) => {{
  if (location.href !== home) return true;
  return !document.querySelector("[aria-busy='true']") && ({IS_LIVE})();
}}"""
FAULT = re.compile(r"Traceback| 5\d\d \d+ ms$")
KINDS = {"", "zkh", "charges", "invoices", "payment", "payments", "messages", "profile", "more"}
PLAIN = {"/api/docs"}
"""Pages of their own that never come alive."""
SANDBOX = "/demo-bank/"
SHAPES_MAX = 2
"""How many pages of one kind are opened: forty invoices are alike."""


@pytest.fixture(params=RESIDENTS)
def resident(request: pytest.FixtureRequest, demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, request.param, RESIDENTS[request.param])
    return page


class Crawl:
    """From page to page.  Every address is asked for once; of alike ones a few are opened."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page = page
        self._origin = origin
        self._shapes: dict[str, int] = {}
        self._waiting = ["/"]
        self._known = {"/"}

    def pages(self) -> Iterator[str]:
        while self._waiting:
            address = self._waiting.pop(0)
            answer = self._page.goto(address)
            assert answer is not None
            assert (address, answer.status) == (address, 200)
            until_live(self._page)
            self._take_links()
            yield address

    def _take_links(self) -> None:
        for link in self._page.evaluate(LINKS):
            parts = urlsplit(link)
            if parts.scheme in {"mailto", "tel", "data"}:
                continue
            assert link.startswith(self._origin), f"{link} leads away"
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if address not in self._known:
                self._known.add(address)
                self._take(address)

    def _take(self, address: str) -> None:
        """Ids and months do not make a page of another kind."""
        shape = "".join("#" if each.isdigit() else each for each in address)
        self._shapes[shape] = self._shapes.get(shape, 0) + 1
        is_plain = address in PLAIN or address.startswith(SANDBOX)
        if self._shapes[shape] <= SHAPES_MAX and not is_plain:
            self._waiting.append(address)
            return
        answer = self._page.request.head(address)
        assert (address, answer.status) == (address, 200)


def test_every_link_leads_somewhere_and_every_button_does_something(
    resident: Page, demo: PortalServer, console_errors: Any
) -> None:
    resident.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen, idle = [], []
    for address in Crawl(resident, demo.url).pages():
        seen.append(address)
        for index in range(resident.evaluate(BUTTONS)):
            if dead := taps(resident, index):
                idle.append(f"{address}: {dead}")
            comes_back(resident, f"{demo.url}{address}")
            resident.evaluate(BUTTONS)
    assert idle == []
    kinds = {address.split("?")[0].split("/")[1] for address in seen}
    assert kinds == KINDS
    assert_calm(demo)
    # An empty entry and an empty password are refused: that is what their buttons do.
    assert all("422" in error for error in console_errors.take())


def taps(page: Page, index: int) -> str:
    """The button, if it did nothing; one that loads a page takes the script's ground away."""
    try:
        dead: str = page.evaluate(TAP, index)
    except Error as error:
        if "Execution context was destroyed" not in error.message:
            raise
        page.wait_for_load_state()
        return ""
    return dead


def comes_back(page: Page, home: str) -> None:
    """Once the tap has had its end, wherever it led: the bank's page, say, never comes alive."""
    page.wait_for_function(ENDED, arg=home, timeout=40_000)
    if page.url != home:
        page.goto(home)
        until_live(page)


def test_a_dead_button_would_be_noticed(resident: Page) -> None:
    resident.evaluate("""() => {
      document.querySelectorAll("button, summary").forEach((each) => { each.hidden = true; });
      document.querySelector("main").insertAdjacentHTML("beforeend", "<button>Ничего</button>");
    }""")
    assert resident.evaluate(BUTTONS) == 1
    assert "Ничего" in resident.evaluate(TAP, 0)


def assert_calm(demo: PortalServer) -> None:
    log = demo.output()
    faults = [line for line in log.splitlines() if FAULT.search(line)]
    assert faults == []
