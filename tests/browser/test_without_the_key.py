"""The control of the random network: the same phone, the same taps, the same lost answer, at a
server that lacks what makes a repeat one.  It stores twice, or calls it somebody else's.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, REPEAT, dialog, enters, field, forgive, heading, tap
from tests.browser.town import PASSWORD, WATER, Neighbour, Town
from tests.support.unguarded_server import KEY, REST, UnguardedServer
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

WHOLE, KEYLESS, NAKED = (), (KEY,), (KEY, REST)
ONCE, TWICE = ["00483,500"], ["00483,500"] * 2
DONE = "Запрос выполнен успешно, номер"
# As if it were another's: of what a person has sent a moment ago it is not true.
ALREADY_GIVEN = "Показания уже переданы: 00483,500"
each_guard = pytest.mark.parametrize(
    ("off", "stored", "said"),
    [(WHOLE, ONCE, DONE), (KEYLESS, ONCE, ALREADY_GIVEN), (NAKED, TWICE, DONE)],
    ids=["as it is", "without the key", "without any guard"],
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with Town(folder, _sqlite_template, server=UnguardedServer) as town:
        yield town
        assert "Traceback" not in town.server.output()


@pytest.fixture
def anna(town: Town, off: tuple[str, ...]) -> Neighbour:
    assert isinstance(town.server, UnguardedServer)
    town.server.goes_without(*off)
    return town.a_neighbour()


def confirms(town: Town, anna: Neighbour, page: Page) -> None:
    """It is stored, and the answer does not arrive."""
    enters(page, anna.login, PASSWORD, at="/login?next=%2Fzkh", remembered=False)
    field(page, WATER).fill("483,5")
    tap(page, CHECK)
    button = page.get_by_role("button", name=CONFIRM)
    button.wait_for()
    town.network.stall("down")
    button.click(no_wait_after=True)
    wait_until(lambda: town.given(anna.water) == ONCE, "it is stored")


@each_guard
def test_a_browser_that_repeats_by_itself(
    town: Town,
    anna: Neighbour,
    network: Any,
    a_phone: Callable[..., Page],
    console_errors: Any,
    stored: list[str],
    said: str,
) -> None:
    """Chromium sends a form once more when its connection was reset, and asks nobody."""
    page = a_phone(java_script_enabled=False)
    confirms(town, anna, page)

    network.drop()

    expect(heading(page)).to_have_text("Принято" if said == DONE else "ЖКХ")
    expect(page.get_by_text(said).first).to_be_visible()
    assert town.given(anna.water) == stored
    forgive(console_errors, "422")


@each_guard
def test_a_person_who_taps_again(
    town: Town,
    anna: Neighbour,
    network: Any,
    a_phone: Callable[..., Page],
    console_errors: Any,
    stored: list[str],
    said: str,
) -> None:
    page = a_phone()
    confirms(town, anna, page)
    network.cut()
    repeat = dialog(page).get_by_role("button", name=REPEAT)
    repeat.wait_for()
    network.resume()

    repeat.click()

    expect(page.get_by_text(said).first).to_be_visible()
    assert town.given(anna.water) == stored
    forgive(console_errors, "ERR_", "WebSocket", "422")
