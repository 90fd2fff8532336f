"""Large letters, stillness, contrast, the system's colours: honoured on the pages themselves."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import dialog, field, goes_to, opens, sign_in, tap
from tests.browser.test_every_page import FOUR_ROWS, PAGES, RESIDENTS
from tests.support.axe import violations
from tests.support.rulers import CUT, OPEN_ALL, SIDEWAYS, SMALL
from tests.support.server import PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LOGIN = "DOM-12"
COLD = "Холодная вода: Текущие показания, м³"
WIDTHS = (320, 390, 640, 1024, 1280)  # 640: a desk of 1280 at 200 %
ROOT_SIZE = "() => getComputedStyle(document.documentElement).fontSize"
WATCH = """() => {
  window.most = 0;
  const look = () => {
    const moving = document.getAnimations().filter((each) => each.playState === 'running');
    window.most = Math.max(window.most, moving.length);
    requestAnimationFrame(look);
  };
  look();
}"""
TOKENS = """(names) => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()]));
}"""
GROUNDS = ("--ground", "--surface", "--sunken")
TEXTS = ("--ink", "--ink-2", "--ink-3", "--brand")
TINTS = ("brand", "warn", "bad", "good", "cold", "hot", "gas", "power")


@pytest.fixture(scope="module")
def large(demo: PortalServer, browser: Any) -> Iterator[Page]:
    """Signed in with the cookie of large letters."""
    context = browser.new_context(base_url=demo.url, locale="ru-RU", has_touch=True)
    context.add_cookies([{"name": "zhkh-text", "value": "large", "url": demo.url}])
    page = context.new_page()
    sign_in(page, LOGIN, RESIDENTS[LOGIN])
    yield page
    context.close()


def wrong(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    found = [f"{extra} px sideways" for extra in [page.evaluate(SIDEWAYS)] if extra]
    found += [f"cut: {each}" for each in page.evaluate(CUT)]
    if width <= 390:
        found += [f"small: {each}" for each in page.evaluate(SMALL)]
    return found


# --- large letters -----------------------------------------------------------------------------


def test_large_letters_are_chosen_in_the_profile_and_stay_after_signing_out(
    demo: PortalServer, screens: Any
) -> None:
    page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, RESIDENTS[LOGIN], at="/login?next=/profile")
    assert page.evaluate(ROOT_SIZE) == "16px"
    expect(page.get_by_text("Сейчас выключен")).to_be_visible()

    tap(page, "Включить крупный текст")

    expect(page.get_by_text("Включен крупный текст")).to_be_visible()
    expect(page.get_by_text("Сейчас включен")).to_be_visible()
    expect(page.locator("html")).to_have_css("font-size", "20px")
    opens(page, "/more")
    page.locator(".zh-more").get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile("/login$"))
    assert page.evaluate(ROOT_SIZE) == "20px"
    sign_in(page, LOGIN, RESIDENTS[LOGIN], at="/login?next=/profile")
    tap(page, "Вернуть обычный текст")
    expect(page.get_by_text("Сейчас выключен")).to_be_visible()
    expect(page.locator("html")).to_have_css("font-size", "16px")


@pytest.mark.parametrize("login", RESIDENTS)
def test_large_letters_push_nothing_aside(large: Page, login: str) -> None:
    large.context.clear_cookies(name="zhkh")
    sign_in(large, login, RESIDENTS[login])
    found = []
    for address in PAGES:
        opens(large, address)
        assert large.evaluate(ROOT_SIZE) == "20px"
        for state, prepare in (("", "() => {}"), (", all open", OPEN_ALL)):
            large.evaluate(prepare)
            for width in WIDTHS:
                found += [f"{address}{state} {width}: {each}" for each in wrong(large, width)]
    assert found == []


def test_axe_finds_nothing_among_large_letters(large: Page) -> None:
    found = []
    large.set_viewport_size({"width": 320, "height": 800})
    for address in ("/", "/zkh", "/charges", "/profile"):
        opens(large, address)
        large.evaluate(OPEN_ALL)
        large.evaluate(FOUR_ROWS)
        found += [f"{address}: {each}" for each in violations(large)]
    assert found == []


def test_usual_letters_have_their_room_at_the_narrowest_desk(
    demo: PortalServer, screens: Any
) -> None:
    page = screens.desktop(base_url=demo.url)
    sign_in(page, LOGIN, RESIDENTS[LOGIN])
    found = []
    for address in PAGES:
        opens(page, address)
        found += [f"{address}: {each}" for each in wrong(page, 1024)]
    assert found == []


# --- stillness ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_after_a_tap_for_those_who_want_it_still(
    demo: PortalServer, screens: Any, wish: str, moves: bool
) -> None:
    page = screens.phone(base_url=demo.url, reduced_motion=wish)
    sign_in(page, LOGIN, RESIDENTS[LOGIN])
    page.evaluate(WATCH)
    goes_to(page, "ЖКХ", "ЖКХ")
    field(page, COLD).fill("999")  # the caret of the dial
    page.evaluate("document.documentElement.toggleAttribute('data-zh-waiting', true)")
    tap(page, "Проверить и передать")
    expect(dialog(page)).to_be_visible()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")

    assert (page.evaluate("window.most") > 0) == moves


# --- contrast ----------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """(what is seen, on which ground, how well at least)."""
    found = [(text, ground, 7.0) for text, ground in product(TEXTS, GROUNDS)]
    found += [(line, ground, 4.5) for line, ground in product(("--line", "--edge"), GROUNDS)]
    found += [(f"--{tint}", f"--{tint}-soft", 7.0) for tint in TINTS]
    found += [("--brand-ink", "--brand", 7.0), ("--surface", "--bad", 7.0)]
    found += [
        (ink, ground, 7.0)
        for ink, ground in product(("--dial-ink", "--dial-ghost"), ("--dial", "--dial-fraction"))
    ]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_contrast_is_seven_to_one(demo: PortalServer, screens: Any, scheme: str) -> None:
    page = screens.phone(base_url=demo.url, contrast="more", color_scheme=scheme)
    page.goto("/login")
    names = sorted({name for pair in pairs() for name in pair[:2]})
    tokens = page.evaluate(TOKENS, names)
    assert all(re.fullmatch(r"#(\w{3}|\w{6})", colour) for colour in tokens.values()), tokens
    weak = [
        f"{seen} on {ground}: {contrast(tokens[seen], tokens[ground]):.2f}"
        for seen, ground, least in pairs()
        if contrast(tokens[seen], tokens[ground]) < least
    ]
    assert weak == []


def test_the_contrast_is_measured() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_in_the_systems_colours_a_button_has_a_frame_and_a_field_its_text(
    demo: PortalServer, screens: Any
) -> None:
    page = screens.phone(base_url=demo.url, forced_colors="active")
    sign_in(page, LOGIN, RESIDENTS[LOGIN], at="/login?next=/zkh")
    field(page, COLD).fill("999")
    send = page.get_by_role("button", name="Проверить и передать")
    assert send.evaluate("(it) => getComputedStyle(it).borderTopWidth") == "1px"
    ink = field(page, COLD).evaluate("(it) => getComputedStyle(it).color")
    assert ink == "rgb(0, 0, 0)"
