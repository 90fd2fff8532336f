"""A payment shows itself on every open page of its payer: the server says so, nobody asks.

How long that takes says the bench.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.money import Money
from tests.browser.steps import sign_in
from tests.browser.test_paying import bank_shall, comes_to_the_bank
from tests.support.push import (
    asked_for,
    comes_in_a_file,
    pays_at_a_terminal,
    settled_at,
    shown_at,
    watches,
)
from tests.support.server import PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LOGIN, PASSWORD = "DOM-12", "kvartira-12"


@pytest.fixture
def pages(demo: PortalServer, screens: Any) -> tuple[Page, Page]:
    """Two open ones of one resident."""
    both = screens.phone(base_url=demo.url), screens.desktop(base_url=demo.url)
    for page in both:
        sign_in(page, LOGIN, PASSWORD)
    return both


@pytest.mark.parametrize("pays", [pays_at_a_terminal, comes_in_a_file])
def test_money_that_comes_from_outside_is_shown_on_both_and_neither_asks(
    demo: PortalServer,
    pages: tuple[Page, Page],
    pays: Callable[[PortalServer, str, Money], None],
) -> None:
    """By the server that shows them, and by a process of its own."""
    amount = Money(212_12 if pays is pays_at_a_terminal else 213_13)
    for page in pages:
        watches(page, amount)

    pays(demo, LOGIN, amount)

    for page in pages:
        assert shown_at(page) > settled_at(demo, amount)
        assert asked_for(page) == []


def test_what_a_bank_has_told_is_shown_on_the_other_page_and_it_does_not_ask(
    demo: PortalServer, pages: tuple[Page, Page]
) -> None:
    phone, desktop = pages
    amount = Money(214_14)
    comes_to_the_bank(phone, amount.plain)
    watches(desktop, amount)

    bank_shall(phone, "Оплатить")

    assert shown_at(desktop) > settled_at(demo, amount)
    assert asked_for(desktop) == []
