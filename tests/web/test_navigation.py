"""What the person's browser does: a painted page comes alive in place, and taps change it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.steps import until_live
from tests.support.small import SmallPortal
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def page(screens: Any, small: SmallPortal) -> Page:
    """Resident 1 on a phone, on the home page, live."""
    return sign_in(screens.phone(base_url=small.url))


def sign_in(page: Page, resident: int = 1) -> Page:
    page.goto("/login")
    page.fill("[name=resident]", str(resident))
    page.press("[name=resident]", "Enter")
    until_live(page)
    page.evaluate("window.sameDocument = true")
    return page


def write(note: str) -> str:
    return f"fetch('/note', {{method: 'POST', body: new URLSearchParams({{note: '{note}'}})}})"


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML"))


# --- coming alive ------------------------------------------------------------------------------


def typed_into_the_painting(page: Page) -> tuple[Locator, Route]:
    """The field, and the script that would bring the page to life."""
    held: list[Route] = []
    page.route("**/live.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.goto("/", wait_until="commit")
    field = page.locator("[name=note]")
    field.fill("54882")
    wait_until(lambda: page.evaluate("1") and held, "the script is asked for")
    return field, held[0]


def test_a_page_comes_alive_under_the_fingers(page: Page):
    field, script = typed_into_the_painting(page)
    field.evaluate("node => { node.setSelectionRange(1, 3); window.node = node }")
    assert page.evaluate("zhPortal.live") is False
    script.continue_()
    until_live(page)
    expect(field).to_have_value("54882")
    assert page.evaluate(
        "document.activeElement === window.node && "
        "[node.selectionStart, node.selectionEnd, node.isConnected, scrollY]"
    ) == [1, 3, True, 0]
    assert page.locator("#zh-boot").count() == 0
    assert page.locator("main").count() == 1


def test_where_nodes_cannot_be_moved_it_waits_until_the_field_is_left(
    page: Page, small: SmallPortal
):
    page.add_init_script("delete Element.prototype.moveBefore")
    field, script = typed_into_the_painting(page)
    page.evaluate("window.left = 0; addEventListener('focusout', () => { window.left += 1 })")
    script.continue_()
    page.wait_for_function("window.socket?.connected && window.did_handshake")
    assert page.evaluate("[zhPortal.live, window.left]") == [False, 0]
    page.keyboard.type("9")
    pushed_meanwhile(page, small, "Пока поле занято")

    field.blur()

    until_live(page)
    expect(field).to_have_value("548829")
    expect(page.locator("#note")).to_have_text("Пока поле занято")
    assert page.locator("main").count() == 1


def pushed_meanwhile(page: Page, small: SmallPortal, note: str) -> None:
    page.evaluate(
        "() => { const { refresh } = zhPortal;"
        "zhPortal.refresh = (...page) => { window.pushed = true; refresh(...page) } }"
    )
    with small.resident(1) as elsewhere:
        elsewhere.post("/note", data={"note": note})
    page.wait_for_function("window.pushed")


def test_coming_alive_changes_nothing_of_how_it_looks(page: Page, console_errors: Any):
    for address in ("/", "/charges", "/long"):
        page.route("**/live.js", lambda route: route.abort())
        page.goto(address)
        painted = computed(page)
        page.unroute("**/live.js")
        page.goto(address)
        until_live(page)
        assert [one for one in computed(page) if one not in painted] == []
    console_errors.take()


def test_one_socket_a_page_and_the_next_one_is_of_the_same_document(page: Page):
    opened: list[dict[str, list[str]]] = []
    page.on("websocket", lambda socket: opened.append(parse_qs(urlsplit(socket.url).query)))
    page.goto("/")
    until_live(page)
    assert len(opened) == 1

    page.evaluate("window.socket.io.engine.close()")
    wait_until(lambda: page.evaluate("1") and len(opened) > 1, "the page connects anew")
    until_live(page)

    first, second = opened
    for name in ("client_id", "document_id", "tab_id"):
        assert first[name] == second[name]


def test_before_it_is_alive_a_link_simply_loads(page: Page, console_errors: Any):
    page.route("**/live.js", lambda route: route.abort())
    page.goto("/")
    page.click("text=Расходы")
    expect(page.locator("#period")).to_have_text("2014-05")
    assert not is_same_document(page)
    page.wait_for_load_state()  # the second page's scripts complain too
    console_errors.take()


def test_without_scripts_pages_and_forms_still_work(screens: Any, small: SmallPortal):
    page = screens.phone(base_url=small.url, java_script_enabled=False)
    page.goto("/charges?period=2014-05")
    page.fill("[name=resident]", "1")
    page.press("[name=resident]", "Enter")
    page.goto("/charges?period=2014-05")
    expect(page.locator("#period")).to_have_text("2014-05")
    expect(page.locator("#period")).to_be_visible()


# --- going about -------------------------------------------------------------------------------


def test_a_tap_changes_the_page_in_place(page: Page, small: SmallPortal):
    page.click("text=Длинная")
    expect(page).to_have_title("Длинная")
    expect(page).to_have_url(f"{small.url}/long")
    assert focused(page) == '<h1 tabindex="-1">Длинная</h1>'
    expect(page.locator("#zh-announcer")).to_have_text("Длинная")
    page.click("#far")
    expect(page).to_have_title("Расходы за 2014-05")
    assert page.evaluate("scrollY") == 0
    assert is_same_document(page)


def test_back_forward_and_reload_show_what_was_there(page: Page, small: SmallPortal):
    page.click("text=Длинная")
    page.locator("#far").scroll_into_view_if_needed()
    page.wait_for_function("history.state?.y > 1000")
    down = page.evaluate("scrollY")
    page.click("#far")
    expect(page).to_have_title("Расходы за 2014-05")
    page.go_back()
    expect(page).to_have_title("Длинная")
    page.wait_for_function("y => Math.abs(scrollY - y) < 2", arg=down)
    page.go_back()
    expect(page).to_have_title("Главная")
    page.go_forward()
    page.go_forward()
    expect(page).to_have_title("Расходы за 2014-05")
    assert is_same_document(page)
    page.reload()
    expect(page.locator("#period")).to_have_text("2014-05")
    expect(page).to_have_url(f"{small.url}/charges?period=2014-05")


def test_a_reload_stays_where_the_eyes_were(page: Page):
    page.goto("/long")
    until_live(page)
    page.locator("#far").scroll_into_view_if_needed()
    page.wait_for_function("history.state?.y > 1000")
    down = page.evaluate("scrollY")
    page.reload()
    until_live(page)
    page.wait_for_function("y => Math.abs(scrollY - y) < 2", arg=down)


def test_the_next_month_keeps_the_place_and_the_focus(page: Page, small: SmallPortal):
    page.click("text=Расходы")
    page.locator("#next").focus()
    for month in ("06", "07"):
        page.keyboard.press("Enter")
        expect(page.locator("#period")).to_have_text(f"2014-{month}")
        assert 'id="next"' in focused(page)
    expect(page).to_have_url(f"{small.url}/charges?period=2014-07")
    page.go_back()
    expect(page.locator("#period")).to_have_text("2014-06")
    assert is_same_document(page)


def test_a_form_that_asks_is_a_link(page: Page, small: SmallPortal):
    page.click("text=Расходы")
    page.select_option("[name=agreement]", "B")
    page.click("text=Показать")
    expect(page.locator("#agreement")).to_have_text("B")
    expect(page).to_have_url(f"{small.url}/charges?period=2014-05&agreement=B")
    page.go_back()
    expect(page.locator("#agreement")).to_have_text("")
    expect(page.locator("[name=agreement]")).to_have_value("A")
    assert is_same_document(page)


def test_a_link_inside_the_page_is_the_browser_s(page: Page, small: SmallPortal):
    page.locator("text=К содержанию").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{small.url}/#zh-main")
    assert 'id="zh-main"' in focused(page)
    page.click("text=Длинная")
    expect(page).to_have_title("Длинная")


def test_a_tap_with_a_key_or_elsewhere_is_the_browser_s(page: Page):
    with page.context.expect_page() as other:
        page.click("text=Расходы", modifiers=["Control"])
    expect(other.value.locator("#period")).to_have_text("2014-05")
    expect(page).to_have_title("Главная")


@pytest.mark.parametrize("attribute", ["target=_blank", "download=", "data-zh-load="])
def test_a_link_that_leads_elsewhere_is_the_browser_s(page: Page, attribute: str):
    name, _, value = attribute.partition("=")
    page.locator("nav a[href='/long']").evaluate(
        "(link, [name, value]) => link.setAttribute(name, value)", [name, value]
    )
    page.evaluate(
        "addEventListener('click', (event) => { window.wasOurs = event.defaultPrevented;"
        "event.preventDefault() }, { once: true })"
    )
    page.click("text=Длинная")
    assert page.evaluate("window.wasOurs") is False


def test_an_unknown_page_is_told_in_place(page: Page):
    page.evaluate("zhPortal.navigate('/nowhere')")
    expect(page.locator("h1")).to_have_text("Страница не найдена")
    page.click("text=На главную")
    expect(page).to_have_title("Главная")
    assert is_same_document(page)


# --- bad times ---------------------------------------------------------------------------------


def test_a_page_that_takes_long_says_that_it_is_coming(page: Page):
    page.evaluate(
        "window.seen = []; new MutationObserver(() => seen.push("
        "document.documentElement.hasAttribute('data-zh-waiting')))"
        ".observe(document.documentElement, {attributeFilter: ['data-zh-waiting']})"
    )
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=10))
    page.click("text=Длинная")
    expect(page).to_have_title("Длинная")  # by the page's own clock it took no time
    page.clock.run_for(1_000)
    assert page.evaluate("seen") == []
    page.evaluate("zhPortal.navigate('/slow')")
    page.clock.run_for(1_000)
    expect(page).to_have_title("Медленная")
    assert page.evaluate("seen") == [True, False]
    assert page.locator("[aria-busy]").count() == 0


def test_the_last_of_two_taps_counts(page: Page):
    page.evaluate("zhPortal.navigate('/slow'); zhPortal.navigate('/charges?period=2014-03')")
    expect(page.locator("#period")).to_have_text("2014-03")
    page.evaluate("zhPortal.navigate('/long')")
    expect(page).to_have_title("Длинная")
    assert "slow" not in page.url


def test_a_tap_that_the_socket_swallows_is_loaded_after_all(page: Page, small: SmallPortal):
    page.clock.install()
    page.evaluate("window.socket.emit = () => {}")  # as on a connection that died in silence
    page.click("text=Длинная")
    page.clock.fast_forward(8_100)
    expect(page).to_have_url(f"{small.url}/long")
    expect(page.locator("h1")).to_have_text("Длинная")
    assert not is_same_document(page)


def test_a_tap_without_a_connection_waits_for_it(page: Page, console_errors: Any):
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        "'<p data-offline hidden>Нет связи</p>')"
    )
    page.fill("[name=note]", "54882")
    page.context.set_offline(True)
    page.wait_for_function("!window.socket.connected")
    page.click("text=Расходы")
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("54882")
    page.context.set_offline(False)
    expect(page.locator("#period")).to_have_text("2014-05")
    assert all("net::ERR" in told or "WebSocket" in told for told in console_errors.take())


def test_a_push_shows_what_changed_and_leaves_what_is_typed(page: Page, screens: Any):
    other = sign_in(screens.desktop(base_url=page.url))
    other.fill("[name=note]", "548")
    other.locator("[name=note]").evaluate(
        "node => { window.node = node; node.setSelectionRange(1, 2) }"
    )
    other.evaluate("document.querySelector('details').open = true")
    page.evaluate(write("Передано"))
    for screen in (page, other):
        expect(screen.locator("#note")).to_have_text("Передано")
    expect(other.locator("[name=note]")).to_have_value("548")
    assert other.evaluate(
        "[document.activeElement === node, node.selectionStart, node.selectionEnd,"
        "document.querySelector('details').open]"
    ) == [True, 1, 2, True]


def test_a_push_for_another_page_does_not_disturb(page: Page, small: SmallPortal):
    page.click("text=Длинная")
    expect(page).to_have_title("Длинная")
    with small.resident(1) as elsewhere:
        elsewhere.post("/note", data={"note": "Другое"})
    page.evaluate("zhPortal.navigate('/')")
    expect(page.locator("#note")).to_have_text("Другое")


@pytest.mark.parametrize("way", ["location.assign('/slow')", "zhPortal.navigate('/slow')"])
def test_what_changes_while_a_page_is_read_is_shown_by_it_too(
    page: Page, small: SmallPortal, way: str
):
    """Whoever changes it cannot tell a page that is not there yet."""
    with small.resident(1) as elsewhere:
        before = elsewhere.get("/slow-reads").json()
        page.evaluate(f"() => {{ {way} }}")
        wait_until(lambda: elsewhere.get("/slow-reads").json() > before, "it is being read")
        elsewhere.post("/note", data={"note": f"Меж тем: {way}"})
    expect(page.locator("h1")).to_have_text("Медленная")
    expect(page.locator("#note")).to_have_text(f"Меж тем: {way}")


def test_another_resident_s_tab_is_not_told(page: Page, screens: Any):
    other = sign_in(screens.desktop(base_url=page.url), resident=2)
    before = other.locator("#note").inner_text()
    page.evaluate(
        "fetch('/note', {method: 'POST', body: new URLSearchParams({note: 'Только мне'})})"
    )
    expect(page.locator("#note")).to_have_text("Только мне")
    other.evaluate("zhPortal.navigate('/long')")
    expect(other).to_have_title("Длинная")
    assert before != "Только мне"


def test_signing_out_everywhere_leads_every_tab_out(page: Page, screens: Any, small: SmallPortal):
    other = sign_in(screens.desktop(base_url=small.url))
    page.evaluate("void fetch('/everywhere', {method: 'POST'})")
    for screen in (page, other):
        expect(screen).to_have_url(re.compile("/login$"))
        expect(screen.locator("h1")).to_have_text("Вход")


def test_a_tab_that_outlived_its_session_asks_to_sign_in_and_comes_back(
    page: Page, start_small: Callable[..., SmallPortal], small: SmallPortal
):
    page.click("text=Длинная")
    expect(page).to_have_title("Длинная")
    page.context.clear_cookies()
    page.reload()
    expect(page).to_have_url(f"{small.url}/login?next=/long")
    page.fill("[name=resident]", "1")
    page.press("[name=resident]", "Enter")
    until_live(page)


def test_a_restarted_server_is_picked_up(
    screens: Any, start_small: Callable[..., SmallPortal], console_errors: Any
):
    portal = start_small()
    page = sign_in(screens.phone(base_url=portal.url))
    page.click("text=Расходы")
    expect(page.locator("#period")).to_have_text("2014-05")
    portal.kill()
    page.wait_for_function("!window.socket.connected")
    portal.start()
    page.wait_for_function("window.sameDocument !== true && zhPortal?.live")
    expect(page.locator("#period")).to_have_text("2014-05")
    assert all("ERR_CONNECTION" in told for told in console_errors.take())


def computed(page: Page) -> list[Any]:
    """Everything that the browser computed for each element of ours, and where it stands."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('.zh-screen *')].map((node) => {
            const style = getComputedStyle(node), box = node.getBoundingClientRect();
            const rules = [...style].filter((name) => !name.startsWith('--'));
            return [node.outerHTML.slice(0, 40), box.x, box.y, box.width, box.height,
                    ...rules.map((name) => `${name}: ${style.getPropertyValue(name)}`)];
        })"""
    )
    return found
