"""The frame around a page: navigation, breadcrumb, heading, side block, foot."""

from collections.abc import Sequence

from markupsafe import Markup

from components.chrome import Chrome, Crumb
from components.rendering import render
from portal.domain.demo import DemoLogin


def page_frame(
    chrome: Chrome, crumbs: Sequence[Crumb], title: str, body: Markup, side: Markup
) -> Markup:
    """A whole signed-in screen.  The last crumb is the page itself; `side` may be empty."""
    return render("page_frame", chrome=chrome, crumbs=crumbs, title=title, body=body, side=side)


def pad_frame(chrome: Chrome, title: str, body: Markup) -> Markup:
    """A screen that is one form: no menu, no side block."""
    return render("pad_frame", chrome=chrome, title=title, body=body)


def plain_frame(
    title: str, body: Markup, demo_logins: Sequence[DemoLogin] = (), company: str = ""
) -> Markup:
    """A screen outside the cabinet: signing in, a new password, an error."""
    return render("plain_frame", title=title, body=body, demo_logins=demo_logins, company=company)
