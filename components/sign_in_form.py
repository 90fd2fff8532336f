"""Signing in, and the new password that the first sign-in asks for."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components.rendering import render
from portal.domain.demo import DemoLogin


def sign_in_form(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    demo_logins: Sequence[DemoLogin] = (),
    *,
    leads_to: str = "",
    carried: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Fields `login`, `password`, `remember`, and `next` when `leads_to` is given; an error under
    the empty name concerns both fields.  Each demo login is a form of its own: one tap, with or
    without script.  `carried` are fields that go along unseen; the browser itself sends such a
    form, since it is led on with them.
    """
    return render(
        "sign_in_form",
        values=values,
        errors=errors,
        demo_logins=demo_logins,
        leads_to=leads_to,
        carried=carried,
    )


def forced_password_form(
    errors: Mapping[str, str], *, action: str = "/password", leads_to: str = ""
) -> Markup:
    """Fields `new_password` and `repeat_password`, and `next` when `leads_to` is given: the initial
    password opens nothing else.
    """
    return render("forced_password_form", errors=errors, action=action, leads_to=leads_to)
