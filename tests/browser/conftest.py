"""The town of the tests that lose the network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.town import Neighbour, Town

expect.set_options(timeout=30_000)  # two shared cores: a slow answer is no fault


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Town]:
    with Town(tmp_path_factory.mktemp("town"), _sqlite_template) as town:
        yield town
        assert "Traceback" not in town.server.output()


@pytest.fixture
def network(town: Town) -> Iterator[Any]:
    """Whatever a test does to it, the next one finds it in order."""
    yield town.network
    town.network.resume()


@pytest.fixture
def anna(town: Town) -> Neighbour:
    """Nobody else has her counters."""
    return town.a_neighbour()


@pytest.fixture
def a_phone(town: Town, screens: Any) -> Callable[[], Page]:
    def make(**options: Any) -> Page:
        page: Page = screens.phone(base_url=town.network.url, **options)
        return page

    return make
