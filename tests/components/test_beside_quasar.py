"""Our screens inside the live page: Quasar's and NiceGUI's styles change nothing of theirs."""

from importlib.resources import files

import pytest

from tests.components.gallery_page import SCREENS, show

pytestmark = pytest.mark.browser

LAYERS = {
    "quasar.unimportant.prod.css": "quasar",
    "quasar.important.prod.css": "quasar_importants",
    "nicegui.css": "nicegui",
}
COMPUTED = """() => [...document.querySelectorAll('.zh-app, .zh-app *')].map((each) => {
  const style = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  const names = ['display', 'position', 'margin', 'padding', 'border', 'font', 'lineHeight',
    'letterSpacing', 'color', 'backgroundColor', 'opacity', 'textDecoration', 'textAlign',
    'listStyle', 'boxSizing', 'borderRadius', 'boxShadow'];
  return [each.tagName + '.' + each.getAttribute('class'), Math.round(box.x), Math.round(box.y),
    Math.round(box.width), Math.round(box.height), ...names.map((name) => style[name])].join(' ');
})"""


@pytest.fixture(scope="module")
def live_style() -> str:
    folder = files("nicegui") / "static"
    order = (
        "@layer theme, base, quasar, nicegui, components, utilities, overrides, quasar_importants;"
    )
    layers = [f"@layer {layer}{{{(folder / name).read_text()}}}" for name, layer in LAYERS.items()]
    return f"<style>{order}{''.join(layers)}</style>"


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", SCREENS)
def test_late_styles_move_nothing(page, live_style, name, width) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    show(page, name)
    alone = page.evaluate(COMPUTED)
    show(page, name, before=live_style)
    page.evaluate("() => document.body.classList.add('desktop', 'body--light')")
    pairs = zip(alone, page.evaluate(COMPUTED), strict=True)
    assert [(before, after) for before, after in pairs if before != after] == []


def test_the_late_styles_are_really_there(page, live_style) -> None:
    page.set_content(f"{live_style}<h1>Заголовок</h1>")
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).fontSize") == "96px"
