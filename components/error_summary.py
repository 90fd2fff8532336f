"""What is wrong with a form, each fault a way to its field; and a page that failed."""

from collections.abc import Mapping

from markupsafe import Markup

from components.rendering import render


def error_summary(errors: Mapping[str, str]) -> Markup:
    """Empty without faults.  `errors` go by the fields' names."""
    if not errors:
        return Markup()
    return render("error_summary", errors=errors)


def error_state(
    title: str, text: str, *, reference: str = "", address: str = "/", link: str = "На главную"
) -> Markup:
    """A whole page's failure; `reference` is the number that the log has too."""
    return render(
        "error_state", title=title, text=text, reference=reference, address=address, link=link
    )
