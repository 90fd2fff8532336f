"""NiceGUI's own page, changed so that it paints at once and comes alive afterwards.

The shipped template waits for its style sheets before the first paint and for its scripts before
any content.  Each change below must match the shipped text exactly once: a release of NiceGUI that
moves something stops the start instead of serving a page that is subtly wrong.
"""

import re
from pathlib import Path

import nicegui
from jinja2 import ChoiceLoader, DictLoader
from nicegui import client

from portal.web.look import SCREEN_CLASS, Look
from portal.web.text_size import root_attribute

BOOT = "zh-boot"
"""The element with the painted screen; the live page takes its children over."""

_SHIPPED = Path(nicegui.__file__).parent / "templates" / "index.html"
_NAME = "index.html"
_ROOT = "zhkh_root"
_ASSETS = r"\{\{ prefix \| safe \}\}/_nicegui/\{\{version\}\}/static"


class TemplateMoved(RuntimeError):
    """NiceGUI's template is not the one that we know."""


def install(look: Look) -> None:
    """Let every page of NiceGUI be drawn from the changed template."""
    environment = client.templates.env
    text = transformed(_SHIPPED.read_text(), look)
    shipped = environment.loader
    loaders = shipped.loaders[1:] if isinstance(shipped, ChoiceLoader) else [shipped]
    environment.loader = ChoiceLoader([DictLoader({_NAME: text}), *loaders])
    environment.globals[_ROOT] = root_attribute
    if environment.cache is not None:
        environment.cache.clear()


def transformed(template: str, look: Look) -> str:
    """Raises TemplateMoved: some place is not there, or is there twice."""
    for pattern, replacement in _changes(look):
        parts = re.split(pattern, template, flags=re.DOTALL)
        if len(parts) != 2:  # noqa: PLR2004 - before and after the one place
            raise TemplateMoved(f"{len(parts) - 1} places instead of 1 for {pattern!r}")
        template = replacement.join(parts)
    return template


def head(look: Look) -> str:
    """What the head of every page of ours begins with, live or not: first the style."""
    return (
        f"<style>{look.style}</style><script>{look.script}</script>"
        f'<script defer src="{look.own_scripts}"></script>{look.home_screen}'
    )


def announcer() -> str:
    """Where the pages reached by a tap are announced to those who do not see them."""
    return '<div id="zh-announcer" class="zh-hidden" role="status" aria-live="polite"></div>'


def _changes(look: Look) -> tuple[tuple[str, str], ...]:
    """(what is there, what stands there instead), in the order of the template."""
    early_module = f'<link rel="modulepreload" href="{look.first_module}">'
    painted = (
        f'<div id="{BOOT}" class="{SCREEN_CLASS}">'
        "{{ request.scope['zhkh.visit'].painted | safe }}</div>"
        f"{announcer()}"
    )
    # Two frames, so that the painted screen is on the glass before Vue has the processor for
    # itself, unless it is there already; a hidden tab has no frames and goes on by the clock.
    mount = (
        'if(!performance.getEntriesByName("first-contentful-paint").length)'
        "await new Promise(r=>{setTimeout(r,500);"
        "requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(r,0)))});"
        'app.mount("#app");'
    )
    imports = (
        rf'@import url\("{_ASSETS}/fonts\.css"\) layer\(base\);.*?'
        rf'@import url\("{_ASSETS}/nicegui\.css"\) layer\(nicegui\);'
    )
    quasar = (
        r"\{% if prod_js %\}\s*"
        rf'<script defer src="{_ASSETS}/quasar\.umd\.prod\.js"></script>.*?\{{% endif %\}}'
    )
    purify = r'import DOMPurify from "dompurify";.*?\};'
    # Its text in English would stand under the painted screen whenever a script is slow.
    fallback = r'<style>\s*#esm-fallback \{.*?<div id="esm-fallback">.*?</div>'
    root = (
        r'<html\{% if html_lang %\} lang="\{\{ html_lang \}\}"\{% else %\} dir="ltr"\{% endif %\}>'
    )
    language = r"lang/\{\{ language \}\}\.umd\.prod\.js"
    return (
        (root, f'<html lang="ru"{{{{ {_ROOT}() | safe }}}}>'),
        (imports, ""),
        (r"\{\{ head_html \| safe \}\}", f"{head(look)}{{{{ head_html | safe }}}}{early_module}"),
        (rf'<script defer src="{_ASSETS}/socket\.io\.min\.js"></script>', ""),
        (quasar, f'<script defer src="{look.live_scripts}"></script>'),
        (rf'<script defer src="{_ASSETS}/nicegui\.js"></script>', ""),
        (rf'<script defer src="{_ASSETS}/{language}"></script>', ""),
        (r"\{\{ body_html \| safe \}\}", f"{painted}{{{{ body_html | safe }}}}"),
        (fallback, ""),
        (purify, ""),
        (r'app\.mount\("#app"\);', mount),
    )
