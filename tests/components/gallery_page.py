"""The examples of the gallery as whole pages, with the portal's own style and dials."""

import re
from typing import Any

from markupsafe import Markup

from components.frame import page_frame
from components.gallery import EXAMPLES, is_screen
from components.gallery_values import TODAY, chrome, person
from components.side_block import side_block
from tests.support.tree import ROOT

CSS = ROOT / "static" / "css"
DIAL = (ROOT / "static" / "js" / "dial.js").read_text()
NAMES = sorted(EXAMPLES)
SCREENS = [name for name in NAMES if is_screen(name)]
PARTS = [name for name in NAMES if not is_screen(name)]
TIES = re.compile(r'(\b(?:id|for|aria-labelledby|aria-describedby)=)"([^"]*)"')


def style() -> str:
    """As the product joins it: the tokens, then the sheets by their names."""
    sheets = sorted(CSS.glob("*.css"), key=lambda each: (each.name != "tokens.css", each.name))
    return "\n".join(each.read_text() for each in sheets)


def body(*names: str) -> str:
    """One screen, or the main part of a screen with several examples, their ids kept apart."""
    if is_screen(names[0]):
        return str(EXAMPLES[names[0]]())
    parts = [apart(str(EXAMPLES[name]()), index) for index, name in enumerate(names)]
    main = Markup("".join(parts))  # noqa: S704 - the components' own markup, its ids changed
    return str(page_frame(chrome("/zkh"), (), "Пример", main, side_block(person(), TODAY)))


def apart(markup: str, index: int) -> str:
    if index == 0:
        return markup
    return TIES.sub(
        lambda found: f'{found[1]}"{" ".join(f"{word}-{index}" for word in found[2].split())}"',
        markup,
    )


def page_of(*names: str, before: str = "", script: str = DIAL) -> str:
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Пример</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{before}<style>{style()}</style></head>"
        f'<body><div class="zh-screen">{body(*names)}</div><script>{script}</script></body></html>'
    )


def show(page: Any, *names: str, **options: str) -> None:
    """In a document of its own: scripts of the one before are gone."""
    page.goto("about:blank")
    page.set_content(page_of(*names, **options))
