"""How long after a payment was settled the open pages of its payer show it, without asking."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pysqlite3
from playwright.sync_api import Page

from portal.domain.incoming import MOSCOW
from portal.domain.money import Money
from tests.browser.steps import opens
from tests.imports.bank.registries import qiwi
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE, PortalServer

TERMINAL: Final = "demo-osmp"
_FOR_LATER: Final = "/pad"
"""What each page keeps for a day without a network, some time after it has come alive."""
_WATCH: Final = """text => {
  window.zhFrom = performance.now();
  new MutationObserver(() => {
    const isThere = document.querySelector("main").textContent.includes(text);
    if (isThere && !window.zhShown) window.zhShown = Date.now();
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
_SHOWN: Final = "() => window.zhShown"
_ASKED: Final = """() => performance.getEntriesByType("resource")
  .filter(each => each.startTime > window.zhFrom).map(each => new URL(each.name).pathname)"""


def watches(page: Page, amount: Money, at: str = "/") -> None:
    """From now on the page notes when this sum appears in it."""
    opens(page, at)
    page.evaluate(_WATCH, amount.plain)


def shown_at(page: Page) -> datetime:
    """When it appeared, in the page that was there before: a new one would know of nothing."""
    page.wait_for_function(_SHOWN)
    return datetime.fromtimestamp(page.evaluate(_SHOWN) / 1000, UTC)


def asked_for(page: Page) -> list[str]:
    """Which addresses the page has asked for since it watches."""
    return [each for each in page.evaluate(_ASKED) if each != _FOR_LATER]


def settled_at(server: PortalServer, amount: Money) -> datetime:
    """When the portal began to take this sum of money: a moment before the commit."""
    (file,) = server.data.glob("demo-*.sqlite3")
    query = "SELECT max(accepted_at) FROM incoming WHERE amount = ?"
    with pysqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        (told,) = connection.execute(query, (amount.kopecks,)).fetchone()
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def pays_at_a_terminal(server: PortalServer, account: str, amount: Money) -> None:
    query = {
        "command": "pay", "txn_id": str(amount.kopecks), "account": account,
        "sum": amount.plain.replace(",", "."), "txn_date": f"{datetime.now(UTC):%Y%m%d%H%M%S}",
    }  # fmt: skip
    answer = httpx.get(f"{server.url}/pay/osmp", params=query, timeout=60)
    assert "<result>0</result>" in answer.text, answer.text


def comes_in_a_file(server: PortalServer, account: str, amount: Money) -> None:
    """The terminal's registry, imported by a process of its own."""
    file = server.data / "QIWI_1.csv"
    now = datetime.now(MOSCOW)
    told = qiwi([(str(amount.kopecks), account, amount)], f"{now:%d.%m.%Y}")
    file.write_text(told.replace("10:15:00", f"{now:%H:%M:%S}"), encoding="utf-8")
    database: Path
    (database,) = server.data.glob("demo-*.sqlite3")
    environment: dict[str, Any] = server.settings | {"ZHKH_DATABASE_URL": f"sqlite:///{database}"}
    words = ("import", "bank", file, "--profile", "qiwi", "--channel", TERMINAL, "--apply")
    subprocess.run(
        [EXECUTABLE, *words], env=clean_environment(**environment), check=True, capture_output=True
    )
