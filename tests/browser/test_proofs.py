"""The charges of a billed month, opened on the phone: why each of them is what it is."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.backend import Backend
from portal.db.parties import Resident
from portal.domain.identity import Officer
from portal.services.password_change import set_password
from tests.browser.steps import (
    CHECK,
    CONFIRM,
    a_little_more,
    accepted,
    opens,
    sign_in,
    squeezed,
    tap,
)
from tests.support.axe import violations
from tests.support.billed import (
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    a_billed_house,
    is_read,
)
from tests.support.rulers import OPEN_ALL
from tests.support.server import PortalServer

pytestmark = pytest.mark.browser

LOGIN, PASSWORD = "petrova", "kvartira-tests"
HISTORY = ((6, "106"), (7, "112"), (8, "118"), (9, "124"))


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[PortalServer]:
    """October without readings and closed; a reading in November."""
    folder = tmp_path_factory.mktemp("proofs")
    database = folder / "house.sqlite3"
    shutil.copy(_sqlite_template, database)
    backend = Backend(f"sqlite:///{database}")
    billed = a_billed_house(backend, 1)
    billed.house.changes(Resident, billed.flats[0].person.id, login=LOGIN)
    for month, value in HISTORY:
        is_read(billed.meters[0], value, date(2026, month, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    is_read(billed.meters[0], "134", date(2026, 11, 20))
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    backend.write_now(
        set_password, Officer("tests"), LOGIN, PASSWORD, datetime.now(UTC), must_change=False
    )
    address = f"sqlite:///{database}"
    server = PortalServer(
        folder / "data",
        ZHKH_DATABASE_URL=address,
        ZHKH_UTILITY_STAT_ENABLED="true",
        ZHKH_UTILITIES_ENABLED="true",
        ZHKH_MENU_ZKH="true",
    ).start()
    yield server
    server.stop()
    backend.close()


@pytest.fixture(params=["light", "dark"])
def her(request: pytest.FixtureRequest, portal: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=portal.url, color_scheme=request.param)
    sign_in(page, LOGIN, PASSWORD)
    return page


def line(page: Page, *words: str) -> Locator:
    found = page.locator("tr.zh-charge")
    for each in words:
        found = found.filter(has_text=each)
    return found.first


def opened(page: Page, *words: str) -> str:
    """What the line of a charge says when it is tapped."""
    row = line(page, *words)
    row.locator("summary").click()
    proof = row.locator("xpath=following-sibling::tr[1]")
    expect(proof).to_be_visible()
    return squeezed(proof.inner_text())


def test_october_was_an_average_and_says_what_would_change_it(her: Page) -> None:
    opens(her, "/charges?period=2026-10")
    water = opened(her, "zkh_cold")
    assert "Показаний за октябрь нет, взято среднее за апрель–сентябрь" in water
    assert "Передайте показания до 25-го, и сумма будет пересчитана" in water
    assert "÷ 6 мес." in water
    assert "подпункт «б» пункта 59" in water
    expect(line(her, "zkh_cold").locator(".zh-tag")).to_have_text("По среднему")


def test_a_norm_and_what_is_added_to_it(her: Page) -> None:
    opens(her, "/charges?period=2026-10")
    gas = opened(her, "gas")
    assert "2 человека × 4,745 м³ = 9,49 м³ 9,49 м³ × 7,31 ₽ = 69,37 ₽" in gas
    added = opened(her, "gas", "Надбавка")
    assert "2 человека × 4,745 м³ × 1,5 = 14,235 м³" in added
    assert "104,06 ₽ − 69,37 ₽ = 34,69 ₽" in added


def test_november_was_read_and_is_compared_with_october(her: Page) -> None:
    opens(her, "/charges?period=2026-11")
    water = opened(her, "zkh_cold", "134")
    assert "По показаниям счетчика от 20 ноября 2026 134 − 124 = 10 м³" in water
    assert "На ноябрь из них: 10 м³ × 30 из 61 дн. ≈ 4,918033 м³" in water
    assert "Вся услуга по месяцам Ноябрь 2026" in water
    assert "Октябрь 2026 5,081967 м³" in water


def test_and_october_is_recalculated(her: Page) -> None:
    opens(her, "/charges?period=2026-11")
    late = opened(her, "zkh_cold", "Перерасчет за октябрь 2026")
    assert "За октябрь 2026 было начислено" in late
    assert "Было начислено по среднему" in late
    assert "Должно быть 5,081967 м³ на 271,43 ₽" in late


def test_a_reading_of_such_a_service_is_taken_and_goes_into_its_month(her: Page) -> None:
    opens(her, "/zkh")
    row = her.locator("li[data-key$='/zkh_cold']")
    value = row.get_by_label("zkh_cold: Текущие показания")
    value.fill(a_little_more(value))
    # By night she corrects what she gave by day.
    expect(row.locator("[data-live-amount]")).to_have_text(re.compile("≈ (106,82|213,64)"))
    expect(row).to_contain_text("Войдет в начисление за")
    expect(her.locator("[data-live-total]")).to_have_text("0,00\N{NBSP}₽")
    tap(her, CHECK)
    expect(her.get_by_role("dialog", name="Подтвердите показания")).to_contain_text("Примерно")
    tap(her, CONFIRM)
    expect(accepted(her)).to_contain_text("войдет в начисление за")
    expect(accepted(her)).not_to_contain_text("Списано")


def test_axe_finds_nothing_in_any_proof(her: Page) -> None:
    for month in ("2026-10", "2026-11"):
        opens(her, f"/charges?period={month}")
        her.evaluate(OPEN_ALL)
        assert violations(her, inside="#zh-main") == []
