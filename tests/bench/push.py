"""How soon the open pages of a resident show that he has paid: in the browser, from the moment at
which the portal begins to take the money until both of two pages have it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Page

from portal.domain.money import Money
from tests.bench.stand import LOGIN, PASSWORD
from tests.bench.table import Row
from tests.browser.steps import sign_in
from tests.browser.test_paying import bank_shall, comes_to_the_bank
from tests.support.browser import ConsoleErrors, Screens, chromium
from tests.support.push import (
    comes_in_a_file,
    pays_at_a_terminal,
    settled_at,
    shown_at,
    watches,
)
from tests.support.server import PortalServer

TIMES: Final = 20
Pays = Callable[[PortalServer, tuple[Page, Page], Money], Sequence[Page]]
"""Pays, and tells on which pages it is to be seen."""


def measure() -> Iterator[Row]:
    """A row for each way by which money comes."""
    with TemporaryDirectory() as folder, chromium() as browser:
        server = PortalServer(Path(folder) / "portal", command="demo").start()
        screens = Screens(browser, ConsoleErrors())
        pages = screens.phone(base_url=server.url), screens.desktop(base_url=server.url)
        try:
            for page in pages:
                sign_in(page, LOGIN, PASSWORD)
            sums = map(Money, count(212_12))
            for what, pays in _WAYS.items():
                yield _row(what, [_passed(server, pages, next(sums), pays) for _ in range(TIMES)])
        finally:
            screens.close()
            server.stop()


def _row(what: str, seconds: list[float]) -> Row:
    return Row(
        f"{what}: from the money to the resident's open pages, median and slowest of {TIMES}, ms",
        f"{median(seconds) * 1000:.0f}, {max(seconds) * 1000:.0f}",
        reach="≤ 1000",
    )


def _passed(server: PortalServer, pages: tuple[Page, Page], amount: Money, pays: Pays) -> float:
    """In seconds."""
    shown = [shown_at(page) for page in pays(server, pages, amount)]
    return (max(shown) - settled_at(server, amount)).total_seconds()


def _outside(come: Callable[[PortalServer, str, Money], None]) -> Pays:
    def pays(server: PortalServer, pages: tuple[Page, Page], amount: Money) -> Sequence[Page]:
        for page in pages:
            watches(page, amount)
        come(server, LOGIN, amount)
        return pages

    return pays


def _by_card(_server: PortalServer, pages: tuple[Page, Page], amount: Money) -> Sequence[Page]:
    """The phone is at the bank meanwhile."""
    phone, desktop = pages
    comes_to_the_bank(phone, amount.plain)
    watches(desktop, amount)
    bank_shall(phone, "Оплатить")
    return [desktop]


_WAYS: Final[dict[str, Pays]] = {
    "a terminal's payment": _outside(pays_at_a_terminal),
    "a payment by card, by the bank's notification": _by_card,
    "a payment of a file, taken by another process": _outside(comes_in_a_file),
}
