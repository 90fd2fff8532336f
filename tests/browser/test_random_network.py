"""Many phones on a network that fails at random: what each screen says in the end is stored.

Every phone is on «ЖКХ» or on the small form, somewhere else on its way when the network fails, and
goes on tapping as a person does.  In the end each reading is stored once, and no screen
has said so before it was.  What would become of them without the key: test_without_the_key.py.
"""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Error as NoPage
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.steps import CHECK, CONFIRM, REPEAT, dialog, field, forgive, tap
from tests.browser.town import WATER, Neighbour, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

PHONES = 5
PAGES = ("/zkh", "/pad")
SHORT = (("silent", 5.0), ("silent", 11.0), ("deaf", 5.0), ("cut", 5.0))
LONG = tuple(
    (kind, seconds) for kind in ("silent", "deaf", "cut", "killed") for seconds in (1, 5, 30, 120)
)
FAILURES = LONG * 3 if os.environ.get("ZHKH_TEST_FULL") == "1" else SHORT
SLOWDOWN = 4
PATIENCE_SECONDS = 120
ACCEPTED = ".zh-accepted, .zh-queued-accepted"
WAITING = "[data-queue] > *, [data-send-status] button"
SAYS_STORED = """([accepted, waiting, value]) => {
  const shown = [...document.querySelectorAll(".zh-register-was")];
  return Boolean(document.querySelector(accepted))
    || (shown.some((node) => node.textContent.includes(value)) && !document.querySelector(waiting));
}"""
# In the order in which a person would look at them.
BUTTONS = (REPEAT, CONFIRM, "Отправить сейчас", "Повторить", "Отправить позже", CHECK)


@dataclass
class Phone:
    """One person on the way: `value` is what the counter shows."""

    who: Neighbour
    page: Page
    value: str

    def begins(self, step: int) -> None:
        """0: has typed; 1: is asked to confirm; 2: has confirmed a moment ago."""
        field(self.page, WATER).fill(self.value)
        if step:
            tap(self.page, CHECK)
            dialog(self.page).wait_for()
        if step > 1:
            tap(self.page, CONFIRM)

    def goes_on(self) -> bool:
        """One more tap, if there is something to tap; whether all is said."""
        if self.says_stored():
            return True
        for label in BUTTONS:
            button = self.page.get_by_role("button", name=label, exact=True).last
            if _can_be_tapped(button):
                with suppress(NotInTime):  # an answer has taken it from under the finger
                    button.click(timeout=2_000)
                break
        return False

    def says_stored(self) -> bool:
        """«Принято»; or, where a silence has loaded the page anew since it said so, the counter
        with this value as its last one.  While it waits on the phone the counter shows it too.
        In one look, since the page may be loaded anew between two of them; of one that is just
        being loaded nothing is said.
        """
        with suppress(NoPage):
            told = [ACCEPTED, WAITING, f"00{self.value}00"]
            return bool(self.page.evaluate(SAYS_STORED, told))
        return False


def _can_be_tapped(button: Locator) -> bool:
    """A button that is taken away while one looks at it cannot."""
    with suppress(NotInTime):
        return button.is_visible() and button.is_enabled(timeout=1_000)
    return False


@pytest.mark.parametrize(
    ("number", "kind", "seconds"),
    [(number, kind, seconds) for number, (kind, seconds) in enumerate(FAILURES)],
)
def test_each_reading_is_stored_once_and_said_so(
    town: Town,
    network: Any,
    a_phone: Callable[[], Page],
    console_errors: Any,
    number: int,
    kind: str,
    seconds: float,
) -> None:
    chance = random.Random(number)
    phones = [_a_phone(town, a_phone, chance) for _ in range(PHONES)]
    _slowed(phones[0])  # each further one would take a core of this machine
    for phone in phones:
        phone.begins(chance.randrange(3))

    _fails(town, network, kind)
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        chance.choice(phones).page.wait_for_timeout(300)
        _taps(chance.choice(phones), town)
    _recovers(town, network, kind)
    _until_all_is_said(phones, town)

    for phone in phones:
        assert town.given(phone.who.water) == [f"00{phone.value}00"]
    forgive(console_errors, "net::ERR_", "Failed to load", "WebSocket", "fetching the script")


def _a_phone(town: Town, a_phone: Callable[[], Page], chance: random.Random) -> Phone:
    who = town.a_neighbour()
    page = town.at_home(a_phone(), who)
    page.goto(chance.choice(PAGES))
    return Phone(who, page, f"48{chance.randint(0, 9)},{chance.randint(1, 9)}")


def _slowed(phone: Phone) -> None:
    wire = phone.page.context.new_cdp_session(phone.page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


def _taps(phone: Phone, town: Town) -> bool:
    """Whether all is said; whatever is said is true."""
    is_over = phone.goes_on()
    if is_over:
        assert town.given(phone.who.water) == [f"00{phone.value}00"]
    return is_over


def _until_all_is_said(phones: list[Phone], town: Town) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    left = list(phones)
    while left:
        assert time.monotonic() < ends_at, [
            (phone.value, town.given(phone.who.water), phone.page.inner_text("main"))
            for phone in left
        ]
        left = [phone for phone in left if not _taps(phone, town)]
        for phone in left:
            phone.page.wait_for_timeout(300)


def _fails(town: Town, network: Any, kind: str) -> None:
    match kind:
        case "silent":
            network.stall()
        case "deaf":  # what is sent arrives, the answers do not
            network.stall("down")
        case "cut":
            network.cut()
        case "killed":
            town.server.kill()


def _recovers(town: Town, network: Any, kind: str) -> None:
    if kind == "killed":
        town.server.start()
    network.resume()
