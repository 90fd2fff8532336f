"""One sentence on what just happened, and the bar that tells of a lost connection."""

from typing import Literal

from markupsafe import Markup

from components.rendering import render

Kind = Literal["done", "refused", "offline"]
_TINT = {"done": "good", "refused": "bad", "offline": "warn"}


def notice_bar(sentence: str, kind: Kind = "done") -> Markup:
    """Announced: at once when refused, else when the listener is free."""
    return render("notice_bar", sentence=sentence, kind=kind, tint=_TINT[kind])


def skeleton(rows: int = 3) -> Markup:
    """The place of something that is on its way."""
    return render("skeleton", rows=rows)
