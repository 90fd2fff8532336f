"""Typing a reading into the field that looks like the meter."""

import pytest

from tests.components.gallery_page import show

pytestmark = pytest.mark.browser

# Ghost digits in brackets, the caret as a bar, the red cells after the comma.
CELLS = """(input) => [...input.nextElementSibling.children].map((cell, index, all) => {
  const has = (name) => cell.classList.contains(name);
  const comma = has('zh-cell-fraction') && !all[index - 1]?.classList.contains('zh-cell-fraction');
  const text = has('zh-cell-ghost') ? `(${cell.textContent})` : cell.textContent;
  return (comma ? ',' : '') + (has('zh-cell-caret') ? '|' : '') + text
    + (has('zh-cell-caret-end') ? '|' : '');
}).join('')"""


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    yield context.new_page()
    context.close()


@pytest.fixture
def cold(page):
    """Five whole digits, three after the comma, 248,120 before."""
    show(page, "readings")
    return page.locator('[name="value:11/zkh_cold"]')


def shown(field) -> str:
    cells: str = field.evaluate(CELLS)
    return cells


def is_plain(field) -> bool:
    """Whether the text itself is seen instead of cells."""
    colour: str = field.evaluate("(input) => getComputedStyle(input).color")
    return colour != "rgba(0, 0, 0, 0)"


def test_an_empty_dial_shows_the_previous_value_as_a_ghost(cold) -> None:
    assert shown(cold) == "(0)(0)(2)(4)(8),(1)(2)(0)"
    assert cold.input_value() == ""


@pytest.mark.parametrize(
    ("typed", "cells", "value"),
    [
        ("2", "(0)(0)(0)(0)2,|(0)(0)(0)", "2"),
        ("256", "(0)(0)256,|(0)(0)(0)", "256"),
        ("256,1", "(0)(0)256,1|(0)(0)", "256,1"),
        ("256.12", "(0)(0)256,12|(0)", "256.12"),
        ("00256,120", "00256,120|", "00256,120"),
        ("00256120", "00256,120|", "00256,120"),
        ("014250.5", "14250,5|(0)(0)", "014250.5"),
        ("0014250,", "14250,|(0)(0)(0)", "0014250,"),
        ("00256,", "00256,|(0)(0)(0)", "00256,"),
    ],
)
def test_digits_fall_where_the_meter_has_them(cold, typed, cells, value) -> None:
    cold.press_sequentially(typed)
    assert shown(cold) == cells
    assert cold.input_value() == value


@pytest.mark.parametrize("typed", ["25б", "-5", "1,2,3", "256,1234", "123456,123", "1 234"])
def test_what_the_dial_cannot_show_is_shown_as_it_was_typed(cold, typed) -> None:
    cold.fill(typed)
    assert is_plain(cold)
    assert cold.input_value() == typed
    cold.fill("7")
    assert not is_plain(cold)


def test_the_comma_can_be_taken_back(page, cold) -> None:
    cold.press_sequentially("002561")
    assert cold.input_value() == "00256,1"
    for _ in range(3):
        page.keyboard.press("Backspace")
    assert cold.input_value() == "0025"


def test_zeros_in_front_of_the_dial_do_not_move_the_caret(page, cold) -> None:
    cold.fill("0014250,5")
    assert shown(cold) == "14250,5|(0)(0)"
    box = cold.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 2 / 8, box["y"] + 20)
    assert shown(cold) == "14|250,5(0)(0)"
    page.keyboard.press("Backspace")
    assert cold.input_value() == "001250,5"


def test_a_tap_on_a_cell_puts_the_caret_there(page, cold) -> None:
    cold.fill("256,12")
    box = cold.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 3 / 8, box["y"] + 20)
    assert shown(cold) == "(0)(0)2|56,12(0)"
    page.keyboard.press("Backspace")
    assert cold.input_value() == "56,12"


def test_all_selected_is_seen(page, cold) -> None:
    cold.fill("256")
    page.keyboard.press("Control+a")
    assert cold.evaluate("(input) => input.parentElement.classList.contains('zh-dial-all')")
    page.keyboard.type("3")
    assert cold.input_value() == "3"


def test_an_unknown_dial_is_a_plain_field(page) -> None:
    show(page, "readings, the manual's")
    field = page.locator('[name="value:12/zkh_1"]')
    field.press_sequentially("14800,5")
    assert is_plain(field)
    assert field.evaluate(CELLS) == ""


def test_a_screen_that_comes_later_is_painted_by_itself(page, cold) -> None:
    page.evaluate(
        "() => { const it = document.querySelector('.zh-screen');"
        " const html = it.innerHTML; it.innerHTML = ''; it.innerHTML = html; }"
    )
    page.wait_for_function("() => document.querySelectorAll('.zh-dial-live').length === 5")


def test_without_the_script_the_text_is_seen(page) -> None:
    show(page, "readings", script="")
    field = page.locator('[name="value:11/zkh_cold"]')
    field.fill("256,1")
    assert is_plain(field)
    assert field.get_attribute("placeholder") == "00000,000"
