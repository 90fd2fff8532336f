"""What a phone is told so that the portal can stand on its home screen."""

import json
import re
from collections.abc import Callable
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from portal.web.assets import Assets
from portal.web.home_screen import MANIFEST, NAME, add_manifest, app_name
from tests.pictures.icons import ICONS
from tests.support.small import SmallPortal
from tests.support.tree import ROOT

HEAVIEST = 20 * 1024
GROUNDS = re.findall(
    r"--ground: (#\w+);", (ROOT / "static" / "css" / "tokens.css").read_text()
)  # light, dark


@pytest.fixture(scope="module")
def visitor(small: SmallPortal):
    with small.visitor() as visitor:
        yield visitor


@pytest.fixture(scope="module")
def manifest(visitor: httpx.Client) -> dict[str, Any]:
    answer = visitor.get(MANIFEST)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/manifest+json")
    found: dict[str, Any] = answer.json()
    return found


def served(**changes: bool) -> dict[str, Any]:
    files = Assets()
    add_manifest(files, NAME, **{"takes_readings": True, **changes})
    file = files.find(MANIFEST)
    assert file is not None
    found: dict[str, Any] = json.loads(file.body)
    return found


def pixels(visitor: httpx.Client, path: str) -> Any:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) < HEAVIEST, path
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None, path
    return picture


def test_the_manifest_makes_an_application_of_the_whole_portal(manifest: dict[str, Any]):
    wanted = {"id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": "ru"}
    assert {key: manifest[key] for key in wanted} == wanted
    assert manifest["name"] == manifest["short_name"] == NAME
    assert manifest["theme_color"] == manifest["background_color"] == GROUNDS[0]
    assert "share_target" not in manifest


def test_its_shortcuts_lead_where_people_go(manifest: dict[str, Any]):
    found = {each["name"]: each["url"] for each in served()["shortcuts"]}
    assert found == {"Передать показания": "/zkh", "Счета": "/invoices"}
    # The small portal takes no readings.
    assert [each["url"] for each in manifest["shortcuts"]] == ["/invoices"]


def test_every_icon_is_there_in_the_size_that_is_said(
    visitor: httpx.Client, manifest: dict[str, Any]
):
    said = [*manifest["icons"], *(icon for each in manifest["shortcuts"] for icon in each["icons"])]
    sizes = set()
    for icon in said:
        picture = pixels(visitor, icon["src"])
        assert f"{picture.shape[1]}x{picture.shape[0]}" == icon["sizes"]
        sizes.add((icon.get("purpose", "any"), icon["sizes"]))
    assert sizes == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")
    }


def test_the_icons_are_those_that_the_command_makes(visitor: httpx.Client):
    committed = {path.stem for path in (ROOT / "static" / "icons").glob("*.png")}
    assert committed == {icon.name for icon in ICONS}
    for icon in ICONS:
        picture = pixels(visitor, f"/static/icons/{icon.name}.png")
        assert picture.shape[:2] == (icon.side, icon.side)
        is_filled = picture.shape[2] == 3  # nothing shines through
        assert is_filled == icon.is_filled, icon.name


@pytest.mark.parametrize("side", [192, 512])
def test_a_launcher_that_cuts_a_circle_cuts_nothing_of_the_drawing(
    visitor: httpx.Client, side: int
):
    picture = pixels(visitor, f"/static/icons/maskable-{side}.png")
    is_drawn = cv2.absdiff(picture, np.full_like(picture, picture[0, 0])).max(axis=2) > 8
    rows, columns = np.nonzero(is_drawn)
    farthest = np.hypot(rows - side / 2, columns - side / 2).max()
    assert 0.3 * side < farthest < 0.4 * side


@pytest.mark.parametrize("is_live", [False, True])
def test_every_head_names_it(small: SmallPortal, is_live: bool):
    with small.resident(1) if is_live else small.visitor() as client:
        page = client.get("/" if is_live else "/login").text
    head = page[: page.index("<body")]
    for tag in (
        f'<link rel="manifest" href="{MANIFEST}">',
        '<link rel="apple-touch-icon" href="/static/icons/icon-180.png">',
        '<meta name="apple-mobile-web-app-capable" content="yes">',
        '<meta name="apple-mobile-web-app-status-bar-style" content="default">',
        f'<meta name="apple-mobile-web-app-title" content="{NAME}">',
        *(
            f'<meta name="theme-color" content="{ground}" media="(prefers-color-scheme: {scheme})">'
            for scheme, ground in zip(("light", "dark"), GROUNDS, strict=True)
        ),
    ):
        assert head.count(tag) == 1, tag
    assert head.index("<style>") < head.index('rel="manifest"')


def test_the_operators_title_is_the_applications_name(start_small: Callable[..., SmallPortal]):
    portal = start_small(ZHKH_COMPANY_INFO="ООО «Дом & сад», 2026<br>Телефон: 8 800 000-00-00")
    with portal.visitor() as visitor:
        manifest = visitor.get(MANIFEST).json()
        page = visitor.get("/login").text
    assert manifest["name"] == "Дом & сад: портал жильца"
    assert manifest["short_name"] == "Дом & сад"
    assert '<meta name="apple-mobile-web-app-title" content="Дом &amp; сад">' in page


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ("ООО «Уютный дом», 2026\nДиспетчерская: 8 800 000-00-00", "Уютный дом"),
        ('АО "Домоуправление № 5"', "Домоуправление № 5"),
        ("", NAME),
        ("Диспетчерская: 8 800 000-00-00", NAME),
        ("Диспетчерская\nООО «Уютный дом»", NAME),
        (f"ТСЖ «{'Очень' * 7}»", NAME),
        ("ООО « »", NAME),
    ],
)
def test_a_title_is_what_stands_in_quotes_on_the_first_line(company: str, name: str):
    assert app_name(company) == name
