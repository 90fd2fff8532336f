"""A release of NiceGUI that moves something stops the start."""

from pathlib import Path

import nicegui
import pytest
from nicegui import core

from portal.web import sockets
from portal.web.look import Look
from portal.web.page_template import TemplateMoved, transformed
from portal.web.sockets import Sockets, UnknownHandlers
from portal.web.standing import Standing

SHIPPED = (Path(nicegui.__file__).parent / "templates" / "index.html").read_text()
LOOK = Look("style{}", "script()", "/own.js", "/live.js", "/module.mjs", "<svg/>")
PLACES = [
    '<html{% if html_lang %} lang="{{ html_lang }}"',
    "fonts.css",
    "{{ head_html | safe }}",
    "socket.io.min.js",
    "quasar.umd.prod.js",
    "static/nicegui.js",
    "lang/{{ language }}",
    "{{ body_html | safe }}",
    '<div id="esm-fallback">',
    "import DOMPurify",
    'app.mount("#app");',
]


def test_nothing_that_blocks_the_first_paint_is_left():
    page = transformed(SHIPPED, LOOK)
    assert "@import" not in page
    assert page.index("style{}") < page.index("script()") < page.index("/own.js")
    assert page.index("/own.js") < page.index("/live.js")
    assert "static/socket.io" not in page
    assert "Your browser" not in page
    assert "DOMPurify." not in page


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_gone_stops_the_start(place: str):
    assert place in SHIPPED
    with pytest.raises(TemplateMoved):
        transformed(SHIPPED.replace(place, "moved"), LOOK)


def test_a_place_that_is_there_twice_stops_the_start():
    with pytest.raises(TemplateMoved):
        transformed(SHIPPED.replace("</body>", 'app.mount("#app");</body>'), LOOK)


@pytest.mark.parametrize("change", ["more", "fewer"])
def test_other_socket_handlers_than_those_we_guard_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, change: str
):
    shipped = dict(sockets._SHIPPED)
    if change == "more":
        shipped["upload"] = print
    else:
        del shipped["log"]
    monkeypatch.setattr(sockets, "_SHIPPED", shipped)
    before = dict(core.sio.handlers["/"])
    with pytest.raises(UnknownHandlers):
        Sockets(Standing.__new__(Standing)).bind()
    assert core.sio.handlers["/"] == before
