"""The portal on a phone's home screen: its manifest, and what the head of every page says of it."""

import json
import re

from markupsafe import escape

from portal.web.assets import ALWAYS_ASK, Assets, static_folder

NAME = "Портал жильца"
"""Of a portal whose company is not known."""

MANIFEST = "/manifest.webmanifest"
_FILE = "manifest.webmanifest"
_READINGS = "/zkh"
_TITLE = re.compile(r"[«\"„]([^«»\"„“\n]+)[»\"“]")
_LONGEST = 30  # letters: what a launcher's list has room for
_GROUND = re.compile(r"--ground: (#[0-9a-f]{6});")


def app_name(company: str) -> str:
    """What the icon is called: the title in quotes on the first line of the operator's text at
    the foot («ООО «Уютный дом», 2026» is «Уютный дом»), else NAME.
    """
    first_line = company.strip().partition("\n")[0]
    found = _TITLE.search(first_line)
    title = found[1].strip() if found else ""
    return title if 0 < len(title) <= _LONGEST else NAME


def add_manifest(files: Assets, name: str, *, takes_readings: bool) -> None:
    """The one of `static/` under the operator's name; where readings are not taken, without the
    shortcut to them.
    """
    manifest = json.loads((static_folder() / _FILE).read_text())
    manifest["name"] = name if name == NAME else f"{name}: портал жильца"
    manifest["short_name"] = name
    if not takes_readings:
        manifest["shortcuts"] = [each for each in manifest["shortcuts"] if each["url"] != _READINGS]
    body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    files.add(MANIFEST, body.encode(), keeping=ALWAYS_ASK)


def head_tags(name: str) -> str:
    """The bar of the system around the page has the page's own ground; Apple reads no icons from
    the manifest, and would make telephone links of serial numbers.
    """
    light, dark = _GROUND.findall((static_folder() / "css" / "tokens.css").read_text())
    return (
        f'<meta name="theme-color" content="{light}" media="(prefers-color-scheme: light)">'
        f'<meta name="theme-color" content="{dark}" media="(prefers-color-scheme: dark)">'
        f'<link rel="manifest" href="{MANIFEST}">'
        '<link rel="apple-touch-icon" href="/static/icons/icon-180.png">'
        '<meta name="mobile-web-app-capable" content="yes">'
        '<meta name="apple-mobile-web-app-capable" content="yes">'
        '<meta name="apple-mobile-web-app-status-bar-style" content="default">'
        f'<meta name="apple-mobile-web-app-title" content="{escape(name)}">'
        '<meta name="format-detection" content="telephone=no">'
    )
