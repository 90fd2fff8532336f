"""Nothing to show, said so that it is clear why and what comes next."""

from markupsafe import Markup

from components.rendering import render


def empty_state(
    title: str, text: str = "", *, icon: str = "search", address: str = "", link: str = ""
) -> Markup:
    """`address` and `link` offer the one thing to do about it."""
    return render("empty_state", title=title, text=text, icon_name=icon, address=address, link=link)
