"""Every example in a browser: accessible, thumb-sized, without sideways scrolling."""

from collections.abc import Iterator, Sequence

import pytest

from tests.components.gallery_page import NAMES, PARTS, SCREENS, show
from tests.support.axe import COLOURS, violations
from tests.support.rulers import CUT, OPEN_ALL, SIDEWAYS, SMALL, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    yield context.new_page()
    context.close()


def sideways(page) -> int:
    extra: int = page.evaluate(SIDEWAYS)
    return extra


def batched(names: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(names[start : start + size]) for start in range(0, len(names), size))


def broken(page, *, inside: str | None = None) -> list[str]:
    """What axe finds by day and by night."""
    found = []
    for scheme, only in (("light", ()), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} {each}" for each in violations(page, inside=inside, only=only)]
    return found


# Several at once: axe takes seconds a page.  An open dialog would lie over its neighbours.
ALONE = {"confirmation, dialog"}
BATCHES = [
    *batched([name for name in PARTS if name not in ALONE], 7),
    *((name,) for name in sorted(ALONE)),
]


@pytest.mark.parametrize("names", BATCHES, ids=lambda names: names[0])
def test_axe_finds_nothing_in_any_part(page, names) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, *names)
    page.evaluate(OPEN_ALL)
    assert broken(page, inside="#zh-main") == []


@pytest.mark.parametrize(
    ("name", "width"),
    [*((name, 390) for name in SCREENS), ("frame, home", 1280), ("frame, readings", 1280)],
)
def test_axe_finds_nothing_on_any_screen(page, name, width) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    show(page, name)
    page.evaluate(OPEN_ALL)
    assert broken(page) == []


def test_axe_is_really_asked(page) -> None:
    show(page, "empty")
    page.evaluate(
        "() => document.querySelector('#zh-main').append(document.createElement('input'))"
    )
    assert "label" in " ".join(broken(page, inside="#zh-main"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_or_pushed_aside_at_any_width(page, name) -> None:
    show(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for prepare in ("() => {}", OPEN_ALL):
            page.evaluate(prepare)
            assert (width, sideways(page)) == (width, 0)
            assert (width, page.evaluate(CUT)) == (width, [])


@pytest.mark.parametrize("name", NAMES)
def test_every_target_fits_a_thumb(page, name) -> None:
    show(page, name)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for prepare in ("() => {}", OPEN_ALL):
            page.evaluate(prepare)
            assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("name", SCREENS)
def test_letters_twice_as_large_push_nothing_aside(page, name) -> None:
    page.set_viewport_size({"width": 640, "height": 800})
    show(page, name, before="<style>html{font-size:200%}</style>")
    assert sideways(page) == 0


@pytest.mark.parametrize("name", ["frame, readings", "frame, charges", "frame, sign in"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page, name) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, name)
    wanted = page.evaluate(
        "() => [...document.querySelectorAll('a, button, summary, select, input')]"
        ".filter((each) => each.checkVisibility() && each.type !== 'hidden').length"
    )
    reached = set()
    for _ in range(wanted * 2):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "() => { const it = document.activeElement;"
            " const ring = it.closest('.zh-dial') ?? it;"
            " const bars = [...document.querySelectorAll('.zh-nav, .zh-submit')];"
            " const free = bars.some((bar) => bar.contains(it)) ? innerHeight"
            "  : Math.min(innerHeight, ...bars.map((bar) => bar.getBoundingClientRect().top));"
            " return [[...document.querySelectorAll('*')].indexOf(it),"
            "  parseFloat(getComputedStyle(ring).outlineWidth),"
            "  getComputedStyle(ring).outlineStyle, it.tagName,"
            "  free - it.getBoundingClientRect().bottom] }"
        )
        if place[3] in {"BODY", "HTML"}:
            break
        assert place[1] >= 2, place
        assert place[2] != "none", place
        assert place[4] >= 0, "behind a bar"
        reached.add(place[0])
    assert len(reached) >= wanted


def test_nothing_moves_for_those_who_want_it_still(page) -> None:
    show(page, "loading")
    moving = "() => document.getAnimations().filter((each) => each.playState === 'running').length"
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")


def test_the_rulers_measure(page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content("<a href='/' style='display:block;width:400px;height:20px'>Далеко</a>")
    assert sideways(page) > 0
    assert len(page.evaluate(SMALL)) == 1
    page.set_content("<p style='position:fixed;left:300px;white-space:nowrap'>Отрезано</p>")
    assert page.evaluate(CUT) == ["Отрезано"]
    page.set_content("<p style='width:1em;overflow-wrap:anywhere'>Раздавлено</p>")
    assert len(page.evaluate(CUT)) == 1
