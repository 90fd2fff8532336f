"""What the browser needs to draw a page: our styles, our scripts, NiceGUI's own, bundled.

Our pages are one element that holds our markup.  They draw nothing with Quasar and put no foreign
HTML into the page, so neither Quasar nor DOMPurify comes along: two thirds of what NiceGUI's own
pages weigh.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import nicegui
from nicegui.dependencies import Component

from portal.web.assets import ALWAYS_ASK, Assets, add_own_files, static_folder
from portal.web.home_screen import head_tags

SCREEN_CLASS = "zh-screen"
"""The element that holds our markup, painted or live."""

# The three elements that NiceGUI draws around every page are mere boxes here.
LIVE_CONFIG = """for (const name of ["q-layout", "q-page-container", "q-page"])
  app.component(name, { render() { return Vue.h("div", this.$slots.default?.()); } });"""
"""Instead of NiceGUI's script that makes Vue's application ready: it would set Quasar up."""

_SHIPPED = Path(nicegui.__file__).parent / "static"
_PREFIX = f"/_nicegui/{nicegui.__version__}"
_INLINE_SCRIPT = "boot.js"
_EARLY_SCRIPT = "early.js"
_FIRST_STYLE = "tokens.css"
# Those that the others build upon; the rest follows by name.
_FIRST_SCRIPTS = (
    "post.js", "amounts.js", "queue.js", "morph.js", "drafts.js", "sending.js", "notices.js",
    "dialog.js", "day.js", "foreseen.js", "typing.js", "queued.js", "offline.js",
)  # fmt: skip
# Those that the service worker has too.
_SHARED_SCRIPTS = ("post.js", "amounts.js", "queue.js")
# In the order of the template's own tags.
_BUNDLED = ("socket.io.min.js", "nicegui.js")
_VUE = "vue.esm-browser.prod.js"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """`style` and `script` stand in the page itself: with them it is whole at the first answer.
    The paths are of files that may come later.
    """

    style: str
    script: str
    own_scripts: str
    live_scripts: str
    first_module: str
    icon: str
    """The SVG of the tab's icon."""
    home_screen: str = ""
    """What the head says to a phone's home screen."""


def prepare(assets: Assets, *components: Component, app_name: str) -> Look:
    """Read, bundle and compress everything, `components` with it: a fifth of a second, once.
    `app_name`: what the portal is called on a phone's home screen.
    """
    add_own_files(assets)
    vue = f"{_PREFIX}/static/{_VUE}"
    assets.add(vue, (_SHIPPED / _VUE).read_bytes())
    for component in components:
        assets.add(f"{_PREFIX}/components/{component.key}", component.path.read_bytes())
    own_scripts = assets.add_hashed("portal.js", _own_scripts().encode())
    assets.add("/sw.js", _worker(own_scripts).encode(), keeping=ALWAYS_ASK)
    return Look(
        style=_own_style(),
        script=_tight_script(static_folder() / "js" / _INLINE_SCRIPT),
        own_scripts=own_scripts,
        live_scripts=assets.add_hashed("live.js", _live_scripts().encode()),
        first_module=vue,
        icon=(static_folder() / "icons" / "icon.svg").read_text(),
        home_screen=head_tags(app_name),
    )


def _own_style() -> str:
    files = sorted((static_folder() / "css").glob("*.css"), key=lambda each: each.name)
    files.sort(key=lambda each: each.name != _FIRST_STYLE)
    return "\n".join(_tight(file.read_text()) for file in files)


def _own_scripts() -> str:
    names = sorted(file.name for file in (static_folder() / "js").glob("*.js"))
    first = [name for name in _FIRST_SCRIPTS if name in names]
    rest = [name for name in names if name not in {*first, _INLINE_SCRIPT}]
    return "\n;\n".join(_tight_script(static_folder() / "js" / name) for name in first + rest)


def _worker(*kept_files: str) -> str:
    """The service worker, and what it shares with the pages."""
    folder = static_folder()
    files = [folder / "js" / name for name in _SHARED_SCRIPTS]
    scripts = (_tight_script(file) for file in (*files, folder / "worker" / "worker.js"))
    return "\n;\n".join((f"const FILES = {json.dumps(kept_files)};", *scripts))


def _live_scripts() -> str:
    texts = ((_SHIPPED / name).read_text() for name in _BUNDLED)
    bare = [re.sub(r"//# sourceMappingURL=\S+", "", text) for text in texts]
    return "\n;\n".join([*bare, _tight_script(static_folder() / "live" / _EARLY_SCRIPT)])


def _tight_script(file: Path) -> str:
    """Without indentation and without lines that are nothing but a comment."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**", "* ")))


def _tight(css: str) -> str:
    """Without comments and indentation; strings with either are not used in our styles."""
    return re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", css)).strip()
