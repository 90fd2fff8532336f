"""How long names break, and what has the width of its table."""

from typing import Any

import pytest

from tests.components.gallery_page import show

pytestmark = pytest.mark.browser

NAME = "Электроэнергия, день"
RENAME = """([places, name]) => document.querySelectorAll(places).forEach((each) => {
  each.textContent = each.closest(".zh-event-text") ? `Списание по услуге «${name}»` : name;
})"""
# Lines that begin inside of a word or with its comma.
TORN = """(places) => [...document.querySelectorAll(places)].flatMap((each) => {
  const text = each.firstChild;
  const top = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().top;
  };
  return [...text.data].flatMap((_, at) => {
    const isTorn = at > 0 && each.checkVisibility()
      && /[^\\s«]{2}/.test(text.data.slice(at - 1, at + 1)) && top(at) > top(at - 1) + 2;
    return isTorn ? [`${text.data.slice(0, at)}|${text.data.slice(at)}`] : [];
  });
})"""
PLACES = ".zh-register-name bdi, .zh-proof-name bdi, .zh-event-text bdi"


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(locale="ru-RU")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [320, 360, 390, 1280])
@pytest.mark.parametrize("example", ["readings", "charges, a month", "home, all done"])
def test_a_usual_name_is_never_torn(page: Any, example: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    show(page, example)
    page.evaluate(RENAME, [PLACES, NAME])
    assert page.locator(PLACES).count() > 0
    assert page.evaluate(TORN, PLACES) == []


def test_at_a_desk_a_proof_has_the_width_of_its_table(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    show(page, "charges, a month")
    proof, table = page.locator(".zh-proof-text").first, page.locator(".zh-table").first
    assert not proof.is_visible()
    page.locator(".zh-proof-name").first.click()
    assert proof.bounding_box()["width"] > table.bounding_box()["width"] - 2
    page.locator(".zh-proof-name").first.click()
    assert not proof.is_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_the_edge_under_which_months_lie_fades_until_they_are_reached(
    page: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    show(page, "charges, the manual's")
    scroller, first = page.locator(".zh-chart-scroll"), page.locator(".zh-bar").first
    left = scroller.bounding_box()["x"]
    assert "gradient" in scroller.evaluate("(node) => getComputedStyle(node).maskImage")
    assert first.bounding_box()["x"] < left, "the oldest month lies aside"
    scroller.evaluate("(node) => { node.scrollLeft = -node.scrollWidth; }")
    assert first.bounding_box()["x"] > left + 32, "the oldest month is faded for ever"


def test_where_all_months_are_seen_nothing_fades(page: Any) -> None:
    page.set_viewport_size({"width": 640, "height": 844})
    show(page, "charges, the manual's")
    scroller = page.locator(".zh-chart-scroll")
    assert scroller.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert scroller.evaluate("(node) => getComputedStyle(node).maskImage") == "none"
