"""The examples of the gallery as whole pages, with the portal's own style and dials."""

from typing import Any

from components.frame import page_frame
from components.gallery import EXAMPLES, is_screen
from components.gallery_values import chrome, person
from components.side_block import side_block
from tests.support.tree import ROOT

CSS = ROOT / "static" / "css"
DIAL = (ROOT / "static" / "js" / "dial.js").read_text()
NAMES = sorted(EXAMPLES)
SCREENS = [name for name in NAMES if is_screen(name)]


def style() -> str:
    """As the product joins it: the tokens, then the sheets by their names."""
    sheets = sorted(CSS.glob("*.css"), key=lambda each: (each.name != "tokens.css", each.name))
    return "\n".join(each.read_text() for each in sheets)


def body(name: str) -> str:
    shown = EXAMPLES[name]()
    if is_screen(name):
        return str(shown)
    return str(page_frame(chrome("/zkh"), (), "Пример", shown, side_block(person())))


def page_of(name: str, *, before: str = "", script: str = DIAL) -> str:
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Пример</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{before}<style>{style()}</style></head>"
        f'<body><div class="zh-screen">{body(name)}</div><script>{script}</script></body></html>'
    )


def show(page: Any, name: str, **options: str) -> None:
    """In a document of its own: scripts of the one before are gone."""
    page.goto("about:blank")
    page.set_content(page_of(name, **options))
