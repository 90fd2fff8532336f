"""How to pay, and how to promise to, in the operator's own words."""

from markupsafe import Markup

from components.rendering import render


def refill_note(text: str) -> Markup:
    """Its lines stay lines; nothing where the operator says nothing."""
    return render("refill_note", text=text) if text else Markup()


def promised_note(text: str) -> Markup:
    return render("promised_note", text=text) if text else Markup()
